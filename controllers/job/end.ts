// Whether a Job is over, and why: the condition that comes before its last one. Pure.
import { hasCondition, type Job } from '../../openapi/kinds/batch/job/index.ts'
import { readIndexes } from '../../openapi/values/indexes.ts'
import { hasFailed, judge } from './pods.ts'
import type { Tally } from './tally.ts'

export interface End {
  type: 'FailureTarget' | 'SuccessCriteriaMet'
  reason: string
  message: string
}

const failure = (reason: string, message: string): End => ({ type: 'FailureTarget', reason, message })
const success = (reason: string, message: string): End => ({ type: 'SuccessCriteriaMet', reason, message })

/** What ends it whatever its pods do from now on; undefined: it goes on. */
export function endOf(job: Job, count: Tally, now: Date): End | undefined {
  return decided(job) ?? failed(job, count, now) ?? failedByIndex(job, count) ?? succeededByPolicy(job, count)
}

/** It was decided before. */
function decided({ status }: Job): End | undefined {
  for (const type of ['SuccessCriteriaMet', 'FailureTarget'] as const) {
    const known = status.conditions?.find(c => c.type === type && c.status === 'True')
    if (known) return { type, reason: known.reason ?? '', message: known.message ?? '' }
  }
  return undefined
}

function failed(job: Job, { pods, failed }: Tally, now: Date): End | undefined {
  const verdict = job.spec.podFailurePolicy && pods.filter(pod => hasFailed(pod, job)).find(pod => judge(pod, job).message)
  if (verdict) return failure('PodFailurePolicy', judge(verdict, job).message ?? '')
  const { backoffLimit = 6 } = job.spec
  if (failed > backoffLimit || restartsExceed(job, pods))
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit')
  return deadlineMs(job, now) === 0 ? failure('DeadlineExceeded', 'Job was active longer than specified deadline') : undefined
}

/** Containers that are restarted in place count by their restarts. */
function restartsExceed({ spec }: Job, pods: Tally['pods']): boolean {
  if (spec.template.spec.restartPolicy !== 'OnFailure') return false
  const { backoffLimit = 6 } = spec
  const restarts = pods
    .filter(({ status }) => status.phase === 'Running' || status.phase === 'Pending')
    .flatMap(({ status }) => [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])])
    .reduce((sum, { restartCount }) => sum + restartCount, 0)
  return backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit
}

/** Milliseconds until the deadline, 0 when it has passed; undefined: there is none, or the clock stands. */
export function deadlineMs({ spec, status }: Job, now: Date): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || spec.suspend || !status.startTime) return undefined
  return Math.max(0, Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now.getTime())
}

function failedByIndex({ spec }: Job, { indexes }: Tally): End | undefined {
  const { completions = 0, maxFailedIndexes, backoffLimitPerIndex } = spec
  if (!indexes || backoffLimitPerIndex === undefined) return undefined
  const { failed, succeeded } = indexes
  if (maxFailedIndexes !== undefined && failed.size > maxFailedIndexes)
    return failure('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes')
  return failed.size > 0 && failed.size + succeeded.size >= completions ? failure('FailedIndexes', 'Job has failed indexes') : undefined
}

function succeededByPolicy({ spec }: Job, { indexes }: Tally): End | undefined {
  const { completions = 0, successPolicy } = spec
  const succeeded = indexes?.succeeded
  if (!succeeded) return undefined
  for (const [index, { succeededIndexes, succeededCount }] of (successPolicy?.rules ?? []).entries()) {
    const wanted = succeededIndexes === undefined ? succeeded : readIndexes(succeededIndexes, completions)
    const met = [...wanted].filter(i => succeeded.has(i)).length
    if (met >= (succeededCount ?? wanted.size)) return success('SuccessPolicy', `Matched rules at index ${index}`)
  }
  return undefined
}

/** All that was wanted has succeeded and nothing runs any more; `active` counts after this plan. */
export function completed({ spec }: Job, { succeeded }: Tally, active: number): End | undefined {
  const done = spec.completions === undefined ? succeeded > 0 : succeeded >= spec.completions
  return done && active === 0 ? success('CompletionsReached', 'Reached expected number of succeeded pods') : undefined
}

/** The last condition, which the first only announced. */
export const lastType = (end: End): 'Failed' | 'Complete' => (end.type === 'FailureTarget' ? 'Failed' : 'Complete')

export const isAnnounced = (job: Job, end: End): boolean => hasCondition(job, end.type)
