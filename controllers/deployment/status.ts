// The status of a Deployment: counts and the conditions Available and Progressing. Pure.
import type { Deployment } from '../../openapi/kinds/apps/deployment.ts'
import type { ReplicaSet } from '../../openapi/kinds/apps/replicaset.ts'
import { printTime } from '../../openapi/values/time.ts'
import { limits } from './objects.ts'

type Status = Deployment['status']
type Condition = NonNullable<Status['conditions']>[number]

interface Seen {
  deployment: Deployment
  sets: readonly ReplicaSet[]
  now: Date
}

const sum = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number | undefined): number =>
  sets.reduce((total, set) => total + (count(set) ?? 0), 0)

export function statusOf(seen: Seen, newest: ReplicaSet | undefined): { status: Status; requeueAfterMs?: number } {
  const { deployment, sets } = seen
  const replicas = sum(sets, set => set.status.replicas)
  const availableReplicas = sum(sets, set => set.status.availableReplicas)
  const counts = {
    replicas,
    updatedReplicas: newest?.status.replicas ?? 0,
    readyReplicas: sum(sets, set => set.status.readyReplicas),
    availableReplicas,
    unavailableReplicas: Math.max(0, sum(sets, set => set.spec.replicas) - availableReplicas),
  }
  const shown = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
  const terminatingReplicas = sum(sets, set => set.status.terminatingReplicas)
  const {
    replicas: _r,
    updatedReplicas: _u,
    readyReplicas: _y,
    availableReplicas: _a,
    unavailableReplicas: _n,
    conditions: _c,
    ...rest
  } = deployment.status
  const progress = hasDeadline(deployment) ? progressing(seen, newest, counts) : {}
  const conditions = [availability(seen, availableReplicas), progress.condition, replicaFailure(seen, newest)].filter(
    (c): c is Condition => c !== undefined,
  )
  const status = {
    ...rest,
    observedGeneration: deployment.metadata.generation,
    ...shown,
    terminatingReplicas,
    ...(conditions.length > 0 ? { conditions: inOrder(deployment, conditions) } : {}),
  } as Status
  return { status, requeueAfterMs: progress.dueMs }
}

const noDeadline = 2 ** 31 - 1
/** Without a deadline nothing is said about progress. */
export const hasDeadline = ({ spec }: Deployment): boolean =>
  spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== noDeadline

/** What is told when a set was made or found for a new template, before anything is counted. */
export function begun(seen: Seen, why: Pick<Condition, 'reason' | 'message'>): Status {
  const { status } = seen.deployment
  const condition = made(seen, 'Progressing', { status: 'True', ...why })
  const others = (status.conditions ?? []).filter(c => c.type !== 'Progressing')
  return { ...status, conditions: inOrder(seen.deployment, [...others, condition]) }
}

/** Conditions keep the places they have; one that was written anew goes to the end. */
function inOrder({ status }: Deployment, conditions: readonly Condition[]): Condition[] {
  const before = status.conditions ?? []
  const place = (condition: Condition) => {
    const at = before.findIndex(c => c.type === condition.type)
    return before[at] === condition ? at : before.length
  }
  return [...conditions].sort((a, b) => place(a) - place(b))
}

function made({ deployment, now }: Seen, type: string, wanted: Pick<Condition, 'status' | 'reason' | 'message'>): Condition {
  const at = printTime(now)
  const before = deployment.status.conditions?.find(c => c.type === type)
  if (before && before.status === wanted.status && before.reason === wanted.reason) return before
  return {
    type,
    ...wanted,
    lastUpdateTime: at,
    lastTransitionTime: before?.status === wanted.status ? before.lastTransitionTime : at,
  } as Condition
}

function availability(seen: Seen, available: number): Condition {
  const { deployment } = seen
  const enough = available >= deployment.spec.replicas - limits(deployment).unavailable
  return enough
    ? made(seen, 'Available', { status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' })
    : made(seen, 'Available', {
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      })
}

/** What keeps a set from making its pods; the newest one is asked first. */
function replicaFailure({ deployment, sets }: Seen, newest: ReplicaSet | undefined): Condition | undefined {
  const failures = [newest, ...sets].flatMap(set => (set?.status.conditions ?? []).filter(c => c.type === 'ReplicaFailure'))
  const [found] = failures
  if (!found) return undefined
  const before = deployment.status.conditions?.find(c => c.type === 'ReplicaFailure')
  if (before?.status === found.status && before.reason === found.reason) return before
  const { type, status, reason, message, lastTransitionTime } = found
  return { type, status, lastUpdateTime: lastTransitionTime, lastTransitionTime, reason, message } as Condition
}

interface Counts {
  replicas: number
  updatedReplicas: number
  availableReplicas: number
}

function progressing(seen: Seen, newest: ReplicaSet | undefined, counts: Counts): { condition?: Condition; dueMs?: number } {
  const { deployment, now } = seen
  const before = deployment.status.conditions?.find(c => c.type === 'Progressing')
  const name = newest ? `ReplicaSet ${JSON.stringify(newest.metadata.name)}` : `Deployment ${JSON.stringify(deployment.metadata.name)}`
  if (deployment.spec.paused && before?.reason !== 'DeploymentPaused' && before?.reason !== 'NewReplicaSetAvailable')
    return { condition: made(seen, 'Progressing', { status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' }) }
  if (deployment.spec.paused) return before ? { condition: before } : {}
  // A finished rollout stays finished: scaling is no progress.
  if (before?.reason === 'NewReplicaSetAvailable' && counts.replicas === counts.updatedReplicas) return { condition: before }
  const wanted = deployment.spec.replicas
  const complete = counts.updatedReplicas === wanted && counts.replicas === wanted && counts.availableReplicas === wanted
  if (complete)
    return {
      condition: made(seen, 'Progressing', {
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `${name} has successfully progressed.`,
      }),
    }
  const { status } = deployment
  const moved =
    counts.updatedReplicas > (status.updatedReplicas ?? 0) ||
    counts.availableReplicas > (status.availableReplicas ?? 0) ||
    counts.replicas - counts.updatedReplicas < (status.replicas ?? 0) - (status.updatedReplicas ?? 0)
  if (moved || !before || before.reason === 'DeploymentPaused') {
    const fresh = {
      status: 'True' as const,
      reason: 'ReplicaSetUpdated',
      message: `${name} is progressing.`,
    }
    const condition = made(seen, 'Progressing', fresh)
    return { condition: { ...condition, message: fresh.message, lastUpdateTime: printTime(now) } }
  }
  return timedOut(seen, before, name)
}

function timedOut(seen: Seen, before: Condition, name: string): { condition: Condition; dueMs?: number } {
  const limit = seen.deployment.spec.progressDeadlineSeconds
  if (before.reason === 'NewReplicaSetAvailable' || limit === undefined || before.reason === 'ProgressDeadlineExceeded')
    return { condition: before }
  const due = Date.parse(before.lastUpdateTime as string) + limit * 1000 - seen.now.getTime()
  if (due > 0) return { condition: before, dueMs: due }
  return {
    condition: made(seen, 'Progressing', {
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `${name} has timed out progressing.`,
    }),
  }
}
