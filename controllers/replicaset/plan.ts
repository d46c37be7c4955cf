// How many pods a ReplicaSet or a ReplicationController makes or takes away, and which go first. Pure.

import type { Kind, KubeInput } from '../../openapi/kind.ts'
import type { ReplicaSet } from '../../openapi/kinds/apps/replicaset.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import type { ReplicationController } from '../../openapi/kinds/core/replicationcontroller.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Action, Plan } from '../runtime/controller.ts'
import { controllerReference } from '../runtime/owners.ts'
import { isAvailable, isFinished, isReady, isTerminating, nextAvailableMs } from '../runtime/pods.ts'

/** A ReplicationController is the older form of the same thing. */
export type Replicas = ReplicaSet | ReplicationController

export interface Observed {
  kind: Kind
  set: Replicas
  /** Controlled by the set. */
  pods: readonly Pod[]
  now: Date
  suffix(): string
}

const burst = 500

export function plan({ kind, set, pods, now, suffix }: Observed): Plan<ReplicaSet> {
  const active = pods.filter(pod => !isFinished(pod) && !isTerminating(pod))
  const difference = set.spec.replicas - active.length
  const actions =
    set.metadata.deletionTimestamp || difference === 0
      ? []
      : difference > 0
        ? creations(Math.min(difference, burst), () => newPod(kind, set, suffix()))
        : deletions(active, -difference)
  const status = statusOf({ kind, set, pods, now })
  return {
    actions,
    status: withFailure(status, undefined),
    failedStatus: why => withFailure(status, failure(set, difference > 0 ? 'FailedCreate' : 'FailedDelete', { why, now })),
    requeueAfterMs: nextAvailableMs(active, set.spec.minReadySeconds, now),
  }
}

type Condition = NonNullable<ReplicaSet['status']['conditions']>[number]

/** The first failure is told until there is none. */
function failure({ status }: Replicas, reason: string, { why, now }: { why: string; now: Date }): Condition {
  const told = (status.conditions ?? []).find(condition => condition.type === 'ReplicaFailure')
  return (told ?? { type: 'ReplicaFailure', status: 'True', reason, message: why, lastTransitionTime: printTime(now) }) as Condition
}

function withFailure({ conditions, ...status }: ReplicaSet['status'], condition: Condition | undefined): ReplicaSet['status'] {
  const others = (conditions ?? []).filter(({ type }) => type !== 'ReplicaFailure')
  const all = condition ? [...others, condition] : others
  return { ...status, ...(all.length > 0 ? { conditions: all } : {}) } as ReplicaSet['status']
}

function creations(count: number, make: () => ReturnType<typeof newPod>): Action[] {
  return Array.from({ length: count }, () => {
    const object = make()
    return {
      do: 'create' as const,
      kind: podKind as unknown as Kind,
      object,
      done: { type: 'Normal' as const, reason: 'SuccessfulCreate', message: `Created pod: ${object.metadata.name}` },
      failed: (why: string) => ({ type: 'Warning' as const, reason: 'FailedCreate', message: `Error creating: ${why}` }),
    }
  })
}

function newPod(kind: Kind, set: Replicas, suffix: string): KubeInput & Pick<Pod, 'spec'> {
  const { metadata, spec } = set.spec.template ?? {}
  const prefix = `${set.metadata.name}-`
  return {
    metadata: {
      ...metadata,
      namespace: set.metadata.namespace,
      generateName: prefix,
      name: `${prefix.slice(0, 58)}${suffix}`,
      ownerReferences: [controllerReference(kind, set)],
    },
    spec: spec as Pod['spec'],
  }
}

function deletions(active: readonly Pod[], count: number): Action[] {
  const onNode = new Map<string, number>()
  for (const pod of active) onNode.set(pod.spec.nodeName ?? '', (onNode.get(pod.spec.nodeName ?? '') ?? 0) + 1)
  const crowd = (pod: Pod) => onNode.get(pod.spec.nodeName ?? '') ?? 0
  return [...active]
    .sort((a, b) => rank(a, b, crowd))
    .slice(0, count)
    .map(pod => ({
      do: 'delete' as const,
      kind: podKind as unknown as Kind,
      object: pod,
      done: { type: 'Normal' as const, reason: 'SuccessfulDelete', message: `Deleted pod: ${pod.metadata.name}` },
      failed: (why: string) => ({ type: 'Warning' as const, reason: 'FailedDelete', message: `Error deleting: ${why}` }),
    }))
}

const costOf = (pod: Pod): number => Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0)
const phases = ['Pending', 'Unknown', 'Running']

/** First those without a node, pending, not ready, cheap, crowded, young. */
function rank(a: Pod, b: Pod, crowd: (pod: Pod) => number): number {
  return (
    Number(Boolean(a.spec.nodeName)) - Number(Boolean(b.spec.nodeName)) ||
    phases.indexOf(a.status.phase ?? '') - phases.indexOf(b.status.phase ?? '') ||
    Number(isReady(a)) - Number(isReady(b)) ||
    costOf(a) - costOf(b) ||
    crowd(b) - crowd(a) ||
    (a.metadata.creationTimestamp > b.metadata.creationTimestamp ? -1 : a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : 0)
  )
}

function statusOf({ kind, set, pods, now }: Omit<Observed, 'suffix'>): ReplicaSet['status'] {
  // A set that lets its pods go is gone before it could count them again.
  if (set.metadata.deletionTimestamp && set.metadata.finalizers?.includes('orphan'))
    return { ...set.status, observedGeneration: set.metadata.generation }
  const active = pods.filter(pod => !isFinished(pod) && !isTerminating(pod))
  const labels = Object.entries(set.spec.template?.metadata.labels ?? {})
  const counts = {
    fullyLabeledReplicas: active.filter(pod => labels.every(([key, value]) => pod.metadata.labels?.[key] === value)).length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: active.filter(pod => isReady(pod) && isAvailable(pod, set.spec.minReadySeconds, now)).length,
  }
  const {
    fullyLabeledReplicas: _f,
    readyReplicas: _r,
    availableReplicas: _a,
    terminatingReplicas: _t,
    ...rest
  } = set.status as ReplicaSet['status']
  const shown = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
  // The older kind does not tell.
  const terminating =
    kind.kind === 'ReplicaSet' ? { terminatingReplicas: pods.filter(pod => isTerminating(pod) && !isFinished(pod)).length } : {}
  return {
    ...rest,
    replicas: active.length,
    ...shown,
    ...terminating,
    observedGeneration: set.metadata.generation,
  } as ReplicaSet['status']
}
