// A pod's life on its node as data: each stage says when it comes and what the status is then. The first that fits counts.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { EventText } from '../runtime/controller.ts'
import * as changes from './changes.ts'
import * as init from './initcontainers.ts'
import {
  type ContainerStatus,
  configErrorStatus,
  containersTerminated,
  crashes,
  creatingStatus,
  failedStatus,
  imageMissing,
  isMissing,
  modeOf,
  runningStatus,
  type Surroundings,
  waitingStatus,
} from './podstatus.ts'
import { backingOff, backOffMs, ended, finishedAt, hasExited, isToRestart, restarted, withContainers } from './restarts.ts'

export interface Step {
  status?: Pod['status']
  /** The kubelet lets the object go. */
  remove?: true
  events?: readonly (EventText & { container?: string })[]
}

export interface Stage {
  name: string
  matches(pod: Pod, around: Surroundings): boolean
  /** How long after `since` it comes; undefined: never by itself. */
  delayMs(pod: Pod, around: Surroundings): number | undefined
  /** The instant the delay counts from. */
  since(pod: Pod): string | undefined
  next(pod: Pod, around: Surroundings): Step
}

const deleted = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined
const finished = ({ status }: Pod): boolean => status.phase === 'Failed' || status.phase === 'Succeeded'
const created = ({ status }: Pod): boolean => status.startTime !== undefined
const running = ({ status }: Pod): boolean => status.phase === 'Running'
/** Conditions and containers agree on it: others may have written the condition while the node was lost. */
const says = ({ status }: Pod, ready: boolean): boolean =>
  status.conditions?.some(c => c.type === 'Ready' && c.status === 'True') === ready &&
  (status.containerStatuses ?? []).every(c => c.ready === ready)
const statuses = ({ status }: Pod): ContainerStatus[] => status.containerStatuses ?? []
const allRunning = (pod: Pod): boolean => statuses(pod).every(s => s.state.running !== undefined)
const anyRunning = ({ status }: Pod): boolean => (status.containerStatuses ?? []).some(c => c.state.running !== undefined)

/** When the deletion was asked for. */
const deletionAsked = ({ metadata }: Pod): string =>
  new Date(Date.parse(metadata.deletionTimestamp ?? '') - (metadata.deletionGracePeriodSeconds ?? 0) * 1000).toISOString()

const normal = (reason: string, message: string, container?: string): EventText & { container?: string } => ({
  type: 'Normal',
  reason,
  message,
  container,
})

type Started = Pick<Pod['spec']['containers'][number], 'name' | 'image' | 'imagePullPolicy'>

/** Whether an init container holds up the others, and that is so of it. */
const held = (pod: Pod, is: (container: ReturnType<typeof current>) => boolean): boolean => {
  const container = init.current(pod)
  return container !== undefined && is(container)
}
function current(pod: Pod): NonNullable<ReturnType<typeof init.current>> {
  const container = init.current(pod)
  if (!container) throw new Error('bug: no init container holds the pod')
  return container
}
const restartsOf = ({ status }: Pod, name: string): number => status.initContainerStatuses?.find(s => s.name === name)?.restartCount ?? 0
/** The one that is due first. */
function firstToRestart(pod: Pod): ContainerStatus {
  const dueAt = (s: ContainerStatus) => Date.parse(finishedAt(s) ?? '') + backOffMs(s.restartCount)
  const [first] = statuses(pod)
    .filter(s => isToRestart(pod, s))
    .sort((a, b) => dueAt(a) - dueAt(b))
  if (!first) throw new Error('bug: no container is to restart')
  return first
}

