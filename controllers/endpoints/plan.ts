// The subsets of an Endpoints object: addresses by the ports they share, ready and not. Pure.
import type { Endpoints } from '../../openapi/kinds/core/endpoints/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { Service } from '../../openapi/kinds/core/service/index.ts'
import { isFinished, isReady, isTerminating } from '../runtime/pods.ts'

type Subset = NonNullable<Endpoints['subsets']>[number]
type Port = NonNullable<Subset['ports']>[number]

export function subsetsOf(service: Service, pods: readonly Pod[]): Subset[] {
  const groups = new Map<
    string,
    { ports: Port[]; addresses: NonNullable<Subset['addresses']>; notReadyAddresses: NonNullable<Subset['addresses']> }
  >()
  for (const pod of pods) {
    if (!pod.status.podIP || isFinished(pod) || (isTerminating(pod) && !service.spec.publishNotReadyAddresses)) continue
    const ports = portsOf(service, pod)
    const key = JSON.stringify(ports)
    const group = groups.get(key) ?? { ports, addresses: [], notReadyAddresses: [] }
    groups.set(key, group)
    const ready = service.spec.publishNotReadyAddresses || isReady(pod)
    ;(ready ? group.addresses : group.notReadyAddresses).push(addressOf(service, pod))
  }
  return [...groups.values()].map(({ ports, addresses, notReadyAddresses }) => ({
    ...(addresses.length > 0 ? { addresses: addresses.sort(byIp) } : {}),
    ...(notReadyAddresses.length > 0 ? { notReadyAddresses: notReadyAddresses.sort(byIp) } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  }))
}

const byIp = (a: { ip: string }, b: { ip: string }): number => (a.ip < b.ip ? -1 : 1)

function addressOf(service: Service, pod: Pod): NonNullable<Subset['addresses']>[number] {
  const { namespace, name, uid } = pod.metadata
  const named = pod.spec.hostname && pod.spec.subdomain === service.metadata.name
  return {
    ip: pod.status.podIP ?? '',
    ...(named ? { hostname: pod.spec.hostname } : {}),
    nodeName: pod.spec.nodeName,
    targetRef: { kind: 'Pod', namespace, name, uid },
  }
}

const portsOf = ({ spec }: Service, pod: Pod): Port[] =>
  (spec.ports ?? []).flatMap(({ name, protocol, port, targetPort, appProtocol }) => {
    const number = typeof targetPort === 'string' ? namedPort(pod, targetPort, protocol) : (targetPort ?? port)
    return number === undefined ? [] : [{ ...(name ? { name } : {}), port: number, protocol, ...(appProtocol ? { appProtocol } : {}) }]
  })

function namedPort({ spec }: Pod, name: string, protocol: string): number | undefined {
  for (const container of spec.containers)
    for (const port of container.ports ?? []) if (port.name === name && port.protocol === protocol) return port.containerPort
  return undefined
}
