// Which pods nobody will ever finish. Pure.
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'

/** A node may come back for this long after it was deleted. */
export const quarantineMs = 40_000
const outOfService = 'node.kubernetes.io/out-of-service'

export type Verdict = { do: 'nothing' } | { do: 'wait'; ms: number } | { do: 'delete'; condition?: { reason: string; message: string } }

export function judge(pod: Pod, node: Node | undefined, now: Date): Verdict {
  const deleted = pod.metadata.deletionTimestamp
  if (!pod.spec.nodeName) return deleted ? { do: 'delete' } : { do: 'nothing' }
  if (node) return deleted && isOutOfService(node) ? { do: 'delete' } : { do: 'nothing' }
  const since = Math.max(
    ...(pod.status.conditions ?? []).map(c => Date.parse(c.lastTransitionTime as string) || 0),
    Date.parse(pod.metadata.creationTimestamp),
  )
  const left = since + quarantineMs - now.getTime()
  if (left > 0) return { do: 'wait', ms: left }
  return { do: 'delete', condition: { reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' } }
}

const isOutOfService = (node: Node): boolean =>
  node.spec.taints?.some(t => t.key === outOfService) === true && node.status.conditions?.find(c => c.type === 'Ready')?.status !== 'True'
