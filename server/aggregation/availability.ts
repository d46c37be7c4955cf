// Whether the server behind an APIService can be asked: what its Service and EndpointSlices say. Pure.
import { type APIService, availability } from '../../openapi/kinds/apiregistration.k8s.io/apiservice.ts'
import type { Service } from '../../openapi/kinds/core/service/index.ts'
import type { EndpointSlice } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import { referenceOf } from './aggregation.ts'

export interface Verdict {
  status: 'True' | 'False'
  reason: string
  message: string
}

export const passed: Verdict = { status: 'True', reason: 'Passed', message: 'all checks passed' }

export interface Behind {
  service: Service | undefined
  slices: readonly EndpointSlice[]
  /** Somebody said where it is, whatever its endpoints are. */
  pinned: boolean
}

/** undefined: only the server itself can tell. */
export function verdictOf(object: APIService, { service, slices, pinned }: Behind): Verdict | undefined {
  const { namespace, name, port } = referenceOf(object)
  const not = (reason: string, message: string): Verdict => ({ status: 'False', reason, message })
  const what = `service/${name} in ${JSON.stringify(namespace)}`
  if (!service) return not('ServiceNotFound', `${what} is not present`)
  if (service.spec.type !== 'ClusterIP') return undefined
  const listened = (service.spec.ports ?? []).find(each => each.port === port)
  if (!listened) return not('ServicePortError', `${what} is not listening on port ${port}`)
  if (pinned) return undefined
  if (slices.length === 0) return not('EndpointsNotFound', `cannot find endpointslices for ${what}`)
  const { name: portName = '' } = listened
  if (slices.some(slice => isReady(slice, portName))) return undefined
  return not('MissingEndpoints', `endpointslices for ${what} have no addresses with port name ${JSON.stringify(portName)}`)
}

const isReady = ({ endpoints, ports }: EndpointSlice, portName: string): boolean =>
  (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false) &&
  (ports ?? []).some(({ name = '', port }) => name === portName && port !== undefined)

/** With the condition; undefined: it has it already. */
export function told(object: APIService, { status, reason, message }: Verdict, now: string): APIService | undefined {
  const before = availability(object)
  if (before?.status === status && before.reason === reason && before.message === message) return undefined
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now
  const condition = { type: 'Available', status, lastTransitionTime, reason, message }
  const conditions = [...(object.status.conditions ?? [])]
  const at = before ? conditions.indexOf(before) : conditions.length
  conditions.splice(at, 1, condition as never)
  return { ...object, status: { conditions } } as APIService
}
