// What a Job may be, and how it may change.
import { type FieldError, invalid, notSupported, required, tooLong } from '../../../errors.ts'
import { goForm } from '../../../rules/goform.ts'
import { validateLabelSelector } from '../../../rules/labelselector.ts'
import type { PodSpec } from '../../../schemas/pod.ts'
import { deepEqual } from '../../../values/equal.ts'
import { isDns1123Label, isDns1123Subdomain, patternError } from '../../../values/names.ts'
import { matchesSelector } from '../../../values/selector.ts'
import { immutable, isWellFormed, nonNegative, validateTemplateLabels } from '../../apps/selection.ts'
import { problems } from '../../core/pod/validation/fields.ts'
import { podSpecAsGo } from '../../core/pod/validation/goform.ts'
import { validatePodTemplate } from '../../core/pod/validation/template.ts'
import { hasCondition } from './columns.ts'
import type { Job, JobSpec } from './job.ts'
import { controllerUidLabel, jobNameLabel } from './labels.ts'
import { validatePodFailurePolicy, validateSuccessPolicy } from './policies.ts'

const maxIndexedParallelism = 100_000
const maxManagedByBytes = 63
/** Beyond so many completions with limits per index, parallelism and failed indexes are limited too. */
const manyCompletions = 100_000
const limitForMany = 10_000
const pathPattern = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+"

export function validateJob(job: Job): FieldError[] {
  const { spec, metadata } = job
  const errors = [...validateGeneratedSelector(job), ...validateOwnSpec(spec)]
  if (spec.completionMode === 'Indexed' && (spec.completions ?? 0) > 0) {
    const last = `${metadata.name}-${(spec.completions ?? 0) - 1}`
    if (isDns1123Label(last).length > 0)
      errors.push(invalid('metadata.name', metadata.name, `will not able to create pod with invalid DNS label: ${last}`))
  }
  return errors
}

/** Labels and selector are the server's, unless the author of the Job took them over. */
function validateGeneratedSelector({ spec, metadata }: Job): FieldError[] {
  if (spec.manualSelector || !spec.selector) return []
  const labels = spec.template.metadata.labels
  const expected = [
    [controllerUidLabel, metadata.uid],
    [jobNameLabel, metadata.name],
    ['controller-uid', metadata.uid],
    ['job-name', metadata.name],
  ] as const
  const errors: FieldError[] = []
  for (const [label, value] of expected) {
    const at = `spec.template.metadata.labels[${label}]`
    if (labels?.[label] === undefined) errors.push(required(at, `must be '${value}'`))
    else if (labels[label] !== value) errors.push(invalid(at, labels, `must be '${value}'`))
  }
  if (isWellFormed(spec.selector) && !matchesSelector(spec.selector, Object.fromEntries(expected)))
    errors.push(invalid('spec.selector', spec.selector, '`selector` not auto-generated'))
  return errors
}

function validateOwnSpec(spec: JobSpec): FieldError[] {
  const errors = validateJobSpec(spec, 'spec')
  errors.push(...(spec.selector ? validateLabelSelector(spec.selector, 'spec.selector') : [required('spec.selector')]))
  if (isWellFormed(spec.selector)) errors.push(...validateTemplateLabels(spec.selector, spec.template, 'spec.template'))
  return errors
}

/** What holds for a CronJob's template as well. */
export function validateJobSpec(spec: JobSpec, path: string): FieldError[] {
  const { backoffLimitPerIndex, maxFailedIndexes, managedBy, podFailurePolicy, successPolicy } = spec
  const counts = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'] as const
  const errors = nonNegative(spec, [...counts, 'backoffLimitPerIndex', 'maxFailedIndexes'], path)
  if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined)
    errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'))
  if (managedBy !== undefined) errors.push(...validateManagedBy(managedBy, `${path}.managedBy`))
  errors.push(...validateMode(spec, path))
  if (podFailurePolicy) errors.push(...validatePodFailurePolicy(spec, `${path}.podFailurePolicy`))
  if (successPolicy && spec.completionMode !== 'Indexed')
    errors.push(invalid(`${path}.successPolicy`, goForm('@batch.v1.SuccessPolicy', successPolicy), 'requires indexed completion mode'))
  else if (successPolicy) errors.push(...validateSuccessPolicy(spec, `${path}.successPolicy`))
  errors.push(...validateReplacement(spec, `${path}.podReplacementPolicy`))
  return [...errors, ...validateTemplate(spec, `${path}.template`)]
}

