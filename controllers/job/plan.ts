// What a Job does next. Ended pods are counted in steps that can be repeated: their uids go into the status, then their finalizers go, then
// they are in the counters. Pure.
import type { Kind } from '../../openapi/kind.ts'
import { isFinished, type Job } from '../../openapi/kinds/batch/job/index.ts'
import { trackingFinalizer } from '../../openapi/kinds/batch/job/labels.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import { printIndexes } from '../../openapi/values/indexes.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Action, Plan } from '../runtime/controller.ts'
import { isFinished as hasEnded } from '../runtime/pods.ts'
import { completed, deadlineMs, type End, endOf, isAnnounced, lastType } from './end.ts'
import { type Managed, manage, removal, type Surroundings, unchanged } from './manage.ts'
import { hasFailed, hasSucceeded, indexOf, isTracked, untracked } from './pods.ts'
import { type Tally, tally } from './tally.ts'

export interface Observed extends Surroundings {
  job: Job
  /** Controlled by the Job. */
  pods: readonly Pod[]
}

type Status = Job['status']
type Condition = NonNullable<Status['conditions']>[number]

/** Uids in the status at a time. */
const maxUncounted = 500

export function plan({ job, pods, ...around }: Observed): Plan<Job> {
  if (job.metadata.deletionTimestamp || isFinished(job)) return { actions: pods.filter(isTracked).map(release) }
  const { now } = around
  const count = tally(job, pods)
  const ending = endOf(job, count, now)
  const managed = ending ? removal(count.active, { released: ending.type === 'SuccessCriteriaMet' }) : manage(job, count, around)
  const end = ending ?? completed(job, count, count.active.length + managed.active)
  const began = withSuspension(job, end, now)
  const status = flushed(began.job, count, { managed, end, now })
  const actions: Action[] = [...managed.actions, ...began.events, ...adoptions(job, count)]
  const requeueAfterMs = soonest(managed.requeueAfterMs, end ? undefined : (deadlineMs(job, now) ?? deadlineOfNew(job)))
  // What the actions were to change is not counted when one of them failed.
  const failedStatus = () => flushed(began.job, count, { managed: unchanged, end: ending, now })
  const next = { actions, status, failedStatus, ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) }
  // What is not in the stored status yet must get there before the pods may go.
  if (!sameCounts(status, job.status)) return next
  const released = releasable(job, count, end).map(release)
  return { ...next, actions: [...actions, ...released] }
}

const release = (pod: Pod): Action => ({ do: 'update', kind: podKind as unknown as Kind, object: untracked(pod) })

const soonest = (...times: readonly (number | undefined)[]): number | undefined => {
  const known = times.filter(ms => ms !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}

/** The deadline of a Job whose start is written only now. */
const deadlineOfNew = ({ spec, status }: Job): number | undefined =>
  status.startTime || spec.suspend || spec.activeDeadlineSeconds === undefined ? undefined : spec.activeDeadlineSeconds * 1000

/** A pod that was adopted is tracked from now on. */
const adoptions = (job: Job, { active }: Tally): Action[] =>
  job.spec.suspend
    ? []
    : active
        .filter(pod => !isTracked(pod))
        .map(pod => ({
          do: 'update',
          kind: podKind as unknown as Kind,
          object: { ...pod, metadata: { ...pod.metadata, finalizers: [...(pod.metadata.finalizers ?? []), trackingFinalizer] } },
        }))

/** Start and end of a pause. */
function withSuspension(job: Job, end: End | undefined, now: Date): { job: Job; events: Action[] } {
  const { spec, status } = job
  const time = printTime(now)
  if (end) return { job: { ...job, status: { ...status, startTime: status.startTime ?? time } }, events: [] }
  const { startTime = time, ...rest } = status
  const known = status.conditions?.find(c => c.type === 'Suspended')
  const set = (value: 'True' | 'False', reason: string, message: string) =>
    withCondition(status.conditions, { type: 'Suspended', status: value, reason, message }, time)
  const event = (reason: string, message: string): Action => ({ do: 'event', event: { type: 'Normal', reason, message } })
  if (spec.suspend) {
    if (known?.status === 'True') return { job, events: [] }
    const conditions = set('True', 'JobSuspended', 'Job suspended')
    return { job: { ...job, status: { ...rest, conditions } }, events: [event('Suspended', 'Job suspended')] }
  }
  if (known?.status !== 'True') return { job: { ...job, status: { ...rest, startTime } }, events: [] }
  const conditions = set('False', 'JobResumed', 'Job resumed')
  return { job: { ...job, status: { ...rest, conditions, startTime: time } }, events: [event('Resumed', 'Job resumed')] }
}

function withCondition(
  conditions: Status['conditions'],
  given: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>,
  time: string,
): Condition[] {
  const next: Condition = { ...given, lastProbeTime: time, lastTransitionTime: time }
  const known = conditions?.some(c => c.type === given.type)
  return known ? (conditions ?? []).map(c => (c.type === given.type ? next : c)) : [...(conditions ?? []), next]
}

interface Flush {
  managed: Managed
  end: End | undefined
  now: Date
}

/** The status with all that is known now. */
function flushed(job: Job, count: Tally, { managed, end, now }: Flush): Status {
  const { spec, status } = job
  const { indexes, settled, uncounted } = count
  const room = maxUncounted - uncounted.succeeded.length - uncounted.failed.length
  const failing = newFailures(job, count, end).slice(0, room)
  const succeeding = indexes ? [] : count.newlySucceeded.slice(0, Math.max(0, room - failing.length))
  const uids = (pods: readonly Pod[]) => pods.map(pod => pod.metadata.uid)
  const lists = { succeeded: [...uncounted.succeeded, ...uids(succeeding)], failed: [...uncounted.failed, ...uids(failing)] }
  const waits = lists.succeeded.length + lists.failed.length > 0
  const succeeded = indexes ? indexes.succeeded.size : settled.succeeded
  const { active: _active, succeeded: _succeeded, failed: _failed, completedIndexes: _completed, failedIndexes: _failing, ...rest } = status
  const { conditions, completionTime } = conditionsOf(job, { end, now, isOver: !waits && terminatingAfter(count, managed) === 0 })
  return {
    ...rest,
    ...(conditions ? { conditions } : {}),
    ...(completionTime ? { completionTime } : {}),
    ...positive({ active: count.active.length + managed.active, succeeded, failed: settled.failed }),
    terminating: terminatingAfter(count, managed),
    ready: Math.max(0, count.ready + managed.ready),
    ...(indexes && indexes.succeeded.size > 0 ? { completedIndexes: printIndexes(indexes.succeeded) } : {}),
    ...(indexes && spec.backoffLimitPerIndex !== undefined ? { failedIndexes: printIndexes(indexes.failed) } : {}),
    uncountedTerminatedPods: {
      ...(lists.succeeded.length > 0 ? { succeeded: lists.succeeded } : {}),
      ...(lists.failed.length > 0 ? { failed: lists.failed } : {}),
    },
  }
}

const terminatingAfter = (count: Tally, managed: Managed): number => count.terminating + managed.terminating

/** A zero is not printed. */
const positive = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, value]) => value > 0))

