// What a Service's type needs, and what an update keeps, drops or completes of the values the server gave out.
import { deepEqual } from '../../../values/equal.ts'
import type { Service } from './index.ts'

type Spec = Service['spec']

export const isHeadless = ({ spec }: Service): boolean => spec.clusterIPs?.[0] === 'None'
export const needsAddress = ({ spec }: Service): boolean => ['ClusterIP', 'NodePort', 'LoadBalancer'].includes(spec.type)
export const needsNodePorts = ({ spec }: Service): boolean =>
  spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
export const needsHealthCheck = ({ spec }: Service): boolean => spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'
export const isReachableFromOutside = ({ spec }: Service): boolean =>
  spec.type === 'LoadBalancer' || spec.type === 'NodePort' || (spec.type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0)

/** The list is the truth, the single address its first: on create the one that is given makes the other. */
export function prepareServiceCreate(draft: Service): void {
  draft.status = { loadBalancer: {} }
  const { spec } = draft
  if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP]
}

export function prepareServiceUpdate(draft: Service, old: Service): void {
  keepAllocated(draft, old)
  alignAddresses(draft.spec, old.spec)
  dropUnneeded(draft, old)
}

/** An update that leaves allocated values out keeps them. */
function keepAllocated(draft: Service, old: Service): void {
  const { spec } = draft
  if (needsAddress(draft) && needsAddress(old)) {
    if (!spec.clusterIP) spec.clusterIP = old.spec.clusterIP
    if (!spec.clusterIPs?.length && spec.clusterIP === old.spec.clusterIP) spec.clusterIPs = [...(old.spec.clusterIPs ?? [])]
  }
  if (needsNodePorts(draft) && needsNodePorts(old))
    for (const port of spec.ports ?? []) {
      const before = (old.spec.ports ?? []).find(p => (p.name ?? '') === (port.name ?? ''))?.nodePort
      if (!port.nodePort && before) port.nodePort = before
    }
  if (needsHealthCheck(draft) && needsHealthCheck(old) && !spec.healthCheckNodePort) spec.healthCheckNodePort = old.spec.healthCheckNodePort
}

/** Clients that know only the single address change only that. */
function alignAddresses(spec: Spec, old: Spec): void {
  const [now, before] = [spec.clusterIP ?? '', old.clusterIP ?? '']
  if (now === before || !deepEqual(spec.clusterIPs ?? [], old.clusterIPs ?? [])) return
  if (now === '') delete spec.clusterIPs
  else spec.clusterIPs = [now]
}

/** A new type takes away what it cannot have, unless the client asks for it by changing it. */
function dropUnneeded(draft: Service, old: Service): void {
  const { spec } = draft
  const kept = (field: keyof Spec) => deepEqual(spec[field], old.spec[field])
  const left = (needs: (service: Service) => boolean) => needs(old) && !needs(draft)
  if (left(needsAddress) && kept('clusterIP') && kept('clusterIPs')) {
    delete spec.clusterIP
    delete spec.clusterIPs
  }
  for (const field of ['ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'] as const)
    if (left(needsAddress) && kept(field)) delete spec[field]
  const nodePorts = (service: Service) => (service.spec.ports ?? []).map(p => p.nodePort ?? 0)
  if (left(needsNodePorts) && deepEqual(nodePorts(draft), nodePorts(old))) for (const port of spec.ports ?? []) delete port.nodePort
  if (left(needsHealthCheck) && kept('healthCheckNodePort')) delete spec.healthCheckNodePort
  if (left(isLoadBalancer) && kept('allocateLoadBalancerNodePorts')) delete spec.allocateLoadBalancerNodePorts
  if (left(isLoadBalancer) && kept('loadBalancerClass')) delete spec.loadBalancerClass
  if (left(isReachableFromOutside) && kept('externalTrafficPolicy')) delete spec.externalTrafficPolicy
}

const isLoadBalancer = ({ spec }: Service): boolean => spec.type === 'LoadBalancer'
