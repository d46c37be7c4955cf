// endpoints.kubernetes.io/last-change-trigger-time: when that happened which an object of endpoints shows for the first time. Pure.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { Service } from '../../openapi/kinds/core/service/index.ts'

const annotation = 'endpoints.kubernetes.io/last-change-trigger-time'

type Annotations = Readonly<Record<string, string>> | undefined

/**
 * The annotations of what is written now. `before`: those it has, which say what it has shown already; undefined for a new object, which
 * shows the service for the first time. The earliest news counts; without any the annotation goes.
 */
export function withTriggerTime(before: Annotations | 'new', service: Service, pods: readonly Pod[]): Record<string, string> | undefined {
  const shown = before === 'new' ? undefined : before?.[annotation]
  const times = pods.flatMap(({ status }) => status.conditions?.find(c => c.type === 'Ready')?.lastTransitionTime ?? [])
  const news = (before === 'new' ? [service.metadata.creationTimestamp, ...times] : times.filter(time => !shown || time > shown)).sort()
  const { [annotation]: _old, ...others } = before === 'new' ? {} : (before ?? {})
  const next = news[0] ? { ...others, [annotation]: news[0] } : others
  return Object.keys(next).length > 0 ? next : undefined
}
