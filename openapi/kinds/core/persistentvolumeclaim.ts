// PersistentVolumeClaim.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { PersistentVolumeClaim as schema } from '../../schemas/claim.ts'

export interface PersistentVolumeClaim extends ObjectOf<typeof schema> {}
export type PersistentVolumeClaimInput = InputOf<typeof schema>

export const persistentVolumeClaim = defineKind<PersistentVolumeClaim, PersistentVolumeClaimInput>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  scope: 'Namespaced',
  names: { plural: 'persistentvolumeclaims', singular: 'persistentvolumeclaim', shortNames: ['pvc'] },
  schema,
  subresources: { status: true },
  columns: [],
  example: { metadata: { name: 'example' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
})
