// How many of a budget's pods may be evicted. Pure.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { type PodDisruptionBudget, withCondition, withDisruptionAllowed } from '../../openapi/kinds/policy/poddisruptionbudget.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import { printTime } from '../../openapi/values/time.ts'
import { resolve } from '../runtime/intorpercent.ts'
import { isReady, isTerminating } from '../runtime/pods.ts'

type Status = PodDisruptionBudget['status']

/** So long an evicted pod counts as going although it is still there. */
export const evictionMs = 120_000

export interface Observed {
  budget: PodDisruptionBudget
  /** Those its selector selects. */
  pods: readonly Pod[]
  /** Pods that the controllers of these want in all, or why that is unknown. */
  scale: { pods: number } | { problem: string }
  now: Date
}

export interface Outcome {
  status: Status
  /** Evicted pods that stayed. */
  late: readonly Pod[]
  requeueAfterMs?: number
  problem?: string
}

export function plan({ budget, pods, scale, now }: Observed): Outcome {
  const time = printTime(now)
  const expected = expectation(budget, pods, scale)
  if ('problem' in expected) {
    const { problem } = expected
    const status = withCondition(
      { ...budget.status, disruptionsAllowed: 0 },
      { status: 'False', reason: 'SyncFailed', message: problem },
      time,
    )
    return { status, late: [], problem }
  }
  const { disrupted, late, requeueAfterMs } = disruptedPods(budget, pods, now)
  const currentHealthy = pods.filter(pod => !isTerminating(pod) && !(pod.metadata.name in disrupted) && isReady(pod)).length
  const { expectedPods, desiredHealthy } = expected
  const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0
  const { disruptedPods: _before, ...rest } = budget.status
  const next: Status = {
    ...rest,
    observedGeneration: budget.metadata.generation,
    ...(Object.keys(disrupted).length > 0 ? { disruptedPods: disrupted } : {}),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
  }
  const status = withDisruptionAllowed(next, time)
  return {
    status: deepEqual(status, budget.status) ? budget.status : status,
    late,
    ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }),
  }
}

type Expectation = { expectedPods: number; desiredHealthy: number } | { problem: string }

function expectation({ spec }: PodDisruptionBudget, pods: readonly Pod[], scale: Observed['scale']): Expectation {
  const { minAvailable, maxUnavailable } = spec
  if (maxUnavailable === undefined && minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 }
  if (maxUnavailable === undefined && typeof minAvailable === 'number') return { expectedPods: pods.length, desiredHealthy: minAvailable }
  if ('problem' in scale) return scale
  if (maxUnavailable === undefined) return { expectedPods: scale.pods, desiredHealthy: resolve(minAvailable, scale.pods, true) }
  return { expectedPods: scale.pods, desiredHealthy: Math.max(0, scale.pods - resolve(maxUnavailable, scale.pods, true)) }
}

/** Of the pods that were evicted those that are not seen to go yet, with the time of the eviction. */
function disruptedPods({ status }: PodDisruptionBudget, pods: readonly Pod[], now: Date) {
  const disrupted: Record<string, string> = {}
  const late: Pod[] = []
  const waits: number[] = []
  for (const pod of pods) {
    const { name } = pod.metadata
    const evicted = status.disruptedPods?.[name]
    if (!evicted || isTerminating(pod)) continue
    const left = Date.parse(evicted) + evictionMs - now.getTime()
    if (left < 0) late.push(pod)
    else {
      disrupted[name] = evicted
      waits.push(left + 1)
    }
  }
  return { disrupted, late, requeueAfterMs: waits.length > 0 ? Math.min(...waits) : undefined }
}
