// Which ResourceClaims a pod means, and who made them.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { ResourceClaim } from '../../openapi/kinds/resource.k8s.io/resourceclaim.ts'
import { controllerOf } from './owners.ts'

export interface MeantClaim {
  /** The entry in the pod's spec. */
  entry: string
  /** The claim's name: undefined until one is made of the template. */
  name: string | undefined
  template: string | undefined
}

/** Without those for which no claim is needed, as the pod's status says. */
export const meantClaims = ({ spec, status }: Pod): MeantClaim[] =>
  (spec.resourceClaims ?? []).flatMap(({ name: entry, resourceClaimName, resourceClaimTemplateName: template }) => {
    if (resourceClaimName !== undefined) return [{ entry, name: resourceClaimName, template: undefined }]
    const known = status.resourceClaimStatuses?.find(s => s.name === entry)
    return known && known.resourceClaimName === undefined ? [] : [{ entry, name: known?.resourceClaimName, template }]
  })

export const isMadeFor = (claim: ResourceClaim, pod: Pod): boolean => controllerOf(claim)?.uid === pod.metadata.uid
