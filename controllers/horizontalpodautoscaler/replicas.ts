// How many pods one metric asks for, as upstream's replica calculator works it out. Amounts are thousandths. Pure.
import type { Metric, MetricStatus, MetricTarget } from '../../openapi/kinds/autoscaling/horizontalpodautoscaler/horizontalpodautoscaler.ts'
import { podAmounts } from '../../openapi/kinds/core/pod/amounts.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { printQuantity, type QuantityFormat, quantityToMilli } from '../../openapi/values/quantity.ts'
import { isReady } from '../runtime/pods.ts'
import type { PodMetric, Reading } from './metrics.ts'
import { printedSelector } from './selector.ts'

export interface Seen {
  namespace: string
  /** Wanted and made. */
  replicas: number
  statusReplicas: number
  /** All that the target selects. */
  pods: readonly Pod[]
  /** By how much a ratio may be off 1. */
  tolerances: { up: number; down: number }
  now: Date
}

export interface Proposal {
  replicas: number
  /** The metric, as messages call it. */
  name: string
  status: MetricStatus
}

export interface Failure {
  reason: string
  /** What its own Event and condition tell; and what a failure as a whole tells of it. */
  text: string
  told: string
}

class Problem extends Error {}

export function propose(metric: Metric, reading: Reading, seen: Seen): Proposal | Failure {
  try {
    if (metric.resource) return ofResource(metric.resource, undefined, { reading, seen })
    if (metric.containerResource) return ofResource(metric.containerResource, metric.containerResource.container, { reading, seen })
    if (metric.pods) return ofPods(metric.pods, { reading, seen })
    if (metric.object) return ofObject(metric.object, { reading, seen })
    if (metric.external) return ofExternal(metric.external, { reading, seen })
    throw new Problem(`unknown metric source type ${JSON.stringify(metric.type)}`)
  } catch (error) {
    if (error instanceof Problem) return failureOf(metric, error.message)
    throw error
  }
}

/** Each sort of metric words its failures in its own way. */
function failureOf({ resource, containerResource, pods, object, external }: Metric, why: string): Failure {
  const failed = (reason: string, what: string, text: string, inner = text): Failure => ({
    reason,
    text,
    told: `failed to get ${what} metric value: ${inner}`,
  })
  const of = resource ?? containerResource
  if (of) {
    const text = `failed to get ${of.name} ${of.target.averageValue === undefined ? 'utilization' : 'usage'}: ${why}`
    return containerResource
      ? failed('FailedGetContainerResourceMetric', `${containerResource.container} container`, text)
      : failed('FailedGetResourceMetric', `${of.name} resource`, text)
  }
  if (pods) return failed('FailedGetPodsMetric', 'pods', why)
  if (object) {
    const inner = object.target.type === 'AverageValue' ? `failed to get ${object.metric.name} object metric: ${why}` : why
    return failed('FailedGetObjectMetric', 'object', why, inner)
  }
  const { name = '' } = external?.metric ?? {}
  const average = external?.target.averageValue !== undefined
  const inner = average ? `failed to get ${name} external metric: ${why}` : `failed to get external metric ${name}: ${why}`
  return failed('FailedGetExternalMetric', `${name} external`, why, inner)
}

interface Given {
  reading: Reading
  seen: Seen
}

const each = (reading: Reading, unread: (why: string) => string): ReadonlyMap<string, PodMetric> => {
  if ('problem' in reading) throw new Problem(unread(reading.problem))
  if ('milli' in reading) throw new Error('bug: one value for all pods')
  return reading.pods
}

const single = (reading: Reading, unread: (why: string) => string): number => {
  if ('problem' in reading) throw new Problem(unread(reading.problem))
  if ('pods' in reading) throw new Error('bug: values of pods')
  return reading.milli
}

type Resource = { name: string; target: MetricTarget }

function ofResource({ name, target }: Resource, container: string | undefined, { reading, seen }: Given): Proposal {
  const metrics = each(reading, why => `unable to get metrics for resource ${name}: ${why}`)
  const format = name === 'memory' ? 'BinarySI' : 'DecimalSI'
  const status = (current: object): MetricStatus =>
    (container === undefined
      ? { type: 'Resource', resource: { name, current } }
      : { type: 'ContainerResource', containerResource: { name, container, current } }) as MetricStatus
  if (target.averageValue !== undefined) {
    const found = byPods(metrics, () => plain(quantityToMilli(target.averageValue ?? '')), { seen, resource: name })
    return { replicas: found.replicas, name: `${name} resource`, status: status({ averageValue: printed(found.average, format) }) }
  }
  const wanted = target.averageUtilization ?? 0
  const found = byPods(metrics, () => utilization(requestsOf(seen.pods, container, name), wanted), { seen, resource: name })
  const current = { averageUtilization: found.percent ?? 0, averageValue: printed(found.average, format) }
  const what = container === undefined ? 'resource' : 'container resource'
  return { replicas: found.replicas, name: `${name} ${what} utilization (percentage of request)`, status: status(current) }
}

