// What a pod's volumes ask of a node: bound volumes by their node affinity, unbound claims by what can be bound there. Pure.
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import type { PersistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { StorageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { annotations, claimsOf, classOf, freeVolume, isBindCompleted, notOwned, ownVolume } from '../runtime/volumes.ts'
import { matchesTerm } from './filters.ts'

export interface VolumeFacts {
  claim(name: string): PersistentVolumeClaim | undefined
  volume(name: string): PersistentVolume | undefined
  volumes(): readonly PersistentVolume[]
  class(name: string): StorageClass | undefined
}

export interface VolumeNeeds {
  /** Why the pod cannot be scheduled anywhere now. */
  problem?: string
  bound: readonly PersistentVolume[]
  /** Claims that wait for their first consumer. */
  waiting: readonly PersistentVolumeClaim[]
}

export function volumeNeeds(pod: Pod, facts: VolumeFacts): VolumeNeeds {
  const bound: PersistentVolume[] = []
  const waiting: PersistentVolumeClaim[] = []
  for (const { name, ephemeral } of claimsOf(pod)) {
    const claim = facts.claim(name)
    if (!claim) return { problem: missing(name, ephemeral), bound, waiting }
    const foreign = ephemeral ? notOwned(claim, pod) : undefined
    if (foreign) return { problem: foreign, bound, waiting }
    if (claim.metadata.deletionTimestamp)
      return { problem: `persistentvolumeclaim ${JSON.stringify(name)} is being deleted`, bound, waiting }
    if (claim.status.phase === 'Lost')
      return {
        problem: `persistentvolumeclaim ${JSON.stringify(name)} bound to non-existent persistentvolume ${JSON.stringify(claim.spec.volumeName ?? '')}`,
        bound,
        waiting,
      }
    const volume = claim.spec.volumeName ? facts.volume(claim.spec.volumeName) : undefined
    const delayed = facts.class(classOf(claim))?.volumeBindingMode === 'WaitForFirstConsumer'
    // Only who waits for its own binding waits for the claim's status too.
    if (volume && isBindCompleted(claim) && (!delayed || claim.status.phase === 'Bound')) bound.push(volume)
    else if (delayed) waiting.push(claim)
    else return { problem: 'pod has unbound immediate PersistentVolumeClaims', bound, waiting }
  }
  return { bound, waiting }
}

const missing = (name: string, ephemeral: boolean): string =>
  ephemeral
    ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${JSON.stringify(name)}`
    : `persistentvolumeclaim ${JSON.stringify(name)} not found`

/** Why the volumes do not allow this node; none: they do. */
export function volumeProblems(node: Node, { bound, waiting }: VolumeNeeds, facts: VolumeFacts): string[] {
  if (!bound.every(volume => reaches(volume, node))) return ["node(s) didn't match PersistentVolume's node affinity"]
  const served = waiting.every(claim => staticVolume(claim, node, facts) !== undefined || canProvision(claim, node, facts))
  return served ? [] : ["node(s) didn't find available persistent volumes to bind"]
}

/** A volume that is there already and that the node can reach: the claim's own, or the smallest that is free. */
export function staticVolume(claim: PersistentVolumeClaim, node: Node, { volumes }: VolumeFacts): PersistentVolume | undefined {
  const near = volumes().filter(volume => reaches(volume, node))
  return ownVolume(claim, near) ?? (claim.metadata.annotations?.[annotations.selectedNode] ? undefined : freeVolume(claim, near))
}

function canProvision(claim: PersistentVolumeClaim, { metadata }: Node, facts: VolumeFacts): boolean {
  const found = facts.class(classOf(claim))
  const chosen = claim.metadata.annotations?.[annotations.selectedNode]
  if (!found || found.provisioner === 'kubernetes.io/no-provisioner' || (chosen !== undefined && chosen !== metadata.name)) return false
  const terms = found.allowedTopologies ?? []
  return (
    terms.length === 0 ||
    terms.some(term => (term.matchLabelExpressions ?? []).every(e => e.values.includes(metadata.labels?.[e.key] ?? '')))
  )
}

function reaches({ spec }: PersistentVolume, node: Node): boolean {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms
  return !terms || terms.some(term => matchesTerm(node, term))
}
