// The status a kubelet writes for a pod: conditions and container states. Pure; time and addresses come in.
import { trackingFinalizer } from '../../openapi/kinds/batch/job/labels.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { Missing } from './references.ts'
import type { Outcome } from './runs.ts'

export interface Surroundings {
  /** metav1.Time. */
  now: string
  hostIP: string
  podIP: string
  /** From ContainerCreating to Running. */
  startMs: number
  /** From Running to the end of a pod that is to fail or to complete. */
  completeMs: number
  /** From the deletion to the containers' end. */
  stopMs: number
  /** Every claim the pod mounts is bound. */
  volumesReady: boolean
  /** A ConfigMap or Secret that holds up the pod or its next container. */
  missing: Missing | undefined
  /** How this run of a container went. */
  outcomeOf(status: Pick<ContainerStatus, 'name' | 'restartCount'>): Outcome
}

type Status = Pod['status']
type Condition = NonNullable<Status['conditions']>[number]
export type ContainerStatus = NonNullable<Status['containerStatuses']>[number]
type State = ContainerStatus['state']

export type Mode = 'unready' | 'pending' | 'crash' | 'fail' | 'complete' | 'oom' | 'stuck'

const prefixes = ['kubemock.dev/', 'rec.dev/']

/** A pod's annotation, under our name or the recordings'. */
export function annotation({ metadata }: Pod, name: string): string | undefined {
  for (const prefix of prefixes) {
    const value = metadata.annotations?.[prefix + name]
    if (value !== undefined) return value
  }
  return undefined
}

export const modeOf = (pod: Pod): Mode | undefined => annotation(pod, 'mode') as Mode | undefined
/** Its containers come up only to fall over. */
export const crashes = (pod: Pod): boolean => modeOf(pod) === 'crash' || modeOf(pod) === 'oom'
export const isMissing = ({ image = '' }: { image?: string }): boolean => /:missing[^/]*$/.test(image)
export const imageMissing = (pod: Pod): boolean => pod.spec.containers.some(isMissing)
export const imageIdOf = ({ image = '' }: { image?: string }): string => `kubemock://${image}`

export interface Judgement {
  status: 'True' | 'False'
  reason?: string
  message?: string
}

/** The condition as it stands if nothing changed, else with a new transition time. */
function condition(pod: Pod, type: string, { status, reason, message }: Judgement, now: string): Condition {
  const before = pod.status.conditions?.find(c => c.type === type)
  const transition = before && before.status === status ? before.lastTransitionTime : now
  return {
    type,
    status,
    lastProbeTime: null as never,
    lastTransitionTime: transition,
    observedGeneration: pod.metadata.generation,
    ...(reason ? { reason } : {}),
    ...(message ? { message } : {}),
  } as Condition
}

const kubeletTypes = new Set(['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady'])

export function conditions(pod: Pod, judgements: Readonly<Record<string, Judgement>>, now: string): Condition[] {
  const own = Object.entries(judgements).map(([type, judgement]) => condition(pod, type, judgement, now))
  return [...own, ...(pod.status.conditions ?? []).filter(c => !kubeletTypes.has(c.type))]
}

export const yes: Judgement = { status: 'True' }
export const unready = (names: readonly string[]): Judgement => ({
  status: 'False',
  reason: 'ContainersNotReady',
  message: `containers with unready status: [${names.join(' ')}]`,
})
const notReady = (pod: Pod): Judgement => unready(pod.spec.containers.map(c => c.name))

/** Of a pod that is over. */
export function phaseConditions(pod: Pod, phase: 'Succeeded' | 'Failed', now: string): Condition[] {
  const complete = phase === 'Succeeded'
  const judgement: Judgement = { status: 'False', reason: complete ? 'PodCompleted' : 'PodFailed' }
  const initialized: Judgement = complete ? { status: 'True', reason: 'PodCompleted' } : yes
  return conditions(
    pod,
    { PodReadyToStartContainers: { status: 'False' }, Initialized: initialized, Ready: judgement, ContainersReady: judgement },
    now,
  )
}