export const stages: readonly Stage[] = [
  {
    name: 'hold',
    matches: pod => deleted(pod) && modeOf(pod) === 'stuck',
    delayMs: () => undefined,
    since: () => undefined,
    next: () => ({}),
  },
  {
    name: 'stop',
    matches: pod => deleted(pod) && anyRunning(pod) && !finished(pod),
    delayMs: (_pod, { stopMs }) => stopMs,
    since: deletionAsked,
    next: (pod, around) => ({
      status: containersTerminated(pod, around),
      events: pod.spec.containers.map(c => normal('Killing', `Stopping container ${c.name}`, c.name)),
    }),
  },
  {
    name: 'remove',
    matches: deleted,
    // What has not begun to run takes as long to be taken down.
    delayMs: (pod, { stopMs }) => (created(pod) && pod.status.phase === 'Pending' ? stopMs : 0),
    since: deletionAsked,
    next: () => ({ remove: true }),
  },
  { name: 'over', matches: finished, delayMs: () => undefined, since: () => undefined, next: () => ({}) },
  {
    name: 'create',
    matches: pod => !created(pod),
    delayMs: (_pod, { volumesReady }) => (volumesReady ? 0 : undefined),
    since: () => undefined,
    next: (pod, around) => ({ status: creatingStatus(pod, around) }),
  },
  {
    name: 'wait for volumes',
    matches: (pod, { missing }) => !running(pod) && missing?.volume !== undefined,
    delayMs: () => 0,
    since: () => undefined,
    next: (_pod, { missing }) => ({ events: [{ type: 'Warning', reason: 'FailedMount', message: missing?.message ?? '' }] }),
  },
  {
    name: 'wait for configuration',
    matches: (pod, { missing }) => !running(pod) && missing?.container !== undefined,
    delayMs: pod => (waitsFor(pod, 'CreateContainerConfigError') ? undefined : 0),
    since: () => undefined,
    next: (pod, { missing: { container = '', message } = { message: '' } }) => ({
      status: configErrorStatus(pod, container, message),
      events: [{ type: 'Warning', reason: 'Failed', message: `Error: ${message}`, container }],
    }),
  },
  {
    name: 'init failed',
    matches: pod => !running(pod) && held(pod, container => init.failedForGood(pod, container)),
    delayMs: () => 0,
    since: () => undefined,
    next: (pod, around) => ({ status: init.failed(pod, around) }),
  },
  {
    name: 'init ends',
    matches: pod => !running(pod) && held(pod, container => init.isRunning(pod, container)),
    delayMs: (pod, around) => (held(pod, container => init.isOver(pod, container, around)) ? 0 : undefined),
    since: () => undefined,
    next: (pod, around) => ({ status: init.finished(pod, current(pod), around) }),
  },
  {
    name: 'init starts',
    matches: pod => !running(pod) && !imageMissing(pod) && held(pod, () => true),
    delayMs: (pod, { startMs }) => startMs + (init.hasFailed(pod, current(pod)) ? backOffMs(restartsOf(pod, current(pod).name)) : 0),
    since: pod => init.waitsSince(pod, current(pod)),
    next: (pod, around) => ({ status: init.started(pod, current(pod), around), events: startEvents([current(pod)], around) }),
  },
  {
    name: 'pull fails',
    matches: pod => !running(pod) && imageMissing(pod) && !waitsFor(pod, 'ErrImagePull') && !waitsFor(pod, 'ImagePullBackOff'),
    delayMs: (_pod, { startMs }) => startMs,
    since: pod => pod.status.startTime,
    next: (pod, around) => ({ status: waitingStatus(pod, around), events: pullEvents(pod.spec.containers) }),
  },
  {
    name: 'pull backs off',
    matches: pod => !running(pod) && imageMissing(pod),
    delayMs: (pod, { startMs }) => (waitsFor(pod, 'ImagePullBackOff') ? undefined : startMs),
    since: () => undefined,
    next: (pod, around) => ({ status: waitingStatus(pod, around), events: pullBackOffEvents(pod.spec.containers) }),
  },
  {
    name: 'stay pending',
    matches: pod => !running(pod) && modeOf(pod) === 'pending',
    delayMs: () => undefined,
    since: () => undefined,
    next: () => ({}),
  },
  {
    name: 'start',
    matches: pod => !running(pod),
    delayMs: (_pod, { startMs }) => startMs,
    since: pod => pod.status.startTime,
    next: (pod, around) => ({ status: runningStatus(pod, around), events: startEvents(pod.spec.containers, around) }),
  },
  {
    name: 'definition changes',
    matches: pod => running(pod) && changes.redefined(pod).length > 0,
    delayMs: (_pod, { startMs }) => startMs,
    since: () => undefined,
    next: (pod, around) => ({
      status: changes.replaced(pod, around),
      events: changes
        .redefined(pod)
        .flatMap(c => [normal('Killing', `Container ${c.name} definition changed, will be restarted`, c.name), ...beginEvents(c, around)]),
    }),
  },
  {
    name: 'resize',
    matches: pod => running(pod) && changes.hasResized(pod),
    delayMs: () => 0,
    since: () => undefined,
    next: pod => ({ status: changes.resized(pod) }),
  },
  {
    name: 'join',
    matches: pod => running(pod) && changes.joining(pod).length > 0,
    delayMs: (_pod, { startMs }) => startMs,
    since: () => undefined,
    next: (pod, around) => ({
      status: changes.joined(pod, around),
      events: changes.joining(pod).flatMap(c => beginEvents(c, around)),
    }),
  },
  {
    name: 'what joined ends',
    matches: (pod, around) => running(pod) && changes.anyJoinedExited(pod, around),
    delayMs: () => 0,
    since: () => undefined,
    next: (pod, around) => ({ status: changes.joinedEnded(pod, around) }),
  },
  {
    name: 'end',
    matches: pod => running(pod) && (modeOf(pod) === 'fail' || modeOf(pod) === 'complete'),
    delayMs: (_pod, { completeMs }) => completeMs,
    since: pod => pod.status.containerStatuses?.[0]?.state.running?.startedAt ?? pod.status.startTime,
    next: (pod, around) => ({ status: failedStatus(pod, around) }),
  },
  {
    name: 'containers end',
    matches: (pod, around) => running(pod) && statuses(pod).some(s => hasExited(s, around)),
    delayMs: () => 0,
    since: () => undefined,
    next: (pod, around) => {
      const now = statuses(pod).map(s => ended(pod, s, around))
      return { status: withContainers(pod, now, around) }
    },
  },
  {
    name: 'back off',
    matches: pod => running(pod) && !modeOf(pod) && statuses(pod).some(s => backingOff(pod, s) !== s),
    delayMs: () => 0,
    since: () => undefined,
    next: (pod, around) => ({
      status: withContainers(
        pod,
        statuses(pod).map(s => backingOff(pod, s)),
        around,
      ),
      events: statuses(pod).flatMap(s => (backingOff(pod, s) === s ? [] : [backOffEvent(pod, s.name)])),
    }),
  },
  {
    name: 'restart',
    matches: pod => running(pod) && !modeOf(pod) && statuses(pod).some(s => isToRestart(pod, s)),
    delayMs: (pod, { startMs }) => startMs + backOffMs(firstToRestart(pod).restartCount),
    since: pod => finishedAt(firstToRestart(pod)),
    next: (pod, around) => {
      const { name } = firstToRestart(pod)
      const next = statuses(pod).map(s => (s.name === name ? restarted(pod, s, around) : s))
      const containers = pod.spec.containers.filter(c => c.name === name)
      return { status: withContainers(pod, next, around), events: startEvents(containers, around) }
    },
  },
  {
    name: 'become unready or ready',
    matches: pod => running(pod) && allRunning(pod) && !says(pod, modeOf(pod) !== 'unready'),
    delayMs: () => 0,
    since: () => undefined,
    next: (pod, around) => ({ status: runningStatus(pod, around) }),
  },
  {
    name: 'crash',
    matches: pod => running(pod) && crashes(pod) && anyRunning(pod),
    delayMs: () => 0,
    since: () => undefined,
    next: (pod, around) => ({ status: waitingStatus(pod, around), events: crashEvents(pod) }),
  },
]

