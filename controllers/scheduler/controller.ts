// default-scheduler: pods without a node get one, after their volumes; those that fit nowhere are told why and tried again when things change.

import type { Kind } from '../../openapi/kind.ts'
import { type Node, node as nodeKind } from '../../openapi/kinds/core/node.ts'
import { persistentVolume } from '../../openapi/kinds/core/persistentvolume.ts'
import { persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { storageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Caches, Context, Controller, ObjectKey } from '../runtime/controller.ts'
import { keyOf } from '../runtime/owners.ts'
import { isFinished } from '../runtime/pods.ts'
import { volumeFor } from '../runtime/volumes.ts'
import { schedule } from './plan.ts'
import { Snapshot } from './snapshot.ts'
import { selectedNode, staticVolume, type VolumeFacts, type VolumeNeeds } from './volumes.ts'

const name = 'default-scheduler'
const wants = (pod: Pod): boolean =>
  !pod.spec.nodeName &&
  !pod.metadata.deletionTimestamp &&
  !isFinished(pod) &&
  pod.spec.schedulerName === name &&
  !(pod.spec.schedulingGates ?? []).length

/** One key: pods are placed one after another, so that each sees the last. */
const theQueue: ObjectKey = { name: 'pods' }

export function schedulerController(): Controller {
  /** Placed by us, not yet seen by the cache. */
  const assumed = new Map<string, string>()
  return {
    name,
    watches: [
      { kind: podKind as unknown as Kind, keys: object => (wants(object as Pod) || frees(object as Pod) ? [theQueue] : []) },
      { kind: nodeKind as unknown as Kind, keys: (_node, caches) => pendingKeys(caches) },
      { kind: persistentVolumeClaim as unknown as Kind, keys: (_claim, caches) => pendingKeys(caches) },
      { kind: persistentVolume as unknown as Kind, keys: (_volume, caches) => pendingKeys(caches) },
      { kind: storageClass as unknown as Kind, keys: (_class, caches) => pendingKeys(caches) },
    ],
    async reconcile(_key, context) {
      const pending = context
        .informer(podKind)
        .list()
        .filter(pod => wants(pod) && !assumed.has(pod.metadata.uid))
      for (const pod of pending.sort(byPriority)) await place(pod, assumed, context)
      for (const uid of assumed.keys())
        if (
          !context
            .informer(podKind)
            .list()
            .some(p => p.metadata.uid === uid && !p.spec.nodeName)
        )
          assumed.delete(uid)
    },
  }
}

const pendingKeys = (caches: Caches): ObjectKey[] => (caches.informer(podKind).list().some(wants) ? [theQueue] : [])
/** Its going may make room. */
const frees = (pod: Pod): boolean => Boolean(pod.spec.nodeName) && (isFinished(pod) || pod.metadata.deletionTimestamp !== undefined)

const byPriority = (a: Pod, b: Pod): number =>
  (b.spec.priority ?? 0) - (a.spec.priority ?? 0) ||
  (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : a.metadata.creationTimestamp > b.metadata.creationTimestamp ? 1 : 0)

async function place(pod: Pod, assumed: Map<string, string>, context: Context): Promise<void> {
  const { informer } = context
  const placed = informer(podKind)
    .list()
    .flatMap(p => {
      const node = p.spec.nodeName || assumed.get(p.metadata.uid)
      return node && !isFinished(p) ? [p.spec.nodeName ? p : ({ ...p, spec: { ...p.spec, nodeName: node } } as Pod)] : []
    })
  const facts = volumeFacts(pod, context)
  const decision = schedule(pod, new Snapshot(informer(nodeKind).list() as readonly Node[], placed), facts)
  try {
    if ('problem' in decision) await refuse(pod, decision.problem, context)
    else if (decision.needs.waiting.length > 0) await claimNode(pod, decision, facts, context)
    else await bind(pod, decision.node, assumed, context)
  } catch (error) {
    // Gone or changed meanwhile: its next event brings it back.
    if (!['Conflict', 'NotFound'].includes((error as { reason?: string }).reason ?? '')) throw error
  }
}

function volumeFacts(pod: Pod, { informer }: Context): VolumeFacts {
  const namespace = pod.metadata.namespace ?? ''
  return {
    claim: claim => informer(persistentVolumeClaim).get({ namespace, name: claim }),
    volume: volume => informer(persistentVolume).get({ name: volume }),
    volumes: () => informer(persistentVolume).list(),
    class: found => informer(storageClass).get({ name: found }),
  }
}

async function bind(pod: Pod, node: string, assumed: Map<string, string>, { client, event }: Context): Promise<void> {
  const { namespace, name: podName, uid } = pod.metadata
  assumed.set(uid, node)
  try {
    await client.createSubresource(podKind, keyOf(pod), 'binding', {
      metadata: { namespace, name: podName, uid },
      target: { kind: 'Node', name: node },
    })
  } catch (error) {
    assumed.delete(uid)
    throw error
  }
  event(pod, {
    type: 'Normal',
    reason: 'Scheduled',
    action: 'Binding',
    message: `Successfully assigned ${namespace}/${podName} to ${node}`,
  })
}

/** Volumes that are there are given to the claims; other claims learn the node. The pod waits for them with the node nominated. */
async function claimNode(
  pod: Pod,
  { node, needs }: { node: string; needs: VolumeNeeds },
  facts: VolumeFacts,
  { client, informer }: Context,
): Promise<void> {
  const place = informer(nodeKind).get({ name: node })
  if (pod.status.nominatedNodeName !== node) await client.patch(podKind, keyOf(pod), { status: { nominatedNodeName: node } }, 'status')
  for (const claim of needs.waiting) {
    const volume = place && staticVolume(claim, place, facts)
    const given = volume && volumeFor(volume, claim)
    if (given && given !== volume) await client.update(persistentVolume, given)
    if (!volume && claim.metadata.annotations?.[selectedNode] !== node)
      await client.patch(persistentVolumeClaim, keyOf(claim), { metadata: { annotations: { [selectedNode]: node } } })
  }
}

async function refuse(pod: Pod, message: string, { client, clock, event }: Context): Promise<void> {
  const known = pod.status.conditions?.find(c => c.type === 'PodScheduled')
  if (known?.message === message) return
  const condition = {
    type: 'PodScheduled',
    status: 'False' as const,
    reason: 'Unschedulable',
    message,
    lastProbeTime: null as never,
    lastTransitionTime: (known?.status === 'False' ? known.lastTransitionTime : printTime(clock.now())) as never,
    observedGeneration: pod.metadata.generation,
  }
  const others = (pod.status.conditions ?? []).filter(c => c.type !== 'PodScheduled')
  await client.updateStatus(podKind, { ...pod, status: { ...pod.status, conditions: [...others, condition] } } as Pod)
  event(pod, { type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', message })
}
