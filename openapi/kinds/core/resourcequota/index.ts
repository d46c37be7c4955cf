// ResourceQuota.
import { ageColumn, nameColumn, text } from '../../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../../kind.ts'
import { ResourceQuota as schema } from '../../../schemas/core.ts'
import { validateResourceQuota, validateResourceQuotaStatus, validateResourceQuotaUpdate } from './validation.ts'

export interface ResourceQuota extends ObjectOf<typeof schema> {}
export type ResourceQuotaInput = InputOf<typeof schema>

function usage(quota: ResourceQuota, wanted: (name: string) => boolean): string {
  const { hard = {}, used = {} } = quota.status
  return Object.keys(hard)
    .filter(wanted)
    .sort()
    .map(name => `${name}: ${used[name] ?? '0'}/${hard[name]}`)
    .join(', ')
}

export const resourceQuota = defineKind<ResourceQuota, ResourceQuotaInput>({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  scope: 'Namespaced',
  names: { plural: 'resourcequotas', singular: 'resourcequota', shortNames: ['quota'] },
  schema,
  subresources: { status: true },
  columns: [
    nameColumn,
    text('Request', 'Requests and counts: used and allowed.', q => usage(q, name => !name.startsWith('limits.'))),
    text('Limit', 'Limits: used and allowed.', q => usage(q, name => name.startsWith('limits.'))),
    ageColumn,
  ],
  returnsDeletedObject: true,
  validate: validateResourceQuota,
  validateUpdate: validateResourceQuotaUpdate,
  validateStatusUpdate: validateResourceQuotaStatus,
  example: { metadata: { name: 'example' }, spec: { hard: { pods: '1' } } },
})
