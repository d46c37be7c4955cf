// namespace-controller: empties a namespace that is going, pods first, tells what is left, and lets it go. It walks all kinds.

import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { type Namespace, namespace as namespaceKind } from '../../openapi/kinds/core/namespace.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Context, Controller } from '../runtime/controller.ts'
import { isReason } from '../runtime/errors.ts'
import { keyOf, self } from '../runtime/owners.ts'
import { conditionsOf, type Remaining } from './content.ts'

const lookAgainMs = 500

export const namespaceController: Controller = {
  name: 'namespace-controller',
  watches: [
    { kind: namespaceKind as unknown as Kind, keys: self },
    {
      kind: pod as unknown as Kind,
      keys: (object, caches) =>
        caches.informer(namespaceKind).get({ name: object.metadata.namespace ?? '' })?.metadata.deletionTimestamp
          ? [{ name: object.metadata.namespace ?? '' }]
          : [],
    },
  ],
  async reconcile(key, context) {
    const namespace = context.informer(namespaceKind).get(key)
    if (!namespace?.metadata.deletionTimestamp || !namespace.spec.finalizers?.includes('kubernetes')) return undefined
    const { pods, others } = await empty(key.name, context)
    // Pods that end are not told as a remainder: they only need their time.
    const current = await tell(namespace, others, pods, context)
    if (pods || others.length > 0) return { requeueAfterMs: lookAgainMs }
    const finalizers = (current.spec.finalizers ?? []).filter(f => f !== 'kubernetes')
    await context.client.createSubresource(namespaceKind, key, 'finalize', { ...current, spec: { finalizers } })
    return undefined
  },
}

/** Deletes what is there; what stays is told. Pods go before anything else: `pods` says whether there are any left. */
async function empty(name: string, { client }: Context): Promise<{ pods: boolean; others: Remaining[] }> {
  const kinds = client
    .kinds()
    .filter(kind => kind.scope === 'Namespaced' && isFirstVersion(kind) && (!kind.verbs || kind.verbs.includes('deletecollection')))
  const pods = kinds.filter(kind => kind.kind === 'Pod' && kind.group === '')
  const first = await emptyKinds(pods, name, client)
  if (first.length > 0) return { pods: true, others: [] }
  const rest = kinds.filter(kind => !pods.includes(kind))
  return { pods: false, others: await emptyKinds(rest, name, client) }
}

/** The same objects are not looked at twice. */
const isFirstVersion = (kind: Kind): boolean => (kind.custom ? kind.custom.siblings()[0] === kind : !kind.storedAs)

async function emptyKinds(kinds: readonly Kind[], namespace: string, client: Context['client']): Promise<Remaining[]> {
  const remaining: Remaining[] = []
  for (const kind of kinds) {
    const { items } = await client.list(kind, { namespace })
    for (const object of items) await remove(kind, object, client)
    if (items.length === 0) continue
    const left = (await client.list(kind, { namespace })).items
    if (left.length > 0) remaining.push({ kind, objects: left })
  }
  return remaining
}

async function remove(kind: Kind, object: KubeObject, client: Context['client']): Promise<void> {
  if (object.metadata.deletionTimestamp) return
  try {
    await client.delete(kind, keyOf(object), { propagationPolicy: 'Background' })
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error
  }
}

async function tell(namespace: Namespace, remaining: readonly Remaining[], pods: boolean, { client, clock }: Context): Promise<Namespace> {
  const conditions = conditionsOf(namespace, remaining, printTime(clock.now()))
  if (remaining.length === 0 && !pods && !namespace.status.conditions) return namespace
  if (deepEqual(conditions, namespace.status.conditions)) return namespace
  return client.updateStatus(namespaceKind, { ...namespace, status: { ...namespace.status, conditions } } as Namespace)
}
