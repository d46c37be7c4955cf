// What may change about a pod that exists: images, a little of its scheduling, and its deadline.
import { type FieldError, forbidden, invalid, required } from '../../../../errors.ts'
import type { PodSpec } from '../../../../schemas/pod.ts'
import { unifiedDiff } from '../../../../values/diff.ts'
import { deepEqual } from '../../../../values/equal.ts'
import type { Pod } from '../pod.ts'
import { validateImage } from './containers.ts'
import { between, maxInt32 } from './fields.ts'
import { podSpecAsGo } from './goform.ts'
import { validatePodContent } from './template.ts'

const changeable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',')

export function validatePodUpdate(next: Pod, old: Pod): FieldError[] {
  const errors = [...validatePodContent(next), ...mirrorErrors(next, old)]
  for (const list of ['containers', 'initContainers'] as const) {
    const now = next.spec[list] ?? []
    if (now.length !== (old.spec[list] ?? []).length)
      return [...errors, forbidden(`spec.${list}`, 'pod updates may not add or remove containers')]
    errors.push(...now.flatMap(({ image }, index) => validateImage(image, `spec.${list}[${index}].image`)))
  }
  const deadline = deadlineErrors(next.spec, old.spec)
  if (deadline.length > 0) return [...errors, ...deadline]
  errors.push(...tolerationErrors(next.spec, old.spec), ...gateErrors(next.spec, old.spec))
  const gated = (old.spec.schedulingGates ?? []).length > 0
  if (gated) errors.push(...nodeSelectorErrors(next.spec, old.spec), ...nodeAffinityErrors(next.spec, old.spec))
  const rest = withoutChangeable(next.spec, old.spec, gated)
  return deepEqual(rest, old.spec)
    ? errors
    : [...errors, forbidden('spec', `pod updates may not change fields other than ${changeable}\n${difference(old.spec, rest)}`)]
}

const difference = (old: PodSpec, next: PodSpec): string => {
  const print = (spec: PodSpec) => JSON.stringify(podSpecAsGo(spec), null, 1)
  return unifiedDiff(print(old), print(next))
}

function mirrorErrors(next: Pod, old: Pod): FieldError[] {
  const name = 'kubernetes.io/config.mirror'
  const path = `metadata.annotations[${name}]`
  const [now, before] = [next.metadata.annotations?.[name], old.metadata.annotations?.[name]]
  if (now === before) return []
  if (before === undefined) return [forbidden(path, 'may not add mirror pod annotation')]
  return [
    now === undefined
      ? forbidden(path, 'may not remove mirror pod annotation')
      : invalid(path, now, 'may not update mirror pod annotation'),
  ]
}

/** It may be set once and then only be brought forward. */
function deadlineErrors({ activeDeadlineSeconds: now }: PodSpec, { activeDeadlineSeconds: before }: PodSpec): FieldError[] {
  const path = 'spec.activeDeadlineSeconds'
  if (now === undefined) return before === undefined ? [] : [invalid(path, now, 'must not update from a positive integer to nil value')]
  const range = between(path, now, [0, maxInt32])
  if (range.length > 0) return range
  return before !== undefined && before < now ? [invalid(path, now, 'must be less than or equal to previous value')] : []
}

function tolerationErrors({ tolerations: now = [] }: PodSpec, { tolerations: before = [] }: PodSpec): FieldError[] {
  const same = (a: (typeof now)[number], b: (typeof now)[number]) =>
    deepEqual({ ...a, tolerationSeconds: undefined }, { ...b, tolerationSeconds: undefined })
  const kept = before.every(old => now.some(t => same(t, old)))
  return kept ? [] : [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')]
}

function gateErrors({ schedulingGates: now = [] }: PodSpec, { schedulingGates: before = [] }: PodSpec): FieldError[] {
  return now.flatMap(({ name }, index) =>
    before.some(old => old.name === name)
      ? []
      : [forbidden(`spec.schedulingGates[${index}].name`, `only deletion is allowed, but found new scheduling gate '${name}'`)],
  )
}

/** While gates hold a pod back its node selector may become stricter. */
function nodeSelectorErrors({ nodeSelector: now = {} }: PodSpec, { nodeSelector: before = {} }: PodSpec): FieldError[] {
  const kept = Object.entries(before).every(([key, value]) => now[key] === value)
  return kept ? [] : [invalid('spec.nodeSelector', now, 'only additions to spec.nodeSelector are allowed (no mutations or deletions)')]
}

function nodeAffinityErrors(next: PodSpec, old: PodSpec): FieldError[] {
  const termsOf = (spec: PodSpec) => spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  const [now, before] = [termsOf(next), termsOf(old)]
  const path = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution'
  if (!before) return []
  if (!now) return [required(path, 'can not be removed')]
  if (now.length !== before.length)
    return [invalid(`${path}.nodeSelectorTerms`, now, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed')]
  const stricter = (a: (typeof now)[number], b: (typeof now)[number]) =>
    (['matchExpressions', 'matchFields'] as const).every(f => (b[f] ?? []).every((old, i) => deepEqual(a[f]?.[i], old)))
  return now.flatMap((term, index) => {
    const previous = before[index]
    return previous && stricter(term, previous)
      ? []
      : [invalid(`${path}.nodeSelectorTerms[${index}]`, term, 'only additions are allowed (no mutations or deletions)')]
  })
}

/** The new spec with everything that may change put back, so that what still differs may not. */
function withoutChangeable(next: PodSpec, old: PodSpec, gated: boolean): PodSpec {
  const images = (list: 'containers' | 'initContainers') =>
    next[list]?.map((container, index) => ({ ...container, image: old[list]?.[index]?.image }))
  const rest = {
    ...next,
    containers: images('containers') ?? [],
    initContainers: images('initContainers'),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    tolerations: old.tolerations,
    schedulingGates: old.schedulingGates,
  } as PodSpec
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && next.terminationGracePeriodSeconds === 1)
    rest.terminationGracePeriodSeconds = old.terminationGracePeriodSeconds
  if (!gated) return rest
  rest.nodeSelector = old.nodeSelector
  if (next.affinity?.nodeAffinity) {
    const affinity = { ...next.affinity, nodeAffinity: old.affinity?.nodeAffinity }
    if (Object.values(affinity).every(a => a === undefined) && !old.affinity) delete rest.affinity
    else rest.affinity = affinity
  }
  return rest
}
