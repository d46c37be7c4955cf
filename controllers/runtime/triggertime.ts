// endpoints.kubernetes.io/last-change-trigger-time: when that happened which an object of endpoints shows for the first time. Pure.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { Service } from '../../openapi/kinds/core/service/index.ts'

const annotation = 'endpoints.kubernetes.io/last-change-trigger-time'

type Annotations = Readonly<Record<string, string>> | undefined
/** Pods by uid, and whether they are shown as ready. */
export type Shown = ReadonlyMap<string | undefined, boolean | undefined>

const readySince = ({ status }: Pod): string | undefined => status.conditions?.find(c => c.type === 'Ready')?.lastTransitionTime

/** Of a new object: it shows the service for the first time. The earliest counts. */
export function firstTriggerTime({ metadata }: Service, pods: readonly Pod[]): Record<string, string> {
  const [first = ''] = [metadata.creationTimestamp, ...pods.flatMap(pod => readySince(pod) ?? [])].sort()
  return { [annotation]: first }
}

/** The annotations of what is written now: with the earliest news among its pods, without any the annotation goes. */
export function withTriggerTime(
  annotations: Annotations,
  pods: readonly Pod[],
  { before, after }: { before: Shown; after: Shown },
): Record<string, string> | undefined {
  const isNews = ({ metadata: { uid } }: Pod) => after.has(uid) && after.get(uid) !== before.get(uid)
  const [first] = pods.flatMap(pod => (isNews(pod) ? (readySince(pod) ?? []) : [])).sort()
  const { [annotation]: _old, ...others } = annotations ?? {}
  const next = first ? { ...others, [annotation]: first } : others
  return Object.keys(next).length > 0 ? next : undefined
}
