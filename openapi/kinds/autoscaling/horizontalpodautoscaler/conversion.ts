// autoscaling/v1 knows one metric, the use of CPU. The rest of the stored object is shown there in annotations, as text, and read from them.
import type { KubeObject } from '../../../kind.ts'
import { goForm } from '../../../rules/goform.ts'
import { deepCopy } from '../../../values/copy.ts'
import { autoscalerDefaults } from './defaults.ts'
import type { HorizontalPodAutoscaler, Metric, MetricStatus } from './horizontalpodautoscaler.ts'
import { metricFromV1, metricToV1, statusFromV1, statusToV1 } from './metrics.ts'
import type { HorizontalPodAutoscalerV1 } from './v1.ts'

const prefix = 'autoscaling.alpha.kubernetes.io/'
const annotationOf = {
  metrics: `${prefix}metrics`,
  currentMetrics: `${prefix}current-metrics`,
  conditions: `${prefix}conditions`,
  behavior: `${prefix}behavior`,
} as const
type Annotations = Record<string, string>
const own: ReadonlySet<string> = new Set(Object.values(annotationOf))

type Spec = HorizontalPodAutoscaler['spec']
type Status = HorizontalPodAutoscaler['status']

const cpuPercentOf = (metric: Metric): number | undefined =>
  metric.type === 'Resource' && metric.resource?.name === 'cpu' ? metric.resource.target.averageUtilization : undefined

/** Stored form to autoscaling/v1. */
export function decode(stored: KubeObject): HorizontalPodAutoscalerV1 {
  const { metadata, spec, status } = stored as HorizontalPodAutoscaler
  const target = (spec.metrics ?? []).map(cpuPercentOf).find(percent => percent !== undefined)
  const current = (status.currentMetrics ?? []).find(m => m.type === 'Resource' && m.resource?.name === 'cpu')?.resource?.current
  const { minReplicas, maxReplicas, scaleTargetRef } = spec
  const { observedGeneration, lastScaleTime, currentReplicas = 0, desiredReplicas } = status
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: withAnnotations(metadata, shown(spec, status)),
    spec: { scaleTargetRef, minReplicas, maxReplicas, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: {
      ...(observedGeneration === undefined ? {} : { observedGeneration }),
      ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
      currentReplicas,
      desiredReplicas,
      ...(current?.averageUtilization === undefined ? {} : { currentCPUUtilizationPercentage: current.averageUtilization }),
    },
  } as HorizontalPodAutoscalerV1
}

function shown(spec: Spec, status: Status): Annotations {
  const others = (spec.metrics ?? []).filter(metric => cpuPercentOf(metric) === undefined)
  const annotations: Annotations = {}
  if (others.length > 0) annotations[annotationOf.metrics] = JSON.stringify(others.map(metricToV1))
  if (status.currentMetrics?.length) annotations[annotationOf.currentMetrics] = JSON.stringify(status.currentMetrics.map(statusToV1))
  if (status.conditions?.length) annotations[annotationOf.conditions] = JSON.stringify(status.conditions.map(inOrder))
  // Upstream prints its internal type here, by Go names.
  if (spec.behavior)
    annotations[annotationOf.behavior] = JSON.stringify(goForm('@autoscaling.v2.HorizontalPodAutoscalerBehavior', spec.behavior))
  return annotations
}

type Condition = NonNullable<Status['conditions']>[number]
const inOrder = ({ type, status, lastTransitionTime, reason, message }: Condition) => ({
  type,
  status,
  lastTransitionTime,
  reason,
  message,
})

/** autoscaling/v1 to the stored form. */
export function encode(object: HorizontalPodAutoscalerV1): HorizontalPodAutoscaler {
  const { metadata, spec, status } = object
  const annotations = metadata.annotations ?? {}
  const read = <T>(name: keyof typeof annotationOf): T | undefined => parsed<T>(annotations[annotationOf[name]])
  const metrics = (read<object[]>('metrics') ?? []).map(metricFromV1)
  const percent = spec.targetCPUUtilizationPercentage
  if (percent !== undefined)
    metrics.push({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } } })
  const behavior = lowered(read<object>('behavior')) as Spec['behavior']
  const conditions = read<Condition[]>('conditions')
  const { currentCPUUtilizationPercentage: _, ...counts } = status
  const currentMetrics: MetricStatus[] | null = read<object[]>('currentMetrics')?.map(statusFromV1) ?? null
  const { scaleTargetRef, minReplicas, maxReplicas } = spec
  const stored = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: withAnnotations(metadata, {}),
    spec: { scaleTargetRef: { ...scaleTargetRef }, minReplicas, maxReplicas, metrics, ...(behavior ? { behavior } : {}) },
    status: { ...counts, currentMetrics, ...(conditions ? { conditions } : {}) },
  } as HorizontalPodAutoscaler
  if (stored.status.currentReplicas === 0) delete stored.status.currentReplicas
  return stored
}

/** As it is stored, with what defaults add. */
export function encodeWhole(object: HorizontalPodAutoscalerV1): HorizontalPodAutoscaler {
  const stored = deepCopy(encode(object))
  autoscalerDefaults(stored)
  return stored
}

/** The annotations of this conversion go, whoever wrote them; `more` come. */
function withAnnotations(metadata: KubeObject['metadata'], more: Annotations): KubeObject['metadata'] {
  const others = Object.entries(metadata.annotations ?? {}).filter(([name]) => !own.has(name))
  const annotations = { ...Object.fromEntries(others), ...more }
  const result = { ...metadata, annotations }
  if (Object.keys(annotations).length === 0) delete (result as Partial<typeof result>).annotations
  return result
}

/** Broken text is as good as none. */
function parsed<T>(text: string | undefined): T | undefined {
  if (!text) return undefined
  try {
    return JSON.parse(text) as T
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Go names back to JSON names, without what is null. */
function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, v]) => v !== null)
  return Object.fromEntries(entries.map(([key, v]) => [key.replace(/^./, c => c.toLowerCase()), lowered(v)]))
}
