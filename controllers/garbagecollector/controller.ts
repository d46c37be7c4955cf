// garbage-collector-controller: objects go when all their owners are gone; foreground deletion waits for dependents, orphaning lets them go.
// It walks all kinds, so it has no plan.ts: one key is one uid, looked up in the graph.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { apiVersionOf } from '../../openapi/kind.ts'
import { ChangingKinds, changedKinds, kindNow, watchesOfKinds } from '../runtime/changingkinds.ts'
import type { Caches, Context, Controller, ObjectKey } from '../runtime/controller.ts'
import { isReason } from '../runtime/errors.ts'
import { keyOf } from '../runtime/owners.ts'
import { type GraphNode, OwnerGraph, ownersOf } from './graph.ts'

const foreground = 'foregroundDeletion'
const orphan = 'orphan'

/** Kinds whose objects own nothing and are owned by nobody: not worth a watch. */
const ignored = new Set(['Event'])

/** `kinds`: the built-in ones. */
export function garbageCollector(kinds: readonly Kind[]): Controller {
  const graph = new OwnerGraph()
  const watched = kinds.filter(kind => !ignored.has(kind.kind) && (!kind.verbs || kind.verbs.includes('watch')))
  const changing = new ChangingKinds(({ kind, object, current }) => affected(graph, kind, object, current))
  return {
    name: 'garbage-collector-controller',
    watches: [
      ...watched.map(kind => ({
        kind,
        keys: (object: KubeObject, caches: Caches) => affected(graph, kind, object, caches.informer(kind).get(keyOf(object))),
      })),
      ...watchesOfKinds,
    ],
    start: changing.start,
    async reconcile({ name: uid }, context) {
      if (uid === changedKinds.name) {
        const next = await changing.sync(context.client, () => true)
        // Owners of a kind that nobody knew may be known to be gone now.
        for (const name of graph.withUnknownOwner()) changing.enqueue({ name })
        return next
      }
      const node = graph.get(uid)
      if (node) await collect(node, graph, context)
      return undefined
    },
  }
}

/** Brings the graph up to date; the object and its dependents are looked at again. */
function affected(graph: OwnerGraph, kind: Kind, object: KubeObject, current: KubeObject | undefined): ObjectKey[] {
  const { uid } = object.metadata
  const there = current?.metadata.uid === uid
  if (there) graph.set(kind, current)
  else graph.delete(uid)
  const dependents = graph.dependentsOf(uid)
  const owners = ownersOf(object).map(owner => owner.uid)
  if (there && dependents.length === 0 && owners.length === 0 && !object.metadata.deletionTimestamp) return []
  const interesting = there && !object.metadata.deletionTimestamp ? [] : dependents.map(d => d.object.metadata.uid)
  return [uid, ...interesting, ...owners].map(name => ({ name }))
}

async function collect({ kind, object }: GraphNode, graph: OwnerGraph, context: Context): Promise<void> {
  const { finalizers = [], deletionTimestamp, uid } = object.metadata
  if (deletionTimestamp && finalizers.includes(orphan)) return orphanDependents({ kind, object }, graph, context)
  if (deletionTimestamp && finalizers.includes(foreground)) {
    const dependents = graph.dependentsOf(uid)
    const blocking = dependents.filter(d => ownersOf(d.object).some(o => o.uid === uid && o.blockOwnerDeletion))
    if (blocking.length > 0) {
      for (const dependent of dependents) {
        const { finalizers = [], uid } = dependent.object.metadata
        const waits = graph.dependentsOf(uid).length > 0 && !finalizers.includes(foreground)
        await remove(dependent, waits ? 'Foreground' : 'Background', context)
      }
      return
    }
    await withoutFinalizer({ kind, object }, foreground, context)
    return
  }
  if (!deletionTimestamp) await collectOwned({ kind, object }, graph, context)
}

