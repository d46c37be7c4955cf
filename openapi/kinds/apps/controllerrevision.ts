// ControllerRevision.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid, required } from '../../errors.ts'
import { defineKind, groupOf, type InputOf, type ObjectOf } from '../../kind.ts'
import { ControllerRevision as schema } from '../../schemas/apps.ts'
import { immutable } from './selection.ts'

export interface ControllerRevision extends ObjectOf<typeof schema> {}
export type ControllerRevisionInput = InputOf<typeof schema>

function controllerText({ metadata }: ControllerRevision): string {
  const owner = metadata.ownerReferences?.find(o => o.controller)
  if (!owner) return '<none>'
  const group = groupOf(owner.apiVersion)
  return `${owner.kind.toLowerCase()}${group ? `.${group}` : ''}/${owner.name}`
}

function validate({ data, revision }: ControllerRevision): FieldError[] {
  const errors: FieldError[] = []
  const value: unknown = data
  if (value === undefined || value === null) errors.push(required('data', 'data is mandatory'))
  else if (typeof value !== 'object' || Array.isArray(value)) errors.push(required('data', 'data must be a valid JSON object'))
  return [...errors, ...(revision < 0 ? [invalid('revision', revision, 'must be greater than or equal to 0')] : [])]
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
  validate,
  validateUpdate: (next, old) => [...validate(next), ...immutable(next.data, old.data, 'data')],
  example: { metadata: { name: 'example' }, revision: 1, data: {} },
})
