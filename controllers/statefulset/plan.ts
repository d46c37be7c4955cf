// What a StatefulSet does next. Ordinals go up one by one, each waiting for the one before; they go down in reverse; an update replaces
// from the highest ordinal. Parallel sets do not wait when they scale, but still update one by one.

import type { Kind } from '../../openapi/kind.ts'
import type { ControllerRevision } from '../../openapi/kinds/apps/controllerrevision.ts'
import { type StatefulSet, statefulSet } from '../../openapi/kinds/apps/statefulset.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import type { Action, EventText, Plan } from '../runtime/controller.ts'
import { currentTemplate, findRevision, type Revision, truncate } from '../runtime/history.ts'
import { isAvailable, isFinished, isReady, isTerminating, nextAvailableMs } from '../runtime/pods.ts'
import { claimName, claimTemplates, newClaim, newPod, ordinalOf, podName, revisionOf, startOf } from './objects.ts'
import { retentionActions } from './retention.ts'

export interface Observed {
  set: StatefulSet
  /** Controlled by the set. */
  pods: readonly Pod[]
  history: readonly ControllerRevision[]
  /** Of the set's namespace. */
  claim(name: string): PersistentVolumeClaim | undefined
  now: Date
}

const pods = podKind as unknown as Kind
const claims = persistentVolumeClaim as unknown as Kind

interface Revisions {
  current: Revision
  update: Revision
}

export function plan(observed: Observed): Plan<StatefulSet> {
  const { set, history } = observed
  const { wanted, actions: revisionActions } = currentTemplate(
    { kind: statefulSet as unknown as Kind, owner: set as never, hashLabel: 'controller.kubernetes.io/hash' },
    history,
    set.status.collisionCount ?? 0,
  )
  const revisions: Revisions = { update: wanted, current: findRevision(history, set.status.currentRevision) ?? wanted }
  const actions = set.metadata.deletionTimestamp ? [] : [...revisionActions, ...retentionActions(observed), ...scale(observed, revisions)]
  const live = new Set([revisions.current.name, revisions.update.name, ...observed.pods.map(revisionOf)])
  const old = set.metadata.deletionTimestamp ? [] : truncate(history, live, set.spec.revisionHistoryLimit ?? 10)
  return {
    actions: [...actions, ...old],
    status: statusOf(observed, revisions),
    requeueAfterMs: nextAvailableMs(observed.pods, set.spec.minReadySeconds, observed.now),
  }
}

/** Pods wanted, by ordinal, and those too many. */
function sort({ set, pods }: Observed): { wanted: Map<number, Pod | undefined>; condemned: Pod[] } {
  const start = startOf(set)
  const wanted = new Map<number, Pod | undefined>()
  for (let ordinal = start; ordinal < start + set.spec.replicas; ordinal++) wanted.set(ordinal, undefined)
  const condemned: Pod[] = []
  for (const pod of pods) {
    const ordinal = ordinalOf(set, pod.metadata.name)
    if (wanted.has(ordinal)) wanted.set(ordinal, pod)
    else if (ordinal >= 0) condemned.push(pod)
  }
  condemned.sort((a, b) => ordinalOf(set, b.metadata.name) - ordinalOf(set, a.metadata.name))
  return { wanted, condemned }
}

function scale(observed: Observed, revisions: Revisions): Action[] {
  const { set, now } = observed
  const ordered = set.spec.podManagementPolicy !== 'Parallel'
  const { wanted, condemned } = sort(observed)
  const actions: Action[] = []
  for (const [ordinal, pod] of wanted) {
    const step = replicaStep(observed, ordinal, pod, revisions)
    actions.push(...step.actions)
    if (step.blocks && ordered) return actions
  }
  const firstUnhealthy = [...wanted.values(), ...[...condemned].reverse()].find(pod => pod && (!isReady(pod) || isTerminating(pod)))
  for (const pod of condemned) {
    if (isTerminating(pod)) {
      if (ordered) return actions
      continue
    }
    if (ordered && !isReady(pod) && pod !== firstUnhealthy) return actions
    if (ordered && isReady(pod) && !isAvailable(pod, set.spec.minReadySeconds, now) && pod !== firstUnhealthy) return actions
    actions.push(deletion(set, pod))
    if (ordered) return actions
  }
  return [...actions, ...replaceOutdated(observed, wanted, revisions)]
}

/** `blocks`: an ordered set waits here. */
function replicaStep(
  observed: Observed,
  ordinal: number,
  pod: Pod | undefined,
  revisions: Revisions,
): { actions: Action[]; blocks: boolean } {
  const { set, now } = observed
  if (!pod) return { actions: creation(observed, ordinal, revisions), blocks: true }
  if (isFinished(pod)) return { actions: isTerminating(pod) ? [] : [deletion(set, pod)], blocks: true }
  const repairs = pod.status.phase === 'Pending' ? missingClaims(observed, ordinal) : []
  const waits = isTerminating(pod) || !isReady(pod) || !isAvailable(pod, set.spec.minReadySeconds, now)
  return { actions: repairs, blocks: waits }
}

