// One page of a list: selection runs over a consistent snapshot, pages go on in the snapshot they began with.
import { expired, StatusError } from '../../openapi/errors.ts'
import type { KubeObject } from '../../openapi/kind.ts'
import { type Entry, type Listing, RevisionCompacted, RevisionInFuture, type Storage } from '../storage/storage.ts'
import { parseToken, printToken } from './continuetoken.ts'
import type { ListPage, Selection } from './request.ts'

export async function listPage<T extends KubeObject>(storage: Storage, prefix: string, selection: Selection): Promise<ListPage<T>> {
  const token = selection.continue ? parseToken(selection.continue) : undefined
  const at = token ? (token.revision < 0 ? undefined : token.revision) : selection.at
  const after = token ? prefix + token.after : undefined
  if (!selection.matches && selection.name === undefined) {
    const listing = await read(storage, prefix, { limit: selection.limit, after, at }, token !== undefined)
    return page(listing, listing.entries, prefix, listing.remaining > 0 ? listing.remaining : undefined)
  }
  return filtered<T>(storage, prefix, selection, { after, at, paged: token !== undefined })
}

/** With a selector pages are filled by reading on; how many remain is then unknown. */
async function filtered<T extends KubeObject>(
  storage: Storage,
  prefix: string,
  selection: Selection,
  from: { after?: string; at?: number; paged: boolean },
): Promise<ListPage<T>> {
  const listing = await read(storage, prefix, { after: from.after, at: from.at }, from.paged)
  const limit = selection.limit ?? Number.POSITIVE_INFINITY
  const chosen: Entry[] = []
  for (const entry of listing.entries) {
    // A full page with more to read goes on, whether or not the rest matches.
    if (chosen.length === limit) {
      const last = (chosen.at(-1) as Entry).key
      return {
        items: values<T>(chosen),
        revision: listing.revision,
        continue: printToken({ revision: listing.revision, after: last.slice(prefix.length) }),
      }
    }
    if (selection.name !== undefined && entry.value.metadata.name !== selection.name) continue
    if (!selection.matches || selection.matches(entry.value)) chosen.push(entry)
  }
  return { items: values<T>(chosen), revision: listing.revision }
}

/** The one object that the selection names; `prefix` is the namespace's, or that of a kind without namespaces. */
export async function listOne<T extends KubeObject>(storage: Storage, prefix: string, selection: Selection): Promise<ListPage<T>> {
  const { revision, entry } = await storage.get(prefix + selection.name)
  const found = entry && (!selection.matches || selection.matches(entry.value))
  return { items: found ? [entry.value as T] : [], revision }
}

const values = <T>(entries: readonly Entry[]): T[] => entries.map(entry => entry.value as T)

function page<T>(listing: Listing, entries: readonly Entry[], prefix: string, remaining: number | undefined): ListPage<T> {
  const result: ListPage<T> = { items: values<T>(entries), revision: listing.revision }
  if (remaining === undefined) return result
  const last = (entries.at(-1) as Entry).key
  return { ...result, remaining, continue: printToken({ revision: listing.revision, after: last.slice(prefix.length) }) }
}

async function read(
  storage: Storage,
  prefix: string,
  page: { limit?: number; after?: string; at?: number },
  paged: boolean,
): Promise<Listing> {
  try {
    return await storage.list(prefix, page)
  } catch (error) {
    if (error instanceof RevisionInFuture) throw tooLarge(page.at ?? 0, error.current)
    if (!(error instanceof RevisionCompacted)) throw error
    if (!paged) throw expired(`The resourceVersion for the provided list is too old.`)
    throw continueExpired(storage, prefix, page.after ?? prefix)
  }
}

/** The client may go on in the newest state, with the token this Status carries. */
function continueExpired(storage: Storage, prefix: string, after: string): StatusError {
  const error = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  )
  error.status.metadata = {
    continue: printToken({ revision: -1, after: after.slice(prefix.length) }),
    resourceVersion: String(storage.revision()),
  }
  delete error.status.metadata.resourceVersion
  return error
}

/** A version the store has not reached: upstream waits three seconds for it and then says this. */
export const tooLarge = (asked: number, current: number): StatusError =>
  new StatusError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })
