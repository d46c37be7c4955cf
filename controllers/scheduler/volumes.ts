// What a pod's volumes ask of a node: bound volumes by their node affinity, unbound claims by what can be bound there. Pure.
import type { Node } from '../../openapi/kinds/core/node.ts'
import type { PersistentVolume } from '../../openapi/kinds/core/persistentvolume.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { StorageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { matchesTerm } from './filters.ts'

export interface VolumeFacts {
  claim(name: string): PersistentVolumeClaim | undefined
  volume(name: string): PersistentVolume | undefined
  class(name: string): StorageClass | undefined
}

export const selectedNode = 'volume.kubernetes.io/selected-node'

/** Names of the claims a pod mounts. */
export const claimNames = (pod: Pod): string[] =>
  (pod.spec.volumes ?? []).flatMap(volume => {
    if (volume.persistentVolumeClaim) return [volume.persistentVolumeClaim.claimName]
    return volume.ephemeral ? [`${pod.metadata.name}-${volume.name}`] : []
  })

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
  for (const name of claimNames(pod)) {
    const claim = facts.claim(name)
    if (!claim) return { problem: `persistentvolumeclaim ${JSON.stringify(name)} not found`, bound, waiting }
    if (claim.metadata.deletionTimestamp)
      return { problem: `persistentvolumeclaim ${JSON.stringify(name)} is being deleted`, bound, waiting }
    if (claim.status.phase === 'Lost')
      return {
        problem: `persistentvolumeclaim ${JSON.stringify(name)} bound to non-existent persistentvolume ${JSON.stringify(claim.spec.volumeName ?? '')}`,
        bound,
        waiting,
      }
    const volume = claim.spec.volumeName ? facts.volume(claim.spec.volumeName) : undefined
    if (volume && isBound(claim)) bound.push(volume)
    else if (facts.class(claim.spec.storageClassName ?? '')?.volumeBindingMode === 'WaitForFirstConsumer') waiting.push(claim)
    else return { problem: 'pod has unbound immediate PersistentVolumeClaims', bound, waiting }
  }
  return { bound, waiting }
}

export const isBound = ({ metadata, status }: PersistentVolumeClaim): boolean =>
  metadata.annotations?.['pv.kubernetes.io/bind-completed'] === 'yes' && status.phase === 'Bound'

/** Why the volumes do not allow this node; none: they do. */
export function volumeProblems(node: Node, { bound, waiting }: VolumeNeeds, facts: VolumeFacts): string[] {
  if (!bound.every(volume => reaches(volume, node))) return ["node(s) didn't match PersistentVolume's node affinity"]
  const chosen = waiting.find(claim => {
    const node0 = claim.metadata.annotations?.[selectedNode]
    return node0 !== undefined && node0 !== node.metadata.name
  })
  if (chosen) return ["node(s) didn't find available persistent volumes to bind"]
  const topologies = waiting.map(claim => facts.class(claim.spec.storageClassName ?? '')?.allowedTopologies)
  const allowed = topologies.every(
    terms =>
      !terms ||
      terms.length === 0 ||
      terms.some(term => (term.matchLabelExpressions ?? []).every(e => e.values.includes(node.metadata.labels?.[e.key] ?? ''))),
  )
  return allowed ? [] : ["node(s) didn't find available persistent volumes to bind"]
}

export function reaches({ spec }: PersistentVolume, node: Node): boolean {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms
  return !terms || terms.some(term => matchesTerm(node, term))
}