function creation(observed: Observed, ordinal: number, revisions: Revisions): Action[] {
  const { set } = observed
  const name = podName(set, ordinal)
  const failed = (why: string): EventText => ({
    type: 'Warning',
    reason: 'FailedCreate',
    message: `Create Pod ${name} in StatefulSet ${set.metadata.name} failed error: ${why}`,
  })
  const going = goingClaim(observed, ordinal)
  // Its going wakes the set again.
  if (going) return [{ do: 'event', event: failed(`pvc ${going} is being deleted`) }]
  return [
    ...missingClaims(observed, ordinal),
    {
      do: 'create',
      kind: pods,
      object: newPod(set, ordinal, revisionFor(set, ordinal, revisions)),
      done: { type: 'Normal', reason: 'SuccessfulCreate', message: `Create Pod ${name} in StatefulSet ${set.metadata.name} successful` },
      failed,
    },
  ]
}

const goingClaim = ({ set, claim }: Observed, ordinal: number): string | undefined =>
  claimTemplates(set)
    .map(template => claimName(template, set, ordinal))
    .find(name => claim(name)?.metadata.deletionTimestamp)

function missingClaims({ set, claim }: Observed, ordinal: number): Action[] {
  return claimTemplates(set)
    .filter(template => !claim(claimName(template, set, ordinal)))
    .map(template => {
      const name = claimName(template, set, ordinal)
      const text = `Create Claim ${name} Pod ${podName(set, ordinal)} in StatefulSet ${set.metadata.name}`
      return {
        do: 'create',
        kind: claims,
        object: newClaim(set, template, ordinal),
        done: { type: 'Normal', reason: 'SuccessfulCreate', message: `${text} success` },
        failed: why => ({ type: 'Warning', reason: 'FailedCreate', message: `${text} failed error: ${why}` }),
      }
    })
}

/** Below the partition a set stays with its old template. */
function revisionFor(set: StatefulSet, ordinal: number, { current, update }: Revisions): Revision {
  const { type, rollingUpdate } = set.spec.updateStrategy
  if (type === 'RollingUpdate' && rollingUpdate?.partition !== undefined)
    return ordinal < startOf(set) + rollingUpdate.partition ? current : update
  return type === 'RollingUpdate' && ordinal < startOf(set) + (set.status.currentReplicas ?? 0) ? current : update
}

function deletion(set: StatefulSet, pod: Pod): Action {
  const text = `Delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`
  return {
    do: 'delete',
    kind: pods,
    object: pod,
    done: { type: 'Normal', reason: 'SuccessfulDelete', message: `${text} successful` },
    failed: why => ({ type: 'Warning', reason: 'FailedDelete', message: `${text} failed error: ${why}` }),
  }
}

/** The highest pod of an old revision goes, unless one above it is not healthy yet. */
function replaceOutdated({ set, now }: Observed, wanted: ReadonlyMap<number, Pod | undefined>, { update }: Revisions): Action[] {
  const { type, rollingUpdate } = set.spec.updateStrategy
  if (type === 'OnDelete') return []
  const lowest = startOf(set) + (rollingUpdate?.partition ?? 0)
  for (const [ordinal, pod] of [...wanted].reverse()) {
    if (ordinal < lowest || !pod) return []
    if (isTerminating(pod)) return []
    if (revisionOf(pod) !== update.name) return [deletion(set, pod)]
    if (!isReady(pod) || !isAvailable(pod, set.spec.minReadySeconds, now)) return []
  }
  return []
}

function statusOf({ set, pods, now }: Observed, { current, update }: Revisions): StatefulSet['status'] {
  const own = pods.filter(pod => ordinalOf(set, pod.metadata.name) >= 0)
  const there = own.filter(pod => !isTerminating(pod))
  const count = (test: (pod: Pod) => boolean, among: readonly Pod[] = there): number => among.filter(test).length
  const updated = count(pod => revisionOf(pod) === update.name)
  const ready = count(isReady, own)
  // A set that lets its pods go is gone before it could count them again.
  if (set.metadata.deletionTimestamp && set.metadata.finalizers?.includes('orphan'))
    return { ...set.status, observedGeneration: set.metadata.generation }
  const finished =
    set.spec.updateStrategy.type === 'RollingUpdate' && updated === own.length && ready === own.length && updated === set.spec.replicas
  const name = finished ? update.name : current.name
  const status: StatefulSet['status'] = {
    ...set.status,
    observedGeneration: set.metadata.generation,
    replicas: own.length,
    availableReplicas: count(pod => isReady(pod) && isAvailable(pod, set.spec.minReadySeconds, now), own),
    currentRevision: name,
    updateRevision: update.name,
    collisionCount: set.status.collisionCount ?? 0,
  }
  return withCounts(status, { readyReplicas: ready, currentReplicas: count(pod => revisionOf(pod) === name), updatedReplicas: updated })
}

/** Counts of zero are left out, as they are when the status is read back. */
function withCounts(
  status: StatefulSet['status'],
  counts: Readonly<Record<'readyReplicas' | 'currentReplicas' | 'updatedReplicas', number>>,
): StatefulSet['status'] {
  const result = { ...status }
  for (const name of ['readyReplicas', 'currentReplicas', 'updatedReplicas'] as const) {
    if (counts[name] > 0) result[name] = counts[name]
    else delete result[name]
  }
  return result
}
