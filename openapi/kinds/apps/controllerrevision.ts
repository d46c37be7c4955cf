// ControllerRevision.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ControllerRevision as schema } from '../../schemas/apps.ts'

export interface ControllerRevision extends ObjectOf<typeof schema> {}
export type ControllerRevisionInput = InputOf<typeof schema>

function controllerText({ metadata }: ControllerRevision): string {
  const owner = metadata.ownerReferences?.find(o => o.controller)
  if (!owner) return '<none>'
  const [group = ''] = owner.apiVersion.includes('/') ? owner.apiVersion.split('/') : ['']
  return `${owner.kind.toLowerCase()}${group ? `.${group}` : ''}/${owner.name}`
}

export const controllerRevision = defineKind<ControllerRevision, ControllerRevisionInput>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  scope: 'Namespaced',
  names: { plural: 'controllerrevisions', singular: 'controllerrevision' },
  schema,
  columns: [
    nameColumn,
    text('Controller', 'Whose revision it is.', controllerText),
    text('Revision', 'Its number.', r => r.revision),
    ageColumn,
  ],
  example: { metadata: { name: 'example' }, revision: 1 },
})
