// resourcequota-controller: counts anew what quotas limit, when a quota changes or something it limits does. Admission has counted creates before.
import { aggregate, errorText, isReason } from '../../openapi/errors.ts'
import { isFirstVersion, type Kind, type KubeObject } from '../../openapi/kind.ts'
import { type ResourceQuota, resourceQuota } from '../../openapi/kinds/core/resourcequota/index.ts'
import { concerns, countsTowards, isCounted } from '../../openapi/kinds/core/resourcequota/usage.ts'
import { ChangingKinds, changedKinds, watchesOfKinds } from '../runtime/changingkinds.ts'
import type { Caches, Context, Controller, ObjectKey } from '../runtime/controller.ts'
import { execute } from '../runtime/execute.ts'
import { keyOf } from '../runtime/owners.ts'
import { type Count, type Counted, isCurrent, plan } from './plan.ts'

export function resourceQuotaController(kinds: readonly Kind[]): Controller {
  const changing = new ChangingKinds(({ kind, object, context }) => limiting(kind, object, context))
  return {
    name: 'resourcequota-controller',
    watches: [
      { kind: resourceQuota as unknown as Kind, keys: quota => woken(quota as unknown as ResourceQuota) },
      ...kinds.filter(isWalked).map(kind => ({ kind, keys: (object: KubeObject, caches: Caches) => limiting(kind, object, caches) })),
      ...watchesOfKinds,
    ],
    start: changing.start,
    async reconcile(key, context) {
      const quotas = context.informer(resourceQuota)
      if (key.name === changedKinds.name) {
        const next = await changing.sync(context.client, kind => isWalked(kind) && quotas.list().some(quota => limits(quota, kind)))
        // What nobody knew may be counted now.
        for (const quota of quotas.list()) if (!isCurrent(quota)) changing.enqueue(keyOf(quota))
        return next
      }
      const quota = quotas.get(key)
      if (!quota || quota.metadata.deletionTimestamp) return undefined
      return count(quota, context)
    },
  }
}

/** Kinds that come and go are followed as far as a quota names them. */
function woken(quota: ResourceQuota): ObjectKey[] {
  const namesOne = Object.keys(quota.spec?.hard ?? {}).some(name => /^count\/.*\./.test(name))
  return [...(isCurrent(quota) ? [] : [keyOf(quota)]), ...(namesOne ? [changedKinds] : [])]
}

async function count(quota: ResourceQuota, context: Context): Promise<{ requeueAfterMs: number } | undefined> {
  const { failures, ...found } = await countedBy(quota, context)
  try {
    await execute(resourceQuota, quota, plan(quota, found, context.clock.now()), context)
  } catch (error) {
    // Admission was faster: what it wrote brings the key back, or is right.
    if (isReason(error, 'Conflict')) return { requeueAfterMs: 50 }
    throw error
  }
  if (failures.length > 0) throw new Error(aggregate(failures))
  return undefined
}

const isWalked = (kind: Kind): boolean => isCounted(kind) && isFirstVersion(kind) && (!kind.verbs || kind.verbs.includes('watch'))

const limits = (quota: ResourceQuota, kind: Kind): boolean =>
  Object.keys({ ...quota.spec?.hard, ...quota.status.hard }).some(name => countsTowards(kind, name))

const limiting = (kind: Kind, object: KubeObject, caches: Caches): ObjectKey[] =>
  caches
    .informer(resourceQuota)
    .list(object.metadata.namespace)
    .filter(quota => limits(quota, kind))
    .map(keyOf)

/** Everything in the namespace that the quota is about, and what kept some of it from being read. */
async function countedBy(quota: ResourceQuota, { client }: Context): Promise<Count & { failures: string[] }> {
  const hard = quota.spec?.hard ?? {}
  const names = Object.keys(hard)
  const kinds = [...client.kinds(), ...client.elsewhere().kinds].filter(
    kind => isWalked(kind) && names.some(name => countsTowards(kind, name)),
  )
  const lists = await Promise.allSettled(kinds.map(kind => client.list(kind, { namespace: quota.metadata.namespace })))
  const counted: Counted[] = []
  const [known, failures] = [new Set<string>(), new Map<string, string>()]
  for (const [index, list] of lists.entries()) {
    const kind = kinds[index] as Kind
    for (const name of names) {
      if (!countsTowards(kind, name)) continue
      if (list.status === 'fulfilled') known.add(name)
      else failures.set(name, errorText(list.reason))
    }
    if (list.status === 'fulfilled')
      counted.push(...list.value.items.filter(object => concerns(quota, kind, object, hard)).map(object => ({ kind, object })))
  }
  return { counted, names: [...known].filter(name => !failures.has(name)), failures: [...new Set(failures.values())] }
}
