// Which pods a Job that goes on makes and takes away. Pure.
import type { Kind } from '../../openapi/kind.ts'
import type { Job } from '../../openapi/kinds/batch/job/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import type { Action } from '../runtime/controller.ts'
import { isReady, isTerminating } from '../runtime/pods.ts'
import { backOffMs, delayMs, type Ending } from './endings.ts'
import { newPod } from './objects.ts'
import { endedAt, hasFailed, indexOf, isIndexed, isTracked, replacesEndedOnly, untracked } from './pods.ts'
import { failuresBefore, type Tally } from './tally.ts'

export interface Managed {
  actions: readonly Action[]
  /** What the actions change in the counts. */
  active: number
  ready: number
  terminating: number
  /** Until a failed pod may be made up for. */
  requeueAfterMs?: number
}

const perPlan = 500

export interface Surroundings {
  now: Date
  /** How its pods ended so far, those that are gone among them. */
  endings: readonly Ending[]
  suffix(): string
}

export function manage(job: Job, count: Tally, around: Surroundings): Managed {
  const { active } = count
  if (job.spec.suspend) return removal(active.slice(0, perPlan), { released: true })
  const wanted = wantedActive(job, count)
  const surplus = surplusOf(job, active, active.length - wanted)
  if (surplus.length > 0) return removal(surplus.slice(0, perPlan), { released: true })
  const terminating = replacesEndedOnly(job) ? count.terminating : 0
  const missing = Math.min(wanted - terminating - active.length, perPlan)
  return missing > 0 ? creation(job, count, missing, around) : unchanged
}

export const unchanged: Managed = { actions: [], active: 0, ready: 0, terminating: 0 }

function wantedActive({ spec }: Job, { succeeded, active }: Tally): number {
  const { completions, parallelism = 1 } = spec
  // Whoever succeeded knows that the work is done: the others may finish theirs.
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism
  return Math.max(0, Math.min(parallelism, completions - succeeded))
}

/** `released`: the pods are let go uncounted; else they are counted as failed first. */
export function removal(pods: readonly Pod[], { released }: { released: boolean }): Managed {
  const actions = pods.flatMap((pod): Action[] => [
    ...(released && isTracked(pod) ? [{ do: 'update' as const, kind: podKind as unknown as Kind, object: untracked(pod) }] : []),
    {
      do: 'delete',
      kind: podKind as unknown as Kind,
      object: pod,
      done: { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${pod.metadata.name}` },
      failed: why => ({ type: 'Warning', reason: 'FailedDelete', message: `Error deleting: ${why}` }),
    },
  ])
  return { actions, active: -pods.length, ready: -pods.filter(isReady).length, terminating: pods.length }
}

/** Indexes that are out of range or there twice, then what is too many. */
function surplusOf(job: Job, active: readonly Pod[], tooMany: number): Pod[] {
  const ranked = [...active].sort(byWorth)
  if (!isIndexed(job)) return ranked.slice(0, Math.max(0, tooMany))
  const seen = new Set<number>()
  const surplus: Pod[] = []
  const others: Pod[] = []
  for (const pod of [...ranked].reverse()) {
    const index = indexOf(pod, job.spec)
    if (index === undefined || seen.has(index)) surplus.push(pod)
    else others.unshift(pod)
    if (index !== undefined) seen.add(index)
  }
  return [...surplus, ...others.slice(0, Math.max(0, tooMany - surplus.length))]
}

const phases = ['Pending', 'Unknown', 'Running']

/** First those that have come least far. */
const byWorth = (a: Pod, b: Pod): number =>
  Number(Boolean(a.spec.nodeName)) - Number(Boolean(b.spec.nodeName)) ||
  phases.indexOf(a.status.phase ?? '') - phases.indexOf(b.status.phase ?? '') ||
  Number(isReady(a)) - Number(isReady(b)) ||
  (a.metadata.creationTimestamp > b.metadata.creationTimestamp ? -1 : a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : 0)

function creation(job: Job, count: Tally, missing: number, { now, suffix, endings }: Surroundings): Managed {
  const perIndex = job.spec.backoffLimitPerIndex !== undefined
  const waitMs = perIndex ? 0 : backOffMs(endings, now)
  if (waitMs > 0) return { ...unchanged, requeueAfterMs: waitMs }
  if (!isIndexed(job)) return created(Array.from({ length: missing }, () => newPod(job, { suffix: suffix() })))
  const pending = pendingIndexes(job, count, missing)
  const waits = pending.map(index => indexWaitMs(count.indexes?.waiting.get(index), now))
  const due = pending.filter((_, at) => waits[at] === 0)
  if (due.length === 0 && pending.length > 0) return { ...unchanged, requeueAfterMs: Math.min(...waits) }
  const made = created(due.map(index => newPod(job, { suffix: suffix(), index, last: count.indexes?.waiting.get(index) })))
  const later = waits.filter(ms => ms > 0)
  return later.length > 0 ? { ...made, requeueAfterMs: Math.min(...later) } : made
}

function created(pods: readonly ReturnType<typeof newPod>[]): Managed {
  const actions = pods.map(
    (object): Action => ({
      do: 'create',
      kind: podKind as unknown as Kind,
      object,
      done: { type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${object.metadata.name}` },
      failed: why => ({ type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${why}` }),
    }),
  )
  return { actions, active: pods.length, ready: 0, terminating: 0 }
}

/** The lowest that nobody works at and that are not done. */
function pendingIndexes(job: Job, { active, pods, indexes }: Tally, wanted: number): number[] {
  const busy = replacesEndedOnly(job) ? [...active, ...pods.filter(pod => isTerminating(pod) && !hasFailed(pod, job))] : active
  const taken = new Set(busy.map(pod => indexOf(pod, job.spec)))
  const pending: number[] = []
  for (let index = 0; index < (job.spec.completions ?? 0) && pending.length < wanted; index++)
    if (!taken.has(index) && !indexes?.succeeded.has(index) && !indexes?.failed.has(index)) pending.push(index)
  return pending
}

const indexWaitMs = (last: Pod | undefined, now: Date): number =>
  last ? Math.max(0, endedAt(last) + delayMs(failuresBefore(last) + 1) - now.getTime()) : 0
