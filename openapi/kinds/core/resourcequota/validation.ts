// Quotas: known resources, and scopes that can hold them.
import { type FieldError, invalid, required } from '../../../errors.ts'
import { amountErrors, isQuotaResource, resourceNameErrors } from '../../../rules/resources.ts'
import { deepEqual } from '../../../values/equal.ts'
import type { ResourceQuota } from './index.ts'

type Spec = NonNullable<ResourceQuota['spec']>
type Amounts = Readonly<Record<string, string>>

const compute = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory']
const ofPods = ['pods', ...compute]
/** What each scope can limit. */
const scopes: Readonly<Record<string, readonly string[]>> = {
  BestEffort: ['pods'],
  CrossNamespacePodAffinity: ofPods,
  NotBestEffort: ofPods,
  NotTerminating: ofPods,
  PriorityClass: ofPods,
  Terminating: ofPods,
  VolumeAttributesClass: ['persistentvolumeclaims', 'requests.storage'],
}
const conflicts = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const
const onlyExists = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity']
const onlyExistsText =
  "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"

export const validateResourceQuota = ({ spec }: ResourceQuota): FieldError[] => (spec ? specErrors(spec) : [])

export function validateResourceQuotaUpdate({ spec }: ResourceQuota, { spec: old }: ResourceQuota): FieldError[] {
  const errors = spec ? specErrors(spec) : []
  const sorted = (list: readonly string[] | undefined) => [...new Set(list ?? [])].sort()
  if (!deepEqual(sorted(spec?.scopes), sorted(old?.scopes))) errors.push(invalid('spec.scopes', spec?.scopes ?? null, 'field is immutable'))
  return errors
}

export const validateResourceQuotaStatus = ({ status }: ResourceQuota): FieldError[] => [
  ...hardErrors(status?.hard ?? {}, 'status.hard'),
  ...hardErrors(status?.used ?? {}, 'status.used'),
]

const specErrors = (spec: Spec): FieldError[] => [
  ...hardErrors(spec.hard ?? {}, 'spec.hard'),
  ...scopeErrors(spec),
  ...selectorErrors(spec),
]

const hardErrors = (amounts: Amounts, path: string): FieldError[] =>
  Object.entries(amounts).flatMap(([name, amount]) => {
    const at = `${path}[${name}]`
    const known = name.includes('/') || isQuotaResource(name)
    return [
      ...resourceNameErrors(name, at),
      ...(known ? [] : [invalid(at, name, 'must be a standard resource for quota')]),
      ...amountErrors(name, amount, at),
    ]
  })

const isMisplaced = ({ hard = {} }: Spec, scope: string): boolean =>
  Object.keys(hard).some(name => isQuotaResource(name) && scopes[scope]?.includes(name) === false)

function scopeErrors(spec: Spec): FieldError[] {
  const path = 'spec.scopes'
  const given: readonly string[] = spec.scopes ?? []
  const errors: FieldError[] = []
  for (const scope of given) {
    if (!scopes[scope]) errors.push(invalid(path, given, 'unsupported scope'))
    if (isMisplaced(spec, scope)) errors.push(invalid(path, given, 'unsupported scope applied to resource'))
  }
  return [...errors, ...conflictErrors(given, given, path)]
}

const conflictErrors = (given: readonly string[], shown: unknown, path: string): FieldError[] =>
  conflicts.filter(pair => pair.every(scope => given.includes(scope))).map(() => invalid(path, shown, 'conflicting scopes'))

function selectorErrors(spec: Spec): FieldError[] {
  const expressions = spec.scopeSelector?.matchExpressions ?? []
  const path = 'spec.scopeSelector.matchExpressions'
  const errors: FieldError[] = []
  for (const { scopeName, operator, values = [] } of expressions) {
    if (!scopes[scopeName]) errors.push(invalid(`${path}.scopeName`, scopeName, 'unsupported scope'))
    if (isMisplaced(spec, scopeName)) errors.push(invalid(path, spec.scopeSelector, 'unsupported scope applied to resource'))
    if (onlyExists.includes(scopeName) && operator !== 'Exists') errors.push(invalid(`${path}.operator`, operator, onlyExistsText))
    errors.push(...operatorErrors(operator, values, path))
  }
  return [
    ...errors,
    ...conflictErrors(
      expressions.map(e => e.scopeName),
      expressions,
      path,
    ),
  ]
}

function operatorErrors(operator: string, values: readonly string[], path: string): FieldError[] {
  if (operator === 'In' || operator === 'NotIn')
    return values.length > 0
      ? []
      : [required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")]
  if (operator === 'Exists' || operator === 'DoesNotExist')
    return values.length === 0
      ? []
      : [invalid(`${path}.values`, values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector")]
  return [invalid(`${path}.operator`, operator, 'not a valid selector operator')]
}
