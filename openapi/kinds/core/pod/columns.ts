// How pods are listed: READY, STATUS and RESTARTS follow from the containers' states.
import { ageColumn, nameColumn, text } from '../../../columns.ts'
import type { Column } from '../../../kind.ts'
import { ageOf, parseTime } from '../../../values/time.ts'
import type { Pod } from './pod.ts'

type Status = NonNullable<Pod['status']['containerStatuses']>[number]

interface Summary {
  ready: string
  status: string
  restarts: string
}

export function podSummary(pod: Pod, now: Date): Summary {
  const { spec, status } = pod
  const sidecars = new Set((spec.initContainers ?? []).filter(c => c.restartPolicy === 'Always').map(c => c.name))
  const count = new Counts()
  let reason: string = status.reason || status.phase || ''
  if (status.conditions?.some(c => c.type === 'PodScheduled' && c.reason === 'SchedulingGated')) reason = 'SchedulingGated'
  const waitingInit = initReason(pod, sidecars, count)
  if (waitingInit !== undefined && !initialized(pod)) reason = waitingInit
  else if (waitingInit === undefined || initialized(pod)) reason = mainReason(pod, reason, count)
  if (pod.metadata.deletionTimestamp) {
    if (status.reason === 'NodeLost') reason = 'Unknown'
    else if (status.phase !== 'Failed' && status.phase !== 'Succeeded') reason = 'Terminating'
  }
  const total = spec.containers.length + sidecars.size
  return { ready: `${count.ready}/${total}`, status: reason, restarts: count.text(now) }
}

const initialized = ({ status }: Pod): boolean => status.conditions?.some(c => c.type === 'Initialized' && c.status === 'True') === true

class Counts {
  ready = 0
  restarts = 0
  /** Restarts of containers that go on for the pod's life; they alone count once the pod is initialised. */
  lasting = 0
  last: Date | undefined
  lastingLast: Date | undefined

  add(status: Status, lasting: boolean): void {
    this.restarts += status.restartCount
    const finished = parseTime(status.lastState.terminated?.finishedAt ?? '')
    if (finished && (!this.last || finished > this.last)) this.last = finished
    if (!lasting) return
    this.lasting += status.restartCount
    if (finished && (!this.lastingLast || finished > this.lastingLast)) this.lastingLast = finished
  }

  onlyLasting(): void {
    this.restarts = this.lasting
    this.last = this.lastingLast
  }

  text(now: Date): string {
    if (this.restarts === 0 || !this.last) return String(this.restarts)
    return `${this.restarts} (${ageOf(this.last.toISOString(), now)} ago)`
  }
}

/** Why the pod is not past its init containers; undefined when it is. */
function initReason({ spec, status }: Pod, sidecars: ReadonlySet<string>, count: Counts): string | undefined {
  for (const [index, container] of (status.initContainerStatuses ?? []).entries()) {
    const { state, name, started, ready } = container
    const sidecar = sidecars.has(name)
    count.add(container, sidecar)
    if (state.terminated && state.terminated.exitCode === 0) continue
    if (sidecar && started) {
      if (ready) count.ready++
      continue
    }
    if (state.terminated) {
      const { reason, signal, exitCode } = state.terminated
      return `Init:${reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`)}`
    }
    if (state.waiting?.reason && state.waiting.reason !== 'PodInitializing') return `Init:${state.waiting.reason}`
    return `Init:${index}/${spec.initContainers?.length ?? 0}`
  }
  return undefined
}

function mainReason({ status }: Pod, initial: string, count: Counts): string {
  let reason = initial
  let running = false
  count.onlyLasting()
  for (const container of [...(status.containerStatuses ?? [])].reverse()) {
    const { state, ready } = container
    count.add(container, true)
    if (state.waiting?.reason) reason = state.waiting.reason
    else if (state.terminated) {
      const { reason: why, signal, exitCode } = state.terminated
      reason = why || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`)
    } else if (ready && state.running) {
      running = true
      count.ready++
    }
  }
  if (reason === 'Completed' && running) {
    const isReady = status.conditions?.some(c => c.type === 'Ready' && c.status === 'True')
    return isReady ? 'Running' : 'NotReady'
  }
  return reason
}

const gates = ({ spec, status }: Pod): string => {
  const all = spec.readinessGates ?? []
  if (all.length === 0) return '<none>'
  const met = all.filter(gate => status.conditions?.some(c => c.type === gate.conditionType && c.status === 'True')).length
  return `${met}/${all.length}`
}

export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  text('Ready', 'Containers ready of all.', (p, now) => podSummary(p, now).ready),
  text('Status', 'Where it is in its life.', (p, now) => podSummary(p, now).status),
  text('Restarts', 'How often containers were restarted, and when last.', (p, now) => podSummary(p, now).restarts),
  ageColumn,
  text('IP', 'Its address.', p => p.status.podIPs?.[0]?.ip || p.status.podIP || '<none>', 1),
  text('Node', 'Where it runs.', p => p.spec.nodeName || '<none>', 1),
  text('Nominated Node', 'Where it may run once there is room.', p => p.status.nominatedNodeName || '<none>', 1),
  text('Readiness Gates', 'Extra conditions met of all.', gates, 1),
]