function validateManagedBy(name: string, path: string): FieldError[] {
  const [host = '', ...rest] = name.split('/')
  const below = rest.join('/')
  const errors: FieldError[] = []
  if (name === '') errors.push(required(path))
  else if (!host || !below) errors.push(invalid(path, name, 'must be a domain-prefixed path (such as "acme.io/foo")'))
  else {
    errors.push(...problems(path, host, isDns1123Subdomain))
    if (!new RegExp(`^${pathPattern}$`).test(below)) errors.push(invalid(path, below, patternError('Invalid path', pathPattern)))
  }
  if (name.length > maxManagedByBytes) errors.push(tooLong(path, maxManagedByBytes))
  return errors
}

function validateMode(spec: JobSpec, path: string): FieldError[] {
  const { completionMode, backoffLimitPerIndex, maxFailedIndexes } = spec
  if (completionMode !== undefined && completionMode !== 'Indexed' && completionMode !== 'NonIndexed')
    return [notSupported(`${path}.completionMode`, completionMode, ['NonIndexed', 'Indexed'])]
  if (completionMode === 'Indexed') return validateIndexed(spec, path)
  const errors: FieldError[] = []
  const indexed = 'requires indexed completion mode'
  if (backoffLimitPerIndex !== undefined) errors.push(invalid(`${path}.backoffLimitPerIndex`, backoffLimitPerIndex, indexed))
  if (maxFailedIndexes !== undefined) errors.push(invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, indexed))
  return errors
}

