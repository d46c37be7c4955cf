// The one provisioner that this controller is itself: directories of the host, for clusters of one node. Pure.
import type { KubeInput } from '../../openapi/kind.ts'
import type { PersistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import type { StorageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { annotations, hostPathProvisioner, provisionedName, provisionedSpec } from '../runtime/volumes.ts'

/** Goes before the volume does. */
const finalizer = 'kubernetes.io/pv-controller'

export function newHostPathVolume(claim: PersistentVolumeClaim, from: StorageClass): KubeInput & Pick<PersistentVolume, 'spec'> {
  return {
    metadata: {
      name: provisionedName(claim),
      annotations: {
        'kubernetes.io/createdby': 'hostpath-dynamic-provisioner',
        [annotations.boundByController]: 'yes',
        [annotations.provisionedBy]: hostPathProvisioner,
      },
      ...(from.reclaimPolicy === 'Delete' ? { finalizers: [finalizer] } : {}),
    },
    spec: {
      ...provisionedSpec(claim, from),
      hostPath: { path: `/tmp/hostpath_pv/${claim.metadata.uid}`, type: '' },
    } as PersistentVolume['spec'],
  }
}

/** The same object when it has no such finalizer. */
export function withoutFinalizer(volume: PersistentVolume): PersistentVolume {
  const finalizers = volume.metadata.finalizers ?? []
  if (!finalizers.includes(finalizer)) return volume
  return { ...volume, metadata: { ...volume.metadata, finalizers: finalizers.filter(f => f !== finalizer) } }
}
