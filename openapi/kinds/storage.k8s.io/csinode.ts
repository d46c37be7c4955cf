// CSINode.
import { ageColumn, integer, nameColumn } from '../../columns.ts'
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
  columns: [nameColumn, integer('Drivers', 'How many drivers it has.', n => n.spec.drivers.length), ageColumn],
  returnsDeletedObject: true,
  example: { metadata: { name: 'example' }, spec: { drivers: [] } },
})
