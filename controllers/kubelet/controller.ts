// All kubelets in one controller: they register their nodes, renew leases, and carry bound pods through their stages.

import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { lease } from '../../openapi/kinds/coordination.k8s.io/lease.ts'
import { node } from '../../openapi/kinds/core/node/index.ts'
import { persistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import { persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { parseDuration, printMicroTime, printTime } from '../../openapi/values/time.ts'
import type { NodeProxy } from '../../server/nodeproxy.ts'
import type { Caches, Context, Controller, ObjectKey } from '../runtime/controller.ts'
import { isReason, reasonOf } from '../runtime/errors.ts'
import { keyOf } from '../runtime/owners.ts'
import { onNode } from '../runtime/pods.ts'
import { claimsOf } from '../runtime/volumes.ts'
import { keyText } from '../runtime/workqueue.ts'
import * as init from './initcontainers.ts'
import { networkKinds } from './network.ts'
import { leaseNamespace, newLease, newNode, nodeAddress, nodeConditions, podCidr } from './objects.ts'
import { annotation, failedStatus, type Surroundings } from './podstatus.ts'
import { type Missing, missingConfig, missingVolume, referredKinds } from './references.ts'
import { createRuntime, type PodRuntime, type RuntimeOptions } from './runtime.ts'
import { type Stage, type Step, stages } from './stages.ts'
import { volumeIdentity } from './volumes.ts'

export interface KubeletOptions {
  nodes: number
  /** Milliseconds a container takes to start and to stop. */
  startMs: number
  stopMs: number
  /** What containers resolve names with. */
  dns: RuntimeOptions['dns']
}

export interface Kubelets {
  controller: Controller
  /** Answers for the nodes. */
  nodes: NodeProxy
  /** Cut off: no heartbeat, no status, no deletion, until it recovers. */
  failNode(name: string): void
  /** Its kubelet starts again, and makes the node anew if it was deleted. */
  recoverNode(name: string): Promise<void>
  /** Whether the name is one of the simulated machines. */
  has(name: string): boolean
  /** The nodes come (back) with a heartbeat of now. */
  register(): Promise<void>
  /** The pod's containers end with an error, for good. */
  failPod(pod: Pod): Promise<void>
}

const renewEveryMs = 10_000
const indexOf = (name: string): number => Number(/^node-(\d+)$/.exec(name)?.[1] ?? -1)

export function createKubelets(options: KubeletOptions): Kubelets {
  const failed = new Set<string>()
  const has = (name: string) => indexOf(name) >= 0 && indexOf(name) < options.nodes
  const runtime = createRuntime({
    dns: options.dns,
    workMs: options.startMs,
    unreachable: name => (failed.has(name) ? 'no route to host' : has(name) ? undefined : 'connection refused'),
  })
  const shared: Shared = {
    options,
    runtime,
    addresses: new PodAddresses(),
    timer: new StageTimer(),
    tenants: new Tenants(uid => runtime.stopped(uid)),
    waiting: new Waiting(),
  }
  let enqueue: (key: ObjectKey) => void = () => {}
  let context: Context | undefined
  return {
    nodes: runtime.nodes,
    has,
    failNode: name => void failed.add(name),
    async recoverNode(name) {
      failed.delete(name)
      if (context) await register(indexOf(name), context)
      for (const pod of podsOn(name, context)) enqueue(keyOf(pod))
    },
    async register() {
      failed.clear()
      for (let index = 0; index < options.nodes && context; index++) await register(index, context)
    },
    async failPod(pod) {
      if (context) await context.client.updateStatus(podKind, { ...pod, status: failedStatus(pod, surroundings(pod, shared, context)) })
    },
    controller: {
      name: 'kubelet',
      watches: [
        { kind: podKind as unknown as Kind, keys: object => ((object as Pod).spec.nodeName ? [keyOf(object)] : []) },
        { kind: persistentVolumeClaim as unknown as Kind, keys: (claim, caches) => waitingPods(claim.metadata, caches) },
        { kind: node as unknown as Kind, keys: () => [] },
        { kind: lease as unknown as Kind, keys: () => [] },
        ...networkKinds.map(kind => ({ kind, keys: () => [] })),
        ...referredKinds.map(kind => ({ kind, keys: (object: KubeObject) => shared.waiting.woken(kind, object) })),
        { kind: persistentVolume as unknown as Kind, keys: () => [volumesKey] },
      ],
      start(given, add) {
        context = given
        enqueue = add
        runtime.attach(given, add)
        return heartbeats(options, failed, given)
      },
      async reconcile(key, context) {
        if (key.namespace === undefined) return runtime.keepVolumes(context.informer(persistentVolume).list().map(volumeIdentity))
        const pod = context.informer(podKind).get(key)
        shared.tenants.see(key, pod?.metadata.uid)
        if (!pod) {
          shared.waiting.forget(key)
          return shared.addresses.release(key)
        }
        runtime.seen(pod)
        const name = pod.spec.nodeName ?? ''
        if (name === '' || failed.has(name) || !context.informer(node).get({ name })) return
        return advance(pod, shared, context)
      },
    },
  }
}

const podsOn = (name: string, context: Context | undefined): readonly Pod[] => context?.informer(podKind).by(onNode, name) ?? []

/** Not a pod: the volumes whose files are kept. */
const volumesKey: ObjectKey = { name: 'volumes' }

/** Pods that wait for this claim before they can start. */
function waitingPods({ namespace = '', name }: { namespace?: string; name: string }, caches: Caches): ObjectKey[] {
  return caches
    .informer(podKind)
    .list(namespace)
    .filter(pod => pod.spec.nodeName && !pod.status.startTime && claimsOf(pod).some(c => c.name === name))
    .map(keyOf)
}

async function advance(pod: Pod, shared: Shared, context: Context): Promise<{ requeueAfterMs?: number } | undefined> {
  // What a program was about to do at this instant comes first.
  await shared.runtime.quiet(pod)
  const around = surroundings(pod, shared, context)
  shared.waiting.see(keyOf(pod), around.missing)
  const stage = stages.find(s => s.matches(pod, around))
  if (!stage) return undefined
  const waitMs = remainingMs(stage, pod, around, { shared, context })
  if (waitMs === undefined) return undefined
  if (waitMs > 0) return { requeueAfterMs: waitMs }
  await carryOut(pod, stage.next(pod, around), shared.runtime, context)
  return undefined
}

function remainingMs(
  stage: Stage,
  pod: Pod,
  around: Surroundings,
  { shared, context }: { shared: Shared; context: Context },
): number | undefined {
  const delay = stage.delayMs(pod, around)
  if (delay === undefined) return undefined
  const since = stage.since(pod)
  // Times in a status are whole seconds: what is left is counted from the watch, never longer than the delay itself.
  const now = context.clock.now().getTime()
  const passed = since === undefined ? 0 : now - Date.parse(since)
  return delay === 0 || passed >= delay + 1000 ? 0 : shared.timer.remainingMs(pod, stage.name, delay, now)
}

/** When a pod came to a stage, to the millisecond; forgotten with the object. */
class StageTimer {
  readonly #since = new WeakMap<Pod, { stage: string; at: number }>()

  remainingMs(pod: Pod, stage: string, delay: number, now: number): number {
    const known = this.#since.get(pod)
    if (known?.stage === stage) return Math.max(0, known.at + delay - now)
    this.#since.set(pod, { stage, at: now })
    return delay
  }
}

/** Which pod has a name now: what another left behind goes, however it went. */
class Tenants {
  readonly #uids = new Map<string, string>()
  readonly #left: (uid: string) => void

  constructor(left: (uid: string) => void) {
    this.#left = left
  }

  see(key: ObjectKey, uid: string | undefined): void {
    const text = keyText(key)
    const before = this.#uids.get(text)
    if (before !== undefined && before !== uid) this.#left(before)
    if (uid === undefined) this.#uids.delete(text)
    else this.#uids.set(text, uid)
  }
}

/** Pods that wait for a ConfigMap or Secret. */
class Waiting {
  readonly #objects = new Map<string, { key: ObjectKey; object: string }>()

  see(key: ObjectKey, missing: Missing | undefined): void {
    if (missing) this.#objects.set(keyText(key), { key, object: missing.object })
    else if (this.#objects.size > 0) this.forget(key)
  }

  forget(key: ObjectKey): void {
    this.#objects.delete(keyText(key))
  }

  woken({ kind }: Kind, { metadata }: KubeObject): ObjectKey[] {
    const object = `${kind.toLowerCase()}/${metadata.name}`
    return [...this.#objects.values()].filter(w => w.key.namespace === metadata.namespace && w.object === object).map(w => w.key)
  }
}

/** What the kubelets share. */
interface Shared {
  options: KubeletOptions
  runtime: PodRuntime
  addresses: PodAddresses
  timer: StageTimer
  tenants: Tenants
  waiting: Waiting
}

function surroundings(pod: Pod, { options, addresses, runtime }: Shared, context: Context): Surroundings {
  const { clock, informer } = context
  const index = indexOf(pod.spec.nodeName ?? '')
  const namespace = pod.metadata.namespace ?? ''
  const readyAfter = parseDuration(annotation(pod, 'ready-after') ?? '')
  return {
    now: printTime(clock.now()),
    hostIP: nodeAddress(Math.max(0, index)),
    podIP: addresses.of(keyOf(pod), Math.max(0, index)),
    startMs: readyAfter ?? options.startMs,
    completeMs: parseDuration(annotation(pod, 'complete-after') ?? '') ?? options.startMs,
    stopMs: options.stopMs,
    missing: missingOf(pod, context),
    outcomeOf: status => runtime.outcome(pod, status),
    volumesReady: claimsOf(pod).every(({ name }) => informer(persistentVolumeClaim).get({ namespace, name })?.status.phase === 'Bound'),
  }
}

/** Only a pod that has not started can miss something. */
function missingOf(pod: Pod, context: Context): Missing | undefined {
  if (pod.status.phase !== 'Pending') return undefined
  const next = init.current(pod)
  return missingVolume(pod, context) ?? missingConfig(pod, next ? [next] : pod.spec.containers, context)
}

async function carryOut(pod: Pod, step: Step, runtime: PodRuntime, context: Context): Promise<void> {
  const { client } = context
  const host = pod.spec.nodeName ?? ''
  for (const { container, ...text } of step.events ?? [])
    context.event(pod, text, { host, ...(container ? { fieldPath: fieldPathOf(pod, container) } : {}) })
  if (step.remove) {
    await client.delete(podKind, keyOf(pod), { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } }).catch(ignoreNotFound)
    return
  }
  if (!step.status) return
  const written = await client.updateStatus(podKind, { ...pod, status: step.status })
  runtime.started(written)
}

function fieldPathOf({ spec }: Pod, name: string): string {
  const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const
  return `spec.${lists.find(list => spec[list]?.some(c => c.name === name)) ?? 'containers'}{${name}}`
}

function ignoreNotFound(error: unknown): void {
  if (!isReason(error, 'NotFound')) throw error
}

/** Registers the nodes and renews their leases until closed. */
function heartbeats({ nodes }: KubeletOptions, failed: ReadonlySet<string>, context: Context): () => void {
  let cancel = () => {}
  let closed = false
  const each = async (act: (index: number, context: Context) => Promise<void>) => {
    for (let index = 0; index < nodes && !closed; index++) if (!failed.has(`node-${index}`)) await act(index, context)
  }
  const loop = () => {
    cancel = context.clock.after(renewEveryMs, () => {
      void each(heartbeat)
      loop()
    })
  }
  void each(register)
  loop()
  return () => {
    closed = true
    cancel()
  }
}

/** A kubelet that starts makes its node if there is none. */
async function register(index: number, context: Context): Promise<void> {
  if (!context.informer(node).get({ name: `node-${index}` }))
    await context.client.create(node, newNode(index, context.clock.now()) as never).catch(ignoreRefusal)
  await heartbeat(index, context)
}

/** A node that was deleted under its kubelet is not made again. */
async function heartbeat(index: number, { client, clock }: Context): Promise<void> {
  const name = `node-${index}`
  const now = clock.now()
  try {
    const current = await client.get(node, { name })
    const ready = current.status.conditions?.find(c => c.type === 'Ready')
    if (ready?.status !== 'True')
      await client.updateStatus(node, {
        ...current,
        status: {
          ...current.status,
          ...(newNode(index, now).status as object),
          conditions: nodeConditions(printTime(now), printTime(now)),
        } as never,
      })
    await client
      .patch(lease, { namespace: leaseNamespace, name }, { spec: { renewTime: printMicroTime(now) } })
      .catch(() => client.create(lease, newLease(name, current.metadata.uid, now)))
  } catch (error) {
    ignoreRefusal(error)
  }
}

/** The next beat tries again; a lost race or a closing store is no news. */
function ignoreRefusal(error: unknown): void {
  if (reasonOf(error) === '') throw error
}

/** Addresses of pods, out of their node's range, the lowest that is free. */
class PodAddresses {
  readonly #byPod = new Map<string, string>()
  readonly #used = new Set<string>()

  of(key: ObjectKey, index: number): string {
    const text = keyText(key)
    const known = this.#byPod.get(text)
    if (known?.startsWith(prefixOf(index))) return known
    this.release(key)
    for (let last = 2; last < 255; last++) {
      const ip = `${prefixOf(index)}${last}`
      if (this.#used.has(ip)) continue
      this.#used.add(ip)
      this.#byPod.set(text, ip)
      return ip
    }
    throw new Error(`node-${index} has no free pod address`)
  }

  release(key: ObjectKey): void {
    const text = keyText(key)
    const ip = this.#byPod.get(text)
    if (!ip) return
    this.#byPod.delete(text)
    this.#used.delete(ip)
  }
}

const prefixOf = (index: number): string => podCidr(index).replace(/0\/24$/, '')
