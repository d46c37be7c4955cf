// What controllers ask of pods.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Index } from './controller.ts'

export const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined
export const isFinished = ({ status }: Pod): boolean => status.phase === 'Failed' || status.phase === 'Succeeded'
/** Pods by the node they are bound to. */
export const onNode: Index<Pod> = ({ spec }) => spec.nodeName || undefined
const readyCondition = ({ status }: Pod) => status.conditions?.find(c => c.type === 'Ready')
export const isReady = (pod: Pod): boolean => pod.status.phase === 'Running' && readyCondition(pod)?.status === 'True'

/** Milliseconds until a ready pod counts as available; 0 when it does, undefined when it is not ready. */
export function availableInMs(pod: Pod, minReadySeconds: number | undefined, now: Date): number | undefined {
  const condition = readyCondition(pod)
  if (condition?.status !== 'True') return undefined
  if (!minReadySeconds) return 0
  return Math.max(0, Date.parse(condition.lastTransitionTime as string) + minReadySeconds * 1000 - now.getTime())
}

export const isAvailable = (pod: Pod, minReadySeconds: number | undefined, now: Date): boolean =>
  availableInMs(pod, minReadySeconds, now) === 0

/** Milliseconds until the next of them counts as available; undefined when there is none to wait for. */
export function nextAvailableMs(pods: readonly Pod[], minReadySeconds: number | undefined, now: Date): number | undefined {
  if (!minReadySeconds) return undefined
  const waits = pods.flatMap(pod => availableInMs(pod, minReadySeconds, now) || [])
  return waits.length > 0 ? Math.min(...waits) : undefined
}

/** The condition of a pod that somebody sends away. */
export const disruptionTarget = 'DisruptionTarget'

/** The pod's conditions, with that one. */
export const withDisruption = ({ metadata, status }: Pod, why: { reason: string; message: string }, now: Date) => [
  ...(status.conditions ?? []).filter(c => c.type !== disruptionTarget),
  {
    type: disruptionTarget,
    status: 'True' as const,
    ...why,
    lastProbeTime: null as never,
    lastTransitionTime: printTime(now) as never,
    observedGeneration: metadata.generation,
  },
]
