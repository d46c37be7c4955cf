// How many seats of its level a request takes.
import type { Attributes } from '../auth/attributes.ts'
import { beginsWithAll, widthOf } from '../flowcontrol/width.ts'
import type { Api } from './api.ts'
import type { Exchange } from './exchange.ts'

/** `most`: what a request of the level takes at most. */
export async function seatsOf(
  { registry, stored }: Api,
  { query, info }: Exchange,
  { asked: { verb, name }, most }: { asked: Attributes; most: number },
): Promise<number> {
  if (verb !== 'list' && !(verb === 'watch' && beginsWithAll(query))) return 1
  const kind = info.subresource === '' ? registry.find(info.group, info.version, info.resource) : undefined
  if (!kind || (kind.verbs && !kind.verbs.includes('list'))) return 1
  return widthOf(await stored.of(kind), { query, watch: verb === 'watch', single: name !== '' }, most)
}