export function containerStatus(pod: Pod, container: Pod['spec']['containers'][number], state: State): ContainerStatus {
  const before = pod.status.containerStatuses?.find(c => c.name === container.name)
  const running = state.running !== undefined
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => ({
    name,
    mountPath,
    ...(readOnly ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
  }))
  return {
    name: container.name,
    state,
    lastState: before?.lastState ?? {},
    ready: running,
    restartCount: before?.restartCount ?? 0,
    image: container.image ?? '',
    imageID: state.waiting ? '' : imageIdOf(container),
    ...(state.waiting ? {} : { containerID: containerId(pod, container.name) }),
    started: running,
    ...(mounts.length > 0 ? { volumeMounts: mounts } : {}),
    ...(Object.keys(container.resources).length > 0 ? { resources: container.resources } : { resources: {} }),
    ...(container.resources.requests ? { allocatedResources: container.resources.requests } : {}),
  } as ContainerStatus
}

/** Stable per pod and container, and looks like one. */
export function containerId(pod: Pod, name: string): string {
  let hash = 0xcbf29ce484222325n
  let text = ''
  for (let part = 0; part < 4; part++) {
    for (const letter of `${part}/${pod.metadata.uid}/${name}`)
      hash = BigInt.asUintN(64, (hash ^ BigInt(letter.codePointAt(0) ?? 0)) * 0x100000001b3n)
    text += hash.toString(16).padStart(16, '0')
  }
  return `containerd://${text}`
}

export function creatingStatus(pod: Pod, { now, hostIP }: Surroundings): Status {
  const inits = pod.spec.initContainers ?? []
  const waiting: State = { waiting: { reason: inits.length > 0 ? 'PodInitializing' : 'ContainerCreating' } }
  const initialized: Judgement =
    inits.length > 0
      ? {
          status: 'False',
          reason: 'ContainersNotInitialized',
          message: `containers with incomplete status: [${inits.map(c => c.name).join(' ')}]`,
        }
      : yes
  return {
    ...pod.status,
    phase: 'Pending',
    observedGeneration: pod.metadata.generation,
    conditions: conditions(
      pod,
      { PodReadyToStartContainers: { status: 'False' }, Initialized: initialized, Ready: notReady(pod), ContainersReady: notReady(pod) },
      now,
    ),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    startTime: now,
    ...(inits.length > 0
      ? { initContainerStatuses: inits.map(c => ({ ...containerStatus(pod, c as never, { waiting: { reason: 'PodInitializing' } }) })) }
      : {}),
    containerStatuses: pod.spec.containers.map(c => containerStatus(pod, c, waiting)),
  }
}

/** A pod keeps the address it has; on the host's network it has the host's. */
export function podAddresses({ spec, status }: Pod, { podIP, hostIP }: Surroundings): Pick<Status, 'podIP' | 'podIPs'> {
  const ip = spec.hostNetwork ? hostIP : status.podIP || podIP
  return { podIP: ip, podIPs: [{ ip }] }
}

export function runningStatus(pod: Pod, around: Surroundings): Status {
  const { now } = around
  const ready = modeOf(pod) !== 'unready'
  const judgement = ready ? yes : notReady(pod)
  const started = (name: string): string => pod.status.containerStatuses?.find(c => c.name === name)?.state.running?.startedAt ?? now
  return {
    ...pod.status,
    phase: 'Running',
    observedGeneration: pod.metadata.generation,
    conditions: conditions(pod, { PodReadyToStartContainers: yes, Initialized: yes, Ready: judgement, ContainersReady: judgement }, now),
    ...podAddresses(pod, around),
    containerStatuses: pod.spec.containers.map(c => ({ ...containerStatus(pod, c, { running: { startedAt: started(c.name) } }), ready })),
  }
}

export const pullBackOff = ({ image = '' }: { image?: string }) => ({
  reason: 'ImagePullBackOff',
  message: `Back-off pulling image ${JSON.stringify(image)}: ErrImagePull: not found`,
})

/** The pull that failed, then the wait for the next. */
const pullFailure = ({ status }: Pod, image: string): { reason: string; message: string } =>
  status.containerStatuses?.some(c => c.state.waiting?.reason === 'ErrImagePull')
    ? pullBackOff({ image })
    : { reason: 'ErrImagePull', message: `failed to pull image ${JSON.stringify(image)}: not found` }

