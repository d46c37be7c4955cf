// The volume a provisioner makes for a claim. Pure.

import type { KubeInput } from '../../openapi/kind.ts'
import type { PersistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import type { StorageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { bytesToQuantity, quantityToNumber } from '../../openapi/values/quantity.ts'
import { annotations, provisionedName, provisionedSpec, requestOf } from '../runtime/volumes.ts'
import { type CreatedVolume, fsTypeKey } from './client.ts'

export const deletionFinalizer = 'external-provisioner.volume.kubernetes.io/finalizer'

/** A provisioner's name may have a path, as in rancher.io/local-path; a driver's is a DNS name. */
const driverName = (provisioner: string): string =>
  provisioner
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '.')
    .slice(0, 63)

const termOf = (segments: Readonly<Record<string, string>>) => ({
  matchExpressions: Object.entries(segments).map(([key, value]) => ({ key, operator: 'In', values: [value] })),
})

export function newVolume(
  claim: PersistentVolumeClaim,
  from: StorageClass,
  { volumeId: volumeHandle, bytes, context, topologies }: CreatedVolume,
): KubeInput & Pick<PersistentVolume, 'spec'> {
  const asked = requestOf(claim)
  const fsType = from.parameters?.[fsTypeKey]
  return {
    metadata: {
      name: provisionedName(claim),
      annotations: {
        [annotations.provisionedBy]: from.provisioner,
        'volume.kubernetes.io/provisioner-deletion-secret-name': '',
        'volume.kubernetes.io/provisioner-deletion-secret-namespace': '',
      },
      ...(from.reclaimPolicy === 'Delete' ? { finalizers: [deletionFinalizer] } : {}),
    },
    spec: {
      ...provisionedSpec(claim, from),
      capacity: { storage: bytes === quantityToNumber(asked) ? asked : bytesToQuantity(bytes) },
      csi: {
        driver: driverName(from.provisioner),
        volumeHandle,
        ...(fsType ? { fsType } : {}),
        ...(Object.keys(context).length > 0 ? { volumeAttributes: context } : {}),
      },
      ...(topologies.length > 0 ? { nodeAffinity: { required: { nodeSelectorTerms: topologies.map(termOf) } } } : {}),
    } as PersistentVolume['spec'],
  }
}
