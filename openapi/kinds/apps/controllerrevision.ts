// ControllerRevision.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ControllerRevision as schema } from '../../schemas/apps.ts'

export interface ControllerRevision extends ObjectOf<typeof schema> {}
export type ControllerRevisionInput = InputOf<typeof schema>

export const controllerRevision = defineKind<ControllerRevision, ControllerRevisionInput>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  scope: 'Namespaced',
  names: { plural: 'controllerrevisions', singular: 'controllerrevision' },
  schema,
  columns: [],
  example: { metadata: { name: 'example' }, revision: 1 },
})
