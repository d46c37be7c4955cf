// Resource requests and limits, of containers and of the pod as a whole.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../../../errors.ts'
import { isExtendedResource, mayOvercommit, resourceNameErrors } from '../../../../rules/resources.ts'
import type { ContainerResizePolicy, ResourceRequirements } from '../../../../schemas/container.ts'
import type { PodSpec } from '../../../../schemas/pod.ts'
import { compareQuantities, parseQuantity } from '../../../../values/quantity.ts'
import { aggregate } from '../amounts.ts'
import { oneOf } from './fields.ts'

const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage'])
const isHugePages = (name: string): boolean => name.startsWith('hugepages-')
const isNative = (name: string): boolean => !name.includes('/') || name.split('/')[0]?.endsWith('kubernetes.io') === true
export const isPodLevelResource = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePages(name)

export const validateContainerResources = (
  requirements: ResourceRequirements | undefined,
  podClaims: ReadonlySet<string>,
  path: string,
): FieldError[] => [
  ...validateRequirements(requirements ?? {}, containerResourceName, path),
  ...validateClaims(requirements ?? {}, podClaims, `${path}.claims`),
]

export function containerResourceName(name: string, path: string): FieldError[] {
  const errors = resourceNameErrors(name, path)
  if (name.includes('/')) {
    if (errors.length === 0 && !isNative(name) && !isExtendedResource(name))
      errors.push(invalid(path, name, "doesn't follow extended resource name standard"))
    return errors
  }
  if (!containerResources.has(name) && !isHugePages(name)) errors.push(invalid(path, name, 'must be a standard resource for containers'))
  return errors
}

const podResourceName = (name: string, path: string): FieldError[] =>
  isPodLevelResource(name) ? [] : [notSupported(path, name, ['cpu', 'hugepages-', 'memory'])]

type NameRule = (name: string, path: string) => FieldError[]

function validateRequirements({ limits = {}, requests = {} }: ResourceRequirements, nameRule: NameRule, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [name, amount] of Object.entries(limits)) errors.push(...validateAmount(name, amount, nameRule, `${path}.limits[${name}]`))
  for (const [name, amount] of Object.entries(requests)) {
    errors.push(...validateAmount(name, amount, nameRule, `${path}.requests[${name}]`))
    errors.push(...validateAgainstLimit(name, amount, limits[name], path))
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)]
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory'))
    errors.push(forbidden(path, 'HugePages require cpu or memory'))
  return errors
}

function validateAmount(name: string, amount: string, nameRule: NameRule, path: string): FieldError[] {
  const errors = nameRule(name, path)
  if (compareQuantities(amount, '0') < 0) errors.push(invalid(path, amount, 'must be greater than or equal to 0'))
  const nano = parseQuantity(amount)?.nano ?? 0n
  if (isExtendedResource(name) && nano % 1_000_000_000n !== 0n) errors.push(invalid(path, amount, 'must be an integer'))
  if (isHugePages(name)) {
    const size = parseQuantity(name.slice('hugepages-'.length))?.nano
    if (size && nano % size !== 0n) errors.push(invalid(path, amount, `${amount} is not positive integer multiple of ${name}`))
  }
  return errors
}

function validateAgainstLimit(name: string, amount: string, limit: string | undefined, path: string): FieldError[] {
  if (limit === undefined)
    return mayOvercommit(name) ? [] : [required(`${path}.limits`, 'Limit must be set for non overcommitable resources')]
  const order = compareQuantities(amount, limit)
  if (order !== 0 && !mayOvercommit(name)) return [invalid(`${path}.requests`, amount, `must be equal to ${name} limit of ${limit}`)]
  return order > 0 ? [invalid(`${path}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`)] : []
}

function validateClaims({ claims = [] }: ResourceRequirements, podClaims: ReadonlySet<string>, path: string): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  for (const [index, { name, request }] of claims.entries()) {
    const at = `${path}[${index}]`
    if (!name) {
      errors.push(required(at))
      continue
    }
    const full = request ? `${name}/${request}` : name
    if (seen.has(full)) errors.push({ reason: 'FieldValueDuplicate', field: at, message: `Duplicate value: ${JSON.stringify(full)}` })
    seen.add(full)
    const known = podClaims.size === 0 ? ' which is empty' : `: ${[...podClaims].sort().join(', ')}`
    if (!podClaims.has(name))
      errors.push({
        reason: 'FieldValueNotFound',
        field: at,
        message: `Not found: ${JSON.stringify(name)}: must be one of the names in pod.spec.resourceClaims${known}`,
      })
  }
  return errors
}

export function validateResizePolicy(policies: readonly ContainerResizePolicy[], podRestartPolicy: string, path: string): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  for (const { resourceName, restartPolicy } of policies) {
    if (seen.has(resourceName))
      errors.push({ reason: 'FieldValueDuplicate', field: path, message: `Duplicate value: ${JSON.stringify(resourceName)}` })
    seen.add(resourceName)
    errors.push(...(resourceName ? oneOf(path, resourceName, ['cpu', 'memory']) : [required(path)]))
    errors.push(...(restartPolicy ? oneOf(path, restartPolicy, ['NotRequired', 'RestartContainer']) : [required(path)]))
    if (podRestartPolicy === 'Never' && restartPolicy === 'RestartContainer')
      errors.push(invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"))
  }
  return errors
}

export function validatePodResources(spec: PodSpec, path: string): FieldError[] {
  const { resources } = spec
  if (!resources) return []
  const errors = validateRequirements(resources, podResourceName, path)
  if (resources.claims) errors.push(forbidden(`${path}.claims`, 'claims may not be set for Resources at pod-level'))
  for (const [name, sum] of Object.entries(aggregate(spec, 'requests'))) {
    const request = resources.requests?.[name]
    if (isPodLevelResource(name) && request !== undefined && compareQuantities(request, sum) < 0)
      errors.push(invalid(`${path}.requests[${name}]`, request, `must be greater than or equal to aggregate container requests of ${sum}`))
  }
  for (const [index, container] of spec.containers.entries())
    for (const [name, limit] of Object.entries(container.resources?.limits ?? {})) {
      const podLimit = resources.limits?.[name]
      if (podLimit !== undefined && compareQuantities(limit, podLimit) > 0)
        errors.push(
          invalid(`${path}.containers[${index}][${name}].limits`, limit, `must be less than or equal to pod limits of ${podLimit}`),
        )
    }
  return errors
}
