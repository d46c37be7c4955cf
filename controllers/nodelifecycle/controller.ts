// node-controller: a node without heartbeats becomes Unknown, its taints follow its conditions, and pods leave by their tolerations.

import type { Kind } from '../../openapi/kind.ts'
import { lease } from '../../openapi/kinds/coordination.k8s.io/lease.ts'
import { type Node, node as nodeKind } from '../../openapi/kinds/core/node/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import { parseTime, printTime } from '../../openapi/values/time.ts'
import type { Context, Controller } from '../runtime/controller.ts'
import { self } from '../runtime/owners.ts'
import { onNode } from '../runtime/pods.ts'
import { graceMs, lostConditions, readiness, wantedTaints } from './plan.ts'

const leaseNamespace = 'kube-node-lease'

export const nodeLifecycleController: Controller = {
  name: 'node-controller',
  watches: [
    { kind: nodeKind as unknown as Kind, keys: self },
    // A heartbeat alone changes nothing: the timer below asks when one is missing.
    { kind: lease as unknown as Kind, keys: () => [] },
    { kind: podKind as unknown as Kind, keys: () => [] },
  ],
  async reconcile(key, context) {
    let node = context.informer(nodeKind).get(key)
    if (!node) return undefined
    node = await judge(node, context)
    node = await taint(node, context)
    if (readiness(node) !== 'True') await markPods(node, context)
    return { requeueAfterMs: nextLookMs(node, context) }
  },
}

const renewedAt = (node: Node, { informer }: Context): Date | undefined =>
  parseTime(informer(lease).get({ namespace: leaseNamespace, name: node.metadata.name })?.spec.renewTime ?? '')

/** The next heartbeat is due within the grace period; a lost node is looked at as often. */
function nextLookMs(node: Node, context: Context): number {
  const heard = Math.max(renewedAt(node, context)?.getTime() ?? 0, Date.parse(node.metadata.creationTimestamp))
  const left = heard + graceMs - context.clock.now().getTime()
  return left > 0 ? left : graceMs
}

async function judge(node: Node, context: Context): Promise<Node> {
  const conditions = lostConditions(node, renewedAt(node, context), context.clock.now())
  if (!conditions) return node
  context.event(node, { type: 'Normal', reason: 'NodeNotReady', message: `Node ${node.metadata.name} status is now: NodeNotReady` })
  return context.client.updateStatus(nodeKind, { ...node, status: { ...node.status, conditions } })
}

async function taint(node: Node, { client, clock }: Context): Promise<Node> {
  const taints = wantedTaints(node, clock.now())
  if (deepEqual(taints, node.spec.taints ?? [])) return node
  return client.update(nodeKind, { ...node, spec: { ...node.spec, taints } })
}

/** Pods of a node that is not ready are not ready either. */
async function markPods(node: Node, context: Context): Promise<void> {
  const now = printTime(context.clock.now())
  for (const pod of context.informer(podKind).by(onNode, node.metadata.name)) {
    const ready = pod.status.conditions?.find(c => c.type === 'Ready')
    if (ready?.status !== 'True') continue
    const conditions = pod.status.conditions?.map(c =>
      c.type === 'Ready' ? { ...c, status: 'False' as const, lastTransitionTime: now } : c,
    )
    await context.client.updateStatus(podKind, { ...pod, status: { ...pod.status, conditions } } as Pod)
    context.event(pod, { type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready' })
  }
}
