// StorageClass.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { StorageClass as schema } from '../../schemas/storage.ts'

export interface StorageClass extends ObjectOf<typeof schema> {}
export type StorageClassInput = InputOf<typeof schema>

export const storageClass = defineKind<StorageClass, StorageClassInput>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  scope: 'Cluster',
  names: { plural: 'storageclasses', singular: 'storageclass', shortNames: ['sc'] },
  schema,
  columns: [],
  example: { metadata: { name: 'example' }, provisioner: 'example.com/disk' },
})
