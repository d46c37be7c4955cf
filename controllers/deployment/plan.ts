// What a Deployment does next: a set for its template, more of it, less of the old ones. Pure.

import type { Kind, KubeObject } from '../../openapi/kind.ts'
import type { Deployment } from '../../openapi/kinds/apps/deployment.ts'
import { type ReplicaSet, replicaSet } from '../../openapi/kinds/apps/replicaset.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { Action, Plan } from '../runtime/controller.ts'
import { annotationsFor, limits, newestSet, newSet, revisionOf, sizeAnnotations } from './objects.ts'
import { begun, hasDeadline, statusOf } from './status.ts'

export interface Observed {
  deployment: Deployment
  /** Controlled by the deployment. */
  sets: readonly ReplicaSet[]
  /** Pods of the sets, for Recreate. */
  pods: readonly Pod[]
  now: Date
}

const setKind = replicaSet as unknown as Kind
const sum = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number): number => sets.reduce((total, set) => total + count(set), 0)

export interface DeploymentPlan extends Plan<Deployment> {
  /** The revision the deployment itself shows. */
  revision: number
  /** It has just made its set, or found one that fits: the status tells of that only. */
  begins: boolean
}

export function plan(observed: Observed): DeploymentPlan {
  const { deployment, sets } = observed
  const newest = newestSet(deployment, sets)
  const old = sets.filter(set => set !== newest)
  const latest = Math.max(0, ...old.map(revisionOf))
  const revision = newest && revisionOf(newest) > latest ? revisionOf(newest) : latest + 1
  const actions = actionsFor(observed, newest, old, revision)
  const shown = newest || !deployment.spec.paused ? revision : revisionOf(deployment)
  const beginning = hasDeadline(deployment) ? beginningOf(deployment, newest, actions) : undefined
  // Counting comes with the next look.
  if (beginning) return { actions, status: begun(observed, beginning), revision: shown, begins: true }
  return { actions, ...statusOf(observed, newest), revision: shown, begins: false }
}

/** A set is made, or a new deployment finds one that fits. */
function beginningOf(deployment: Deployment, newest: ReplicaSet | undefined, actions: readonly Action[]) {
  const created = actions.find(action => action.do === 'create')?.object.metadata.name
  if (created) return { reason: 'NewReplicaSetCreated', message: `Created new replica set ${JSON.stringify(created)}` }
  if (!newest || !isNew(deployment)) return undefined
  return { reason: 'FoundNewReplicaSet', message: `Found new replica set ${JSON.stringify(newest.metadata.name)}` }
}

function actionsFor(observed: Observed, newest: ReplicaSet | undefined, old: readonly ReplicaSet[], revision: number): Action[] {
  const { deployment } = observed
  if (deployment.metadata.deletionTimestamp) return []
  if (deployment.spec.paused) return proportional(observed, newest)
  const actions =
    deployment.spec.strategy.type === 'Recreate' ? recreate(observed, newest, old, revision) : roll(observed, newest, old, revision)
  return [...actions, ...(isComplete(deployment) ? cleanUp(deployment, old) : [])]
}

const isNew = ({ spec, status, metadata }: Deployment): boolean =>
  !metadata.deletionTimestamp && !spec.paused && !status.conditions?.some(c => c.type === 'Progressing')

const isComplete = ({ spec, status, metadata }: Deployment): boolean =>
  [status.replicas, status.updatedReplicas, status.availableReplicas].every(count => (count ?? 0) === spec.replicas) &&
  (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)

