// What a node's heartbeats say of it, and what follows for its taints. Pure.
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import { printTime } from '../../openapi/values/time.ts'

/** Without a renewed lease for this long, a node is unknown. */
export const graceMs = 50_000

export const notReadyTaint = 'node.kubernetes.io/not-ready'
export const unreachableTaint = 'node.kubernetes.io/unreachable'
const unschedulableTaint = 'node.kubernetes.io/unschedulable'
const pressureTaints: Readonly<Record<string, string>> = {
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
  NetworkUnavailable: 'node.kubernetes.io/network-unavailable',
}

type Condition = NonNullable<Node['status']['conditions']>[number]
type Taint = NonNullable<Node['spec']['taints']>[number]

export const readiness = (node: Node): string => node.status.conditions?.find(c => c.type === 'Ready')?.status ?? 'Unknown'

/** The node's conditions when nobody has heard of it for too long; undefined while they stand. */
export function lostConditions(node: Node, renewedAt: Date | undefined, now: Date): Condition[] | undefined {
  const heard = Math.max(renewedAt?.getTime() ?? 0, Date.parse(node.metadata.creationTimestamp))
  if (now.getTime() - heard < graceMs || readiness(node) === 'Unknown') return undefined
  const at = printTime(now)
  return (node.status.conditions ?? []).map(condition => ({
    ...condition,
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    lastTransitionTime: condition.status === 'Unknown' ? condition.lastTransitionTime : at,
  }))
}

/** The taints a node should have for its conditions, in upstream's order; other taints stay. */
export function wantedTaints(node: Node, now: Date): Taint[] {
  const at = printTime(now)
  const ready = readiness(node)
  const managed = new Set([notReadyTaint, unreachableTaint, unschedulableTaint, ...Object.values(pressureTaints)])
  const wanted: Taint[] = []
  const add = (key: string, effect: 'NoSchedule' | 'NoExecute') => {
    const known = node.spec.taints?.find(t => t.key === key && t.effect === effect)
    wanted.push(known ?? { key, effect, timeAdded: at })
  }
  if (ready === 'False') add(notReadyTaint, 'NoSchedule')
  if (ready === 'Unknown') add(unreachableTaint, 'NoSchedule')
  for (const { type, status } of node.status.conditions ?? [])
    if (status === 'True' && pressureTaints[type]) add(pressureTaints[type], 'NoSchedule')
  if (node.spec.unschedulable) add(unschedulableTaint, 'NoSchedule')
  if (ready === 'False') add(notReadyTaint, 'NoExecute')
  if (ready === 'Unknown') add(unreachableTaint, 'NoExecute')
  return [...(node.spec.taints ?? []).filter(t => !managed.has(t.key)), ...wanted]
}
