// Service.

import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Service as schema } from '../../schemas/service.ts'
import { forPrefix, isDns1123Label } from '../../values/names.ts'
import { serviceColumns } from './servicecolumns.ts'

export interface Service extends ObjectOf<typeof schema> {}
export type ServiceInput = InputOf<typeof schema>

export const service = defineKind<Service, ServiceInput>({
  group: '',
  version: 'v1',
  kind: 'Service',
  scope: 'Namespaced',
  names: { plural: 'services', singular: 'service', shortNames: ['svc'], categories: ['all'] },
  schema,
  subresources: { status: true, connect: ['proxy'] },
  columns: [...serviceColumns],
  selectableFields: [
    { label: 'spec.clusterIP', value: s => s.spec.clusterIP ?? '' },
    { label: 'spec.type', value: s => s.spec.type },
  ],
  returnsDeletedObject: true,
  validateName: forPrefix(isDns1123Label),
  defaults({ spec }) {
    if (spec.sessionAffinity === 'ClientIP')
      spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: 10_800, ...spec.sessionAffinityConfig?.clientIP } }
    for (const port of spec.ports ?? []) if (port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port
    if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') spec.externalTrafficPolicy ??= 'Cluster'
    if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster'
    if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true
    if (spec.type === 'ExternalName' && spec.sessionAffinity === 'None' && !spec.clusterIP) return
  },
  prepareForCreate(draft) {
    draft.status = { loadBalancer: {} }
  },
  example: { metadata: { name: 'example' }, spec: { ports: [{ port: 80 }] } },
})
