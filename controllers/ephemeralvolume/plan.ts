// The claims that a pod's ephemeral volumes ask for. Pure.
import type { Kind, KubeInput } from '../../openapi/kind.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { controllerReference } from '../runtime/owners.ts'
import { ephemeralClaim } from '../runtime/volumes.ts'

export interface Wanted {
  /** The volume's name in the pod. */
  volume: string
  /** The claim's. */
  name: string
  claim: KubeInput & Pick<PersistentVolumeClaim, 'spec'>
}

export const newClaims = (pod: Pod): Wanted[] =>
  (pod.spec.volumes ?? []).flatMap(({ name: volume, ephemeral }) => {
    if (!ephemeral?.volumeClaimTemplate) return []
    const { metadata, spec } = ephemeral.volumeClaimTemplate
    const name = ephemeralClaim(pod, volume)
    const { labels, annotations } = metadata ?? {}
    const ownerReferences = [controllerReference(podKind as unknown as Kind, pod)]
    const claim = { metadata: { namespace: pod.metadata.namespace, name, labels, annotations, ownerReferences }, spec }
    return [{ volume, name, claim: claim as Wanted['claim'] }]
  })
