// volume_expand: a claim that asks for more than it has is left to the resizer of its driver; this only says so.

import type { Kind } from '../../openapi/kind.ts'
import { persistentVolumeClaim as claimKind, type PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { compareQuantities } from '../../openapi/values/quantity.ts'
import type { Controller } from '../runtime/controller.ts'
import { self } from '../runtime/owners.ts'

export const volumeExpandController: Controller = {
  name: 'volume_expand',
  watches: [{ kind: claimKind as unknown as Kind, keys: claim => (grows(claim as PersistentVolumeClaim) ? self(claim) : []) }],
  async reconcile(key, { informer, event }) {
    const claim = informer(claimKind).get(key)
    if (!claim || !grows(claim)) return
    event(claim, { type: 'Normal', reason: 'ExternalExpanding', message: 'waiting for an external controller to expand this PVC' })
  },
}

const grows = ({ spec, status }: PersistentVolumeClaim): boolean =>
  status.phase === 'Bound' && compareQuantities(spec.resources.requests?.storage ?? '0', status.capacity?.storage ?? '0') > 0
