// How long a pod stays on a tainted node. Pure.
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { tolerates } from '../../openapi/values/taints.ts'

/** Milliseconds until the pod must go; undefined: it may stay for ever. */
export function evictionDelayMs(pod: Pod, node: Node, now: Date): number | undefined {
  const taints = (node.spec.taints ?? []).filter(t => t.effect === 'NoExecute')
  if (taints.length === 0) return undefined
  let shortest: number | undefined
  for (const taint of taints) {
    const tolerations = (pod.spec.tolerations ?? []).filter(t => tolerates(t, taint))
    if (tolerations.length === 0) return 0
    for (const { tolerationSeconds } of tolerations) {
      if (tolerationSeconds === undefined) continue
      const since = taint.timeAdded ? Date.parse(taint.timeAdded) : now.getTime()
      const left = Math.max(0, since + tolerationSeconds * 1000 - now.getTime())
      shortest = shortest === undefined ? left : Math.min(shortest, left)
    }
  }
  return shortest
}
