// The one provisioner that this controller is itself: directories of the host, for clusters of one node. Pure.
import type { KubeInput } from '../../openapi/kind.ts'
import type { PersistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import type { StorageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { annotations, hostPathProvisioner } from '../runtime/volumes.ts'

/** Goes before the volume does. */
const finalizer = 'kubernetes.io/pv-controller'

export function newHostPathVolume(claim: PersistentVolumeClaim, from: StorageClass): KubeInput & Pick<PersistentVolume, 'spec'> {
  const { namespace, name, uid, resourceVersion } = claim.metadata
  return {
    metadata: {
      name: `pvc-${uid}`,
      annotations: {
        'kubernetes.io/createdby': 'hostpath-dynamic-provisioner',
        [annotations.boundByController]: 'yes',
        [annotations.provisionedBy]: hostPathProvisioner,
      },
      ...(from.reclaimPolicy === 'Delete' ? { finalizers: [finalizer] } : {}),
    },
    spec: {
      capacity: { storage: claim.spec.resources.requests?.storage ?? '0' },
      accessModes: claim.spec.accessModes,
      persistentVolumeReclaimPolicy: from.reclaimPolicy,
      storageClassName: from.metadata.name,
      volumeMode: claim.spec.volumeMode,
      mountOptions: from.mountOptions,
      claimRef: { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion },
      hostPath: { path: `/tmp/hostpath_pv/${uid}`, type: '' },
    } as PersistentVolume['spec'],
  }
}

/** The same object when it has no such finalizer. */
export function withoutFinalizer(volume: PersistentVolume): PersistentVolume {
  const finalizers = volume.metadata.finalizers ?? []
  if (!finalizers.includes(finalizer)) return volume
  return { ...volume, metadata: { ...volume.metadata, finalizers: finalizers.filter(f => f !== finalizer) } }
}
