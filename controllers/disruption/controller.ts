// disruption-controller: what wakes it, and how many pods the controllers of a budget's pods want.

import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import { deployment } from '../../openapi/kinds/apps/deployment.ts'
import { replicaSet } from '../../openapi/kinds/apps/replicaset.ts'
import { statefulSet } from '../../openapi/kinds/apps/statefulset.ts'
import { type Pod, pod } from '../../openapi/kinds/core/pod/index.ts'
import { replicationController } from '../../openapi/kinds/core/replicationcontroller.ts'
import { type PodDisruptionBudget, podDisruptionBudget } from '../../openapi/kinds/policy/poddisruptionbudget.ts'
import { readPath } from '../../openapi/rules/scale.ts'
import { matchesSelector } from '../../openapi/values/selector.ts'
import type { Caches, Context, Controller, EventText, ObjectKey } from '../runtime/controller.ts'
import { isReason } from '../runtime/errors.ts'
import { execute } from '../runtime/execute.ts'
import { controllerOf, keyOf, self } from '../runtime/owners.ts'
import { type Observed, plan } from './plan.ts'

/** Upstream's recorder gives the name of its process. */
const source = { component: 'controllermanager' }

/** Budgets that select the pod. */
const budgetsOf = ({ metadata }: KubeObject, caches: Caches): ObjectKey[] =>
  caches
    .informer(podDisruptionBudget)
    .list(metadata.namespace ?? '')
    .filter(({ spec }) => matchesSelector(spec.selector, metadata.labels))
    .map(keyOf)

/** Budgets whose selector fits the pods that the workload makes. */
function budgetsOfWorkload(object: KubeObject, caches: Caches): ObjectKey[] {
  const { template } = (object as KubeObject & { spec: { template?: { metadata?: { labels?: Record<string, string> } } } }).spec
  return budgetsOf({ ...object, metadata: { ...object.metadata, labels: template?.metadata?.labels ?? {} } }, caches)
}

const workloads = [deployment, replicaSet, statefulSet, replicationController] as unknown as readonly Kind[]

export const disruptionController: Controller = {
  name: 'disruption-controller',
  watches: [
    { kind: podDisruptionBudget as unknown as Kind, keys: self },
    { kind: pod as unknown as Kind, keys: budgetsOf },
    ...workloads.map(kind => ({ kind, keys: budgetsOfWorkload })),
  ],
  async reconcile(key, context) {
    const budget = context.informer(podDisruptionBudget).get(key)
    if (!budget || budget.metadata.deletionTimestamp) return undefined
    const pods = context
      .informer(pod)
      .list(key.namespace)
      .filter(({ metadata }) => matchesSelector(budget.spec.selector, metadata.labels))
    const tell = (event: EventText, about: KubeObject = budget) => context.event(about, event, source)
    if (pods.length === 0) tell({ type: 'Normal', reason: 'NoPods', message: 'No matching pods found' })
    const { status, late, requeueAfterMs, problem } = plan({ budget, pods, scale: await scaleOf(pods, context), now: context.clock.now() })
    if (problem) {
      const message = `Failed to calculate the number of expected pods: ${problem}`
      tell({ type: 'Warning', reason: 'CalculateExpectedPodCountFailed', message })
    }
    for (const stayed of late) tell(notDeleted(budget), stayed)
    return execute(
      podDisruptionBudget,
      budget,
      { actions: [], status, ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) },
      context,
    )
  },
}

const notDeleted = ({ metadata: { namespace, name } }: PodDisruptionBudget): EventText => ({
  type: 'Warning',
  reason: 'NotDeleted',
  message: `Pod was expected by PDB ${namespace}/${name} to be deleted but it wasn't`,
})

/** Each controller's size counts once; pods without one do not count. */
async function scaleOf(pods: readonly Pod[], context: Context): Promise<Observed['scale']> {
  const sizes = new Map<string, number>()
  for (const one of pods) {
    const owner = controllerOf(one)
    if (!owner || sizes.has(owner.uid)) continue
    const found = await workloadOf(one, context.client)
    if (!found) return { problem: `found no controllers for pod ${JSON.stringify(one.metadata.name)}` }
    sizes.set(owner.uid, 0)
    sizes.set(found.uid, found.replicas)
  }
  return { pods: [...sizes.values()].reduce((sum, size) => sum + size, 0) }
}

/** The outermost of a pod's controllers that has a size: a ReplicaSet's is its Deployment's. */
async function workloadOf(child: KubeObject, client: Context['client']): Promise<{ uid: string; replicas: number } | undefined> {
  const owner = controllerOf(child)
  const kind = owner && client.kinds().find(k => k.kind === owner.kind && apiVersionOf(k) === owner.apiVersion)
  const path = kind?.subresources?.scale?.spec
  if (!owner || !kind || !path) return undefined
  try {
    const object = await client.get(kind, { namespace: child.metadata.namespace, name: owner.name })
    if (object.metadata.uid !== owner.uid) return undefined
    if (kind.kind === 'ReplicaSet' && controllerOf(object)) return await workloadOf(object, client)
    return { uid: owner.uid, replicas: Number(readPath(object, path) ?? 0) }
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined
    throw error
  }
}
