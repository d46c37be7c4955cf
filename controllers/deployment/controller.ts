// deployment-controller: what wakes it. The deployment carries the number of its newest revision.

import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { type Deployment, deployment as deploymentKind } from '../../openapi/kinds/apps/deployment.ts'
import { replicaSet } from '../../openapi/kinds/apps/replicaset.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { claimChildren, possibleOwners } from '../runtime/adopt.ts'
import type { Caches, Controller, ObjectKey } from '../runtime/controller.ts'
import { execute } from '../runtime/execute.ts'
import { controllerOf, owner, self } from '../runtime/owners.ts'
import { revisionAnnotation, revisionOf } from './objects.ts'
import { plan } from './plan.ts'

const kind = deploymentKind as unknown as Kind
const ownerOf = owner(kind)
const orphanOf = possibleOwners(deploymentKind)

/** A pod's deployment, over its set: Recreate waits for the last pod. */
function viaSet(object: KubeObject, caches: Caches): readonly ObjectKey[] {
  const reference = controllerOf(object)
  if (reference?.kind !== 'ReplicaSet') return []
  const set = caches.informer(replicaSet).get({ namespace: object.metadata.namespace ?? '', name: reference.name })
  return (set ? ownerOf(set) : []).filter(key => awaitsPods(caches.informer(deploymentKind).get(key)))
}

/** All others go by what their sets count. */
const awaitsPods = (deployment: Deployment | undefined): boolean => deployment?.spec.strategy.type === 'Recreate'

export const deploymentController: Controller = {
  name: 'deployment-controller',
  watches: [
    { kind, keys: self },
    { kind: replicaSet as unknown as Kind, keys: (object, caches) => [...ownerOf(object), ...orphanOf(object, caches)] },
    { kind: pod as unknown as Kind, keys: viaSet },
  ],
  async reconcile(key, context) {
    let deployment = context.informer(deploymentKind).get(key)
    if (!deployment) return undefined
    const sets = await claimChildren({ kind, owner: deployment, childKind: replicaSet, selector: deployment.spec.selector }, context)
    const pods = awaitsPods(deployment) ? sets.flatMap(set => context.informer(pod).controlledBy(set)) : []
    const next = plan({ deployment, sets, pods, now: context.clock.now() })
    if (!deployment.metadata.deletionTimestamp && next.revision > 0 && revisionOf(deployment) !== next.revision) {
      const annotations = { ...deployment.metadata.annotations, [revisionAnnotation]: String(next.revision) }
      deployment = { ...deployment, metadata: { ...deployment.metadata, annotations } }
      // Writes of the status carry annotations too; the status that tells of a new set takes the number along.
      if (!next.begins) deployment = await context.client.updateStatus(deploymentKind, deployment)
    }
    return execute(deploymentKind, deployment, next, context)
  },
}
