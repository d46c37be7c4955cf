// Namespace.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Namespace as schema } from '../../schemas/core.ts'

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
  columns: [],
  example: { metadata: { name: 'example' } },
})
