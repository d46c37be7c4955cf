// What a pod's ResourceClaims ask of a node. Devices are not allocated here: a claim is fine once somebody has allocated it. Pure.
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { ResourceClaim } from '../../openapi/kinds/resource.k8s.io/resourceclaim.ts'
import { isMadeFor, meantClaims } from '../runtime/resourceclaims.ts'
import { matchesTerm } from './filters.ts'

export interface DeviceNeeds {
  /** Something must happen before the pod is tried at all; nobody is told. */
  isWaiting: boolean
  claims: readonly ResourceClaim[]
}

export const noDevices: DeviceNeeds = { isWaiting: false, claims: [] }

export function deviceNeeds(pod: Pod, claimOf: (name: string) => ResourceClaim | undefined): DeviceNeeds {
  const meant = meantClaims(pod)
  if (meant.length === 0) return noDevices
  const claims = meant.flatMap(({ name, template }) => {
    const claim = name === undefined ? undefined : claimOf(name)
    return claim && !claim.metadata.deletionTimestamp && (template === undefined || isMadeFor(claim, pod)) ? [claim] : []
  })
  return { isWaiting: claims.length < meant.length, claims }
}

export function deviceProblems(node: Node, { claims }: DeviceNeeds): string[] {
  if (claims.some(({ status }) => !status.allocation)) return ['cannot allocate all claims']
  const reached = claims.every(({ status }) => {
    const terms = status.allocation?.nodeSelector?.nodeSelectorTerms
    return !terms || terms.some(term => matchesTerm(node, term))
  })
  return reached ? [] : ['resourceclaim not available on the node']
}

/** Those that the pod is not noted in yet, with it. */
export const reservations = (pod: Pod, { claims }: DeviceNeeds): ResourceClaim[] =>
  claims.flatMap(claim => {
    const { reservedFor = [] } = claim.status
    const { name, uid } = pod.metadata
    if (reservedFor.some(consumer => consumer.uid === uid)) return []
    return [{ ...claim, status: { ...claim.status, reservedFor: [...reservedFor, { resource: 'pods', name, uid }] } }]
  })
