// The count of a Job's pods: which run, which ended and are not counted yet, and which indexes are done. Pure.
import type { Job } from '../../openapi/kinds/batch/job/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { readIndexes } from '../../openapi/values/indexes.ts'
import { isFinished, isReady, isTerminating } from '../runtime/pods.ts'
import { earlierFailures, hasFailed, hasSucceeded, indexOf, isIndexed, isTracked, judge } from './pods.ts'

export interface Tally {
  pods: readonly Pod[]
  /** Neither ended nor being deleted. */
  active: readonly Pod[]
  ready: number
  terminating: number
  /** Of the status: counters with what was settled since, and what is still to be settled. */
  settled: { succeeded: number; failed: number }
  uncounted: { succeeded: readonly string[]; failed: readonly string[] }
  /** Ended and in no counter yet. */
  newlySucceeded: readonly Pod[]
  newlyFailed: ReadonlySet<Pod>
  /** The values of `indexes.waiting`. */
  waiting: ReadonlySet<Pod>
  succeeded: number
  failed: number
  indexes?: Indexes
}

export interface Indexes {
  succeeded: ReadonlySet<number>
  /** With a limit per index. */
  failed: ReadonlySet<number>
  /** The last failed pod of an index that waits for its next pod: that one takes over its count of failures. */
  waiting: ReadonlyMap<number, Pod>
}

export function tally(job: Job, pods: readonly Pod[]): Tally {
  const { status } = job
  const active = pods.filter(pod => !isFinished(pod) && !isTerminating(pod))
  const tracked = new Set(pods.filter(isTracked).map(pod => pod.metadata.uid))
  const before = { succeeded: status.uncountedTerminatedPods?.succeeded ?? [], failed: status.uncountedTerminatedPods?.failed ?? [] }
  const left = (uids: readonly string[]) => uids.filter(uid => tracked.has(uid))
  const uncounted = { succeeded: left(before.succeeded), failed: left(before.failed) }
  const settled = {
    succeeded: (status.succeeded ?? 0) + before.succeeded.length - uncounted.succeeded.length,
    failed: (status.failed ?? 0) + before.failed.length - uncounted.failed.length,
  }
  const indexes = isIndexed(job) ? indexesOf(job, pods, active) : undefined
  const isNew = (pod: Pod) => isTracked(pod) && (!indexes || indexOf(pod, job.spec) !== undefined)
  const known = { succeeded: new Set([...before.succeeded, ...before.failed]), failed: new Set(before.failed) }
  const newlySucceeded = pods.filter(pod => isNew(pod) && hasSucceeded(pod) && !known.succeeded.has(pod.metadata.uid))
  const newlyFailed = pods.filter(pod => isNew(pod) && hasFailed(pod, job) && !known.failed.has(pod.metadata.uid) && judge(pod, job).counts)
  return {
    pods,
    active,
    ready: active.filter(isReady).length,
    terminating: pods.filter(pod => isTerminating(pod) && !isFinished(pod)).length,
    settled,
    uncounted,
    newlySucceeded,
    newlyFailed: new Set(newlyFailed),
    waiting: new Set(indexes?.waiting.values()),
    succeeded: indexes ? indexes.succeeded.size : settled.succeeded + uncounted.succeeded.length + newlySucceeded.length,
    failed: settled.failed + uncounted.failed.length + newlyFailed.length,
    ...(indexes ? { indexes } : {}),
  }
}

function indexesOf(job: Job, pods: readonly Pod[], active: readonly Pod[]): Indexes {
  const { completions = 0, backoffLimitPerIndex } = job.spec
  const succeeded = readIndexes(job.status.completedIndexes, completions)
  const failed = readIndexes(job.status.failedIndexes, completions)
  const activeIndexes = new Set(active.map(pod => indexOf(pod, job.spec)))
  const waiting = new Map<number, Pod>()
  const tracked = pods.filter(isTracked)
  for (const pod of tracked) {
    const index = indexOf(pod, job.spec)
    if (index === undefined) continue
    if (hasSucceeded(pod)) succeeded.add(index)
    else if (backoffLimitPerIndex !== undefined && endsIndex(pod, job)) failed.add(index)
  }
  for (const pod of backoffLimitPerIndex === undefined ? [] : tracked) {
    const index = indexOf(pod, job.spec)
    if (index === undefined || !hasFailed(pod, job)) continue
    if (succeeded.has(index) || failed.has(index) || activeIndexes.has(index)) continue
    const other = waiting.get(index)
    if (!other || failuresBefore(other) < failuresBefore(pod)) waiting.set(index, pod)
  }
  return { succeeded, failed, waiting }
}

export const failuresBefore = (pod: Pod): number => earlierFailures(pod).counted + earlierFailures(pod).ignored

/** Its failure is the last its index may have. */
function endsIndex(pod: Pod, job: Job): boolean {
  if (!hasFailed(pod, job)) return false
  const { counts, action } = judge(pod, job)
  if (action === 'FailIndex') return true
  return counts && earlierFailures(pod).counted >= (job.spec.backoffLimitPerIndex ?? 0)
}
