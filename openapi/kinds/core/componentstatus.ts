// ComponentStatus.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ComponentStatus as schema } from '../../schemas/core.ts'

export interface ComponentStatus extends ObjectOf<typeof schema> {}
export type ComponentStatusInput = InputOf<typeof schema>

export const componentStatus = defineKind<ComponentStatus, ComponentStatusInput>({
  group: '',
  version: 'v1',
  kind: 'ComponentStatus',
  scope: 'Cluster',
  names: { plural: 'componentstatuses', singular: 'componentstatus', shortNames: ['cs'] },
  schema,
  verbs: ['get', 'list'],
  columns: [],
  example: { metadata: { name: 'example' } },
})
