// Binding in two phases, so that a crash between them is healed by looking again: first the volume names the claim (claimRef, with uid),
// then the claim names the volume (volumeName, bind-completed). Whoever looks at either object goes on from what is there. Pure.
import type { PersistentVolume } from '../../openapi/kinds/core/persistentvolume.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim.ts'
import type { StorageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { compareQuantities } from '../../openapi/values/quantity.ts'
import { matchesSelector } from '../../openapi/values/selector.ts'
import type { EventText } from '../runtime/controller.ts'

export const annotations = {
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  selectedNode: 'volume.kubernetes.io/selected-node',
  provisioner: 'volume.kubernetes.io/storage-provisioner',
  betaProvisioner: 'volume.beta.kubernetes.io/storage-provisioner',
  betaClass: 'volume.beta.kubernetes.io/storage-class',
} as const

export interface Facts {
  volumes: readonly PersistentVolume[]
  class(name: string): StorageClass | undefined
  /** A pod that mounts the claim and has no node yet. */
  waitingPod: string | undefined
}

export type ClaimStep =
  | { do: 'nothing' }
  | { do: 'bind'; volume: PersistentVolume }
  | { do: 'wait'; event?: EventText }
  | { do: 'provision'; provisioner: string; event: EventText }
  | { do: 'lose'; event: EventText }

const normal = (reason: string, message: string): EventText => ({ type: 'Normal', reason, message })
const warning = (reason: string, message: string): EventText => ({ type: 'Warning', reason, message })

export const isBindCompleted = ({ metadata }: PersistentVolumeClaim): boolean => metadata.annotations?.[annotations.bindCompleted] === 'yes'
export const classOf = (object: PersistentVolumeClaim | PersistentVolume): string =>
  object.metadata.annotations?.[annotations.betaClass] ?? object.spec.storageClassName ?? ''
export const refersTo = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean => {
  const { namespace, name, uid } = volume.spec.claimRef ?? {}
  return namespace === claim.metadata.namespace && name === claim.metadata.name && (!uid || uid === claim.metadata.uid)
}
const requested = (claim: PersistentVolumeClaim): string => claim.spec.resources.requests?.storage ?? '0'

export function claimStep(claim: PersistentVolumeClaim, facts: Facts): ClaimStep {
  if (isBindCompleted(claim)) return boundStep(claim, facts)
  const named = claim.spec.volumeName
  if (named)
    return namedStep(
      claim,
      facts.volumes.find(v => v.metadata.name === named),
    )
  const delayed = isDelayed(claim, facts)
  const volume = bestMatch(claim, facts.volumes, delayed)
  if (volume) return { do: 'bind', volume }
  return withoutVolume(claim, facts, delayed)
}

/** The claim waits for a pod to be placed. */
const isDelayed = (claim: PersistentVolumeClaim, facts: Facts): boolean =>
  facts.class(classOf(claim))?.volumeBindingMode === 'WaitForFirstConsumer' &&
  claim.metadata.annotations?.[annotations.selectedNode] === undefined

function withoutVolume(claim: PersistentVolumeClaim, facts: Facts, delayed: boolean): ClaimStep {
  if (delayed) {
    if (facts.waitingPod) return { do: 'wait', event: normal('WaitForPodScheduled', `waiting for pod ${facts.waitingPod} to be scheduled`) }
    return { do: 'wait', event: normal('WaitForFirstConsumer', 'waiting for first consumer to be created before binding') }
  }
  const name = classOf(claim)
  if (name === '')
    return { do: 'wait', event: normal('FailedBinding', 'no persistent volumes available for this claim and no storage class is set') }
  const found = facts.class(name)
  if (!found) return { do: 'wait', event: warning('ProvisioningFailed', `storageclass.storage.k8s.io ${JSON.stringify(name)} not found`) }
  if (found.provisioner === 'kubernetes.io/no-provisioner')
    return { do: 'wait', event: normal('FailedBinding', 'no persistent volumes available for this claim and no storage class is set') }
  const { provisioner } = found
  return {
    do: 'provision',
    provisioner,
    event: normal(
      'ExternalProvisioning',
      `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
    ),
  }
}

/** The user, or an earlier attempt, named the volume. */
function namedStep(claim: PersistentVolumeClaim, volume: PersistentVolume | undefined): ClaimStep {
  if (!volume) return { do: 'wait' }
  if (volume.spec.claimRef && !refersTo(volume, claim))
    return {
      do: 'wait',
      event: warning('FailedBinding', `volume ${JSON.stringify(volume.metadata.name)} already bound to a different claim.`),
    }
  const why = mismatch(claim, volume)
  if (why)
    return {
      do: 'wait',
      event: warning('VolumeMismatch', `Cannot bind to requested volume ${JSON.stringify(volume.metadata.name)}: ${why}`),
    }
  return { do: 'bind', volume }
}

function boundStep(claim: PersistentVolumeClaim, facts: Facts): ClaimStep {
  const { volumeName } = claim.spec
  if (!volumeName)
    return { do: 'lose', event: warning('ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!') }
  const volume = facts.volumes.find(v => v.metadata.name === volumeName)
  if (!volume) return { do: 'lose', event: warning('ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!') }
  if (volume.spec.claimRef && !(refersTo(volume, claim) && volume.spec.claimRef.uid))
    return refersTo(volume, claim)
      ? { do: 'bind', volume }
      : { do: 'lose', event: warning('ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly') }
  return { do: 'bind', volume }
}

/** Why a volume that was named does not do; undefined: it does. */
function mismatch(claim: PersistentVolumeClaim, volume: PersistentVolume): string | undefined {
  if (compareQuantities(volume.spec.capacity?.storage ?? '0', requested(claim)) < 0) return 'requested PV is too small'
  if (classOf(claim) !== classOf(volume)) return 'storageClassName does not match'
  if (claim.spec.volumeMode !== volume.spec.volumeMode) return 'incompatible volumeMode'
  return hasModes(claim, volume) ? undefined : 'incompatible accessMode'
}

const hasModes = (claim: PersistentVolumeClaim, volume: PersistentVolume): boolean =>
  (claim.spec.accessModes ?? []).every(mode => (volume.spec.accessModes ?? []).includes(mode))

/** A volume made for this claim, or else the smallest that is free and large enough. `delayed`: only the former. */
export function bestMatch(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  delayed: boolean,
): PersistentVolume | undefined {
  const fits = (volume: PersistentVolume): boolean =>
    !volume.metadata.deletionTimestamp &&
    claim.spec.volumeMode === volume.spec.volumeMode &&
    compareQuantities(volume.spec.capacity?.storage ?? '0', requested(claim)) >= 0 &&
    hasModes(claim, volume)
  const own = volumes.find(volume => volume.spec.claimRef && refersTo(volume, claim) && fits(volume))
  if (own || delayed) return own
  const free = volumes.filter(
    volume =>
      !volume.spec.claimRef &&
      volume.status.phase === 'Available' &&
      classOf(volume) === classOf(claim) &&
      fits(volume) &&
      (!claim.spec.selector || matchesSelector(claim.spec.selector, volume.metadata.labels)),
  )
  return free.sort((a, b) => compareQuantities(a.spec.capacity?.storage ?? '0', b.spec.capacity?.storage ?? '0'))[0]
}

export type VolumeStep =
  | { do: 'phase'; phase: 'Available' | 'Bound' }
  /** Its claim is gone: `reclaim` says what the policy wants. */
  | { do: 'release'; reclaim: 'keep' | 'delete' }
  /** It was bound by us to a claim that took another. */
  | { do: 'unbind' }

/** `claim`: the one claimRef names, if it is still that very object. */
export function volumeStep(volume: PersistentVolume, claim: PersistentVolumeClaim | undefined): VolumeStep {
  const { claimRef, persistentVolumeReclaimPolicy } = volume.spec
  if (!claimRef?.uid) return { do: 'phase', phase: 'Available' }
  if (!claim) return { do: 'release', reclaim: persistentVolumeReclaimPolicy === 'Delete' ? 'delete' : 'keep' }
  if (!claim.spec.volumeName || claim.spec.volumeName === volume.metadata.name) return { do: 'phase', phase: 'Bound' }
  if (volume.metadata.annotations?.[annotations.provisionedBy] && persistentVolumeReclaimPolicy === 'Delete')
    return { do: 'release', reclaim: 'delete' }
  return { do: 'unbind' }
}
