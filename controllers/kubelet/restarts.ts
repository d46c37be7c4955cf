// What becomes of a pod when containers end: restart by policy with a growing back-off, or the pod's own end. Pure.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import {
  type ContainerStatus,
  conditions,
  containerId,
  type Judgement,
  phaseConditions,
  type Surroundings,
  unready,
  yes,
} from './podstatus.ts'

type Status = Pod['status']

const longestBackOffMs = 300_000
const firstBackOffMs = 10_000

/** 0 before the first restart. */
export const backOffMs = (restarts: number): number =>
  restarts === 0 ? 0 : Math.min(longestBackOffMs, firstBackOffMs * 2 ** (restarts - 1))

const policyOf = (pod: Pod, name: string): string =>
  pod.spec.initContainers?.find(c => c.name === name)?.restartPolicy ?? pod.spec.restartPolicy ?? 'Always'

export function restarts(pod: Pod, name: string, exitCode: number): boolean {
  const policy = policyOf(pod, name)
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0)
}

/** Its program has ended, and the status does not say so yet. */
export const hasExited = (status: ContainerStatus, { outcomeOf }: Surroundings): boolean => {
  const outcome = outcomeOf(status)
  return status.state.running !== undefined && outcome !== undefined && outcome !== 'running'
}

/** Ended, and to be started again. */
export const isToRestart = (pod: Pod, { name, state, lastState }: ContainerStatus): boolean => {
  if (state.waiting?.reason === 'CrashLoopBackOff') return lastState?.terminated !== undefined
  return state.terminated !== undefined && restarts(pod, name, state.terminated.exitCode)
}

export const finishedAt = ({ state, lastState }: ContainerStatus): string | undefined =>
  state.terminated?.finishedAt ?? lastState?.terminated?.finishedAt

export function ended(pod: Pod, status: ContainerStatus, { outcomeOf, now }: Surroundings): ContainerStatus {
  const outcome = outcomeOf(status)
  if (!status.state.running || outcome === undefined || outcome === 'running') return status
  const { exitCode } = outcome
  const reason = exitCode === 0 ? 'Completed' : 'Error'
  const startedAt = status.state.running.startedAt ?? now
  const terminated = { exitCode, reason, startedAt, finishedAt: now, containerID: containerId(pod, status.name) }
  return { ...status, ready: false, started: false, state: { terminated } }
}

/** Waiting for its next start, when that is not at once. */
export function backingOff(pod: Pod, status: ContainerStatus): ContainerStatus {
  if (!status.state.terminated || status.restartCount === 0 || !isToRestart(pod, status)) return status
  const { name, namespace, uid } = pod.metadata
  const message = `back-off ${printed(backOffMs(status.restartCount))} restarting failed container=${status.name} pod=${name}_${namespace}(${uid})`
  return { ...status, state: { waiting: { reason: 'CrashLoopBackOff', message } }, lastState: status.state }
}

const printed = (ms: number): string => (ms < 60_000 ? `${ms / 1000}s` : `${Math.floor(ms / 60_000)}m${(ms % 60_000) / 1000}s`)

export function restarted(pod: Pod, status: ContainerStatus, { now }: Surroundings): ContainerStatus {
  if (!isToRestart(pod, status)) return status
  const lastState = status.state.terminated ? status.state : status.lastState
  const ready = pod.spec.containers.some(c => c.name === status.name)
  return { ...status, ready, started: true, restartCount: status.restartCount + 1, state: { running: { startedAt: now } }, lastState }
}

/** The pod's status around these containers: it runs on, or it is over. */
export function withContainers(pod: Pod, containerStatuses: ContainerStatus[], { now }: Surroundings): Status {
  const over = containerStatuses.every(s => s.state.terminated && !isToRestart(pod, s))
  const failed = containerStatuses.some(s => s.state.terminated && s.state.terminated.exitCode !== 0)
  const notReady = containerStatuses.filter(s => !s.ready).map(s => s.name)
  const judgement: Judgement = notReady.length > 0 ? unready(notReady) : yes
  return {
    ...pod.status,
    ...(over ? { phase: failed ? 'Failed' : 'Succeeded' } : {}),
    observedGeneration: pod.metadata.generation,
    conditions: over
      ? phaseConditions(pod, failed ? 'Failed' : 'Succeeded', now)
      : conditions(pod, { PodReadyToStartContainers: yes, Initialized: yes, Ready: judgement, ContainersReady: judgement }, now),
    containerStatuses,
  } as Status
}
