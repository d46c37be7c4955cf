// CSINode.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { CSINode as schema } from '../../schemas/storage.ts'

export interface CSINode extends ObjectOf<typeof schema> {}
export type CSINodeInput = InputOf<typeof schema>

export const csiNode = defineKind<CSINode, CSINodeInput>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  scope: 'Cluster',
  names: { plural: 'csinodes', singular: 'csinode' },
  schema,
  columns: [],
  example: { metadata: { name: 'example' }, spec: { drivers: [] } },
})
