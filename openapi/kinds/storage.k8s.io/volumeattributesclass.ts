// VolumeAttributesClass.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { VolumeAttributesClass as schema } from '../../schemas/storage.ts'

export interface VolumeAttributesClass extends ObjectOf<typeof schema> {}
export type VolumeAttributesClassInput = InputOf<typeof schema>

export const volumeAttributesClass = defineKind<VolumeAttributesClass, VolumeAttributesClassInput>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttributesClass',
  scope: 'Cluster',
  names: { plural: 'volumeattributesclasses', singular: 'volumeattributesclass', shortNames: ['vac'] },
  schema,
  columns: [nameColumn, text('DriverName', 'The driver it is for.', c => c.driverName), ageColumn],
  returnsDeletedObject: true,
  example: { metadata: { name: 'example' }, driverName: 'example.com', parameters: { iops: '1' } },
})
