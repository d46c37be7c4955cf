// How services are listed: their addresses and ports.
import { ageColumn, labelText, nameColumn, text } from '../../../columns.ts'
import type { Column } from '../../../kind.ts'
import type { Service } from './index.ts'

function externalAddress({ spec, status }: Service): string {
  if (spec.type === 'ExternalName') return spec.externalName ?? ''
  const external = spec.externalIPs ?? []
  if (spec.type !== 'LoadBalancer') return external.length > 0 ? external.join(',') : '<none>'
  const balancers = [...new Set((status.loadBalancer.ingress ?? []).map(i => i.ip || i.hostname || ''))].sort()
  const all = [...balancers, ...external]
  return all.length > 0 ? all.join(',') : '<pending>'
}

const ports = ({ spec }: Service): string =>
  (spec.ports ?? []).map(({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`).join(',') || '<none>'

export const serviceColumns: readonly Column<Service>[] = [
  nameColumn,
  text('Type', 'How it is reached.', s => s.spec.type),
  text('Cluster-IP', 'Its address inside the cluster.', s => s.spec.clusterIP || '<none>'),
  text('External-IP', 'Its addresses outside.', externalAddress),
  text('Port(s)', 'Ports, with their node ports.', ports),
  ageColumn,
  text('Selector', 'Labels of its pods.', s => labelText(s.spec.selector), 1),
]
