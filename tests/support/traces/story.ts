// Our writes, told as the recordings tell theirs.
import type { KubeObject } from '../../../openapi/kind.ts'
import { deepEqual } from '../../../openapi/values/equal.ts'
import { Aliases, aliased } from './aliases.ts'
import { milestonesOf, project } from './project.ts'
import type { Replayed, Write } from './replay.ts'
import type { Json, Trace, TracedEvent } from './trace.ts'

const shownKinds = new Set(
  [
    'Pod Deployment ReplicaSet DaemonSet StatefulSet ControllerRevision ReplicationController ConfigMap Secret Service Endpoints EndpointSlice',
    'Namespace ServiceAccount PersistentVolumeClaim PersistentVolume Node Job CronJob HorizontalPodAutoscaler PodDisruptionBudget ResourceQuota LimitRange',
  ].flatMap(line => line.split(' ')),
)

export type State = Record<string, unknown>

/** What happened, as the recordings tell it. */
export interface Story {
  milestones: string[]
  events: TracedEvent[]
  /** By object. */
  states: Record<string, State[][]>
  finalObjects: Json[]
}

export function tell({ writes }: Replayed, trace: Trace): { story: Story; aliases: Aliases } {
  const withNodes = trace.trace.some(({ obj }) => obj.startsWith('Node/'))
  const shown = writes.filter(
    ({ object: { kind, metadata } }) =>
      shownKinds.has(kind) &&
      [undefined, trace.namespace].includes(metadata.namespace) &&
      (kind !== 'Node' || withNodes) &&
      (kind !== 'Namespace' || metadata.name === trace.namespace),
  )
  const aliases = new Aliases()
  for (const { object } of shown) aliases.see(object)
  return {
    story: {
      milestones: storyOf(shown, aliases),
      events: eventsOf(writes, trace, aliases),
      states: Object.fromEntries(statesOf(shown, aliases)),
      finalObjects: finalOf(shown).map(object => aliased(bare(object), aliases)),
    },
    aliases,
  }
}

const nameOf = (object: KubeObject, aliases: Aliases): string => aliases.in(`${object.kind}/${object.metadata.name}`)

function storyOf(writes: readonly Write[], aliases: Aliases): string[] {
  const current = new Map<string, State>()
  return writes.flatMap(({ type, object }) => {
    const name = nameOf(object, aliases)
    const before = current.get(name)
    const after = type === 'DELETED' ? undefined : project(object)
    if (after) current.set(name, after)
    else current.delete(name)
    const told = milestonesOf(name, before, after)
    // Of a deleted pod our kubelet tells that the containers have stopped; the recordings' did not.
    return before?.deleting === undefined ? told : told.filter(line => !line.startsWith('unready '))
  })
}

function statesOf(writes: readonly Write[], aliases: Aliases): Map<string, State[][]> {
  const all = new Map<string, State[][]>()
  for (const { type, object } of writes) {
    if (type === 'DELETED') continue
    const name = nameOf(object, aliases)
    const lives = all.get(name) ?? []
    all.set(name, lives)
    const state = aliased(project(object), aliases)
    if (type === 'ADDED') lives.push([state])
    else if (!deepEqual(lives.at(-1)?.at(-1), state)) lives.at(-1)?.push(state)
  }
  return all
}

function eventsOf(writes: readonly Write[], trace: Trace, aliases: Aliases): TracedEvent[] {
  return writes
    .filter(({ type, object }) => type === 'ADDED' && object.kind === 'Event')
    .map(({ object }) => object as Json)
    .filter(
      e => e.involvedObject.kind !== 'Node' && (e.metadata.namespace === trace.namespace || e.involvedObject.kind === 'PersistentVolume'),
    )
    .map(e =>
      aliased(
        {
          type: e.type,
          reason: e.reason,
          message: e.message,
          component: e.reportingComponent || e.source?.component,
          object: `${e.involvedObject.kind}/${e.involvedObject.name}`,
          ...(e.action ? { action: e.action } : {}),
        },
        aliases,
      ),
    )
}

function finalOf(writes: readonly Write[]): KubeObject[] {
  const left = new Map<string, KubeObject>()
  for (const { type, object } of writes) {
    const key = `${object.kind}/${object.metadata.name}`
    if (type === 'DELETED') left.delete(key)
    else if (object.kind !== 'Node') left.set(key, object)
  }
  return [...left.values()]
}

/** What a stand-in decides, or what no two runs share, is left out. */
export function bare(object: Json): Json {
  const { resourceVersion: _version, managedFields: _managers, uid: _uid, ...metadata } = structuredClone(object.metadata)
  // Whether it is there depends on how the controller batched.
  if (metadata.annotations) delete metadata.annotations['endpoints.kubernetes.io/last-change-trigger-time']
  if (Object.keys(metadata.annotations ?? {}).length === 0) delete metadata.annotations
  const { kind, spec, status } = object
  const kept = { ...object, metadata }
  if (kind === 'EndpointSlice') return { ...kept, metadata: { ...metadata, generation: undefined }, endpoints: byAddress(object.endpoints) }
  if (kind === 'Endpoints') return { ...kept, subsets: object.subsets?.map(sortedSubset) }
  if (kind === 'Service') return { ...kept, spec: { ...spec, ports: spec.ports?.map(withoutNodePort) } }
  if (kind === 'Pod') return { ...kept, status: undefined }
  if (kind === 'PersistentVolume') {
    const { resourceVersion: _claimVersion, ...claimRef } = spec.claimRef ?? {}
    return { ...kept, spec: { ...spec, ...(spec.claimRef ? { claimRef } : {}), csi: spec.csi && { driver: spec.csi.driver } } }
  }
  if (kind === 'ConfigMap' && metadata.name === 'kube-root-ca.crt') return { ...kept, data: undefined }
  return { ...kept, status }
}

const ofPod = ({ targetRef, addresses, ip }: Json): string => targetRef?.name ?? ip ?? addresses[0]
/** Addresses are by chance, and with them their order. */
const byAddress = (list: readonly Json[] | undefined): readonly Json[] | undefined =>
  list &&
  [...list]
    .sort((a, b) => (ofPod(a) < ofPod(b) ? -1 : 1))
    .map(({ ip, addresses, ...rest }) => (rest.targetRef ? rest : { ip, addresses, ...rest }))
const sortedSubset = (subset: Json): Json => ({
  ...subset,
  addresses: byAddress(subset.addresses),
  notReadyAddresses: byAddress(subset.notReadyAddresses),
})
const withoutNodePort = ({ nodePort, ...port }: Json): Json => ({ ...port, nodePort: nodePort && true })
