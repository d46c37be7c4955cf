// Init containers: one after the other before the others start, sidecars (restartPolicy Always) as soon as they run. Pure.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import {
  type ContainerStatus,
  conditions,
  containerStatus,
  type Judgement,
  phaseConditions,
  podAddresses,
  type Surroundings,
  yes,
} from './podstatus.ts'
import { ended, restarted, restarts } from './restarts.ts'

type Status = Pod['status']
type InitContainer = NonNullable<Pod['spec']['initContainers']>[number]

const isSidecar = ({ restartPolicy }: InitContainer): boolean => restartPolicy === 'Always'
const statusOf = (pod: Pod, { name }: InitContainer): ContainerStatus | undefined =>
  pod.status.initContainerStatuses?.find(status => status.name === name)
const isDone = (pod: Pod, container: InitContainer): boolean => {
  const state = statusOf(pod, container)?.state
  return isSidecar(container) ? state?.running !== undefined : state?.terminated?.exitCode === 0
}

/** The one that holds up the others; undefined: the containers may start. */
export const current = (pod: Pod): InitContainer | undefined => (pod.spec.initContainers ?? []).find(container => !isDone(pod, container))

export const isRunning = (pod: Pod, container: InitContainer): boolean => statusOf(pod, container)?.state.running !== undefined
export const hasFailed = (pod: Pod, container: InitContainer): boolean => statusOf(pod, container)?.state.terminated !== undefined
export const failedForGood = (pod: Pod, container: InitContainer): boolean => {
  const terminated = statusOf(pod, container)?.state.terminated
  return terminated !== undefined && !restarts(pod, container.name, terminated.exitCode)
}

/** Whether its program has ended; what is no program of the shell's has nothing to do. */
export const isOver = (pod: Pod, container: InitContainer, { outcomeOf }: Surroundings): boolean => {
  const status = statusOf(pod, container)
  return status?.state.running !== undefined && outcomeOf(status) !== 'running'
}

/** The instant it waits from: the end of the one before, or the pod's start. */
export function waitsSince(pod: Pod, container: InitContainer): string | undefined {
  const all = pod.spec.initContainers ?? []
  const before = all[all.findIndex(c => c.name === container.name) - 1]
  const state = before && statusOf(pod, before)?.state
  return (
    statusOf(pod, container)?.state.terminated?.finishedAt ??
    state?.terminated?.finishedAt ??
    state?.running?.startedAt ??
    pod.status.startTime
  )
}

export function started(pod: Pod, container: InitContainer, around: Surroundings): Status {
  const before = statusOf(pod, container)
  const next = before?.state.terminated
    ? restarted(pod, before, around)
    : { ...containerStatus(pod, container as never, { running: { startedAt: around.now } }), ready: isSidecar(container) }
  return withInit(pod, { ...next, ready: isSidecar(container) }, around)
}

export function finished(pod: Pod, container: InitContainer, around: Surroundings): Status {
  const status = statusOf(pod, container)
  if (!status) throw new Error(`bug: init container ${container.name} has no status`)
  const known =
    around.outcomeOf(status) === undefined ? { ...around, outcomeOf: () => ({ exitCode: 0, at: new Date(around.now) }) } : around
  const next = ended(pod, status, known)
  return withInit(pod, { ...next, ready: next.state.terminated?.exitCode === 0 }, around)
}

/** An init container that failed and does not restart takes the pod with it. */
export const failed = (pod: Pod, { now }: Surroundings): Status =>
  ({ ...pod.status, phase: 'Failed', conditions: phaseConditions(pod, 'Failed', now) }) as Status

function withInit(pod: Pod, status: ContainerStatus, around: Surroundings): Status {
  const statuses = (pod.status.initContainerStatuses ?? []).map(s => (s.name === status.name ? status : s))
  const next = { ...pod, status: { ...pod.status, initContainerStatuses: statuses } } as Pod
  const left = (pod.spec.initContainers ?? []).filter(c => !isDone(next, c)).map(c => c.name)
  const initialized: Judgement =
    left.length > 0
      ? { status: 'False', reason: 'ContainersNotInitialized', message: `containers with incomplete status: [${left.join(' ')}]` }
      : yes
  const kept = Object.fromEntries(
    (pod.status.conditions ?? []).filter(c => c.type === 'Ready' || c.type === 'ContainersReady').map(c => [c.type, c as Judgement]),
  )
  return {
    ...next.status,
    conditions: conditions(pod, { PodReadyToStartContainers: yes, Initialized: initialized, ...kept }, around.now),
    ...podAddresses(pod, around),
  } as Status
}
