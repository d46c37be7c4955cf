// How many seats of its level a request takes.
import { beginsWithAll, widthOf } from '../flowcontrol/width.ts'
import type { Api } from './api.ts'
import { attributesOf, verbOf } from './attributes.ts'
import type { Exchange } from './exchange.ts'

/** `most`: what a request of the level takes at most. */
export async function seatsOf({ registry, stored }: Api, exchange: Exchange, most: number): Promise<number> {
  const verb = verbOf(exchange)
  const { query, info } = exchange
  if (verb !== 'list' && !(verb === 'watch' && beginsWithAll(query))) return 1
  const kind = info.subresource === '' ? registry.find(info.group, info.version, info.resource) : undefined
  if (!kind || (kind.verbs && !kind.verbs.includes('list'))) return 1
  const single = attributesOf(exchange).name !== ''
  return widthOf(await stored.of(kind), { query, watch: verb === 'watch', single }, most)
}
