// default-scheduler: pods without a node get one, after their volumes; those that fit nowhere are told why and tried again when things change.

import type { Kind } from '../../openapi/kind.ts'
import { type Node, node as nodeKind } from '../../openapi/kinds/core/node/index.ts'
import { persistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import { persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { podDisruptionBudget } from '../../openapi/kinds/policy/poddisruptionbudget.ts'
import { resourceClaim } from '../../openapi/kinds/resource.k8s.io/resourceclaim.ts'
import { storageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Caches, Context, Controller, Index, ObjectKey } from '../runtime/controller.ts'
import { isReason } from '../runtime/errors.ts'
import { keyOf } from '../runtime/owners.ts'
import { isFinished, withDisruption } from '../runtime/pods.ts'
import { annotations, volumeFor } from '../runtime/volumes.ts'
import { type DeviceNeeds, deviceNeeds, reservations } from './devices.ts'
import { schedule } from './plan.ts'
import { type Candidate, leaving, preempted, withHoping } from './preemption.ts'
import { emptyMemory, type Memory, priorityOf, Snapshot } from './snapshot.ts'
import { staticVolume, type VolumeFacts, type VolumeNeeds } from './volumes.ts'

const name = 'default-scheduler'
const wants = (pod: Pod): boolean =>
  !pod.spec.nodeName &&
  !pod.metadata.deletionTimestamp &&
  !isFinished(pod) &&
  pod.spec.schedulerName === name &&
  !(pod.spec.schedulingGates ?? []).length

/** Pods that want a node, all under one value; and those that have one, by its name. */
const unplaced: Index<Pod> = pod => (wants(pod) ? '' : undefined)
/** Those that wait for room on a node, by its name. */
const nominated: Index<Pod> = pod => (wants(pod) && pod.status.nominatedNodeName) || undefined
const placed: Index<Pod> = pod => (pod.spec.nodeName && !isFinished(pod) ? pod.spec.nodeName : undefined)

/** One key: pods are placed one after another, so that each sees the last. */
const theQueue: ObjectKey = { name: 'pods' }

export function schedulerController(): Controller {
  const assumed = new Assumed()
  const memory = emptyMemory()
  return {
    name,
    watches: [
      { kind: podKind as unknown as Kind, keys: object => (wants(object as Pod) || frees(object as Pod) ? [theQueue] : []) },
      { kind: nodeKind as unknown as Kind, keys: (_node, caches) => pendingKeys(caches) },
      { kind: persistentVolumeClaim as unknown as Kind, keys: (_claim, caches) => pendingKeys(caches) },
      { kind: persistentVolume as unknown as Kind, keys: (_volume, caches) => pendingKeys(caches) },
      { kind: storageClass as unknown as Kind, keys: (_class, caches) => pendingKeys(caches) },
      // Looked at, but no reason to try again.
      { kind: podDisruptionBudget as unknown as Kind, keys: () => [] },
      { kind: resourceClaim as unknown as Kind, keys: (_claim, caches) => pendingKeys(caches) },
    ],
    async reconcile(_key, context) {
      const waiting = context.informer(podKind).by(unplaced, '')
      assumed.keepOnly(new Set(waiting.map(pod => pod.metadata.uid)))
      for (const pod of waiting.filter(p => !assumed.has(p)).sort(byPriority)) {
        // Who made room for itself is to be seen by the others: its change brings the queue back.
        if ((await place(pod, { assumed, memory }, context)) === 'made room') return
      }
    },
  }
}

/** Pods placed by us that the cache still shows without a node. */
class Assumed {
  readonly #byNode = new Map<string, Map<string, Pod>>()

  has(pod: Pod): boolean {
    for (const pods of this.#byNode.values()) if (pods.has(pod.metadata.uid)) return true
    return false
  }

  add(pod: Pod, nodeName: string): void {
    const pods = this.#byNode.get(nodeName) ?? new Map<string, Pod>()
    this.#byNode.set(nodeName, pods.set(pod.metadata.uid, { ...pod, spec: { ...pod.spec, nodeName } }))
  }

  delete(pod: Pod): void {
    for (const pods of this.#byNode.values()) pods.delete(pod.metadata.uid)
  }

  keepOnly(uids: ReadonlySet<string>): void {
    for (const pods of this.#byNode.values()) for (const uid of pods.keys()) if (!uids.has(uid)) pods.delete(uid)
  }

  /** `seen`, and those that are not among them yet. */
  together(node: string, seen: readonly Pod[]): readonly Pod[] {
    const own = this.#byNode.get(node)
    if (!own || own.size === 0) return seen
    for (const { metadata } of seen) own.delete(metadata.uid)
    return own.size > 0 ? [...seen, ...own.values()] : seen
  }
}

const pendingKeys = (caches: Caches): ObjectKey[] => (caches.informer(podKind).by(unplaced, '').length > 0 ? [theQueue] : [])
/** Its going may make room. */
const frees = (pod: Pod): boolean => Boolean(pod.spec.nodeName) && (isFinished(pod) || pod.metadata.deletionTimestamp !== undefined)

const byPriority = (a: Pod, b: Pod): number =>
  priorityOf(b) - priorityOf(a) ||
  (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : a.metadata.creationTimestamp > b.metadata.creationTimestamp ? 1 : 0)

interface Own {
  assumed: Assumed
  memory: Memory
}

async function place(pod: Pod, { assumed, memory }: Own, context: Context): Promise<'made room' | undefined> {
  const { informer } = context
  const hoping = (node: string) => informer(podKind).by(nominated, node)
  const podsOn = (node: string) => withHoping(pod, hoping(node), assumed.together(node, informer(podKind).by(placed, node)))
  const facts = volumeFacts(pod, context)
  const devices = deviceNeeds(pod, claim => informer(resourceClaim).get({ namespace: pod.metadata.namespace ?? '', name: claim }))
  if (devices.isWaiting) return undefined
  const decision = schedule(pod, new Snapshot(informer(nodeKind).list() as readonly Node[], podsOn, memory), facts, {
    devices,
    budgets: informer(podDisruptionBudget).list(),
  })
  try {
    if ('problem' in decision) {
      // Its victims are on their way out.
      if (pod.status.nominatedNodeName && leaving(pod, podsOn(pod.status.nominatedNodeName))) return undefined
      const { problem, preempt } = decision
      await refuse(pod, { message: problem, nominated: preempt?.node }, context)
      return preempt && (await makeRoom(pod, preempt, hoping(preempt.node), context)) ? 'made room' : undefined
    }
    if (decision.needs.waiting.length > 0) await claimNode(pod, decision, facts, context)
    else {
      await reserve(pod, devices, context)
      await bind(pod, decision.node, assumed, context)
    }
    return undefined
  } catch (error) {
    // Gone or changed meanwhile: its next event brings it back.
    if (!isReason(error, 'Conflict', 'NotFound')) throw error
    return undefined
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

/** The claims note who uses them before the pod goes to its node. */
async function reserve(pod: Pod, devices: DeviceNeeds, { client }: Context): Promise<void> {
  for (const claim of reservations(pod, devices)) await client.updateStatus(resourceClaim, claim)
}

async function bind(pod: Pod, node: string, assumed: Assumed, { client, event }: Context): Promise<void> {
  const { namespace, name: podName, uid } = pod.metadata
  assumed.add(pod, node)
  try {
    await client.createSubresource(podKind, keyOf(pod), 'binding', {
      metadata: { namespace, name: podName, uid },
      target: { kind: 'Node', name: node },
    })
  } catch (error) {
    assumed.delete(pod)
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
    if (!volume && claim.metadata.annotations?.[annotations.selectedNode] !== node)
      await client.patch(persistentVolumeClaim, keyOf(claim), { metadata: { annotations: { [annotations.selectedNode]: node } } })
  }
}

/** The victims are told and sent away; who hoped for the place with less priority hopes no more. False: all are on their way already. */
async function makeRoom(pod: Pod, { node, victims }: Candidate, hoping: readonly Pod[], context: Context): Promise<boolean> {
  const { client, clock, event } = context
  const staying = victims.filter(victim => !victim.metadata.deletionTimestamp)
  for (const victim of staying) {
    const conditions = withDisruption(victim, preempted, clock.now())
    await client.patch(podKind, keyOf(victim), { status: { conditions } }, 'status')
    await client.delete(podKind, keyOf(victim))
    const message = `Preempted by pod ${pod.metadata.uid} on node ${node}`
    event(victim, { type: 'Normal', reason: 'Preempted', action: 'Preempting', message })
  }
  for (const other of hoping)
    if (priorityOf(other) < priorityOf(pod)) await client.patch(podKind, keyOf(other), { status: { nominatedNodeName: null } }, 'status')
  return staying.length > 0
}

interface Refusal {
  message: string
  /** Where there will be room. */
  nominated: string | undefined
}

async function refuse(pod: Pod, { message, nominated }: Refusal, { client, clock, event }: Context): Promise<void> {
  const known = pod.status.conditions?.find(c => c.type === 'PodScheduled')
  if (known?.message === message && (nominated === undefined || nominated === pod.status.nominatedNodeName)) return
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
  const status = { ...pod.status, ...(nominated === undefined ? {} : { nominatedNodeName: nominated }), conditions: [...others, condition] }
  await client.updateStatus(podKind, { ...pod, status } as Pod)
  event(pod, { type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', message })
}
