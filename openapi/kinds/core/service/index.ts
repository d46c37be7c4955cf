// Service.

import { defineKind, type InputOf, type ObjectOf } from '../../../kind.ts'
import { Service as schema } from '../../../schemas/service.ts'
import { forPrefix, isDns1123Label } from '../../../values/names.ts'
import { serviceColumns } from './columns.ts'
import { isReachableFromOutside, needsAddress, prepareServiceCreate, prepareServiceUpdate } from './strategy.ts'
import { serviceWarnings, validateService, validateServiceStatus, validateServiceUpdate } from './validation.ts'

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
  createOnUpdate: true,
  defaults(draft) {
    const { spec } = draft
    if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig
    if (spec.sessionAffinity === 'ClientIP')
      spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: 10_800, ...spec.sessionAffinityConfig?.clientIP } }
    for (const port of spec.ports ?? []) if (port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port
    if (isReachableFromOutside(draft)) spec.externalTrafficPolicy ??= 'Cluster'
    if (needsAddress(draft)) spec.internalTrafficPolicy ??= 'Cluster'
    if (spec.type !== 'LoadBalancer') return
    spec.allocateLoadBalancerNodePorts ??= true
    for (const ingress of draft.status?.loadBalancer?.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP'
  },
  prepareForCreate: prepareServiceCreate,
  prepareForUpdate: prepareServiceUpdate,
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  validateStatusUpdate: validateServiceStatus,
  warnings: serviceWarnings,
  example: { metadata: { name: 'example' }, spec: { ports: [{ port: 80 }] } },
})
