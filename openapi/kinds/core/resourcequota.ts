// ResourceQuota.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ResourceQuota as schema } from '../../schemas/core.ts'

export interface ResourceQuota extends ObjectOf<typeof schema> {}
export type ResourceQuotaInput = InputOf<typeof schema>

export const resourceQuota = defineKind<ResourceQuota, ResourceQuotaInput>({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  scope: 'Namespaced',
  names: { plural: 'resourcequotas', singular: 'resourcequota', shortNames: ['quota'] },
  schema,
  subresources: { status: true },
  columns: [],
  example: { metadata: { name: 'example' }, spec: { hard: { pods: '1' } } },
})
