// What /metrics tells of flow control.
import type { Flow, FlowControl } from '../flowcontrol/flowcontrol.ts'
import type { Lent } from '../flowcontrol/lending.ts'
import { type Family, family, Histogram, type Labels } from './exposition.ts'

const prefix = 'apiserver_flowcontrol'

const ofFlows: readonly [
  name: string,
  type: Family['type'],
  stability: Family['stability'],
  help: string,
  value: (flow: Flow) => number,
][] = [
  ['dispatched_requests_total', 'counter', 'BETA', 'Requests that got a seat.', flow => flow.dispatched],
  ['current_executing_requests', 'gauge', 'BETA', 'Requests that hold a seat now.', flow => flow.executing],
  ['current_executing_seats', 'gauge', 'BETA', 'Seats that they hold.', flow => flow.executingSeats],
  ['current_inqueue_requests', 'gauge', 'BETA', 'Requests that wait for a seat now.', flow => flow.waiting],
  ['current_inqueue_seats', 'gauge', 'ALPHA', 'Seats that they wait for.', flow => flow.waitingSeats],
]

const labelsOf = ({ schema, level }: Flow): Labels => ({ flow_schema: schema, priority_level: level })

const ofLevels: readonly [name: string, stability: Family['stability'], help: string, value: (level: Lent) => number | undefined][] = [
  ['nominal_limit_seats', 'BETA', 'Seats of a level by its share.', level => level.nominal],
  ['lower_limit_seats', 'ALPHA', 'What a level has left when it lends all it may.', level => level.lower],
  ['upper_limit_seats', 'ALPHA', 'What a level has when it borrows all it may.', level => level.upper],
  ['current_limit_seats', 'ALPHA', 'Seats that a level has now.', level => level.current],
  ['target_seats', 'ALPHA', 'Seats that a level would get if there were enough.', level => level.target],
  [
    'demand_seats_high_watermark',
    'ALPHA',
    'The most seats that a level could use, in the last period.',
    level => level.demand.highWatermark,
  ],
  ['demand_seats_average', 'ALPHA', 'The seats that a level could use, on average of the last period.', level => level.demand.average],
  ['demand_seats_stdev', 'ALPHA', 'How far that went up and down.', level => level.demand.deviation],
  ['demand_seats_smoothed', 'ALPHA', 'The seats that a level could use, over a longer time.', level => level.demand.smoothed],
]

function widthsOf({ widths }: Flow): Histogram {
  const histogram = new Histogram([1, 2, 4, 8, 16, 32, 64, 100])
  for (const [width, times] of widths) histogram.observe(width, times)
  return histogram
}

const waitsOf = (flow: Flow): [Labels, Histogram][] =>
  (
    [
      ['true', flow.waits.served],
      ['false', flow.waits.refused],
    ] as const
  ).flatMap(([execute, waits]) => (waits.empty ? [] : [[{ ...labelsOf(flow), execute }, waits]]))

export function flowFamilies({ flows, levels, fairFraction }: ReturnType<FlowControl['counts']>): Family[] {
  const refused = flows.flatMap(flow => [...flow.refused].map(([reason, value]) => [{ ...labelsOf(flow), reason }, value] as const))
  return [
    ...ofFlows.map(([name, type, stability, help, value]) => {
      const samples = flows.map(flow => [labelsOf(flow), value(flow)] as const)
      return family(`${prefix}_${name}`, type, stability, help, samples)
    }),
    ...ofLevels.map(([name, stability, help, value]) => {
      const samples = levels.flatMap(level => {
        const seats = value(level)
        return seats === undefined ? [] : [[{ priority_level: level.name }, seats] as const]
      })
      return family(`${prefix}_${name}`, 'gauge', stability, help, samples)
    }),
    family(`${prefix}_seat_fair_frac`, 'gauge', 'ALPHA', 'What part of its target each level gets.', [[{}, fairFraction]]),
    family(
      `${prefix}_work_estimated_seats`,
      'histogram',
      'ALPHA',
      'Seats that requests take.',
      flows.map(flow => [labelsOf(flow), widthsOf(flow)]),
    ),
    family(
      `${prefix}_request_wait_duration_seconds`,
      'histogram',
      'BETA',
      'How long requests waited for their seats.',
      flows.flatMap(waitsOf),
    ),
    family(`${prefix}_rejected_requests_total`, 'counter', 'BETA', 'Requests that got none.', refused),
  ]
}