function ofPods({ metric, target }: NonNullable<Metric['pods']>, { reading, seen }: Given): Proposal {
  const metrics = each(reading, why => `unable to get metric ${metric.name}: ${why}`)
  const { replicas, average } = byPods(metrics, () => plain(quantityToMilli(target.averageValue ?? '0')), { seen, resource: '' })
  const status = { type: 'Pods', pods: { metric, current: { averageValue: printed(average) } } } as MetricStatus
  return { replicas, name: `pods metric ${metric.name}`, status }
}

function ofObject({ metric, target, describedObject }: NonNullable<Metric['object']>, { reading, seen }: Given): Proposal {
  const { kind, name } = describedObject
  const milli = single(reading, why => `unable to get metric ${metric.name}: ${kind} on ${seen.namespace} ${name}/${why}`)
  const status = (current: object) => ({ type: 'Object', object: { metric, describedObject, current } }) as MetricStatus
  if (target.type === 'AverageValue') {
    const { replicas, average } = perPod(milli, quantityToMilli(target.averageValue ?? '0'), seen)
    return {
      replicas,
      name: `external metric ${metric.name}(${printedSelector(metric.selector)})`,
      status: status({ averageValue: printed(average) }),
    }
  }
  const replicas = byRatio(milli / quantityToMilli(target.value ?? '0'), seen)
  return { replicas, name: `${kind} metric ${metric.name}`, status: status({ value: printed(milli) }) }
}

function ofExternal({ metric, target }: NonNullable<Metric['external']>, { reading, seen }: Given): Proposal {
  const shown = printedSelector(metric.selector)
  const milli = single(reading, why => `unable to get external metric ${seen.namespace}/${metric.name}/${shown}: ${why}`)
  const name = `external metric ${metric.name}(${shown})`
  const status = (current: object) => ({ type: 'External', external: { metric, current } }) as MetricStatus
  if (target.averageValue !== undefined) {
    const { replicas, average } = perPod(milli, quantityToMilli(target.averageValue), seen)
    return { replicas, name, status: status({ averageValue: printed(average) }) }
  }
  return { replicas: byRatio(milli / quantityToMilli(target.value ?? '0'), seen), name, status: status({ value: printed(milli) }) }
}

const printed = (milli: number, format: QuantityFormat = 'DecimalSI'): string => printQuantity({ nano: BigInt(milli) * 1_000_000n, format })

const mostReplicas = 2 ** 31 - 1
const whole = (replicas: number): number => Math.min(Math.ceil(replicas), mostReplicas)

const isWithin = (ratio: number, { up, down }: Seen['tolerances']): boolean => 1 - down <= ratio && ratio <= 1 + up

/** One value for all pods that are ready. */
function byRatio(ratio: number, { replicas, pods, tolerances }: Seen): number {
  if (replicas === 0) return whole(ratio)
  if (isWithin(ratio, tolerances)) return replicas
  if (pods.length === 0) throw new Problem(`unable to calculate ready pods: ${noPods}`)
  return whole(ratio * pods.filter(isReady).length)
}

/** One value that the pods there are share. */
function perPod(milli: number, target: number, { statusReplicas, tolerances }: Seen): { replicas: number; average: number } {
  const ratio = milli / (target * statusReplicas)
  const replicas = isWithin(ratio, tolerances) ? statusReplicas : whole(milli / target)
  return { replicas, average: Math.ceil(milli / Math.max(statusReplicas, 1)) }
}

const noPods = 'no pods returned by selector while calculating replica count'

interface Measured {
  /** What is used to what is wanted. */
  ratio: number
  average: number
  percent?: number
}

interface Gauge {
  measure(values: ReadonlyMap<string, number>): Measured
  /** What a pod that tells nothing is taken to use when there are too many. */
  assumed(pod: string): number
}

const plain = (target: number): Gauge => ({
  measure(values) {
    const average = Math.trunc(sum(values.values()) / values.size)
    return { ratio: average / target, average }
  },
  assumed: () => target,
})

