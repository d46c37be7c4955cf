// What an autoscaler decides where no metrics are served: it keeps the size within its bounds, and says why it can do no more. Pure.
import type { HorizontalPodAutoscaler } from '../../openapi/kinds/autoscaling/horizontalpodautoscaler/index.ts'
import { printSelector } from '../../openapi/values/selector.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { EventText } from '../runtime/controller.ts'

type Status = HorizontalPodAutoscaler['status']
type Condition = NonNullable<Status['conditions']>[number]
type Metric = NonNullable<HorizontalPodAutoscaler['spec']['metrics']>[number]

/** The target's size, or why it cannot be told. */
export type Target = { replicas: number; selector: string } | { problem: string }

export interface Decision {
  status: Status
  events: readonly EventText[]
  /** The size the target is to have. */
  rescale?: { replicas: number; reason: string }
}

const warning = (reason: string, message: string): EventText => ({ type: 'Warning', reason, message })

export function plan({ metadata, spec, status }: HorizontalPodAutoscaler, target: Target, now: Date): Decision {
  const set = conditionSetter(status, now)
  if ('problem' in target) {
    const message = `the HPA controller was unable to get the target's current scale: ${target.problem}`
    set('AbleToScale', { status: 'False', reason: 'FailedGetScale', message })
    return { status: set.status(), events: [warning('FailedGetScale', target.problem)] }
  }
  const able = { status: 'True', reason: 'SucceededGetScale', message: "the HPA controller was able to get the target's current scale" }
  set('AbleToScale', able)
  const { replicas } = target
  const { minReplicas = 1, maxReplicas } = spec
  const seen = { currentReplicas: replicas }
  if (replicas === 0 && minReplicas !== 0) {
    const message = 'scaling is disabled since the replica count of the target is zero'
    set('ScalingActive', { status: 'False', reason: 'ScalingDisabled', message })
    return { status: set.status({ ...seen, desiredReplicas: 0 }), events: [] }
  }
  if (replicas > maxReplicas)
    return {
      status: set.status(seen),
      events: [],
      rescale: { replicas: maxReplicas, reason: 'Current number of replicas above Spec.MaxReplicas' },
    }
  if (replicas < minReplicas)
    return {
      status: set.status(seen),
      events: [],
      rescale: { replicas: minReplicas, reason: 'Current number of replicas below Spec.MinReplicas' },
    }
  if (target.selector === '') {
    set('ScalingActive', { status: 'False', reason: 'InvalidSelector', message: "the HPA target's scale is missing a selector" })
    return { status: set.status(seen), events: [warning('SelectorRequired', 'selector is required'), failed('selector is required')] }
  }
  const metrics = spec.metrics ?? []
  const problems = metrics.map(metric => missing(metric, metadata.namespace ?? ''))
  const [first] = problems
  if (first)
    set('ScalingActive', {
      status: 'False',
      reason: first.reason,
      message: `the HPA was unable to compute the replica count: ${first.text}`,
    })
  const count = problems.length
  const events = [
    ...problems.map(({ reason, text }) => warning(reason, text)),
    failed(`invalid metrics (${count} invalid out of ${count}), first error is: failed to get ${first?.what} metric value: ${first?.text}`),
  ]
  // Of a metric that could not be read nothing is known, not even its type.
  const currentMetrics = metrics.map(() => ({ type: '' }))
  return { status: set.status({ ...seen, currentMetrics }), events }
}

const failed = (text: string): EventText => warning('FailedComputeMetricsReplicas', text)

interface Missing {
  reason: string
  what: string
  text: string
}

/** What a cluster without metrics APIs answers to each sort of metric. */
function missing({ resource, containerResource, pods, object, external }: Metric, namespace: string): Missing {
  const noApi = (resourceName: string) => `the server could not find the requested resource (get ${resourceName})`
  const custom = 'unable to fetch metrics from custom metrics API: no known available metric versions found'
  const source = resource ?? containerResource
  if (source) {
    const { name, target } = source
    const api = `unable to fetch metrics from resource metrics API: ${noApi('pods.metrics.k8s.io')}`
    const text = `failed to get ${name} ${target.averageValue === undefined ? 'utilization' : 'usage'}: unable to get metrics for resource ${name}: ${api}`
    return resource
      ? { reason: 'FailedGetResourceMetric', what: `${name} resource`, text }
      : { reason: 'FailedGetContainerResourceMetric', what: `${name} container`, text }
  }
  if (pods) return { reason: 'FailedGetPodsMetric', what: 'pods', text: `unable to get metric ${pods.metric.name}: ${custom}` }
  if (object) {
    const { kind, name } = object.describedObject
    return {
      reason: 'FailedGetObjectMetric',
      what: 'object',
      text: `unable to get metric ${object.metric.name}: ${kind} on ${namespace} ${name}/${custom}`,
    }
  }
  const { name = '', selector = undefined } = external?.metric ?? {}
  const shown = selector ? `&LabelSelector{${printSelector(selector)}}` : 'nil'
  const api = `unable to fetch metrics from external metrics API: ${noApi(`${name}.external.metrics.k8s.io`)}`
  return {
    reason: 'FailedGetExternalMetric',
    what: `${name} external`,
    text: `unable to get external metric ${namespace}/${name}/${shown}: ${api}`,
  }
}

/** The decision after the target took its new size, or did not. */
export function rescaled(
  { status: before }: HorizontalPodAutoscaler,
  decision: Decision,
  problem: string | undefined,
  now: Date,
): Decision {
  const { replicas = 0, reason = '' } = decision.rescale ?? {}
  const set = conditionSetter({ ...before, ...decision.status }, now)
  if (problem !== undefined) {
    const message = `the HPA controller was unable to update the target scale: ${problem}`
    set('AbleToScale', { status: 'False', reason: 'FailedUpdateScale', message })
    return { status: set.status(), events: [warning('FailedRescale', `New size: ${replicas}; reason: ${reason}; error: ${problem}`)] }
  }
  const message = `the HPA controller was able to update the target scale to ${replicas}`
  set('AbleToScale', { status: 'True', reason: 'SucceededRescale', message })
  return {
    status: set.status({ desiredReplicas: replicas, lastScaleTime: printTime(now) }),
    events: [{ type: 'Normal', reason: 'SuccessfulRescale', message: `New size: ${replicas}; reason: ${reason}` }],
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
    status: (more: Partial<Status> = {}): Status => ({ ...status, ...more, ...(conditions.length > 0 ? { conditions } : {}) }),
  })
}
