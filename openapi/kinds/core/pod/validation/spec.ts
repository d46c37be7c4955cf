// A pod's spec as a whole: order of the parts as upstream's ValidatePodSpec, for the errors come in that order.
import { duplicate, type FieldError, invalid, required } from '../../../../errors.ts'
import { labelErrors } from '../../../../rules/metadata.ts'
import type { PodResourceClaim, PodSpec } from '../../../../schemas/pod.ts'
import { compareQuantities } from '../../../../values/quantity.ts'
import { validateContainers, validateEphemeralContainers, validateInitContainers } from './containers.ts'
import { between, dnsLabel, dnsSubdomain, maxInt32, oneOf } from './fields.ts'
import { asGo } from './goform.ts'
import {
  validateDnsConfig,
  validateDnsPolicy,
  validateHostAliases,
  validateHostNetwork,
  validateHostUsers,
  validateNames,
} from './network.ts'
import { validatePodResources } from './resources.ts'
import { validateAffinity, validateGates, validateSpread, validateTolerations } from './scheduling.ts'
import { validateOperatingSystem, validatePodSecurityContext } from './security.ts'
import { validateVolumes } from './volumes.ts'

export function validatePodSpec(spec: PodSpec, path: string): FieldError[] {
  const { valid, errors } = validateVolumes(spec.volumes ?? [], `${path}.volumes`)
  const around = { spec, volumes: valid, claims: new Set((spec.resourceClaims ?? []).map(c => c.name)) }
  return [
    ...errors,
    ...validateResourceClaims(spec.resourceClaims ?? [], `${path}.resourceClaims`),
    ...validateContainers(around, `${path}.containers`),
    ...validateInitContainers(around, `${path}.initContainers`),
    ...validateEphemeralContainers(around, `${path}.ephemeralContainers`),
    ...validatePodResources(spec, `${path}.resources`),
    ...validateHostNetwork(spec, path),
    ...(spec.restartPolicy
      ? oneOf(`${path}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never'])
      : [required(`${path}.restartPolicy`)]),
    ...validateDnsPolicy(spec.dnsPolicy, `${path}.dnsPolicy`),
    ...labelErrors(spec.nodeSelector, `${path}.nodeSelector`),
    ...validatePodSecurityContext(spec, `${path}.securityContext`),
    ...validateAffinity(spec.affinity, `${path}.affinity`),
    ...validateDnsConfig(spec.dnsConfig, spec.dnsPolicy, `${path}.dnsConfig`),
    ...validateGates(spec, path),
    ...validateSpread(spec.topologySpreadConstraints ?? [], `${path}.topologySpreadConstraints`),
    ...validateHostUsers(spec, path),
    ...validateIdentity(spec, path),
    ...validateTolerations(spec.tolerations ?? [], `${path}.tolerations`),
    ...validateHostAliases(spec, `${path}.hostAliases`),
    ...validateClasses(spec, path),
    ...validateOperatingSystem(spec, path),
  ]
}

const validateIdentity = (spec: PodSpec, path: string): FieldError[] => [
  ...(spec.serviceAccountName ? dnsSubdomain(`${path}.serviceAccountName`, spec.serviceAccountName) : []),
  ...(spec.nodeName ? dnsSubdomain(`${path}.nodeName`, spec.nodeName) : []),
  ...between(`${path}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, [1, maxInt32]),
  ...validateNames(spec, path),
]

function validateClasses(spec: PodSpec, path: string): FieldError[] {
  const errors = spec.priorityClassName ? dnsSubdomain(`${path}.priorityClassName`, spec.priorityClassName) : []
  if (spec.runtimeClassName !== undefined) errors.push(...dnsSubdomain(`${path}.runtimeClassName`, spec.runtimeClassName))
  errors.push(...oneOf(`${path}.preemptionPolicy`, spec.preemptionPolicy, ['PreemptLowerPriority', 'Never']))
  for (const [name, amount] of Object.entries(spec.overhead ?? {}))
    if (compareQuantities(amount, '0') < 0) errors.push(invalid(`${path}.overhead[${name}]`, amount, 'must be greater than or equal to 0'))
  return errors
}

function validateResourceClaims(claims: readonly PodResourceClaim[], path: string): FieldError[] {
  const seen = new Set<string>()
  return claims.flatMap((claim, index) => {
    const at = `${path}[${index}]`
    const { name, resourceClaimName, resourceClaimTemplateName } = claim
    const errors: FieldError[] = name ? dnsLabel(`${at}.name`, name) : [required(`${at}.name`)]
    if (seen.has(name)) errors.push(duplicate(`${at}.name`, name))
    seen.add(name)
    const sources = '`resourceClaimName`, `resourceClaimTemplateName`'
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined)
      errors.push(invalid(at, asGo('PodResourceClaim', claim), `at most one of ${sources} may be specified`))
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined)
      errors.push(invalid(at, asGo('PodResourceClaim', claim), `must specify one of: ${sources}`))
    for (const field of ['resourceClaimName', 'resourceClaimTemplateName'] as const)
      if (claim[field] !== undefined) errors.push(...dnsSubdomain(`${at}.${field}`, claim[field]))
    return errors
  })
}
