// PersistentVolumeClaim.
import { accessModes, ageColumn, nameColumn, text } from '../../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../../kind.ts'
import { PersistentVolumeClaim as schema } from '../../../schemas/claim.ts'
import { persistentVolumeClaimWarnings } from '../persistentvolume/warnings.ts'
import { alignSources, validateClaim, validateClaimStatus, validateClaimUpdate } from './validation.ts'

export interface PersistentVolumeClaim extends ObjectOf<typeof schema> {}
export type PersistentVolumeClaimInput = InputOf<typeof schema>

const bound = (c: PersistentVolumeClaim): boolean => Boolean(c.spec.volumeName)
const columns = [
  nameColumn,
  text<PersistentVolumeClaim>('Status', 'Where it is in its life.', c => (c.metadata.deletionTimestamp ? 'Terminating' : c.status.phase)),
  text<PersistentVolumeClaim>('Volume', 'The volume it has.', c => c.spec.volumeName ?? ''),
  text<PersistentVolumeClaim>('Capacity', 'How much the volume holds.', c => (bound(c) ? (c.status.capacity?.storage ?? '0') : '')),
  text<PersistentVolumeClaim>('Access Modes', 'How it may be mounted.', c => (bound(c) ? accessModes(c.status.accessModes) : '')),
  text<PersistentVolumeClaim>(
    'StorageClass',
    'Its class.',
    c => c.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? c.spec.storageClassName ?? '',
  ),
  text<PersistentVolumeClaim>(
    'VolumeAttributesClass',
    'Its attributes class.',
    c => c.status.currentVolumeAttributesClassName ?? c.spec.volumeAttributesClassName ?? '<unset>',
  ),
  ageColumn,
  text<PersistentVolumeClaim>('VolumeMode', 'File system or block device.', c => c.spec.volumeMode, 1),
]

export const persistentVolumeClaim = defineKind<PersistentVolumeClaim, PersistentVolumeClaimInput>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  scope: 'Namespaced',
  names: { plural: 'persistentvolumeclaims', singular: 'persistentvolumeclaim', shortNames: ['pvc'] },
  schema,
  subresources: { status: true },
  columns: [...columns],
  returnsDeletedObject: true,
  prepareForCreate(draft) {
    draft.status = { phase: 'Pending' }
    alignSources(draft)
  },
  prepareForUpdate: alignSources,
  validate: validateClaim,
  validateUpdate: validateClaimUpdate,
  validateStatusUpdate: validateClaimStatus,
  warnings: persistentVolumeClaimWarnings,
  example: { metadata: { name: 'example' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
})
