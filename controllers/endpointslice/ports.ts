// The numbers behind a service's ports, for one pod. Pure.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { Service } from '../../openapi/kinds/core/service/index.ts'

export interface EndpointPort {
  name: string
  port: number
  protocol: 'TCP' | 'UDP' | 'SCTP'
  appProtocol?: string
}

export const portsOf = ({ spec }: Service, pod: Pod): EndpointPort[] =>
  (spec.ports ?? []).flatMap(({ name = '', protocol, port, targetPort, appProtocol }) => {
    const number = typeof targetPort === 'string' ? namedPort(pod, targetPort, protocol) : (targetPort ?? port)
    return number === undefined ? [] : [{ name, port: number, protocol, ...(appProtocol ? { appProtocol } : {}) }]
  })

function namedPort({ spec }: Pod, name: string, protocol: string): number | undefined {
  for (const container of [...spec.containers, ...(spec.initContainers ?? []).filter(c => c.restartPolicy === 'Always')])
    for (const port of container.ports ?? []) if (port.name === name && port.protocol === protocol) return port.containerPort
  return undefined
}
