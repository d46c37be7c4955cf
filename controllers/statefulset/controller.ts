// statefulset-controller: what wakes it.

import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { controllerRevision } from '../../openapi/kinds/apps/controllerrevision.ts'
import { statefulSet } from '../../openapi/kinds/apps/statefulset.ts'
import { persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { type Pod, pod } from '../../openapi/kinds/core/pod/index.ts'
import { claimChildren, possibleOwners } from '../runtime/adopt.ts'
import type { Caches, Controller, ObjectKey } from '../runtime/controller.ts'
import { execute } from '../runtime/execute.ts'
import { keyOf, owner, self } from '../runtime/owners.ts'
import { claimTemplates, ordinalOf } from './objects.ts'
import { plan } from './plan.ts'

const setKind = statefulSet as unknown as Kind
const ownerOf = owner(setKind)
const orphanOf = possibleOwners(statefulSet)

/** Sets whose pods mount the claim. */
const setsOf = ({ metadata: { namespace = '', name } }: KubeObject, caches: Caches): ObjectKey[] =>
  caches
    .informer(statefulSet)
    .list(namespace)
    .filter(set => claimTemplates(set).some(template => name.startsWith(`${template.metadata.name}-${set.metadata.name}-`)))
    .map(keyOf)

export const statefulSetController: Controller = {
  name: 'statefulset-controller',
  watches: [
    { kind: setKind, keys: self },
    { kind: pod as unknown as Kind, keys: (object, caches) => [...ownerOf(object), ...orphanOf(object, caches)] },
    { kind: controllerRevision as unknown as Kind, keys: ownerOf },
    { kind: persistentVolumeClaim as unknown as Kind, keys: setsOf },
  ],
  async reconcile(key, context) {
    const set = context.informer(statefulSet).get(key)
    if (!set) return undefined
    const accepts = (child: Pod) => ordinalOf(set, child.metadata.name) >= 0
    const selector = set.spec.selector
    const pods = await claimChildren({ kind: setKind, owner: set, childKind: pod, selector, accepts }, context)
    const history = await claimChildren({ kind: setKind, owner: set, childKind: controllerRevision, selector }, context)
    const claim = (name: string) => context.informer(persistentVolumeClaim).get({ namespace: key.namespace, name })
    return execute(statefulSet, set, plan({ set, pods, history, claim, now: context.clock.now() }), context)
  },
}
