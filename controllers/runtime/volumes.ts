// Which free volume a claim takes, and how a volume is given to a claim: the binder does it, and the scheduler for claims that wait for a pod. Pure.
import type { PersistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { StorageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { compareQuantities } from '../../openapi/values/quantity.ts'
import { matchesSelector } from '../../openapi/values/selector.ts'

/** How the binder, the scheduler and provisioners tell each other about claims and volumes. */
export const annotations = {
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  selectedNode: 'volume.kubernetes.io/selected-node',
  provisioner: 'volume.kubernetes.io/storage-provisioner',
  betaProvisioner: 'volume.beta.kubernetes.io/storage-provisioner',
} as const
/** Directories of the host: the persistentvolume-controller makes these volumes itself. */
export const hostPathProvisioner = 'kubernetes.io/host-path'
const betaClass = 'volume.beta.kubernetes.io/storage-class'

export const isBindCompleted = ({ metadata }: PersistentVolumeClaim): boolean => metadata.annotations?.[annotations.bindCompleted] === 'yes'

export const classOf = (object: PersistentVolumeClaim | PersistentVolume): string =>
  object.metadata.annotations?.[betaClass] ?? object.spec.storageClassName ?? ''

export const refersTo = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean => {
  const { namespace, name, uid } = volume.spec.claimRef ?? {}
  return namespace === claim.metadata.namespace && name === claim.metadata.name && (!uid || uid === claim.metadata.uid)
}

export const requestOf = (claim: PersistentVolumeClaim): string => claim.spec.resources.requests?.storage ?? '0'

export const hasModes = (claim: PersistentVolumeClaim, volume: PersistentVolume): boolean =>
  (claim.spec.accessModes ?? []).every(mode => (volume.spec.accessModes ?? []).includes(mode))

const fits = (claim: PersistentVolumeClaim, volume: PersistentVolume): boolean =>
  !volume.metadata.deletionTimestamp &&
  claim.spec.volumeMode === volume.spec.volumeMode &&
  compareQuantities(volume.spec.capacity?.storage ?? '0', requestOf(claim)) >= 0 &&
  hasModes(claim, volume)

/** The claim of an ephemeral volume. */
export const ephemeralClaim = ({ metadata }: Pod, volume: string): string => `${metadata.name}-${volume}`

/** Names of the claims a pod mounts. `ephemeral`: made for the pod. */
export const claimsOf = (pod: Pod): { name: string; ephemeral: boolean }[] =>
  (pod.spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }): { name: string; ephemeral: boolean }[] => {
    if (persistentVolumeClaim) return [{ name: persistentVolumeClaim.claimName, ephemeral: false }]
    return ephemeral ? [{ name: ephemeralClaim(pod, name), ephemeral: true }] : []
  })

/** Why a claim is not the one of the pod's ephemeral volume; undefined: it is. */
export function notOwned({ metadata }: PersistentVolumeClaim, pod: Pod): string | undefined {
  if (metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === pod.metadata.uid)) return undefined
  const { namespace, name } = pod.metadata
  return `PVC "${namespace}/${metadata.name}" was not created for pod "${namespace}/${name}" (pod is not owner)`
}

/** The volume that already names this claim. */
export const ownVolume = (claim: PersistentVolumeClaim, volumes: readonly PersistentVolume[]): PersistentVolume | undefined =>
  volumes.find(volume => volume.spec.claimRef && refersTo(volume, claim) && fits(claim, volume))

/** The smallest that is free and large enough. */
export function freeVolume(claim: PersistentVolumeClaim, volumes: readonly PersistentVolume[]): PersistentVolume | undefined {
  const free = volumes.filter(
    volume =>
      !volume.spec.claimRef &&
      volume.status.phase === 'Available' &&
      classOf(volume) === classOf(claim) &&
      fits(claim, volume) &&
      (!claim.spec.selector || matchesSelector(claim.spec.selector, volume.metadata.labels)),
  )
  return free.sort((a, b) => compareQuantities(a.spec.capacity?.storage ?? '0', b.spec.capacity?.storage ?? '0'))[0]
}

const referenceTo = ({ metadata: { namespace, name, uid, resourceVersion } }: PersistentVolumeClaim) =>
  ({ kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion }) as const

/** What a volume that is made for a claim is called. */
export const provisionedName = ({ metadata }: PersistentVolumeClaim): string => `pvc-${metadata.uid}`

/** What it takes over from the claim and its class; where its data is, its provisioner adds. */
export const provisionedSpec = (claim: PersistentVolumeClaim, from: StorageClass) => ({
  capacity: { storage: requestOf(claim) },
  accessModes: claim.spec.accessModes,
  persistentVolumeReclaimPolicy: from.reclaimPolicy,
  storageClassName: from.metadata.name,
  volumeMode: claim.spec.volumeMode,
  mountOptions: from.mountOptions,
  claimRef: referenceTo(claim),
})

/** The first half of a binding: the volume names the claim. The same object when it already does. */
export function volumeFor(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
  if (volume.spec.claimRef?.uid === claim.metadata.uid && refersTo(volume, claim)) return volume
  const byUs = volume.spec.claimRef === undefined
  const metadata = byUs
    ? { ...volume.metadata, annotations: { ...volume.metadata.annotations, [annotations.boundByController]: 'yes' } }
    : volume.metadata
  return { ...volume, metadata, spec: { ...volume.spec, claimRef: referenceTo(claim) } }
}
