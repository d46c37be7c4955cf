// CSIStorageCapacity.
import { createdAtColumn, nameColumn } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { CSIStorageCapacity as schema } from '../../schemas/storage.ts'

export interface CSIStorageCapacity extends ObjectOf<typeof schema> {}
export type CSIStorageCapacityInput = InputOf<typeof schema>

export const csiStorageCapacity = defineKind<CSIStorageCapacity, CSIStorageCapacityInput>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  scope: 'Namespaced',
  names: { plural: 'csistoragecapacities', singular: 'csistoragecapacity' },
  schema,
  columns: [nameColumn, createdAtColumn],
  returnsDeletedObject: true,
  example: { metadata: { name: 'example' }, storageClassName: 'example' },
})