function scaled(observed: Observed, set: ReplicaSet, replicas: number, revision?: number): Action[] {
  const { deployment } = observed
  const max = deployment.spec.replicas + limits(deployment).surge
  // Only the newest set follows the deployment's annotations: the others keep their change-cause.
  const annotations = revision
    ? annotationsFor(deployment, max, revision, set)
    : { ...set.metadata.annotations, ...sizeAnnotations(deployment, max) }
  const from = set.spec.replicas
  if (from === replicas && deepEqual(annotations, set.metadata.annotations ?? {})) return []
  const object = {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...set.spec, replicas, minReadySeconds: revision ? deployment.spec.minReadySeconds : set.spec.minReadySeconds },
  }
  const direction = replicas > from ? 'up' : 'down'
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${from} to ${replicas}`
  return [
    {
      do: 'update',
      kind: setKind,
      object: object as KubeObject,
      ...(from === replicas ? {} : { done: { type: 'Normal', reason: 'ScalingReplicaSet', message } }),
    },
  ]
}

function created(observed: Observed, replicas: number, revision: number): Action[] {
  const { deployment } = observed
  const max = deployment.spec.replicas + limits(deployment).surge
  const object = newSet(deployment, replicas, revision)
  object.metadata.annotations = annotationsFor(deployment, max, revision)
  const message = `Scaled up replica set ${object.metadata.name} from 0 to ${replicas}`
  return [
    {
      do: 'create',
      kind: setKind,
      object,
      ...(replicas > 0 ? { done: { type: 'Normal' as const, reason: 'ScalingReplicaSet', message } } : {}),
    },
  ]
}

function roll(observed: Observed, newest: ReplicaSet | undefined, old: readonly ReplicaSet[], revision: number): Action[] {
  const { deployment } = observed
  const wanted = deployment.spec.replicas
  const { surge, unavailable } = limits(deployment)
  const total = sum([...(newest ? [newest] : []), ...old], set => set.spec.replicas)
  const room = Math.max(0, wanted + surge - total)
  if (!newest) return created(observed, Math.min(room, wanted), revision)
  if (isScaling(deployment, [newest, ...old])) return proportional(observed, newest)
  const up = newest.spec.replicas >= wanted ? wanted : Math.min(wanted, newest.spec.replicas + room)
  const actions = scaled(observed, newest, up, revision)
  if (up !== newest.spec.replicas) return actions
  return [...actions, ...shrinkOld(observed, newest, old, wanted - unavailable)]
}

/** Unhealthy pods of old sets go first, then as many as the available ones allow. */
function shrinkOld(observed: Observed, newest: ReplicaSet, old: readonly ReplicaSet[], least: number): Action[] {
  const alive = old.filter(set => set.spec.replicas > 0)
  if (alive.length === 0) return []
  const all = sum([newest, ...alive], set => set.spec.replicas)
  const missing = newest.spec.replicas - (newest.status.availableReplicas ?? 0)
  let allowance = all - least - missing
  if (allowance <= 0) return []
  const target = new Map(alive.map(set => [set, set.spec.replicas]))
  const sorted = [...alive].sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
  for (const set of sorted) {
    const unhealthy = Math.min(allowance, set.spec.replicas - (set.status.availableReplicas ?? 0))
    target.set(set, set.spec.replicas - unhealthy)
    allowance -= unhealthy
  }
  let spare = sum([newest, ...alive], set => set.status.availableReplicas ?? 0) - least
  for (const set of sorted) {
    const left = target.get(set) ?? 0
    const down = Math.max(0, Math.min(left, spare, allowance))
    target.set(set, left - down)
    spare -= down
    allowance -= down
  }
  return [...target].flatMap(([set, replicas]) => scaled(observed, set, replicas))
}

function recreate(observed: Observed, newest: ReplicaSet | undefined, old: readonly ReplicaSet[], revision: number): Action[] {
  const { deployment, pods } = observed
  const down = old.filter(set => set.spec.replicas > 0).flatMap(set => scaled(observed, set, 0))
  if (down.length > 0) return down
  const oldNames = new Set(old.map(set => set.metadata.uid))
  const left = pods.some(
    pod =>
      pod.metadata.ownerReferences?.some(o => oldNames.has(o.uid)) && pod.status.phase !== 'Failed' && pod.status.phase !== 'Succeeded',
  )
  if (left) return []
  return newest ? scaled(observed, newest, deployment.spec.replicas, revision) : created(observed, deployment.spec.replicas, revision)
}

const desired = (set: ReplicaSet): number | undefined => {
  const text = set.metadata.annotations?.['deployment.kubernetes.io/desired-replicas']
  return text === undefined ? undefined : Number(text)
}

/** The wanted number changed since the sets were last scaled. */
const isScaling = (deployment: Deployment, sets: readonly ReplicaSet[]): boolean =>
  sets.some(set => set.spec.replicas > 0 && desired(set) !== undefined && desired(set) !== deployment.spec.replicas)

/** Several sets share the change by their sizes. */
function proportional(observed: Observed, newest: ReplicaSet | undefined): Action[] {
  const { deployment, sets } = observed
  const alive = sets.filter(set => set.spec.replicas > 0)
  const [only] = alive.length === 1 ? alive : newest && alive.length === 0 ? [newest] : []
  if (only) return scaled(observed, only, deployment.spec.replicas)
  if (alive.length === 0) return []
  const allowed = deployment.spec.replicas > 0 ? deployment.spec.replicas + limits(deployment).surge : 0
  const total = sum(alive, set => set.spec.replicas)
  let rest = allowed - total
  const sorted = [...alive].sort(
    (a, b) => b.spec.replicas - a.spec.replicas || (a.metadata.creationTimestamp > b.metadata.creationTimestamp ? -1 : 1),
  )
  const target = sorted.map(set => {
    const share = Math.round((set.spec.replicas * allowed) / total) - set.spec.replicas
    const part = rest > 0 ? Math.min(Math.max(0, share), rest) : Math.max(Math.min(0, share), rest)
    rest -= part
    return { set, replicas: set.spec.replicas + part }
  })
  const [first] = target
  if (first) first.replicas = Math.max(0, first.replicas + rest)
  return target.flatMap(({ set, replicas }) => scaled(observed, set, replicas))
}

/** Old empty sets beyond the history limit. */
function cleanUp({ spec }: Deployment, old: readonly ReplicaSet[]): Action[] {
  const idle = old.filter(set => set.spec.replicas === 0 && set.status.replicas === 0 && !set.metadata.deletionTimestamp)
  const sorted = [...idle].sort((a, b) => revisionOf(a) - revisionOf(b))
  return sorted
    .slice(0, Math.max(0, old.length - (spec.revisionHistoryLimit ?? 10)))
    .map(object => ({ do: 'delete', kind: setKind, object }))
}
