// The two halves of a binding, written out. Pure.
import type { PersistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { annotations, isBindCompleted } from '../runtime/volumes.ts'

/** Phase two: the claim names the volume. The same object when it already does. */
export function claimFor(claim: PersistentVolumeClaim, volume: PersistentVolume): PersistentVolumeClaim {
  const marks = { ...claim.metadata.annotations }
  if (!claim.spec.volumeName) marks[annotations.boundByController] = 'yes'
  marks[annotations.bindCompleted] = 'yes'
  const done = claim.spec.volumeName === volume.metadata.name && isBindCompleted(claim)
  return done
    ? claim
    : { ...claim, metadata: { ...claim.metadata, annotations: marks }, spec: { ...claim.spec, volumeName: volume.metadata.name } }
}

export function boundStatus(claim: PersistentVolumeClaim, volume: PersistentVolume): PersistentVolumeClaim['status'] {
  // A claim that is growing keeps its size until the resizer says it has grown.
  const capacity = claim.status.phase === 'Bound' && claim.status.capacity ? claim.status.capacity : volume.spec.capacity
  return { ...claim.status, phase: 'Bound', accessModes: volume.spec.accessModes, capacity }
}

/** A binding of ours taken back. */
export function unbound(volume: PersistentVolume): PersistentVolume {
  const { claimRef, ...spec } = volume.spec
  const { [annotations.boundByController]: ours, ...rest } = volume.metadata.annotations ?? {}
  if (!ours) return { ...volume, spec: { ...spec, claimRef: { ...claimRef, uid: undefined } } as PersistentVolume['spec'] }
  return { ...volume, metadata: { ...volume.metadata, annotations: rest }, spec: spec as PersistentVolume['spec'] }
}
