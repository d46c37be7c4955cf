// daemonset-controller: what wakes it.

import type { Kind } from '../../openapi/kind.ts'
import { controllerRevision } from '../../openapi/kinds/apps/controllerrevision.ts'
import { daemonSet } from '../../openapi/kinds/apps/daemonset.ts'
import { node } from '../../openapi/kinds/core/node/index.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { claimChildren, possibleOwners } from '../runtime/adopt.ts'
import type { Controller } from '../runtime/controller.ts'
import { execute } from '../runtime/execute.ts'
import { keyOf, owner, self } from '../runtime/owners.ts'
import { plan } from './plan.ts'

const setKind = daemonSet as unknown as Kind
const ownerOf = owner(setKind)
const orphanOf = possibleOwners(daemonSet)

export const daemonSetController: Controller = {
  name: 'daemonset-controller',
  watches: [
    { kind: setKind, keys: self },
    { kind: pod as unknown as Kind, keys: (object, caches) => [...ownerOf(object), ...orphanOf(object, caches)] },
    { kind: controllerRevision as unknown as Kind, keys: ownerOf },
    { kind: node as unknown as Kind, keys: (_node, caches) => caches.informer(daemonSet).list().map(keyOf) },
  ],
  async reconcile(key, context) {
    const set = context.informer(daemonSet).get(key)
    if (!set) return undefined
    const { selector } = set.spec
    const pods = await claimChildren({ kind: setKind, owner: set, childKind: pod, selector }, context)
    const history = await claimChildren({ kind: setKind, owner: set, childKind: controllerRevision, selector }, context)
    const observed = {
      set,
      pods,
      history,
      nodes: context.informer(node).list(),
      now: context.clock.now(),
      suffix: () => context.random.suffix(5),
    }
    return execute(daemonSet, set, plan(observed), context)
  },
}
