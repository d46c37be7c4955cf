// PersistentVolume.
import { accessModes, ageColumn, nameColumn, text } from '../../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../../kind.ts'
import { PersistentVolume as schema } from '../../../schemas/persistentvolume.ts'
import { printTime } from '../../../values/time.ts'
import { validatePersistentVolume, validatePersistentVolumeUpdate } from './validation.ts'
import { persistentVolumeWarnings } from './warnings.ts'

export interface PersistentVolume extends ObjectOf<typeof schema> {}
export type PersistentVolumeInput = InputOf<typeof schema>

const columns = [
  nameColumn,
  text<PersistentVolume>('Capacity', 'How much it holds.', v => v.spec.capacity?.storage ?? '0'),
  text<PersistentVolume>('Access Modes', 'How it may be mounted.', v => accessModes(v.spec.accessModes)),
  text<PersistentVolume>('Reclaim Policy', 'What becomes of it when its claim goes.', v => v.spec.persistentVolumeReclaimPolicy),
  text<PersistentVolume>('Status', 'Where it is in its life.', v => (v.metadata.deletionTimestamp ? 'Terminating' : v.status.phase)),
  text<PersistentVolume>('Claim', 'Who has it.', v =>
    v.spec.claimRef ? `${v.spec.claimRef.namespace ?? ''}/${v.spec.claimRef.name ?? ''}` : '',
  ),
  text<PersistentVolume>(
    'StorageClass',
    'Its class.',
    v => v.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? v.spec.storageClassName ?? '',
  ),
  text<PersistentVolume>('VolumeAttributesClass', 'Its attributes class.', v => v.spec.volumeAttributesClassName ?? '<unset>'),
  text<PersistentVolume>('Reason', 'Why it is in that status.', v => v.status.reason ?? ''),
  ageColumn,
  text<PersistentVolume>('VolumeMode', 'File system or block device.', v => v.spec.volumeMode, 1),
]

export const persistentVolume = defineKind<PersistentVolume, PersistentVolumeInput>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  scope: 'Cluster',
  names: { plural: 'persistentvolumes', singular: 'persistentvolume', shortNames: ['pv'] },
  schema,
  subresources: { status: true },
  columns: [...columns],
  returnsDeletedObject: true,
  prepareForCreate(draft, { now }) {
    draft.status = { phase: 'Pending', lastPhaseTransitionTime: printTime(now) }
  },
  prepareForStatusUpdate(draft, old, { now }) {
    if (draft.status.phase !== old.status.phase) draft.status.lastPhaseTransitionTime = printTime(now)
  },
  validate: validatePersistentVolume,
  validateUpdate: validatePersistentVolumeUpdate,
  warnings: persistentVolumeWarnings,
  example: {
    metadata: { name: 'example' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/tmp' } },
  },
})
