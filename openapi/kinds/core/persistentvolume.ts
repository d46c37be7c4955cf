// PersistentVolume.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { PersistentVolume as schema } from '../../schemas/persistentvolume.ts'

export interface PersistentVolume extends ObjectOf<typeof schema> {}
export type PersistentVolumeInput = InputOf<typeof schema>

export const persistentVolume = defineKind<PersistentVolume, PersistentVolumeInput>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  scope: 'Cluster',
  names: { plural: 'persistentvolumes', singular: 'persistentvolume', shortNames: ['pv'] },
  schema,
  subresources: { status: true },
  columns: [],
  example: {
    metadata: { name: 'example' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/tmp' } },
  },
})
