// DefaultStorageClass: a claim that names no class gets the default one, the newest if there are several.
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { defaultClass, storageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import type { AdmissionPlugin } from './chain.ts'
import type { Lookup } from './lookup.ts'

export const defaultStorageClass = (lookup: Lookup): AdmissionPlugin => ({
  name: 'DefaultStorageClass',
  kinds: ['PersistentVolumeClaim'],
  async admit({ operation, object }) {
    if (operation !== 'CREATE') return
    const claim = object as PersistentVolumeClaim
    if (claim.spec.storageClassName !== undefined || claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined)
      return
    const found = defaultClass(await lookup.list(storageClass, ''))
    if (found) claim.spec.storageClassName = found.metadata.name
  },
})