function utilization(requests: ReadonlyMap<string, number>, target: number): Gauge {
  return {
    measure(values) {
      const known = [...values].filter(([pod]) => requests.has(pod))
      const used = sum(known.map(([, milli]) => milli))
      const requested = sum(known.map(([pod]) => requests.get(pod) ?? 0))
      if (requested === 0) throw new Problem('no metrics returned matched known pods')
      const percent = Math.trunc((used * 100) / requested)
      return { ratio: percent / target, average: Math.trunc(used / known.length), percent }
    },
    assumed: pod => Math.trunc(((requests.get(pod) ?? 0) * Math.max(100, target)) / 100),
  }
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((all, each) => all + each, 0)

interface Counting {
  seen: Seen
  /** '' for metrics that are no resource's. */
  resource: string
}

function byPods(
  metrics: ReadonlyMap<string, PodMetric>,
  gaugeOf: () => Gauge,
  { seen, resource }: Counting,
): Measured & { replicas: number } {
  const { pods, replicas, tolerances, now } = seen
  if (pods.length === 0) throw new Problem(noPods)
  const { ready, unready, missing, ignored } = grouped(pods, metrics, { resource, now: now.getTime() })
  const left = [...metrics].filter(([pod]) => !ignored.includes(pod) && !unready.includes(pod))
  const values = new Map(left.map(([pod, { milli }]) => [pod, milli]))
  if (values.size === 0) throw new Problem('did not receive metrics for targeted pods (pods might be unready)')
  const gauge = gaugeOf()
  const first = gauge.measure(values)
  const up = first.ratio > 1
  const withUnready = unready.length > 0 && up
  if (!withUnready && missing.length === 0)
    return { ...first, replicas: isWithin(first.ratio, tolerances) ? replicas : whole(first.ratio * ready) }
  if (first.ratio !== 1) for (const pod of missing) values.set(pod, up ? 0 : gauge.assumed(pod))
  if (withUnready) for (const pod of unready) values.set(pod, 0)
  const { ratio } = gauge.measure(values)
  const turned = (first.ratio < 1 && ratio > 1) || (up && ratio < 1)
  const proposed = whole(ratio * values.size)
  const backwards = (ratio < 1 && proposed > replicas) || (ratio > 1 && proposed < replicas)
  return { ...first, replicas: isWithin(ratio, tolerances) || turned || backwards ? replicas : proposed }
}

interface Grouped {
  /** How many. */
  ready: number
  /** By name. */
  unready: string[]
  missing: string[]
  ignored: string[]
}

function grouped(pods: readonly Pod[], metrics: ReadonlyMap<string, PodMetric>, when: { resource: string; now: number }): Grouped {
  const found: Grouped = { ready: 0, unready: [], missing: [], ignored: [] }
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata
    const metric = metrics.get(name)
    if (deletionTimestamp !== undefined || pod.status.phase === 'Failed') found.ignored.push(name)
    else if (pod.status.phase === 'Pending') found.unready.push(name)
    else if (!metric) found.missing.push(name)
    else if (when.resource === 'cpu' && isStarting(pod, metric, when.now)) found.unready.push(name)
    else found.ready++
  }
  return found
}

const initializationMs = 5 * 60_000
const initialDelayMs = 30_000

/** Its use of CPU says nothing yet. */
function isStarting({ status }: Pod, { at, windowMs }: PodMetric, now: number): boolean {
  const ready = status.conditions?.find(({ type }) => type === 'Ready')
  if (!ready || !status.startTime) return true
  const [started, changed] = [Date.parse(status.startTime), Date.parse(ready.lastTransitionTime ?? '')]
  const isUnready = ready.status === 'False'
  if (started + initializationMs > now) return isUnready || at < changed + windowMs
  return isUnready && started + initialDelayMs > changed
}

/** Throws Problem for a pod that asks for none. */
function requestsOf(pods: readonly Pod[], container: string | undefined, resource: string): Map<string, number> {
  return new Map(pods.map(pod => [pod.metadata.name, requestOf(pod, container, resource)]))
}

function requestOf({ metadata, spec }: Pod, container: string | undefined, resource: string): number {
  const asked = spec.resources?.requests
  if (container === undefined && asked && Object.keys(asked).length > 0) {
    const amount = podAmounts(spec, 'requests')[resource]
    if (amount === undefined) throw new Problem(`missing pod-level request for ${resource} in Pod ${metadata.name}`)
    return quantityToMilli(amount)
  }
  const all = [...spec.containers, ...(spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')]
  const counted = all.filter(({ name }) => container === undefined || name === container)
  if (counted.length === 0) throw new Problem(`container ${container} not found in Pod ${metadata.name}`)
  const milli = counted.map(({ name, resources }) => {
    const amount = resources?.requests?.[resource]
    if (amount === undefined) throw new Problem(`missing request for ${resource} in container ${name} of Pod ${metadata.name}`)
    return quantityToMilli(amount)
  })
  return sum(milli)
}
