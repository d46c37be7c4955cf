// PersistentVolumeClaimResize: only a bound claim of a class that allows it may grow.
import { forbiddenRequest } from '../../openapi/errors.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { storageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { compareQuantities } from '../../openapi/values/quantity.ts'
import type { AdmissionPlugin } from './chain.ts'
import type { Lookup } from './lookup.ts'

export const persistentVolumeClaimResize = (lookup: Lookup): AdmissionPlugin => ({
  name: 'PersistentVolumeClaimResize',
  kinds: ['PersistentVolumeClaim'],
  async validate({ operation, kind, object, old }) {
    if (operation !== 'UPDATE') return
    const [claim, before] = [object as PersistentVolumeClaim, old as PersistentVolumeClaim]
    if (compareQuantities(storageOf(claim), storageOf(before)) <= 0) return
    const refuse = (why: string) => forbiddenRequest(kind, claim.metadata.name, why)
    if (before.status.phase !== 'Bound') throw refuse('Only bound persistent volume claims can be expanded')
    const found = await lookup.get(storageClass, '', claim.spec.storageClassName ?? '')
    if (!found?.allowVolumeExpansion)
      throw refuse('only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize')
  },
})

const storageOf = (claim: PersistentVolumeClaim): string => claim.spec.resources?.requests?.storage ?? '0'
