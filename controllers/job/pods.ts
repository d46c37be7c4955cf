// How a Job sees a pod: which index it has, whether it counts as failed, what the Job's rules say of that. Pure.
import type { Job, JobSpec } from '../../openapi/kinds/batch/job/index.ts'
import { completionIndexKey, trackingFinalizer } from '../../openapi/kinds/batch/job/labels.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { isTerminating } from '../runtime/pods.ts'

export const failureCountKey = 'batch.kubernetes.io/job-index-failure-count'
export const ignoredCountKey = 'batch.kubernetes.io/job-index-ignored-failure-count'

export const isTracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(trackingFinalizer) === true

/** The pod without the finalizer: it has been counted. */
export function untracked(pod: Pod): Pod {
  const finalizers = (pod.metadata.finalizers ?? []).filter(name => name !== trackingFinalizer)
  const metadata = { ...pod.metadata, finalizers }
  if (finalizers.length === 0) delete (metadata as Partial<typeof metadata>).finalizers
  return { ...pod, metadata }
}

/** undefined: it has none, or it is out of range. */
export function indexOf({ metadata }: Pod, { completions = 0 }: JobSpec): number | undefined {
  const text = metadata.annotations?.[completionIndexKey]
  const index = text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
  return index !== undefined && index < completions ? index : undefined
}

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed'

/** Whether a pod is replaced only when it has ended, not as soon as it is deleted. */
export const replacesEndedOnly = ({ spec }: Job): boolean => spec.podFailurePolicy !== undefined || spec.podReplacementPolicy === 'Failed'

export const hasSucceeded = ({ status }: Pod): boolean => status.phase === 'Succeeded'

/** A deleted pod may never come to its end: it counts as failed, unless the Job waits for that. */
export function hasFailed(pod: Pod, job: Job): boolean {
  if (pod.status.phase === 'Failed') return true
  return !replacesEndedOnly(job) && isTerminating(pod) && !hasSucceeded(pod)
}

export interface Verdict {
  counts: boolean
  action?: string
  /** Why the whole Job fails. */
  message?: string
}

type Rule = NonNullable<JobSpec['podFailurePolicy']>['rules'][number]

/** What the first rule that fits says of a failed pod. */
export function judge(pod: Pod, { spec }: Job): Verdict {
  for (const [index, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    const why = matched(pod, rule)
    if (why === undefined) continue
    const { action } = rule
    if (action === 'Ignore') return { counts: false, action }
    return action === 'FailJob'
      ? { counts: true, action, message: `${why} matching FailJob rule at index ${index}` }
      : { counts: true, action }
  }
  return { counts: true }
}

function matched({ metadata, status }: Pod, { onExitCodes, onPodConditions = [] }: Rule): string | undefined {
  const { namespace, name } = metadata
  if (!onExitCodes) {
    const found = status.conditions?.find(c => onPodConditions.some(p => p.type === c.type && p.status === c.status))
    return found && `Pod ${namespace}/${name} has condition ${found.type}`
  }
  const { containerName, operator, values } = onExitCodes
  for (const { name: container, state } of [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])]) {
    const code = state.terminated?.exitCode ?? 0
    if (code === 0 || (containerName !== undefined && containerName !== container)) continue
    if (values.includes(code) === (operator === 'In'))
      return `Container ${container} for pod ${namespace}/${name} failed with exit code ${code}`
  }
  return undefined
}

/** When the pod ended, in milliseconds since 1970. */
export function endedAt({ metadata, status }: Pod): number {
  const ends = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].flatMap(
    ({ state }) => Date.parse(state.terminated?.finishedAt ?? '') || [],
  )
  if (ends.length > 0) return Math.max(...ends)
  const unready = status.conditions?.find(c => c.type === 'Ready' && c.status === 'False')?.lastTransitionTime
  if (unready) return Date.parse(unready)
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = metadata
  return deletionTimestamp ? Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000 : Date.parse(creationTimestamp)
}

const countOf = ({ metadata }: Pod, key: string): number => Number(metadata.annotations?.[key] ?? 0)

/** Failures of its index before it that counted, and those that did not. */
export const earlierFailures = (pod: Pod): { counted: number; ignored: number } => ({
  counted: countOf(pod, failureCountKey),
  ignored: countOf(pod, ignoredCountKey),
})