/** When a Job fails, what has not ended counts as failed too. A pod whose successor needs its count of failures waits. */
function newFailures(job: Job, { newlyFailed, waiting, pods, uncounted, indexes }: Tally, end: End | undefined): Pod[] {
  const failed = end ? [...newlyFailed] : [...newlyFailed].filter(pod => !waiting.has(pod))
  if (end?.type !== 'FailureTarget') return failed
  const known = new Set(uncounted.failed)
  const going = pods.filter(
    pod =>
      isTracked(pod) &&
      !hasEnded(pod) &&
      !hasFailed(pod, job) &&
      !known.has(pod.metadata.uid) &&
      (!indexes || indexOf(pod, job.spec) !== undefined),
  )
  return [...failed, ...going]
}

/** First the condition that announces the end; when nothing is left to count or to wait for, the end itself. */
function conditionsOf(
  job: Job,
  { end, now, isOver }: { end: End | undefined; now: Date; isOver: boolean },
): Pick<Status, 'conditions' | 'completionTime'> {
  const { conditions } = job.status
  if (!end) return conditions ? { conditions } : {}
  const time = printTime(now)
  const { type, reason, message } = end
  if (!isAnnounced(job, end)) return { conditions: withCondition(conditions, { type, status: 'True', reason, message }, time) }
  if (!isOver) return conditions ? { conditions } : {}
  const last = lastType(end)
  const done = withCondition(conditions, { type: last, status: 'True', reason, message }, time)
  return last === 'Complete' ? { conditions: done, completionTime: time } : { conditions: done }
}

/** Nothing that pods are waiting for is missing in the stored status. */
function sameCounts(next: Status, stored: Status): boolean {
  const counted = ({ uncountedTerminatedPods, completedIndexes, failedIndexes, conditions }: Status) => ({
    uncounted: uncountedTerminatedPods ?? {},
    completedIndexes: completedIndexes ?? '',
    failedIndexes: failedIndexes ?? '',
    announced: (conditions ?? []).filter(c => c.type === 'FailureTarget' || c.type === 'SuccessCriteriaMet').map(c => c.type),
  })
  return deepEqual(counted(next), counted(stored))
}

/** Tracked pods that are counted, or are not to be. */
function releasable(job: Job, { pods, uncounted, indexes, waiting, newlyFailed }: Tally, end: End | undefined): Pod[] {
  const known = new Set([...uncounted.succeeded, ...uncounted.failed])
  const counted = (pod: Pod): boolean => {
    if (known.has(pod.metadata.uid)) return true
    if (hasSucceeded(pod)) return indexes !== undefined
    return hasFailed(pod, job) && !newlyFailed.has(pod)
  }
  return pods.filter(pod => isTracked(pod) && (end || !waiting.has(pod)) && counted(pod))
}
