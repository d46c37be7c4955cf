// replicaset-controller: what wakes it.

import type { Kind } from '../../openapi/kind.ts'
import { replicaSet } from '../../openapi/kinds/apps/replicaset.ts'
import { type Pod, pod } from '../../openapi/kinds/core/pod/index.ts'
import { claimChildren, possibleOwners } from '../runtime/adopt.ts'
import type { Controller } from '../runtime/controller.ts'
import { execute } from '../runtime/execute.ts'
import { owner, self } from '../runtime/owners.ts'
import { isFinished } from '../runtime/pods.ts'
import { plan } from './plan.ts'

const setKind = replicaSet as unknown as Kind
const ownerOf = owner(setKind)
const orphanOf = possibleOwners(replicaSet)

export const replicaSetController: Controller = {
  name: 'replicaset-controller',
  watches: [
    { kind: setKind, keys: self },
    { kind: pod as unknown as Kind, keys: (object, caches) => [...ownerOf(object), ...orphanOf(object, caches)] },
  ],
  async reconcile(key, context) {
    const set = context.informer(replicaSet).get(key)
    if (!set) return undefined
    const accepts = (child: Pod) => !isFinished(child)
    const pods = await claimChildren({ kind: setKind, owner: set, childKind: pod, selector: set.spec.selector, accepts }, context)
    return execute(replicaSet, set, plan({ set, pods, now: context.clock.now(), suffix: () => context.random.suffix(5) }), context)
  },
}
