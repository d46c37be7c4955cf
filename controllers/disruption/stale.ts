// A pod that was to be disrupted, and after two minutes is not even being deleted, is told to be safe again. Part of disruption-controller.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { type Pod, pod } from '../../openapi/kinds/core/pod/index.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Controller } from '../runtime/controller.ts'
import { keyOf } from '../runtime/owners.ts'
import { isFinished, isTerminating, disruptionTarget as type } from '../runtime/pods.ts'
import { evictionMs } from './plan.ts'

/** Milliseconds until then; undefined: nobody is after it. */
export function staleInMs(found: Pod, now: Date): number | undefined {
  if (isTerminating(found) || isFinished(found)) return undefined
  const target = found.status.conditions?.find(c => c.type === type && c.status === 'True')
  return target && Math.max(0, Date.parse(target.lastTransitionTime ?? '') + evictionMs - now.getTime())
}

const isTarget = (object: KubeObject): boolean =>
  (object as Pod).status.conditions?.some(c => c.type === type && c.status === 'True') === true

export const staleDisruptionController: Controller = {
  name: 'disruption-controller',
  watches: [{ kind: pod as unknown as Kind, keys: object => (isTarget(object) ? [keyOf(object)] : []) }],
  async reconcile(key, { client, clock, informer }) {
    const found = informer(pod).get(key)
    const waitMs = found && staleInMs(found, clock.now())
    if (!found || waitMs === undefined) return undefined
    if (waitMs > 0) return { requeueAfterMs: waitMs }
    const safe = { type, status: 'False', lastProbeTime: null as never, lastTransitionTime: printTime(clock.now()) }
    const conditions = found.status.conditions?.map(c => (c.type === type ? safe : c))
    await client.updateStatus(pod, { ...found, status: { ...found.status, conditions } })
    return undefined
  },
}
