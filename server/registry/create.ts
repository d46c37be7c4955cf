// What happens to an object between admission and the first write. Order as upstream's rest.BeforeCreate.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { generateName } from './names.ts'
import type { RequestContext } from './request.ts'
import type { StoreContext } from './store.ts'

/** Mutates `draft`: system fields, strategy. Validation is the caller's next step. */
export function prepareCreate<T extends KubeObject>(kind: Kind<T>, draft: T, request: RequestContext, context: StoreContext): void {
  const meta = draft.metadata as T['metadata'] & { [key: string]: unknown }
  delete meta.deletionTimestamp
  delete meta.deletionGracePeriodSeconds
  delete meta.generation
  delete meta.selfLink
  if (kind.subresources?.status) dropStatus(draft, kind)
  if (kind.hasGeneration) meta.generation = 1
  kind.prepareForCreate?.(draft, { now: context.clock.now(), user: request.user.name })
  meta.uid = context.ids.uid()
  meta.creationTimestamp = context.time()
  if (!meta.name && meta.generateName) meta.name = generateName(meta.generateName, context.ids)
}

/** Clients do not write status through the main resource. Kinds whose strategy fills status do it in prepareForCreate. */
export function dropStatus(draft: KubeObject, kind: Kind): void {
  const object = draft as KubeObject & { status?: unknown }
  if ('properties' in kind.schema && (kind.schema.properties as { status?: { default?: unknown } }).status?.default !== undefined)
    object.status = structuredClone((kind.schema.properties as { status: { default: unknown } }).status.default)
  else delete object.status
}