/** Gone owners are forgotten; without any left the object goes too. */
async function collectOwned(node: GraphNode, graph: OwnerGraph, context: Context): Promise<void> {
  const owners = ownersOf(node.object)
  if (owners.length === 0) return
  const judged = await Promise.all(owners.map(async owner => ({ owner, state: await stateOf(owner, node, graph, context) })))
  const solid = judged.filter(j => j.state === 'solid')
  const waiting = judged.filter(j => j.state === 'waiting')
  if (solid.length > 0) {
    const gone = judged.filter(j => j.state !== 'solid')
    if (gone.length > 0)
      await setOwners(
        node,
        solid.map(j => j.owner),
        context,
      )
    return
  }
  const hasDependents = graph.dependentsOf(node.object.metadata.uid).length > 0
  await remove(node, waiting.length > 0 && hasDependents ? 'Foreground' : 'Background', context)
}

type State = 'solid' | 'gone' | 'waiting'

/** 'waiting': the owner is being deleted in the foreground and waits for this object. */
async function stateOf(
  owner: ReturnType<typeof ownersOf>[number],
  node: GraphNode,
  graph: OwnerGraph,
  { client, event }: Context,
): Promise<State> {
  const found = graph.get(owner.uid)
  if (found) {
    if (found.object.metadata.deletionTimestamp && found.object.metadata.finalizers?.includes(foreground))
      return owner.blockOwnerDeletion ? 'waiting' : 'gone'
    return 'solid'
  }
  const kind =
    client.elsewhere().find(owner.apiVersion, owner.kind) ??
    client.kinds().find(k => k.kind === owner.kind && apiVersionOf(k) === owner.apiVersion)
  // What nobody serves now keeps its dependents.
  if (!kind) return 'solid'
  const namespace = kind.scope === 'Namespaced' ? (node.object.metadata.namespace ?? '') : undefined
  if (kind.scope === 'Namespaced' && !node.object.metadata.namespace) {
    event(node.object, {
      type: 'Warning',
      reason: 'OwnerRefInvalidNamespace',
      message: `ownerRef [${owner.apiVersion}/${owner.kind}, namespace: , name: ${owner.name}, uid: ${owner.uid}] does not exist in namespace ""`,
    })
    return 'solid'
  }
  try {
    const current = await client.get(kind, namespace ? { namespace, name: owner.name } : { name: owner.name })
    return current.metadata.uid === owner.uid ? 'solid' : 'gone'
  } catch (error) {
    if (isReason(error, 'NotFound')) return 'gone'
    throw error
  }
}

async function orphanDependents(node: GraphNode, graph: OwnerGraph, context: Context): Promise<void> {
  const { uid } = node.object.metadata
  for (const dependent of graph.dependentsOf(uid))
    await setOwners(
      dependent,
      ownersOf(dependent.object).filter(o => o.uid !== uid),
      context,
    )
  await withoutFinalizer(node, orphan, context)
}

const quiet = async (write: Promise<unknown>): Promise<void> => {
  try {
    await write
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error
  }
}

const setOwners = ({ kind, object }: GraphNode, owners: readonly object[], { client }: Context): Promise<void> =>
  quiet(
    client.patch(kindNow(kind, client), keyOf(object), {
      metadata: { uid: object.metadata.uid, ownerReferences: owners.length > 0 ? owners : null },
    }),
  )

const withoutFinalizer = ({ kind, object }: GraphNode, finalizer: string, { client }: Context): Promise<void> => {
  const left = (object.metadata.finalizers ?? []).filter(f => f !== finalizer)
  return quiet(
    client.patch(kindNow(kind, client), keyOf(object), {
      metadata: { uid: object.metadata.uid, resourceVersion: object.metadata.resourceVersion, finalizers: left.length > 0 ? left : null },
    }),
  )
}

const remove = ({ kind, object }: GraphNode, propagationPolicy: 'Foreground' | 'Background', { client }: Context): Promise<void> =>
  object.metadata.deletionTimestamp
    ? Promise.resolve()
    : quiet(client.delete(kindNow(kind, client), keyOf(object), { propagationPolicy, preconditions: { uid: object.metadata.uid } }))
