// The projection in which traces show objects, the states a list of changes goes through, and the milestones of a story.
import type { KubeObject } from '../../../openapi/kind.ts'
import type { Change, Json } from './trace.ts'

type Fields = Record<string, unknown>
const map = (value: Fields | undefined): Fields | undefined => (value && Object.keys(value).length > 0 ? value : undefined)

/** Without what is undefined. */
const defined = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

export function project(object: KubeObject): Fields {
  const { metadata, kind } = object
  const { deletionTimestamp, deletionGracePeriodSeconds, ownerReferences, annotations, labels, finalizers, generation } = metadata
  const { 'endpoints.kubernetes.io/last-change-trigger-time': _changed, ...shown } = annotations ?? {}
  return defined({
    generation,
    owners: ownerReferences?.map(o => `${o.kind}/${o.name}${o.controller ? ' controller' : ''}${o.blockOwnerDeletion ? ' block' : ''}`),
    finalizers: finalizers?.length ? finalizers : undefined,
    deleting: deletionTimestamp ? (deletionGracePeriodSeconds ?? true) : undefined,
    labels: map(labels),
    annotations: map(shown),
    ...(special[kind] ?? workload)(object),
  })
}

const special: Readonly<Record<string, (object: Json) => Fields>> = {
  Pod: pod,
  Job: ({ spec, status }) => ({
    'spec.suspend': spec.suspend,
    'spec.parallelism': spec.parallelism,
    'spec.completions': spec.completions,
    status: withoutTimes(status),
  }),
  CronJob: ({ spec, status }) => ({ 'spec.suspend': spec.suspend, status: withoutVersions(status) }),
  HorizontalPodAutoscaler: ({ status: { currentMetrics, ...status } }) => ({
    status: withoutTimes(currentMetrics ? { ...status, currentMetrics } : status),
  }),
  PodDisruptionBudget: ({ status }) => ({
    status: status.conditions ? { ...status, conditions: conditions(status.conditions) } : status,
  }),
  Service: ({ spec, status }) => ({ clusterIP: spec.clusterIP, type: spec.type, status }),
  ConfigMap: ({ data }) => ({ dataKeys: Object.keys(data ?? {}).sort() }),
  Secret: ({ type, data }) => ({ type, dataKeys: Object.keys(data ?? {}).sort() }),
  ServiceAccount: () => ({ status: {} }),
  LimitRange: () => ({ status: {} }),
  ResourceQuota: ({ status }) => ({ status }),
  ReplicaSet: ({ status, ...object }) =>
    workload({ ...object, status: { ...status, ...(status.conditions ? { conditions: conditions(status.conditions) } : {}) } }),
  ReplicationController: object => ({ ...workload(object), images: undefined }),
  ControllerRevision: ({ revision }) => ({ revision }),
  Endpoints: ({ subsets }) => ({ subsets: (subsets ?? []).map(subset) }),
  EndpointSlice: ({ endpoints, ports }) => ({
    endpoints: (endpoints ?? []).map(endpoint).sort(),
    ports: ports?.length ? ports : undefined,
  }),
  Node: ({ spec, status }) => ({
    conditions: conditions(status.conditions),
    taints: (spec.taints ?? []).map((t: Json) => `${t.key}:${t.effect}`),
    unschedulable: spec.unschedulable,
  }),
  PersistentVolumeClaim: ({ spec, status }) => ({
    request: spec.resources.requests?.storage,
    class: spec.storageClassName,
    volumeName: spec.volumeName,
    status: withoutTimes(status),
  }),
  PersistentVolume: ({ spec, status }) => ({
    capacity: spec.capacity?.storage,
    reclaim: spec.persistentVolumeReclaimPolicy,
    class: spec.storageClassName,
    claimRef: spec.claimRef && `${spec.claimRef.name}${spec.claimRef.uid ? ' uid' : ''}`,
    status: withoutTimes(status),
  }),
}

const workload = ({ spec = {}, status = {} }: Json): Fields => ({
  'spec.replicas': spec.replicas,
  'spec.paused': spec.paused,
  images: spec.template?.spec.containers.map((c: Json) => c.image),
  status: withoutTimes(status),
})

function pod({ spec, status }: Json): Fields {
  return {
    phase: status.phase,
    reason: status.reason,
    node: spec.nodeName,
    nominated: status.nominatedNodeName ? true : undefined,
    schedulingGates: spec.schedulingGates?.length ? spec.schedulingGates : undefined,
    hostname: spec.hostname,
    subdomain: spec.subdomain,
    images: spec.containers.map((c: Json) => c.image),
    claims: listed((spec.volumes ?? []).flatMap((v: Json) => v.persistentVolumeClaim?.claimName ?? [])),
    conditions: map(conditions(status.conditions)),
    containerStatuses: map(containers(status.containerStatuses)),
    initContainerStatuses: map(containers(status.initContainerStatuses)),
    observedGeneration: status.observedGeneration,
  }
}

const listed = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined)

