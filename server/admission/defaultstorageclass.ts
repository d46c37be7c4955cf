// DefaultStorageClass: a claim that names no class gets the default one, the newest if there are several.
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { storageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import type { AdmissionPlugin } from './chain.ts'
import type { Lookup } from './lookup.ts'

const marks = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']

export const defaultStorageClass = (lookup: Lookup): AdmissionPlugin => ({
  name: 'DefaultStorageClass',
  async admit({ operation, kind, object }) {
    if (operation !== 'CREATE' || kind.kind !== 'PersistentVolumeClaim') return
    const claim = object as PersistentVolumeClaim
    if (claim.spec.storageClassName !== undefined || claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined)
      return
    const classes = (await lookup.list(storageClass, '')).filter(c => marks.some(mark => c.metadata.annotations?.[mark] === 'true'))
    const newest = classes.sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1))[0]
    if (newest) claim.spec.storageClassName = newest.metadata.name
  },
})
