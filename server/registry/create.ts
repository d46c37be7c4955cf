// What happens to an object between admission and the first write. Order as upstream's rest.BeforeCreate.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { deepCopy } from '../../openapi/values/copy.ts'
import { generateName } from './names.ts'
import type { RequestContext } from './request.ts'
import type { StoreContext } from './store.ts'

/** What only the server writes is not the client's, not even as a field it owns. Mutates `draft`. */
export function wipeSystemFields({ scope }: Kind, { metadata }: KubeObject): void {
  const meta = metadata as Partial<KubeObject['metadata']>
  delete meta.uid
  delete meta.creationTimestamp
  delete meta.deletionTimestamp
  delete meta.deletionGracePeriodSeconds
  delete meta.selfLink
  if (scope === 'Cluster') delete meta.namespace
}

/** Mutates `draft`: system fields, strategy. Validation is the caller's next step. */
export function prepareCreate<T extends KubeObject>(kind: Kind<T>, draft: T, request: RequestContext, context: StoreContext): void {
  const meta = draft.metadata as T['metadata'] & { [key: string]: unknown }
  meta.uid = context.ids.uid()
  meta.creationTimestamp = context.time()
  if (!meta.name && meta.generateName) meta.name = generateName(meta.generateName, context.ids)
  if (kind.subresources?.status && !kind.keepsStatus) dropStatus(draft, kind)
  if (kind.hasGeneration) meta.generation = 1
  kind.prepareForCreate?.(draft, { now: context.clock.now(), user: request.user })
}

/** Clients do not write status through the main resource. Kinds whose strategy fills status do it in prepareForCreate. */
export function dropStatus(draft: KubeObject, kind: Kind): void {
  const object = draft as KubeObject & { status?: unknown }
  if ('properties' in kind.schema && (kind.schema.properties as { status?: { default?: unknown } }).status?.default !== undefined)
    object.status = deepCopy((kind.schema.properties as { status: { default: unknown } }).status.default)
  else delete object.status
}
