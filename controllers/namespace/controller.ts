// namespace-controller: empties a namespace that is going, pods first, tells what is left, and lets it go. It walks all kinds.

import { errorText } from '../../openapi/errors.ts'
import { isFirstVersion, type Kind, type KubeObject } from '../../openapi/kind.ts'
import { type Namespace, namespace as namespaceKind } from '../../openapi/kinds/core/namespace.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Context, Controller } from '../runtime/controller.ts'
import { isReason } from '../runtime/errors.ts'
import { keyOf, self } from '../runtime/owners.ts'
import { type Content, conditionsOf, isEmpty, type Remaining } from './content.ts'

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
    const { pods, content } = await empty(key.name, context)
    // Pods that end are not told as a remainder: they only need their time.
    const current = await tell(namespace, content, pods, context)
    if (pods || !isEmpty(content)) return { requeueAfterMs: lookAgainMs }
    const finalizers = (current.spec.finalizers ?? []).filter(f => f !== 'kubernetes')
    await context.client.createSubresource(namespaceKind, key, 'finalize', { ...current, spec: { finalizers } })
    return undefined
  },
}

/** Deletes what is there; what stays is told. Pods go before anything else: `pods` says whether there are any left. */
async function empty(name: string, { client }: Context): Promise<{ pods: boolean; content: Content }> {
  const kinds = client
    .kinds()
    .filter(kind => kind.scope === 'Namespaced' && isFirstVersion(kind) && (!kind.verbs || kind.verbs.includes('deletecollection')))
  const pods = kinds.filter(kind => kind.kind === 'Pod' && kind.group === '')
  const first = await emptyKinds(pods, name, client)
  const { stale } = client.elsewhere()
  if (first.length > 0) return { pods: true, content: { remaining: [], stale, failures: [] } }
  const rest = kinds.filter(kind => !pods.includes(kind))
  const here = await emptyKinds(rest, name, client)
  const { remaining, failures } = await emptyElsewhere(name, client)
  return { pods: false, content: { remaining: [...here, ...remaining], stale, failures } }
}

async function emptyKinds(kinds: readonly Kind[], namespace: string, client: Context['client']): Promise<Remaining[]> {
  const remaining: Remaining[] = []
  for (const kind of kinds) {
    const { items } = await client.list(kind, { namespace })
    for (const object of items) await remove(kind, object, client)
    if (items.length === 0) continue
    const left = (await client.list(kind, { namespace })).items
    if (left.length > 0) remaining.push({ resource: `${kind.names.plural}.${kind.group}`, objects: left })
  }
  return remaining
}

/** What extension servers keep. */
async function emptyElsewhere(
  namespace: string,
  client: Context['client'],
): Promise<Pick<Content, 'failures'> & { remaining: Remaining[] }> {
  const { kinds, ask } = client.elsewhere()
  const remaining: Remaining[] = []
  const failures: string[] = []
  for (const kind of kinds.filter(({ scope, verbs }) => scope === 'Namespaced' && verbs?.includes('delete'))) {
    const { plural } = kind.names
    const can = (verb: string) => kind.verbs?.includes(verb)
    const list = async () => (can('list') ? (await client.list(kind, { namespace })).items : [])
    try {
      if (can('deletecollection')) await ask('DELETE', kind, `namespaces/${namespace}/${plural}`)
      else for (const object of await list()) await client.delete(kind, keyOf(object))
      const objects = await list()
      if (objects.length > 0) remaining.push({ resource: `${plural}.${kind.group}`, objects })
    } catch (error) {
      failures.push(errorText(error))
    }
  }
  return { remaining, failures }
}

async function remove(kind: Kind, object: KubeObject, client: Context['client']): Promise<void> {
  if (object.metadata.deletionTimestamp) return
  try {
    await client.delete(kind, keyOf(object), { propagationPolicy: 'Background' })
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error
  }
}

async function tell(namespace: Namespace, content: Content, pods: boolean, { client, clock }: Context): Promise<Namespace> {
  const conditions = conditionsOf(namespace, content, printTime(clock.now()))
  if (isEmpty(content) && !pods && !namespace.status.conditions) return namespace
  if (deepEqual(conditions, namespace.status.conditions)) return namespace
  return client.updateStatus(namespaceKind, { ...namespace, status: { ...namespace.status, conditions } } as Namespace)
}
