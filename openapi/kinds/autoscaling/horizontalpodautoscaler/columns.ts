// How autoscalers are listed: each metric as present value and target.
import { ageColumn, nameColumn, text } from '../../../columns.ts'
import type { HorizontalPodAutoscaler, Metric, MetricStatus } from './horizontalpodautoscaler.ts'

const shownMetrics = 2
const unknown = '<unknown>'

interface Values {
  averageValue?: string
  averageUtilization?: number
  value?: string
}

/** Present value and target of whole values or averages; resources are told by name and in percent if they can. */
function shown(metric: Metric, status: MetricStatus | undefined): string {
  const of = { External: 'external', Pods: 'pods', Object: 'object', Resource: 'resource', ContainerResource: 'containerResource' } as const
  const source = of[metric.type as keyof typeof of]
  if (!source) return '<unknown type>'
  const target: Values = metric[source]?.target ?? {}
  const current: Values | undefined = status?.[source]?.current
  if (source === 'pods') return `${current?.averageValue ?? unknown}/${target.averageValue}`
  if (source === 'object' || source === 'external')
    return target.averageValue === undefined
      ? `${current?.value ?? unknown}/${target.value}`
      : `${current?.averageValue ?? unknown}/${target.averageValue} (avg)`
  const name = metric[source]?.name
  if (target.averageValue !== undefined) return `${name}: ${current?.averageValue ?? unknown}/${target.averageValue}`
  const percent = current?.averageUtilization === undefined ? unknown : `${current.averageUtilization}%`
  return `${name}: ${percent}/${target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`}`
}

function targets({ spec, status }: HorizontalPodAutoscaler): string {
  const metrics = spec.metrics ?? []
  if (metrics.length === 0) return '<none>'
  const first = metrics.slice(0, shownMetrics).map((metric, index) => shown(metric, status.currentMetrics?.[index]))
  const more = metrics.length - first.length
  return `${first.join(', ')}${more > 0 ? ` + ${more} more...` : ''}`
}

export const autoscalerColumns = [
  nameColumn,
  text<HorizontalPodAutoscaler>('Reference', 'What it scales.', a => `${a.spec.scaleTargetRef.kind}/${a.spec.scaleTargetRef.name}`),
  text<HorizontalPodAutoscaler>('Targets', 'Present value and target of its metrics.', targets),
  text<HorizontalPodAutoscaler>('MinPods', 'The smallest size.', a => String(a.spec.minReplicas ?? '<unset>')),
  text<HorizontalPodAutoscaler>('MaxPods', 'The largest size.', a => a.spec.maxReplicas),
  text<HorizontalPodAutoscaler>('Replicas', 'The size when last looked at.', a => a.status.currentReplicas ?? 0),
  ageColumn,
]
