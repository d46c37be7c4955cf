// How many seats a list takes, by what it has in memory at once. util/flowcontrol/request. Pure.
import type { Queuing } from './seats.ts'

/** What there is of a resource, in all namespaces. */
export interface Stored {
  count: number
  /** Of one object as etcd would keep it. */
  averageBytes: number
}

export interface Listing {
  /** Of the request. */
  query: URLSearchParams
  watch: boolean
  /** It is about one name. */
  single: boolean
}

const bytesPerSeat = 100_000
/** A cache gives its objects away one by one. */
const mostCachedBytes = 1_000_000
const mostListSeats = 100

/** `most`: what a request of the level takes at most. */
export function widthOf({ count, averageBytes }: Stored, { query, watch, single }: Listing, most: number): number {
  const limit = Number(query.get('limit') ?? 0)
  const listed = limit > 0 && limit < count ? limit : count
  const cached = watch || isCached(query, limit)
  const selects = Boolean(query.get('fieldSelector') || query.get('labelSelector'))
  const objects = single ? 1 : !cached && selects ? Math.max(listed, Math.floor(count / 2)) : listed
  const bytes = objects * averageBytes
  const seats = Math.ceil((cached ? Math.min(bytes, mostCachedBytes) : bytes) / bytesPerSeat)
  return Math.max(1, Math.min(seats, most))
}

/** Upstream's watch cache answers all but pages of the past. */
function isCached(query: URLSearchParams, limit: number): boolean {
  const [version = '', match = ''] = [query.get('resourceVersion') ?? '', query.get('resourceVersionMatch') ?? '']
  if (match === 'NotOlderThan') return true
  if (match !== '' || query.get('continue')) return false
  return !(limit > 0 && version !== '' && version !== '0')
}

/** A watch that begins with all that is there is a list, too. */
export const beginsWithAll = (query: URLSearchParams): boolean =>
  query.get('sendInitialEvents') === 'true' || ['', '0'].includes(query.get('resourceVersion') ?? '')

/** What a request takes at most, in a level with so many nominal seats: where it waits in queues, only a part of them. */
export function mostSeats(nominal: number, queuing: Queuing | undefined): number {
  if (!queuing) return mostListSeats
  const most = Math.min(Math.ceil(nominal * 0.15), Math.floor(nominal / queuing.handSize))
  return Math.min(mostListSeats, Math.max(1, most))
}
