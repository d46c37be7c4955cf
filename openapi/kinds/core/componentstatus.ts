// ComponentStatus.
import { nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ComponentStatus as schema } from '../../schemas/core.ts'

export interface ComponentStatus extends ObjectOf<typeof schema> {}
export type ComponentStatusInput = InputOf<typeof schema>

export const componentStatus = defineKind<ComponentStatus, ComponentStatusInput>({
  group: '',
  version: 'v1',
  kind: 'ComponentStatus',
  scope: 'Cluster',
  names: { plural: 'componentstatuses', singular: 'componentstatus', shortNames: ['cs'], inErrors: 'componentstatus' },
  schema,
  deprecation: 'v1 ComponentStatus is deprecated in v1.19+',
  verbs: ['get', 'list'],
  columns: [
    nameColumn,
    text('Status', 'Healthy or not.', s => s.conditions?.[0]?.status),
    text('Message', 'What the check said.', s => s.conditions?.[0]?.message),
    text('Error', 'What went wrong.', s => s.conditions?.[0]?.error),
  ],
  example: { metadata: { name: 'example' } },
})
