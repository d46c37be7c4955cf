// Which endpoints a service has, and in which slices they lie. Pure.

import type { Kind, KubeInput, KubeObject } from '../../openapi/kind.ts'
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { type Service, service as serviceKind } from '../../openapi/kinds/core/service/index.ts'
import {
  type EndpointSlice,
  endpointSlice,
  managedByLabel,
  serviceLabel,
} from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { Action } from '../runtime/controller.ts'
import { controllerReference } from '../runtime/owners.ts'
import { isFinished, isReady, isTerminating } from '../runtime/pods.ts'
import { firstTriggerTime, type Shown, withTriggerTime } from '../runtime/triggertime.ts'
import { portsOf } from './ports.ts'

export const managedBy = 'endpointslice-controller.k8s.io'
const perSlice = 100

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number]
type Ports = NonNullable<EndpointSlice['ports']>

export interface Observed {
  service: Service
  pods: readonly Pod[]
  slices: readonly EndpointSlice[]
  node(name: string): Node | undefined
  /** Random letters for a new slice's name. */
  suffix(): string
}

export function plan({ service, pods, slices, node, suffix }: Observed): Action[] {
  const kind = endpointSlice as unknown as Kind
  const groups = group(service, pods, node)
  const actions: Action[] = []
  const left = [...slices].sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
  for (const { ports, endpoints } of groups) {
    const at = left.findIndex(slice => samePorts(slice.ports ?? [], ports))
    const [slice] = left.splice(Math.max(at, 0), left.length > 0 ? 1 : 0)
    if (!slice) actions.push({ do: 'create', kind, object: newSlice(service, pods, { ports, endpoints, suffix: suffix() }) })
    else {
      const next = {
        ...slice,
        metadata: { ...slice.metadata, labels: labelsOf(service) },
        ports,
        endpoints: keepOrder(slice.endpoints ?? [], endpoints),
      }
      if (deepEqual(stripped(next), stripped(slice))) continue
      const annotations = withTriggerTime(slice.metadata.annotations, pods, { before: shownBy(slice), after: shownBy(next) })
      actions.push({ do: 'update', kind, object: { ...next, metadata: { ...next.metadata, annotations } } as unknown as KubeObject })
    }
  }
  return [...actions, ...left.map((object): Action => ({ do: 'delete', kind, object: object as unknown as KubeObject }))]
}

const stripped = ({ endpoints, ports, metadata }: EndpointSlice) => ({
  endpoints: endpoints ?? [],
  ports: ports ?? [],
  labels: metadata.labels,
})
const shownBy = ({ endpoints }: Pick<EndpointSlice, 'endpoints'>): Shown =>
  new Map((endpoints ?? []).map(({ targetRef, conditions }) => [targetRef?.uid, conditions?.serving]))
const samePorts = (a: Ports, b: Ports): boolean => deepEqual(a, b)

/** Pods that share the numbers behind the service's ports share slices; at most a hundred to each. */
function group(service: Service, pods: readonly Pod[], node: Observed['node']): { ports: Ports; endpoints: Endpoint[] }[] {
  const groups: { ports: Ports; endpoints: Endpoint[] }[] = []
  for (const pod of pods) {
    if (!pod.status.podIP || isFinished(pod)) continue
    const ports = portsOf(service, pod)
    let found = groups.find(g => samePorts(g.ports, ports) && g.endpoints.length < perSlice)
    if (!found) {
      found = { ports, endpoints: [] }
      groups.push(found)
    }
    found.endpoints.push(endpointOf(service, pod, node))
  }
  return groups.length > 0 ? groups : [{ ports: [], endpoints: [] }]
}

function endpointOf(service: Service, pod: Pod, node: Observed['node']): Endpoint {
  const serving = service.spec.publishNotReadyAddresses === true || isReady(pod)
  const terminating = isTerminating(pod)
  const zone = node(pod.spec.nodeName ?? '')?.metadata.labels?.['topology.kubernetes.io/zone']
  const named = pod.spec.hostname && pod.spec.subdomain === service.metadata.name && pod.metadata.namespace === service.metadata.namespace
  return {
    addresses: [pod.status.podIP ?? ''],
    conditions: { ready: serving && (!terminating || service.spec.publishNotReadyAddresses === true), serving: isReady(pod), terminating },
    ...(named ? { hostname: pod.spec.hostname } : {}),
    targetRef: { kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
    nodeName: pod.spec.nodeName,
    ...(zone ? { zone } : {}),
  } as Endpoint
}

/** Endpoints that were there keep their places. */
function keepOrder(before: readonly Endpoint[], after: readonly Endpoint[]): Endpoint[] {
  const id = (e: Endpoint) => e.targetRef?.uid ?? e.addresses[0]
  const rank = new Map(before.map((e, i) => [id(e), i]))
  return [...after].sort((a, b) => (rank.get(id(a)) ?? before.length) - (rank.get(id(b)) ?? before.length))
}

function labelsOf({ metadata, spec }: Service): Record<string, string> {
  const headless: Record<string, string> = spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}
  return { ...metadata.labels, [managedByLabel]: managedBy, [serviceLabel]: metadata.name, ...headless }
}

const newSlice = (
  service: Service,
  pods: readonly Pod[],
  { ports, endpoints, suffix }: { ports: Ports; endpoints: Endpoint[]; suffix: string },
): KubeInput & Pick<EndpointSlice, 'addressType' | 'endpoints' | 'ports'> => ({
  metadata: {
    namespace: service.metadata.namespace,
    name: `${service.metadata.name}-${suffix}`,
    generateName: `${service.metadata.name}-`,
    labels: labelsOf(service),
    annotations: firstTriggerTime(service, pods),
    ownerReferences: [controllerReference(serviceKind as unknown as Kind, service)],
  },
  addressType: 'IPv4',
  endpoints,
  ports,
})
