// taint-eviction-controller: pods leave a node whose NoExecute taints they do not tolerate, at once or when their patience is over.

import type { Kind } from '../../openapi/kind.ts'
import { type Node, node as nodeKind } from '../../openapi/kinds/core/node/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import type { Caches, Context, Controller, ObjectKey } from '../runtime/controller.ts'
import { keyOf } from '../runtime/owners.ts'
import { onNode, withDisruption } from '../runtime/pods.ts'
import { keyText } from '../runtime/workqueue.ts'
import { evictionDelayMs } from './plan.ts'

export function taintEvictionController(): Controller {
  /** Pods that are to go some time, by key. */
  const doomed = new Set<string>()
  return {
    name: 'taint-eviction-controller',
    watches: [
      { kind: podKind as unknown as Kind, keys: pod => ((pod as Pod).spec.nodeName ? [keyOf(pod)] : []) },
      { kind: nodeKind as unknown as Kind, keys: (node, caches) => podsOf(node as Node, caches) },
    ],
    async reconcile(key, context) {
      const pod = context.informer(podKind).get(key)
      const text = keyText(key)
      if (!pod || pod.metadata.deletionTimestamp || !pod.spec.nodeName) {
        doomed.delete(text)
        return undefined
      }
      const node = context.informer(nodeKind).get({ name: pod.spec.nodeName })
      const delay = node ? evictionDelayMs(pod, node, context.clock.now()) : undefined
      if (delay === undefined) {
        if (doomed.delete(text))
          context.event(pod, { type: 'Normal', reason: 'TaintManagerEviction', message: `Cancelling deletion of Pod ${text}` })
        return undefined
      }
      if (delay > 0) {
        doomed.add(text)
        return { requeueAfterMs: delay }
      }
      doomed.delete(text)
      await evict(pod, context)
      return undefined
    },
  }
}

/** Called with the node before a change and after it: pods are of interest when either has such taints. */
const podsOf = (node: Node, caches: Caches): ObjectKey[] =>
  node.spec.taints?.some(t => t.effect === 'NoExecute') ? caches.informer(podKind).by(onNode, node.metadata.name).map(keyOf) : []

async function evict(pod: Pod, { client, clock, event }: Context): Promise<void> {
  const { namespace, name } = pod.metadata
  event(pod, { type: 'Normal', reason: 'TaintManagerEviction', message: `Marking for deletion Pod ${namespace}/${name}` })
  const why = { reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint' }
  const conditions = withDisruption(pod, why, clock.now())
  await client.updateStatus(podKind, { ...pod, status: { ...pod.status, conditions } } as Pod)
  await client.delete(podKind, keyOf(pod), { preconditions: { uid: pod.metadata.uid } })
}