/** Waiting for what will not come: an image, or the next restart. */
export function waitingStatus(pod: Pod, around: Surroundings): Status {
  const { now } = around
  const crash = crashes(pod)
  const state = (container: Pod['spec']['containers'][number]): State =>
    crash
      ? {
          waiting: {
            reason: 'CrashLoopBackOff',
            message: `back-off 40s restarting failed container=${container.name} pod=${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`,
          },
        }
      : { waiting: pullFailure(pod, container.image ?? '') }
  const [exitCode, reason] = modeOf(pod) === 'oom' ? [137, 'OOMKilled'] : [1, 'Error']
  const last: State = { terminated: { exitCode, reason, startedAt: now, finishedAt: now } }
  return {
    ...pod.status,
    phase: crash ? 'Running' : 'Pending',
    observedGeneration: pod.metadata.generation,
    conditions: conditions(
      pod,
      { PodReadyToStartContainers: yes, Initialized: yes, Ready: notReady(pod), ContainersReady: notReady(pod) },
      now,
    ),
    ...podAddresses(pod, around),
    containerStatuses: pod.spec.containers.map(c => ({
      ...containerStatus(pod, c, state(c)),
      ...(crash ? { restartCount: 3, lastState: last, containerID: containerId(pod, c.name), imageID: imageIdOf(c) } : {}),
    })),
  }
}

/** A container that cannot be made: what it refers to is not there. */
export function configErrorStatus(pod: Pod, name: string, message: string): Status {
  const waiting = (status: ContainerStatus): ContainerStatus =>
    status.name === name ? { ...status, state: { waiting: { reason: 'CreateContainerConfigError', message } } } : status
  return {
    ...pod.status,
    initContainerStatuses: pod.status.initContainerStatuses?.map(waiting),
    containerStatuses: pod.status.containerStatuses?.map(waiting),
  }
}

/** The end of a pod that does not restart. */
export function failedStatus(pod: Pod, { now }: Surroundings): Status {
  const complete = modeOf(pod) === 'complete'
  const exitCode = complete ? 0 : Number(annotation(pod, 'exit-code') ?? 1)
  const phase = complete ? 'Succeeded' : 'Failed'
  return {
    ...pod.status,
    phase,
    observedGeneration: pod.metadata.generation,
    conditions: phaseConditions(pod, phase, now),
    containerStatuses: pod.spec.containers.map(c => terminated(pod, c, exitCode, now)),
  }
}

/** The code of a program that was told to stop. */
const stoppedCode = 143

/** A deleted pod whose containers have stopped. One that a finalizer keeps for its Job comes to its end, so that it can be counted. */
export function containersTerminated(pod: Pod, { now }: Surroundings): Status {
  const kept = (pod.metadata.finalizers ?? []).includes(trackingFinalizer)
  const own = conditions(
    pod,
    { PodReadyToStartContainers: { status: 'False' }, Initialized: yes, Ready: notReady(pod), ContainersReady: notReady(pod) },
    now,
  )
  return {
    ...pod.status,
    observedGeneration: pod.metadata.generation,
    ...(kept ? { phase: 'Failed', conditions: phaseConditions(pod, 'Failed', now) } : { conditions: own }),
    containerStatuses: pod.spec.containers.map(c => terminated(pod, c, kept ? stoppedCode : 0, now)),
  }
}

function terminated(pod: Pod, container: Pod['spec']['containers'][number], exitCode: number, now: string): ContainerStatus {
  return containerStatus(pod, container, terminatedState(pod, container, { exitCode, now }))
}

export function terminatedState(pod: Pod, { name }: { name: string }, { exitCode, now }: { exitCode: number; now: string }): State {
  const startedAt = pod.status.containerStatuses?.find(c => c.name === name)?.state.running?.startedAt ?? now
  const reason = exitCode === 0 ? 'Completed' : exitCode === 137 ? 'OOMKilled' : 'Error'
  return { terminated: { exitCode, reason, startedAt, finishedAt: now, containerID: containerId(pod, name) } }
}

/** Of a container of whichever sort; their names differ. */
export const statusOf = ({ status }: Pod, { name }: { name: string }): ContainerStatus | undefined =>
  [status.containerStatuses, status.initContainerStatuses, status.ephemeralContainerStatuses]
    .flatMap(s => s ?? [])
    .find(s => s.name === name)

/** The name and the restarts of a container's status. */
export type RunOf = Pick<ContainerStatus, 'name' | 'restartCount'>

export function isRunning(pod: Pod, run: RunOf): boolean {
  const status = statusOf(pod, run)
  return status?.state.running !== undefined && status.restartCount === run.restartCount
}