const waitsFor = ({ status }: Pod, reason: string): boolean =>
  status.containerStatuses?.some(c => c.state.waiting?.reason === reason) === true

function startEvents(containers: readonly Started[], { startMs }: Surroundings) {
  return containers.flatMap(({ name, image = '', imagePullPolicy }) => [
    ...(imagePullPolicy === 'Always'
      ? [
          normal('Pulling', `Pulling image ${JSON.stringify(image)}`, name),
          normal(
            'Pulled',
            `Successfully pulled image ${JSON.stringify(image)} in ${startMs}ms (${startMs}ms including waiting). Image size: 59795293 bytes.`,
            name,
          ),
        ]
      : [normal('Pulled', `Container image ${JSON.stringify(image)} already present on machine`, name)]),
    normal('Created', 'Container created', name),
    normal('Started', 'Container started', name),
  ])
}

const pullEvents = (containers: readonly Started[]) =>
  containers.flatMap(({ name, image = '' }) => [
    normal('Pulling', `Pulling image ${JSON.stringify(image)}`, name),
    { type: 'Warning' as const, reason: 'Failed', message: `Failed to pull image ${JSON.stringify(image)}: not found`, container: name },
    { type: 'Warning' as const, reason: 'Failed', message: 'Error: ErrImagePull', container: name },
  ])

const pullBackOffEvents = (containers: readonly Started[]) =>
  containers.flatMap(({ name, image = '' }) => [
    normal('BackOff', `Back-off pulling image ${JSON.stringify(image)}`, name),
    { type: 'Warning' as const, reason: 'Failed', message: 'Error: ImagePullBackOff', container: name },
  ])

/** Of a container that starts while its pod runs. */
const beginEvents = (container: Started, around: Surroundings) =>
  isMissing(container) ? [...pullEvents([container]), ...pullBackOffEvents([container])] : startEvents([container], around)

const backOffEvent = (pod: Pod, name: string) => ({
  type: 'Warning' as const,
  reason: 'BackOff',
  message: `Back-off restarting failed container ${name} in pod ${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`,
  container: name,
})

const crashEvents = (pod: Pod) => pod.spec.containers.map(({ name }) => backOffEvent(pod, name))
