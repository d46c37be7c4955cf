// What an autoscaler decides: the size that its metrics ask for, within its bounds and not too fast; and why it can do no more. Pure.
import type {
  HorizontalPodAutoscaler,
  MetricStatus,
} from '../../openapi/kinds/autoscaling/horizontalpodautoscaler/horizontalpodautoscaler.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { ratioOf } from '../../openapi/values/quantity.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { EventText } from '../runtime/controller.ts'
import type { Reading } from './metrics.ts'
import { begun, type History, normalise, resized } from './rate.ts'
import { type Failure, type Proposal, propose, type Seen } from './replicas.ts'

type Status = HorizontalPodAutoscaler['status']
type Condition = NonNullable<Status['conditions']>[number]

export interface Size {
  /** Wanted and made. */
  replicas: number
  statusReplicas: number
  selector: string
}

/** The target's size, or why it cannot be told. */
export type Target = Size | { problem: string }

/** What decides where the size is within its bounds. */
export interface Evidence {
  /** One for each metric. */
  readings: readonly Reading[]
  /** All that the target selects. */
  pods: readonly Pod[]
}

export interface Decision {
  status: Status
  events: readonly EventText[]
  /** The size the target is to have. */
  rescale?: { replicas: number; reason: string }
  history?: History | undefined
}

const warning = (reason: string, message: string): EventText => ({ type: 'Warning', reason, message })

const isAtRest = ({ replicas }: Size, { minReplicas }: HorizontalPodAutoscaler['spec']): boolean => replicas === 0 && minReplicas !== 0

/** Whether the metrics are worth reading. */
export function needsEvidence({ spec }: HorizontalPodAutoscaler, target: Target): target is Size {
  if ('problem' in target || isAtRest(target, spec)) return false
  return target.replicas <= spec.maxReplicas && target.replicas >= (spec.minReplicas ?? 1) && target.selector !== ''
}

export interface Situation {
  target: Target
  /** undefined: it is seen for the first time. */
  history: History | undefined
  now: Date
}

/** `evidence`: when it is needed. */
export function plan(autoscaler: HorizontalPodAutoscaler, { target, history, now }: Situation, evidence?: Evidence): Decision {
  const { spec, status } = autoscaler
  const set = conditionSetter(status, now)
  if ('problem' in target) {
    const message = `the HPA controller was unable to get the target's current scale: ${target.problem}`
    set('AbleToScale', { status: 'False', reason: 'FailedGetScale', message })
    return { status: set.status(), events: [warning('FailedGetScale', target.problem)], history }
  }
  const able = { status: 'True', reason: 'SucceededGetScale', message: "the HPA controller was able to get the target's current scale" }
  set('AbleToScale', able)
  const { replicas } = target
  const { minReplicas = 1, maxReplicas } = spec
  const known = history ?? begun(replicas, now.getTime())
  const unread = { currentReplicas: replicas, currentMetrics: undefined }
  if (isAtRest(target, spec)) {
    const message = 'scaling is disabled since the replica count of the target is zero'
    set('ScalingActive', { status: 'False', reason: 'ScalingDisabled', message })
    return { status: set.status({ ...unread, desiredReplicas: 0 }), events: [], history: known }
  }
  const to = (size: number, reason: string): Decision => ({
    ...{ status: set.status(unread), events: [], history: known },
    rescale: { replicas: size, reason },
  })
  if (replicas > maxReplicas) return to(maxReplicas, 'Current number of replicas above Spec.MaxReplicas')
  if (replicas < minReplicas) return to(minReplicas, 'Current number of replicas below Spec.MinReplicas')
  if (target.selector === '') {
    set('ScalingActive', { status: 'False', reason: 'InvalidSelector', message: "the HPA target's scale is missing a selector" })
    const events = [warning('SelectorRequired', 'selector is required'), failed('selector is required')]
    return { status: set.status(unread), events, history: known }
  }
  if (!evidence) throw new Error('bug: metrics were not read')
  return byMetrics(autoscaler, { set, evidence, history: known, seen: seenBy(autoscaler, target, { now, pods: evidence.pods }) })
}

const failed = (text: string): EventText => warning('FailedComputeMetricsReplicas', text)

const usualTolerance = 0.1

function seenBy(
  { metadata, spec }: HorizontalPodAutoscaler,
  { replicas, statusReplicas }: Size,
  around: { now: Date; pods: readonly Pod[] },
): Seen {
  const { scaleUp, scaleDown } = spec.behavior ?? {}
  const tolerance = (given: string | undefined) => (given === undefined ? usualTolerance : ratioOf(given, '1'))
  const tolerances = { up: tolerance(scaleUp?.tolerance), down: tolerance(scaleDown?.tolerance) }
  return { namespace: metadata.namespace ?? '', replicas, statusReplicas, tolerances, ...around }
}

