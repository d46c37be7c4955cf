// Where a pod may run: affinity, tolerations, spread, gates.
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../../../../errors.ts'
import { validateLabelSelector } from '../../../../rules/labelselector.ts'
import type { Affinity, PodAffinity, PodAffinityTerm, PodSpec, TopologySpreadConstraint } from '../../../../schemas/pod.ts'
import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, Toleration } from '../../../../schemas/selector.ts'
import { isDns1123Label, isDns1123Subdomain, isLabelValue, isQualifiedName } from '../../../../values/names.ts'
import { oneOf, problems } from './fields.ts'

const required_ = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred_ = 'preferredDuringSchedulingIgnoredDuringExecution'

export function validateAffinity(affinity: Affinity | undefined, path: string): FieldError[] {
  if (!affinity) return []
  const errors: FieldError[] = []
  const node = affinity.nodeAffinity
  const nodePath = `${path}.nodeAffinity`
  if (node?.[required_]) errors.push(...validateNodeSelector(node[required_], `${nodePath}.${required_}`))
  for (const [index, { weight, preference }] of (node?.[preferred_] ?? []).entries()) {
    const at = `${nodePath}.${preferred_}[${index}]`
    errors.push(...validateWeight(weight, at), ...validateNodeTerm(preference, `${at}.preference`))
  }
  return [
    ...errors,
    ...validatePodAffinity(affinity.podAffinity, `${path}.podAffinity`),
    ...validatePodAffinity(affinity.podAntiAffinity, `${path}.podAntiAffinity`),
  ]
}

const validateWeight = (weight: number | undefined, path: string): FieldError[] =>
  (weight ?? 0) < 1 || (weight ?? 0) > 100 ? [invalid(`${path}.weight`, weight ?? 0, 'must be in the range 1-100')] : []

/** Also what a PersistentVolume's node affinity must be. */
export function validateNodeSelector({ nodeSelectorTerms }: NodeSelector, path: string): FieldError[] {
  const at = `${path}.nodeSelectorTerms`
  if (!nodeSelectorTerms?.length) return [required(at, 'must have at least one node selector term')]
  return nodeSelectorTerms.flatMap((term, index) => validateNodeTerm(term, `${at}[${index}]`))
}

const validateNodeTerm = (term: NodeSelectorTerm | undefined, path: string): FieldError[] => [
  ...(term?.matchExpressions ?? []).flatMap((r, index) => validateExpression(r, `${path}.matchExpressions[${index}]`)),
  ...(term?.matchFields ?? []).flatMap((r, index) => validateMatchField(r, `${path}.matchFields[${index}]`)),
]

function validateExpression({ key, operator, values = [] }: NodeSelectorRequirement, path: string): FieldError[] {
  const errors: FieldError[] = []
  const at = `${path}.values`
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) errors.push(required(at, "must be specified when `operator` is 'In' or 'NotIn'"))
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) errors.push(forbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
  } else if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1) errors.push(required(at, "must be specified single value when `operator` is 'Lt' or 'Gt'"))
  } else errors.push(invalid(`${path}.operator`, operator ?? '', 'not a valid selector operator'))
  errors.push(...problems(`${path}.key`, key ?? '', isQualifiedName))
  return [...errors, ...values.flatMap((value, index) => problems(`${at}[${index}]`, value, isLabelValue))]
}

