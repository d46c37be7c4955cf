// A pod that runs and is changed: another image, other resources, an ephemeral container that joins. Pure.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import {
  type ContainerStatus,
  containerId,
  containerStatus,
  imageIdOf,
  isMissing,
  pullBackOff,
  type Surroundings,
  terminatedState,
} from './podstatus.ts'
import { ended, hasExited, withContainers } from './restarts.ts'

type Status = Pod['status']
type Container = Pod['spec']['containers'][number]

const statusOf = ({ status }: Pod, { name }: { name: string }): ContainerStatus | undefined =>
  status.containerStatuses?.find(s => s.name === name)
const waitsForImage = ({ state }: ContainerStatus): boolean => state.waiting?.reason === 'ImagePullBackOff'

/** The amounts that a status shows are not those of the specification. */
function isResized(status: ContainerStatus | undefined, { resources }: Container): boolean {
  return status?.state.running !== undefined && status.resources !== undefined && !deepEqual(status.resources, resources)
}

function needsRestart(status: ContainerStatus | undefined, container: Container): boolean {
  if (!status) return false
  if (waitsForImage(status)) return status.image !== container.image
  if (!status.state.running || !status.imageID) return false
  if (status.imageID !== imageIdOf(container)) return true
  const restarting = (container.resizePolicy ?? []).filter(p => p.restartPolicy === 'RestartContainer').map(p => p.resourceName)
  const amounts = (of: Container['resources'] | undefined, name: string) => [of?.limits?.[name], of?.requests?.[name]]
  return (
    isResized(status, container) && restarting.some(name => !deepEqual(amounts(status.resources, name), amounts(container.resources, name)))
  )
}

/** Containers that run as they no longer should. */
export const redefined = (pod: Pod): Container[] =>
  pod.spec.containers.filter(container => needsRestart(statusOf(pod, container), container))

/** They run anew, or wait for an image that is not there; policy has no say in it. */
export function replaced(pod: Pod, around: Surroundings): Status {
  const changed = new Set(redefined(pod))
  const statuses = pod.spec.containers.flatMap(container => {
    const before = statusOf(pod, container)
    if (!before || !changed.has(container)) return before ?? []
    const missing = isMissing(container)
    const state = missing ? { waiting: pullBackOff(container) } : { running: { startedAt: around.now } }
    const { running } = before.state
    const lastState = running ? terminatedState(pod, container, { exitCode: 0, now: around.now }) : before.lastState
    return { ...containerStatus(pod, container, state), lastState, restartCount: before.restartCount + (missing ? 0 : 1) }
  })
  return withContainers(pod, statuses, around)
}

export const hasResized = (pod: Pod): boolean => pod.spec.containers.some(container => isResized(statusOf(pod, container), container))

/** The containers go on with what they are given now. */
export const resized = (pod: Pod): Status => ({
  ...pod.status,
  observedGeneration: pod.metadata.generation,
  containerStatuses: pod.spec.containers.flatMap(container => {
    const before = statusOf(pod, container)
    if (!before || !isResized(before, container)) return before ?? []
    const { resources, allocatedResources } = containerStatus(pod, container, before.state)
    return { ...before, resources, allocatedResources }
  }),
})

type Ephemeral = NonNullable<Pod['spec']['ephemeralContainers']>[number]
const ephemeralStatuses = ({ status }: Pod): ContainerStatus[] => status.ephemeralContainerStatuses ?? []

/** Ephemeral containers that have not started. */
export const joining = (pod: Pod): Ephemeral[] =>
  (pod.spec.ephemeralContainers ?? []).filter(container => !ephemeralStatuses(pod).some(status => status.name === container.name))

/** They are never ready and never restart. */
export const joined = (pod: Pod, { now }: Surroundings): Status => ({
  ...pod.status,
  observedGeneration: pod.metadata.generation,
  ephemeralContainerStatuses: [
    ...ephemeralStatuses(pod),
    ...joining(pod).map((container): ContainerStatus => {
      const { name, image = '' } = container
      const shared = { name, lastState: {}, ready: false, restartCount: 0, image, resources: {} }
      if (isMissing(container)) return { ...shared, imageID: '', state: { waiting: pullBackOff(container) } } as ContainerStatus
      const state = { running: { startedAt: now } }
      return { ...shared, imageID: imageIdOf(container), containerID: containerId(pod, name), state } as ContainerStatus
    }),
  ],
})

export const anyJoinedExited = (pod: Pod, around: Surroundings): boolean => ephemeralStatuses(pod).some(status => hasExited(status, around))

export const joinedEnded = (pod: Pod, around: Surroundings): Status => ({
  ...pod.status,
  ephemeralContainerStatuses: ephemeralStatuses(pod).map(status => {
    const { started: _, ...next } = ended(pod, status, around)
    return next as ContainerStatus
  }),
})
