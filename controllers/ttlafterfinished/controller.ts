// ttl-after-finished-controller: Jobs that are over go when their time is up, their pods before them.

import type { Kind } from '../../openapi/kind.ts'
import { job } from '../../openapi/kinds/batch/job/index.ts'
import type { Controller } from '../runtime/controller.ts'
import { self } from '../runtime/owners.ts'
import { remainingMs } from './plan.ts'

export const ttlAfterFinishedController: Controller = {
  name: 'ttl-after-finished-controller',
  watches: [{ kind: job as unknown as Kind, keys: self }],
  async reconcile(key, { client, clock, informer }) {
    const found = informer(job).get(key)
    const waitMs = found && remainingMs(found, clock.now())
    if (!found || waitMs === undefined) return undefined
    if (waitMs > 0) return { requeueAfterMs: waitMs }
    const { uid, resourceVersion } = found.metadata
    await client.delete(job, key, { propagationPolicy: 'Foreground', preconditions: { uid, resourceVersion } })
    return undefined
  },
}