function validateMatchField({ key, operator, values = [] }: NodeSelectorRequirement, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (operator !== 'In' && operator !== 'NotIn') errors.push(invalid(`${path}.operator`, operator ?? '', 'not a valid selector operator'))
  else if (values.length !== 1)
    errors.push(required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"))
  if (key !== 'metadata.name') return [...errors, invalid(`${path}.key`, key ?? '', 'not a valid field selector key')]
  return [...errors, ...values.flatMap((value, index) => problems(`${path}.values[${index}]`, value, isDns1123Subdomain))]
}

function validatePodAffinity(affinity: PodAffinity | undefined, path: string): FieldError[] {
  const must = (affinity?.[required_] ?? []).flatMap((term, index) => validatePodTerm(term, `${path}.${required_}[${index}]`))
  const should = (affinity?.[preferred_] ?? []).flatMap(({ weight, podAffinityTerm }, index) => {
    const at = `${path}.${preferred_}[${index}]`
    return [...validateWeight(weight, at), ...validatePodTerm(podAffinityTerm, `${at}.podAffinityTerm`)]
  })
  return [...must, ...should]
}

function validatePodTerm(term: PodAffinityTerm, path: string): FieldError[] {
  const topologyKey = term?.topologyKey ?? ''
  return [
    ...validateLabelSelector(term?.labelSelector, `${path}.labelSelector`),
    ...validateLabelSelector(term?.namespaceSelector, `${path}.namespaceSelector`),
    ...(term?.namespaces ?? []).flatMap(name => problems(`${path}.namespace`, name, isDns1123Label)),
    ...(topologyKey === '' ? [required(`${path}.topologyKey`, 'can not be empty')] : []),
    ...(['matchLabelKeys', 'mismatchLabelKeys'] as const).flatMap(field => validateLabelKeys(term, field, path)),
    ...problems(`${path}.topologyKey`, topologyKey, isQualifiedName),
  ]
}

function validateLabelKeys(
  owner: Pick<PodAffinityTerm, 'labelSelector' | 'matchLabelKeys' | 'mismatchLabelKeys'> | undefined,
  field: 'matchLabelKeys' | 'mismatchLabelKeys',
  path: string,
): FieldError[] {
  const keys = owner?.[field] ?? []
  if (keys.length > 0 && !owner?.labelSelector)
    return [forbidden(`${path}.${field}`, 'must not be specified when labelSelector is not set')]
  return keys.flatMap((key, index) => problems(`${path}.${field}[${index}]`, key, isQualifiedName))
}

export function validateTolerations(tolerations: readonly Toleration[], path: string): FieldError[] {
  return tolerations.flatMap(({ key, operator, value = '', effect, tolerationSeconds }, index) => {
    const at = `${path}[${index}]`
    const errors = key ? problems(`${at}.key`, key, isQualifiedName) : []
    if (!key && operator !== 'Exists')
      errors.push(
        invalid(
          `${at}.operator`,
          operator ?? '',
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      )
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      errors.push(invalid(`${at}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"))
    if (!operator || operator === 'Equal') {
      const wrong = isLabelValue(value)
      if (wrong.length > 0) errors.push(invalid(`${at}.operator`, value, wrong.join(';')))
    } else if (operator === 'Exists') {
      if (value !== '') errors.push(invalid(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"))
    } else errors.push(notSupported(`${at}.operator`, operator, ['Equal', 'Exists']))
    return [...errors, ...oneOf(`${at}.effect`, effect || undefined, ['NoSchedule', 'PreferNoSchedule', 'NoExecute'])]
  })
}

export function validateSpread(constraints: readonly TopologySpreadConstraint[], path: string): FieldError[] {
  return constraints.flatMap((constraint, index) => {
    const at = `${path}[${index}]`
    const { maxSkew = 0, topologyKey, whenUnsatisfiable = '', minDomains } = constraint
    const errors: FieldError[] = maxSkew <= 0 ? [invalid(`${at}.maxSkew`, maxSkew, 'must be greater than zero')] : []
    if (!topologyKey) errors.push(required(`${at}.topologyKey`, 'can not be empty'))
    errors.push(...oneOf(`${at}.whenUnsatisfiable`, whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway']))
    const repeated = constraints.slice(index + 1).some(c => c.topologyKey === topologyKey && c.whenUnsatisfiable === whenUnsatisfiable)
    if (repeated) errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`))
    if (minDomains !== undefined && minDomains <= 0) errors.push(invalid(`${at}.minDomains`, minDomains, 'must be greater than zero'))
    if (minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule')
      errors.push(
        invalid(`${at}.minDomains`, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`),
      )
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const)
      errors.push(...oneOf(`${at}.${field}`, constraint[field], ['Honor', 'Ignore']))
    errors.push(...validateLabelKeys(constraint, 'matchLabelKeys', at))
    return [...errors, ...validateLabelSelector(constraint.labelSelector, `${at}.labelSelector`)]
  })
}

export function validateGates({ readinessGates = [], schedulingGates = [] }: PodSpec, path: string): FieldError[] {
  const errors = readinessGates.flatMap(({ conditionType = '' }, index) =>
    problems(`${path}.readinessGates[${index}].conditionType`, conditionType, isQualifiedName),
  )
  const seen = new Set<string>()
  for (const [index, { name = '' }] of schedulingGates.entries()) {
    const at = `${path}.schedulingGates[${index}]`
    errors.push(...problems(at, name, isQualifiedName))
    if (seen.has(name)) errors.push(duplicate(at, name))
    seen.add(name)
  }
  return errors
}
