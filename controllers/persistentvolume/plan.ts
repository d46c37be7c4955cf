// Binding in two phases, so that a crash between them is healed by looking again: first the volume names the claim (claimRef, with uid),
// then the claim names the volume (volumeName, bind-completed). Whoever looks at either object goes on from what is there. Pure.
import type { PersistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import type { StorageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { compareQuantities } from '../../openapi/values/quantity.ts'
import type { EventText } from '../runtime/controller.ts'
import {
  annotations,
  classOf,
  freeVolume,
  hasModes,
  hostPathProvisioner,
  isBindCompleted,
  ownVolume,
  provisionedName,
  refersTo,
  requestOf,
} from '../runtime/volumes.ts'

export interface Facts {
  volumes: readonly PersistentVolume[]
  class(name: string): StorageClass | undefined
  defaultClass: StorageClass | undefined
  /** A pod that mounts the claim and has no node yet. */
  waitingPod: string | undefined
}

export type ClaimStep =
  | { do: 'nothing' }
  | { do: 'bind'; volume: PersistentVolume }
  | { do: 'wait'; event?: EventText }
  /** `own`: by this controller; else it waits for another. */
  | { do: 'provision'; from: StorageClass; own: boolean; event: EventText }
  | { do: 'lose'; event: EventText }
  /** It named no class, and there is a default one now. */
  | { do: 'class'; name: string }

const normal = (reason: string, message: string): EventText => ({ type: 'Normal', reason, message })
const warning = (reason: string, message: string): EventText => ({ type: 'Warning', reason, message })

export function claimStep(claim: PersistentVolumeClaim, facts: Facts): ClaimStep {
  if (isBindCompleted(claim)) return boundStep(claim, facts)
  const named = claim.spec.volumeName
  if (!named && claim.spec.storageClassName === undefined && facts.defaultClass)
    return { do: 'class', name: facts.defaultClass.metadata.name }
  if (named)
    return namedStep(
      claim,
      facts.volumes.find(v => v.metadata.name === named),
    )
  const delayed = isDelayed(claim, facts)
  const volume = ownVolume(claim, facts.volumes) ?? (delayed ? undefined : freeVolume(claim, facts.volumes))
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
  if (provisioner === hostPathProvisioner) {
    const message = `Successfully provisioned volume ${provisionedName(claim)} using ${provisioner}`
    return { do: 'provision', from: found, own: true, event: normal('ProvisioningSucceeded', message) }
  }
  return {
    do: 'provision',
    from: found,
    own: false,
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
  if (compareQuantities(volume.spec.capacity?.storage ?? '0', requestOf(claim)) < 0) return 'requested PV is too small'
  if (classOf(claim) !== classOf(volume)) return 'storageClassName does not match'
  if (claim.spec.volumeMode !== volume.spec.volumeMode) return 'incompatible volumeMode'
  return hasModes(claim, volume) ? undefined : 'incompatible accessMode'
}

export type VolumeStep =
  | { do: 'phase'; phase: 'Available' | 'Bound' }
  /** Its claim is gone. */
  | { do: 'release' }
  /** Its data is gone too; so may it. */
  | { do: 'delete' }
  /** The policy wants it deleted, and nobody can. */
  | { do: 'fail'; message: string; event?: EventText }
  /** It was bound by us to a claim that took another. */
  | { do: 'unbind' }

/** `claim`: the one claimRef names, if it is still that very object. */
export function volumeStep(volume: PersistentVolume, claim: PersistentVolumeClaim | undefined): VolumeStep {
  const { claimRef, persistentVolumeReclaimPolicy } = volume.spec
  if (!claimRef?.uid) return { do: 'phase', phase: 'Available' }
  if (!claim) return volume.status.phase === 'Released' ? reclaim(volume) : { do: 'release' }
  if (!claim.spec.volumeName || claim.spec.volumeName === volume.metadata.name) return { do: 'phase', phase: 'Bound' }
  if (volume.metadata.annotations?.[annotations.provisionedBy] && persistentVolumeReclaimPolicy === 'Delete') return { do: 'release' }
  return { do: 'unbind' }
}

/** Volumes that a provisioner made are its own to delete; of the others, only directories below /tmp of the host could be. */
function reclaim({ metadata, spec }: PersistentVolume): VolumeStep {
  const provisioner = metadata.annotations?.[annotations.provisionedBy]
  if (spec.persistentVolumeReclaimPolicy !== 'Delete' || metadata.deletionTimestamp || (provisioner && provisioner !== hostPathProvisioner))
    return { do: 'release' }
  if (!spec.hostPath) {
    const message = `error getting deleter volume plugin for volume ${JSON.stringify(metadata.name)}: no deletable volume plugin matched`
    return { do: 'fail', message, event: warning('VolumeFailedDelete', message) }
  }
  if (/^\/tmp\/.+/.test(spec.hostPath.path)) return { do: 'delete' }
  return { do: 'fail', message: `host_path deleter only supports /tmp/.+ but received provided ${spec.hostPath.path}` }
}
