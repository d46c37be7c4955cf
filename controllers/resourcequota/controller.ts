// resourcequota-controller: counts anew what quotas limit, when a quota changes or something it limits does. Admission has counted creates before.
import { isReason } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { type ResourceQuota, resourceQuota } from '../../openapi/kinds/core/resourcequota/index.ts'
import { concerns, countsTowards, isCounted } from '../../openapi/kinds/core/resourcequota/usage.ts'
import type { Caches, Context, Controller, ObjectKey } from '../runtime/controller.ts'
import { execute } from '../runtime/execute.ts'
import { keyOf } from '../runtime/owners.ts'
import { type Counted, isCurrent, plan } from './plan.ts'

export const resourceQuotaController = (kinds: readonly Kind[]): Controller => ({
  name: 'resourcequota-controller',
  watches: [
    { kind: resourceQuota as unknown as Kind, keys: quota => (isCurrent(quota as unknown as ResourceQuota) ? [] : [keyOf(quota)]) },
    ...kinds.filter(isWalked).map(kind => ({ kind, keys: (object: KubeObject, caches: Caches) => limiting(kind, object, caches) })),
  ],
  async reconcile(key, context) {
    const quota = context.informer(resourceQuota).get(key)
    if (!quota || quota.metadata.deletionTimestamp) return undefined
    try {
      await execute(resourceQuota, quota, plan(quota, await counted(quota, context), context.clock.now()), context)
    } catch (error) {
      // Admission was faster: what it wrote brings the key back, or is right.
      if (isReason(error, 'Conflict')) return { requeueAfterMs: 50 }
      throw error
    }
    return undefined
  },
})

const isWalked = (kind: Kind): boolean => isCounted(kind) && !kind.storedAs && (!kind.verbs || kind.verbs.includes('watch'))

const limiting = (kind: Kind, object: KubeObject, caches: Caches): ObjectKey[] =>
  caches
    .informer(resourceQuota)
    .list(object.metadata.namespace)
    .filter(quota => Object.keys(quota.status.hard ?? {}).some(name => countsTowards(kind, name)))
    .map(keyOf)

/** Everything in the namespace that the quota is about. */
async function counted(quota: ResourceQuota, { client }: Context): Promise<Counted[]> {
  const hard = quota.spec?.hard ?? {}
  const kinds = client.kinds().filter(kind => isWalked(kind) && Object.keys(hard).some(name => countsTowards(kind, name)))
  const lists = await Promise.all(
    kinds.map(async kind => {
      const { items } = await client.list(kind, { namespace: quota.metadata.namespace })
      return items.filter(object => concerns(quota, kind, object, hard)).map(object => ({ kind, object }))
    }),
  )
  return lists.flat()
}
