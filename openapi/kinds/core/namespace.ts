// Namespace.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Namespace as schema } from '../../schemas/core.ts'
import { forPrefix, isDns1123Label, isQualifiedName } from '../../values/names.ts'
import { problems } from './pod/validation/fields.ts'

export interface Namespace extends ObjectOf<typeof schema> {}
export type NamespaceInput = InputOf<typeof schema>

const nameMark = 'kubernetes.io/metadata.name'

/** Selectors can name a namespace by it. A generated name is known only at creation. */
function nameLabel({ metadata }: Namespace): void {
  if (metadata.name) metadata.labels = { ...metadata.labels, [nameMark]: metadata.name }
}

export const finalizerErrors = (name: string, path: string): FieldError[] => [
  ...problems(path, name, isQualifiedName),
  ...(name === 'kubernetes' || name.includes('/')
    ? []
    : [invalid(path, name, 'name is neither a standard finalizer name nor is it fully qualified')]),
]

const validate = ({ spec }: Namespace): FieldError[] => (spec.finalizers ?? []).flatMap(name => finalizerErrors(name, 'spec.finalizers'))

function validateStatusUpdate({ metadata, status }: Namespace): FieldError[] {
  const want = metadata.deletionTimestamp ? 'Terminating' : 'Active'
  const when = metadata.deletionTimestamp ? 'is not' : 'is'
  return status.phase === want
    ? []
    : [invalid('status.Phase', status.phase ?? '', `may only be '${want}' if \`deletionTimestamp\` ${when} empty`)]
}

export const namespace = defineKind<Namespace, NamespaceInput>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  scope: 'Cluster',
  names: { plural: 'namespaces', singular: 'namespace', shortNames: ['ns'] },
  schema,
  subresources: { status: true, connect: ['finalize'] },
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  columns: [nameColumn, text('Status', 'Whether it is in use or going.', n => n.status.phase), ageColumn],
  selectableFields: [
    { label: 'name', value: n => n.metadata.name },
    { label: 'status.phase', value: n => n.status.phase ?? '' },
  ],
  defaults: nameLabel,
  prepareForCreate(draft) {
    nameLabel(draft)
    draft.spec.finalizers = [...new Set([...(draft.spec.finalizers ?? []), 'kubernetes'])]
    draft.status = { phase: 'Active' }
  },
  prepareForUpdate(draft, old) {
    draft.spec.finalizers = old.spec.finalizers
    draft.status = old.status
  },
  validate,
  validateUpdate: validate,
  validateStatusUpdate,
  validateName: forPrefix(isDns1123Label),
  staysWhileDeleted: ({ spec }) => (spec.finalizers ?? []).length > 0,
  markDeleted: n => ({ ...n, status: { ...n.status, phase: 'Terminating' } }),
  example: { metadata: { name: 'example' } },
})
