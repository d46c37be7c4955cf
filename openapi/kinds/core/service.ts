// Service.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Service as schema } from '../../schemas/service.ts'

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
  columns: [],
  example: { metadata: { name: 'example' }, spec: { ports: [{ port: 80 }] } },
})