function validateIndexed({ completions, parallelism = 0, maxFailedIndexes, backoffLimitPerIndex }: JobSpec, path: string): FieldError[] {
  const errors: FieldError[] = []
  const atMost = (field: string, value: number, text: string) => errors.push(invalid(`${path}.${field}`, value, text))
  if (completions === undefined) errors.push(required(`${path}.completions`, 'when completion mode is Indexed'))
  if (parallelism > maxIndexedParallelism)
    atMost('parallelism', parallelism, `must be less than or equal to ${maxIndexedParallelism} when completion mode is Indexed`)
  if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions)
    atMost('maxFailedIndexes', maxFailedIndexes, 'must be less than or equal to completions')
  if (maxFailedIndexes !== undefined && maxFailedIndexes > maxIndexedParallelism)
    atMost('maxFailedIndexes', maxFailedIndexes, `must be less than or equal to ${maxIndexedParallelism}`)
  if ((completions ?? 0) <= manyCompletions || backoffLimitPerIndex === undefined) return errors
  const limit = `must be less than or equal to ${limitForMany} when completions are above ${manyCompletions} and used with backoff limit per index`
  if (maxFailedIndexes === undefined)
    errors.push(required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${manyCompletions}`))
  if (parallelism > limitForMany) atMost('parallelism', parallelism, limit)
  if ((maxFailedIndexes ?? 0) > limitForMany) atMost('maxFailedIndexes', maxFailedIndexes ?? 0, limit)
  return errors
}

function validateReplacement({ podReplacementPolicy: policy, podFailurePolicy }: JobSpec, path: string): FieldError[] {
  const supported = podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed']
  return policy === undefined || supported.includes(policy) ? [] : [notSupported(path, policy, supported)]
}

function validateTemplate({ template, podFailurePolicy }: JobSpec, path: string): FieldError[] {
  const errors = validatePodTemplate(template, path)
  const at = `${path}.spec.restartPolicy`
  const { restartPolicy } = template.spec
  if (!restartPolicy || restartPolicy === 'Always') errors.push(required(at, 'valid values: "OnFailure", "Never"'))
  else if (restartPolicy !== 'OnFailure' && restartPolicy !== 'Never') errors.push(notSupported(at, restartPolicy, ['OnFailure', 'Never']))
  if (podFailurePolicy && restartPolicy !== 'Never')
    errors.push(invalid(at, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified'))
  return errors
}

export function validateJobUpdate(next: Job, old: Job): FieldError[] {
  const { spec } = next
  // Upstream looks at the whole Job, and at its spec once more as a change.
  return [
    ...validateJob(next),
    ...validateOwnSpec(spec),
    ...validateCompletions(spec, old.spec),
    ...immutable(spec.selector, old.spec.selector, 'spec.selector'),
    ...validateTemplateUpdate(spec.template, old),
    ...immutable(spec.completionMode, old.spec.completionMode, 'spec.completionMode'),
    ...immutableAsGo('PodFailurePolicy', spec.podFailurePolicy, old.spec.podFailurePolicy),
    ...immutable(spec.backoffLimitPerIndex, old.spec.backoffLimitPerIndex, 'spec.backoffLimitPerIndex'),
    ...immutable(spec.managedBy, old.spec.managedBy, 'spec.managedBy'),
    ...immutableAsGo('SuccessPolicy', spec.successPolicy, old.spec.successPolicy),
  ]
}

function immutableAsGo(type: 'PodFailurePolicy' | 'SuccessPolicy', value: unknown, old: unknown): FieldError[] {
  const path = `spec.${type.replace(/^./, c => c.toLowerCase())}`
  return deepEqual(value, old) ? [] : [invalid(path, goForm(`@batch.v1.${type}`, value), 'field is immutable')]
}

/** An Indexed Job may be resized, parallelism and completions together. */
function validateCompletions(spec: JobSpec, old: JobSpec): FieldError[] {
  if (spec.completionMode !== 'Indexed') return immutable(spec.completions, old.completions, 'spec.completions')
  if (spec.completions === undefined || spec.completions === old.completions || spec.completions === spec.parallelism) return []
  return [invalid('spec.completions', spec.completions, 'can only be modified in tandem with spec.parallelism')]
}

/** Before its pods run, a suspended Job may still change where they go and how much they need. */
function validateTemplateUpdate(template: JobSpec['template'], old: Job): FieldError[] {
  const { spec, status } = old
  const suspended = spec.suspend === true && (!status.startTime || (hasCondition(old, 'Suspended') && !status.active))
  if (deepEqual(template, suspended ? withChoices(spec.template, template) : spec.template)) return []
  const shown = { ...template.metadata, Spec: podSpecAsGo(template.spec) }
  return [invalid('spec.template', shown, 'field is immutable')]
}

function withChoices(old: JobSpec['template'], next: JobSpec['template']): JobSpec['template'] {
  const { nodeSelector, tolerations, schedulingGates, affinity } = next.spec
  const { nodeAffinity: _, ...otherAffinity } = old.spec.affinity ?? {}
  const chosen = affinity?.nodeAffinity ? { nodeAffinity: affinity.nodeAffinity } : {}
  const kept = Object.keys(otherAffinity).length > 0 || affinity ? { ...otherAffinity, ...chosen } : undefined
  const resources = (list: 'containers' | 'initContainers') =>
    old.spec[list]?.map((container, index) => ({ ...container, resources: next.spec[list]?.[index]?.resources ?? container.resources }))
  const spec = present({
    ...old.spec,
    nodeSelector,
    tolerations,
    schedulingGates,
    affinity: kept,
    containers: resources('containers'),
    initContainers: resources('initContainers'),
  })
  const { labels, annotations } = next.metadata
  return { metadata: present({ ...old.metadata, labels, annotations }), spec: spec as PodSpec }
}

const present = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
