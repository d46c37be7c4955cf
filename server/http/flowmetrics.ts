// What /metrics tells of flow control.
import type { Flow, FlowControl } from '../flowcontrol/flowcontrol.ts'
import { type Family, family, type Labels, type Samples } from './exposition.ts'

export function flowFamilies({ flows, seats }: ReturnType<FlowControl['counts']>): Family[] {
  const labels = ({ schema, level }: Flow): Labels => ({ flow_schema: schema, priority_level: level })
  const of = (pick: (flow: Flow) => number): Samples => flows.map(flow => [labels(flow), pick(flow)])
  const refused = flows.flatMap(flow => [...flow.refused].map(([reason, value]) => [{ ...labels(flow), reason }, value] as const))
  const prefix = 'apiserver_flowcontrol'
  return [
    family(
      `${prefix}_dispatched_requests_total`,
      'counter',
      'BETA',
      'Requests that got a seat.',
      of(flow => flow.dispatched),
    ),
    family(`${prefix}_rejected_requests_total`, 'counter', 'BETA', 'Requests that got none.', refused),
    family(
      `${prefix}_current_executing_requests`,
      'gauge',
      'BETA',
      'Requests that hold a seat now.',
      of(flow => flow.executing),
    ),
    family(
      `${prefix}_current_inqueue_requests`,
      'gauge',
      'BETA',
      'Requests that wait for a seat now.',
      of(flow => flow.waiting),
    ),
    family(`${prefix}_nominal_limit_seats`, 'gauge', 'BETA', 'Seats of a level.', [
      ...seats.map(({ level, seats: value }) => [{ priority_level: level }, value] as const),
    ]),
  ]
}
