// Managers of fields who wrote in other versions than the one asked for: what a webhook makes of an object there is what they own.
import { apiVersionOf, type ConversionWebhook, type Kind, type KubeObject } from '../../openapi/kind.ts'
import { type Comparison, compareObjects, difference, emptySet, type FieldSet, fieldsOf, union } from '../../openapi/rules/fieldset.ts'
import { pruneObject } from '../../openapi/rules/merge.ts'
import type { Convert } from '../extension/convert.ts'
import { ignoredFields, type Manager, withoutIgnored } from './managedfields.ts'

/** What a write changes, as other versions see it: by apiVersion. */
export type OtherVersions = ReadonlyMap<string, Comparison>

const none: OtherVersions = new Map()

interface Elsewhere {
  webhook: ConversionWebhook
  convert: Convert
  /** All served versions that are written in, by apiVersion. */
  kinds: ReadonlyMap<string, Kind>
}

/** undefined: everything is seen in the version asked for. */
function elsewhere(kind: Kind, managers: readonly { apiVersion?: string }[], convert: Convert): Elsewhere | undefined {
  const webhook = kind.storedAs?.webhook
  if (!webhook || !managers.some(({ apiVersion }) => apiVersion !== apiVersionOf(kind))) return undefined
  const written = new Set<string | undefined>([apiVersionOf(kind), ...managers.map(({ apiVersion }) => apiVersion)])
  const kinds = new Map((kind.custom?.siblings() ?? []).map(each => [apiVersionOf(each), each]))
  return { webhook, convert, kinds: new Map([...kinds].filter(([apiVersion]) => written.has(apiVersion))) }
}

export interface Changing {
  kind: Kind
  managers: readonly { apiVersion?: string }[]
  subresource: string
}

/** Throws StatusError when the webhook fails. */
export async function comparedElsewhere(
  { kind, managers, subresource }: Changing,
  live: KubeObject | undefined,
  next: KubeObject,
  convert: Convert,
): Promise<OtherVersions> {
  const others = live && elsewhere(kind, managers, convert)
  if (!others) return none
  const found = new Map<string, Comparison>()
  for (const [apiVersion, other] of others.kinds) {
    if (apiVersion === apiVersionOf(kind)) continue
    const [before, after] = await convert(others.webhook, [live, next], apiVersion)
    found.set(apiVersion, withoutIgnored(compareObjects(other.schema, before, after), ignoredFields(other, subresource)))
  }
  return found
}

export interface Pruning {
  kind: Kind
  /** What the manager applied before. */
  mine: Manager
  /** Everybody, the manager with what it applies now. */
  managers: readonly Manager[]
  convert: Convert
}

/** Takes out of `merged` what its manager gave up and nobody else owns in any version. Throws StatusError when the webhook fails. */
export async function prunedElsewhere(merged: KubeObject, { kind, mine, managers, convert }: Pruning): Promise<unknown> {
  const owned = (apiVersion: string): FieldSet =>
    managers.filter(each => each.apiVersion === apiVersion).reduce((all, { set }) => union(all, set), emptySet())
  const others = elsewhere(kind, [mine, ...managers], convert)
  if (!others) return pruneObject(kind.schema, merged, mine.set, owned(apiVersionOf(kind)))
  const as = async (object: KubeObject, apiVersion: string) => (await convert(others.webhook, [object], apiVersion))[0] as KubeObject
  const first = others.kinds.get(mine.apiVersion) ?? kind
  const there = await as(merged, apiVersionOf(first))
  let pruned = pruneObject(first.schema, there, mine.set, owned(apiVersionOf(first))) as KubeObject
  for (const [apiVersion, { schema }] of others.kinds) {
    if (apiVersion === apiVersionOf(first)) continue
    const [before, after] = [await as(merged, apiVersion), await as(pruned, apiVersion)]
    pruned = pruneObject(schema, before, difference(fieldsOf(schema, before), fieldsOf(schema, after)), owned(apiVersion)) as KubeObject
  }
  return as(pruned, apiVersionOf(kind))
}
