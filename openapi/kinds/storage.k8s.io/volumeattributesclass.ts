// VolumeAttributesClass.
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
  columns: [],
  example: { metadata: { name: 'example' }, driverName: 'example.com', parameters: { iops: '1' } },
})
