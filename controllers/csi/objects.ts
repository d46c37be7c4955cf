// The volume a provisioner makes for a claim. Pure.

import type { KubeInput } from '../../openapi/kind.ts'
import type { PersistentVolume } from '../../openapi/kinds/core/persistentvolume.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim.ts'
import type { StorageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'

export const deletionFinalizer = 'external-provisioner.volume.kubernetes.io/finalizer'

export const volumeName = (claim: PersistentVolumeClaim): string => `pvc-${claim.metadata.uid}`

/** A provisioner's name may have a path, as in rancher.io/local-path; a driver's is a DNS name. */
const driverName = (provisioner: string): string =>
  provisioner
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '.')
    .slice(0, 63)

export function newVolume(
  claim: PersistentVolumeClaim,
  from: StorageClass,
  volumeHandle: string,
): KubeInput & Pick<PersistentVolume, 'spec'> {
  const { namespace, name, uid, resourceVersion } = claim.metadata
  return {
    metadata: {
      name: volumeName(claim),
      annotations: {
        'pv.kubernetes.io/provisioned-by': from.provisioner,
        'volume.kubernetes.io/provisioner-deletion-secret-name': '',
        'volume.kubernetes.io/provisioner-deletion-secret-namespace': '',
      },
      ...(from.reclaimPolicy === 'Delete' ? { finalizers: [deletionFinalizer] } : {}),
    },
    spec: {
      capacity: { storage: claim.spec.resources.requests?.storage ?? '0' },
      accessModes: claim.spec.accessModes,
      persistentVolumeReclaimPolicy: from.reclaimPolicy,
      storageClassName: from.metadata.name,
      volumeMode: claim.spec.volumeMode,
      mountOptions: from.mountOptions,
      claimRef: { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion },
      csi: { driver: driverName(from.provisioner), volumeHandle },
    } as PersistentVolume['spec'],
  }
}