const conditions = (list: readonly Json[] | undefined): Fields =>
  Object.fromEntries((list ?? []).map(c => [c.type, `${c.status}${c.reason ? `/${c.reason}` : ''}`]))

const containers = (list: readonly Json[] | undefined): Fields =>
  Object.fromEntries(
    (list ?? []).map(({ name, state, ready, restartCount }) => {
      const { waiting, terminated } = state
      const shown = waiting
        ? `waiting:${waiting.reason}`
        : terminated
          ? `terminated:${terminated.reason}(${terminated.exitCode})`
          : 'running'
      return [name, `${shown}${ready ? ' ready' : ''}${restartCount ? ` restarts=${restartCount}` : ''}`]
    }),
  )

const names = (addresses: readonly Json[] | undefined): string[] =>
  (addresses ?? []).map(a => `${a.targetRef?.name ?? a.ip}${a.hostname ? ` hostname=${a.hostname}` : ''}`).sort()

const subset = ({ addresses, notReadyAddresses, ports }: Json): Fields => ({
  addresses: names(addresses),
  notReady: names(notReadyAddresses?.map(({ hostname: _, ...a }: Json) => a)),
  ports: ports ?? null,
})

const shown = (value: boolean | undefined): string => (value === undefined ? 'None' : value ? 'True' : 'False')
const endpoint = ({ addresses, conditions: { ready, serving, terminating } = {} as Json, hostname, targetRef }: Json): string =>
  `${targetRef?.name ?? addresses[0]}${hostname ? ` hostname=${hostname}` : ''} ready=${shown(ready)} serving=${shown(serving)} terminating=${shown(terminating)}`

/** The versions of the Jobs a CronJob names differ from run to run. */
const withoutVersions = (status: Json): Json =>
  status.active ? { ...status, active: status.active.map(({ resourceVersion: _version, ...job }: Json) => job) } : status

/** Conditions as lists stay, without the instants. */
function withoutTimes(status: Json): Json {
  if (!Array.isArray(status?.conditions)) return status
  const bare = (c: Json) => Object.fromEntries(Object.entries(c).filter(([key]) => !/Time$/.test(key)))
  return { ...status, conditions: status.conditions.map(bare) }
}

/** The states every object went through. An object made again under its name starts a new list. */
export function states(changes: readonly Change[]): Map<string, Fields[][]> {
  const lives = new Map<string, Fields[][]>()
  for (const { ev, obj, set = {}, unset = [] } of changes) {
    const known = lives.get(obj) ?? []
    lives.set(obj, known)
    if (ev === 'ADDED') known.push([{ ...set }])
    if (ev === 'MODIFIED') known.at(-1)?.push(merged(known.at(-1)?.at(-1) ?? {}, set, unset))
  }
  return lives
}

const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

function merged(state: Fields, set: Readonly<Fields>, unset: readonly string[]): Fields {
  const next = { ...state }
  for (const key of unset) delete next[key]
  for (const [key, value] of Object.entries(set)) {
    if (!isMap(value)) next[key] = value
    else {
      const { '-': gone = [], ...more } = value as Fields & { '-'?: string[] }
      const fields = { ...(isMap(next[key]) ? next[key] : {}), ...more }
      for (const name of gone) delete fields[name]
      next[key] = fields
    }
  }
  return next
}

const whole = new Set(['Pod', 'PersistentVolumeClaim', 'PersistentVolume', 'StatefulSet', 'Deployment', 'ReplicaSet', 'DaemonSet', 'Job'])
const phases = new Set(['PersistentVolumeClaim', 'PersistentVolume'])

/** What one change of an object is in the story. `before` undefined: it is new; `after` undefined: it is gone. */
export function milestonesOf(obj: string, before: Fields | undefined, after: Fields | undefined): string[] {
  const kind = obj.split('/')[0] ?? ''
  if (!whole.has(kind)) return []
  const told: string[] = []
  const tell = (word: string, was: unknown, is: unknown) => {
    if (is && !was) told.push(`${word} ${obj}`)
  }
  if (!before) told.push(`create ${obj}`)
  if (!after) return [`gone ${obj}`]
  if (phases.has(kind)) {
    const phase = (state: Json | undefined): string => state?.status?.phase ?? ''
    if (phase(after) && phase(before) !== phase(after)) told.push(`${phase(after).toLowerCase()} ${obj}`)
  }
  if (kind === 'Pod') {
    const ready = (state: Json | undefined): boolean => String(state?.conditions?.Ready).startsWith('True')
    const phase = (name: string) => (state: Json | undefined) => state?.phase === name
    tell('scheduled', before?.node, after.node)
    tell('ready', ready(before), ready(after))
    tell('unready', !ready(before), !ready(after))
    tell('failed', phase('Failed')(before), phase('Failed')(after))
    tell('succeeded', phase('Succeeded')(before), phase('Succeeded')(after))
    tell('deleting', before && 'deleting' in before, 'deleting' in after)
  }
  return told
}
