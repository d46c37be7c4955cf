// replicaset-controller, and replication-controller which does the same for the older kind: what wakes them.

import type { Kind } from '../../openapi/kind.ts'
import { type ReplicaSet, replicaSet } from '../../openapi/kinds/apps/replicaset.ts'
import { type Pod, pod } from '../../openapi/kinds/core/pod/index.ts'
import { type ReplicationController, replicationController } from '../../openapi/kinds/core/replicationcontroller.ts'
import type { LabelSelectorValue } from '../../openapi/values/selector.ts'
import { claimChildren, possibleOwners } from '../runtime/adopt.ts'
import type { Controller, Plan } from '../runtime/controller.ts'
import { execute } from '../runtime/execute.ts'
import { owner, self } from '../runtime/owners.ts'
import { isFinished } from '../runtime/pods.ts'
import { plan, type Replicas } from './plan.ts'

const accepts = (child: Pod): boolean => !isFinished(child)

interface Replicated<T extends Replicas> {
  name: string
  kind: Kind<T>
  selector(set: T): LabelSelectorValue
}

function controllerFor<T extends Replicas>({ name, kind, selector }: Replicated<T>): Controller {
  const setKind = kind as unknown as Kind
  const ownerOf = owner(setKind)
  const orphanOf = possibleOwners(kind, selector)
  return {
    name,
    watches: [
      { kind: setKind, keys: self },
      { kind: pod as unknown as Kind, keys: (object, caches) => [...ownerOf(object), ...orphanOf(object, caches)] },
    ],
    async reconcile(key, context) {
      const set = context.informer(kind).get(key)
      if (!set) return undefined
      const pods = await claimChildren({ kind: setKind, owner: set, childKind: pod, selector: selector(set), accepts }, context)
      const decided = plan({ kind: setKind, set, pods, now: context.clock.now(), suffix: () => context.random.suffix(5) })
      return execute(kind, set, decided as Plan<T>, context)
    },
  }
}

export const replicaSetController = controllerFor<ReplicaSet>({
  name: 'replicaset-controller',
  kind: replicaSet,
  selector: set => set.spec.selector,
})

export const replicationControllerController = controllerFor<ReplicationController>({
  name: 'replication-controller',
  kind: replicationController,
  selector: set => ({ matchLabels: set.spec.selector }),
})
