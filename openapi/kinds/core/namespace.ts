// Namespace.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Namespace as schema } from '../../schemas/core.ts'
import { forPrefix, isDns1123Label } from '../../values/names.ts'

export interface Namespace extends ObjectOf<typeof schema> {}
export type NamespaceInput = InputOf<typeof schema>

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
  defaults({ metadata }) {
    if (metadata.name) metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name }
  },
  prepareForCreate(draft) {
    draft.spec.finalizers = [...new Set([...(draft.spec.finalizers ?? []), 'kubernetes'])]
    draft.status = { phase: 'Active' }
  },
  prepareForUpdate(draft, old) {
    draft.spec.finalizers = old.spec.finalizers
    draft.status = old.status
  },
  validateName: forPrefix(isDns1123Label),
  staysWhileDeleted: ({ spec }) => (spec.finalizers ?? []).length > 0,
  markDeleted: n => ({ ...n, status: { ...n.status, phase: 'Terminating' } }),
  example: { metadata: { name: 'example' } },
})