interface Computing {
  set: ReturnType<typeof conditionSetter>
  evidence: Evidence
  history: History
  seen: Seen
}

const isFailure = (found: Proposal | Failure): found is Failure => 'told' in found

function byMetrics({ spec }: HorizontalPodAutoscaler, { set, evidence, history, seen }: Computing): Decision {
  const metrics = spec.metrics ?? []
  const found = metrics.map((metric, index) => propose(metric, evidence.readings[index] as Reading, seen))
  const failures = found.filter(isFailure)
  const best = found.reduce<Proposal | undefined>(
    (most, each) => (isFailure(each) || (most && each.replicas <= most.replicas) ? most : each),
    undefined,
  )
  // Of a metric that could not be read nothing is known, not even its type.
  const currentMetrics = found.map((each): MetricStatus => (isFailure(each) ? { type: '' } : each.status))
  const told = failures.map(({ reason, text }) => warning(reason, text))
  const [first] = failures
  const { replicas } = seen
  const status = { currentReplicas: replicas, currentMetrics }
  if (!best || (first && best.replicas < replicas)) {
    const message = `the HPA was unable to compute the replica count: ${first?.text}`
    set('ScalingActive', { status: 'False', reason: first?.reason ?? '', message })
    const why = failed(`invalid metrics (${failures.length} invalid out of ${metrics.length}), first error is: ${first?.told}`)
    return { status: set.status(status), events: [...told, why], history }
  }
  const message = `the HPA was able to successfully calculate a replica count from ${best.name}`
  set('ScalingActive', { status: 'True', reason: 'ValidMetricFound', message })
  const { minReplicas: min = 1, maxReplicas: max } = spec
  const wish = { current: replicas, desired: best.replicas, min, max, now: seen.now.getTime() }
  const normalised = normalise(spec.behavior, history, wish)
  set('AbleToScale', { status: 'True', ...normalised.able })
  set('ScalingLimited', normalised.limited)
  const decided = { events: told, history: normalised.history }
  if (normalised.replicas === replicas) return { ...decided, status: set.status({ ...status, desiredReplicas: replicas }) }
  const reason = best.replicas > replicas ? `${best.name} above target` : best.replicas < replicas ? 'All metrics below target' : ''
  return { ...decided, status: set.status(status), rescale: { replicas: normalised.replicas, reason } }
}

/** The decision after the target took its new size, or did not. */
export function rescaled(
  { spec, status: before }: HorizontalPodAutoscaler,
  decision: Decision,
  problem: string | undefined,
  now: Date,
): Decision {
  const { replicas = 0, reason = '' } = decision.rescale ?? {}
  const { status, events, history } = decision
  const set = conditionSetter({ ...before, ...status }, now)
  if (problem !== undefined) {
    const message = `the HPA controller was unable to update the target scale: ${problem}`
    set('AbleToScale', { status: 'False', reason: 'FailedUpdateScale', message })
    const why = warning('FailedRescale', `New size: ${replicas}; reason: ${reason}; error: ${problem}`)
    return { status: set.status(), events: [...events, why], history }
  }
  const message = `the HPA controller was able to update the target scale to ${replicas}`
  set('AbleToScale', { status: 'True', reason: 'SucceededRescale', message })
  const change = { from: status.currentReplicas ?? 0, to: replicas, now: now.getTime() }
  return {
    status: set.status({ desiredReplicas: replicas, lastScaleTime: printTime(now) }),
    events: [...events, { type: 'Normal', reason: 'SuccessfulRescale', message: `New size: ${replicas}; reason: ${reason}` }],
    history: history && spec.behavior ? resized(history, change) : history,
  }
}

/** Sets conditions one by one; the time of each is that of its last change of status. */
function conditionSetter(status: Status, now: Date) {
  let conditions = [...(status.conditions ?? [])]
  const set = (type: string, given: { status: string; reason: string; message: string }) => {
    const before = conditions.find(c => c.type === type)
    const lastTransitionTime = before?.status === given.status ? before.lastTransitionTime : printTime(now)
    const next: Condition = { type, ...given, lastTransitionTime }
    conditions = before ? conditions.map(c => (c === before ? next : c)) : [...conditions, next]
  }
  return Object.assign(set, {
    /** What is undefined goes. */
    status(more: { [Name in keyof Status]?: Status[Name] | undefined } = {}): Status {
      const all = { ...status, ...more, ...(conditions.length > 0 ? { conditions } : {}) }
      return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as unknown as Status
    },
  })
}
