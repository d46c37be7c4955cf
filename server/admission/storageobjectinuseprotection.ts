// StorageObjectInUseProtection: volumes and claims carry a finalizer, so that they outlive their use.
import { type AdmissionPlugin, kindName } from './chain.ts'

const finalizers: Readonly<Record<string, string>> = {
  PersistentVolume: 'kubernetes.io/pv-protection',
  PersistentVolumeClaim: 'kubernetes.io/pvc-protection',
  'VolumeAttributesClass.storage.k8s.io': 'kubernetes.io/vac-protection',
}

export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  kinds: Object.keys(finalizers),
  admit({ operation, kind, object }) {
    const finalizer = finalizers[kindName(kind)]
    if (operation !== 'CREATE' || !finalizer) return
    const current = object.metadata.finalizers ?? []
    if (!current.includes(finalizer)) object.metadata.finalizers = [...current, finalizer]
  },
}
