// pod-garbage-collector-controller: pods of nodes that are gone, pods on nodes taken out of service, and terminating pods that never had one.

import type { Kind } from '../../openapi/kind.ts'
import { node as nodeKind } from '../../openapi/kinds/core/node/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import type { Caches, Context, Controller, ObjectKey } from '../runtime/controller.ts'
import { keyOf, self } from '../runtime/owners.ts'
import { isFinished, onNode, withDisruption } from '../runtime/pods.ts'
import { judge } from './plan.ts'

export const podGarbageCollector: Controller = {
  name: 'pod-garbage-collector',
  watches: [
    { kind: podKind as unknown as Kind, keys: self },
    { kind: nodeKind as unknown as Kind, keys: (node, caches) => podsOn(node.metadata.name, caches) },
  ],
  async reconcile(key, context) {
    const pod = context.informer(podKind).get(key)
    if (!pod) return undefined
    const verdict = judge(pod, context.informer(nodeKind).get({ name: pod.spec.nodeName ?? '' }), context.clock.now())
    if (verdict.do === 'wait') return { requeueAfterMs: verdict.ms }
    // Two steps: the pod's owner sees that it failed, and why, before it is gone.
    if (verdict.do === 'delete') await (isFinished(pod) ? remove(pod, context) : fail(pod, verdict.condition, context))
    return undefined
  },
}

const podsOn = (name: string, caches: Caches): ObjectKey[] => caches.informer(podKind).by(onNode, name).map(keyOf)

async function fail(pod: Pod, told: { reason: string; message: string } | undefined, { client, clock }: Context): Promise<void> {
  const conditions = told ? withDisruption(pod, told, clock.now()) : pod.status.conditions
  await client.updateStatus(podKind, { ...pod, status: { ...pod.status, phase: 'Failed', conditions } } as Pod)
}

async function remove(pod: Pod, { client }: Context): Promise<void> {
  await client.delete(podKind, keyOf(pod), { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } })
}
