// What /metrics tells of flow control.
import type { Flow, FlowControl } from '../flowcontrol/flowcontrol.ts'
import { type Family, family, type Labels } from './exposition.ts'

const prefix = 'apiserver_flowcontrol'

const ofFlows: readonly [name: string, type: Family['type'], help: string, value: (flow: Flow) => number][] = [
  ['dispatched_requests_total', 'counter', 'Requests that got a seat.', flow => flow.dispatched],
  ['current_executing_requests', 'gauge', 'Requests that hold a seat now.', flow => flow.executing],
  ['current_inqueue_requests', 'gauge', 'Requests that wait for a seat now.', flow => flow.waiting],
]

const labelsOf = ({ schema, level }: Flow): Labels => ({ flow_schema: schema, priority_level: level })

export function flowFamilies({ flows, seats }: ReturnType<FlowControl['counts']>): Family[] {
  const refused = flows.flatMap(flow => [...flow.refused].map(([reason, value]) => [{ ...labelsOf(flow), reason }, value] as const))
  const limits = seats.map(({ level, seats: value }) => [{ priority_level: level }, value] as const)
  return [
    ...ofFlows.map(([name, type, help, value]) => {
      const samples = flows.map(flow => [labelsOf(flow), value(flow)] as const)
      return family(`${prefix}_${name}`, type, 'BETA', help, samples)
    }),
    family(`${prefix}_rejected_requests_total`, 'counter', 'BETA', 'Requests that got none.', refused),
    family(`${prefix}_nominal_limit_seats`, 'gauge', 'BETA', 'Seats of a level.', limits),
  ]
}
