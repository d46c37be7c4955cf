// What a pod needs of its claims: those to make of templates, those to give back, those to delete. Pure.
import type { Kind, KubeInput } from '../../openapi/kind.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import type { ResourceClaim } from '../../openapi/kinds/resource.k8s.io/resourceclaim.ts'
import type { ResourceClaimTemplate } from '../../openapi/kinds/resource.k8s.io/resourceclaimtemplate.ts'
import { controllerReference } from '../runtime/owners.ts'
import { isFinished, isTerminating } from '../runtime/pods.ts'
import { isMadeFor, meantClaims } from '../runtime/resourceclaims.ts'

const entryAnnotation = 'resource.kubernetes.io/pod-claim-name'
export const finalizer = 'resource.kubernetes.io/delete-protection'

export interface Wanted {
  entry: string
  template: string
  /** Made already, though the pod does not know it yet. */
  found: ResourceClaim | undefined
}

export interface Observed {
  pod: Pod | undefined
  /** Of the namespace. */
  claims: readonly ResourceClaim[]
}

export const isDone = (pod: Pod): boolean => isFinished(pod) || (isTerminating(pod) && !pod.spec.nodeName)

export function wanted({ pod, claims }: Observed): Wanted[] {
  if (!pod || isDone(pod) || isTerminating(pod)) return []
  return meantClaims(pod).flatMap(({ entry, name, template }) => {
    if (template === undefined || (name !== undefined && claims.some(c => c.metadata.name === name))) return []
    const found = claims.find(
      c => isMadeFor(c, pod) && c.metadata.annotations?.[entryAnnotation] === entry && !c.metadata.deletionTimestamp,
    )
    return [{ entry, template, found }]
  })
}

/** Claims without the reservations of pods that are gone or done; one that nobody uses any more is deallocated. */
export const released = (name: string, { pod, claims }: Observed): ResourceClaim[] =>
  claims.flatMap(claim => {
    const { reservedFor = [], allocation, ...status } = claim.status
    const over = reservedFor.filter(
      c => c.resource === 'pods' && !c.apiGroup && c.name === name && (!pod || pod.metadata.uid !== c.uid || isDone(pod)),
    )
    if (over.length === 0) return []
    const left = reservedFor.filter(c => !over.includes(c))
    const next = left.length > 0 ? { ...claim.status, reservedFor: left } : status
    return [{ ...claim, status: next as ResourceClaim['status'] }]
  })

/** Those made for a pod that needs them no more. */
export const useless = ({ pod, claims }: Observed): ResourceClaim[] =>
  pod && isDone(pod) ? claims.filter(c => isMadeFor(c, pod) && !c.metadata.deletionTimestamp && !c.status.reservedFor?.length) : []

const longestBase = 57

export function newClaim(pod: Pod, entry: string, template: ResourceClaimTemplate): KubeInput & Pick<ResourceClaim, 'spec'> {
  const { labels, annotations } = template.spec.metadata ?? {}
  const metadata = {
    namespace: pod.metadata.namespace,
    generateName: `${shortened(pod.metadata.name, entry)}-`,
    labels,
    annotations: { ...annotations, [entryAnnotation]: entry },
    ownerReferences: [controllerReference(podKind as unknown as Kind, pod)],
  }
  return { metadata, spec: template.spec.spec }
}

/** Both names stay recognizable. */
function shortened(pod: string, entry: string): string {
  const whole = `${pod}-${entry}`
  if (whole.length <= longestBase) return whole
  const half = Math.floor((longestBase - 1) / 2)
  const ofPod = pod.length <= half ? pod.length : entry.length <= half ? longestBase - 1 - entry.length : half
  return `${pod.slice(0, ofPod)}-${entry.slice(0, longestBase - 1 - ofPod)}`
}
