// A watch of one kind: storage changes become events as the selector sees them. An object that stops matching is DELETED, one that
// starts to is ADDED.
import { expired } from '../../openapi/errors.ts'
import type { KubeObject } from '../../openapi/kind.ts'
import { type Change, RevisionCompacted, type Storage, WatcherTooSlow } from '../storage/storage.ts'
import type { WatchEvent } from './request.ts'

export interface WatchSelection {
  name?: string
  matches?(object: KubeObject): boolean
  /** Changes after this revision; undefined: the current objects as ADDED first, then what changes. */
  after?: number
  /** Mark the end of the initial objects with a bookmark. */
  initialEventsEnd?: boolean
  /** The events were not taken fast enough, and end. */
  onTooSlow?(): void
}

export async function* watchKind<T extends KubeObject>(
  storage: Storage,
  prefix: string,
  selection: WatchSelection,
  signal: AbortSignal,
): AsyncGenerator<readonly WatchEvent<T>[]> {
  const selects = (object: KubeObject): boolean =>
    (selection.name === undefined || object.metadata.name === selection.name) && (selection.matches?.(object) ?? true)
  let after = selection.after
  const initial: WatchEvent<T>[] = []
  if (after === undefined) {
    const listing = await storage.list(prefix)
    after = listing.revision
    for (const entry of listing.entries)
      if (selects(entry.value)) initial.push({ type: 'ADDED', object: entry.value as T, revision: entry.revision })
    if (selection.initialEventsEnd) initial.push({ type: 'BOOKMARK', revision: after, initialEventsEnd: true })
  }
  try {
    // Open before the first events are taken, which may last.
    const batches = storage.watch(prefix, after, signal, selection.onTooSlow)
    if (initial.length > 0) yield initial
    for await (const changes of batches) {
      const events = translate<T>(changes, selects)
      if (events.length > 0) yield events
    }
  } catch (error) {
    if (error instanceof RevisionCompacted) throw expired(`too old resource version: ${after} (${error.compacted})`)
    if (error instanceof WatcherTooSlow) return
    throw error
  }
}

function translate<T>(changes: readonly Change[], selects: (object: KubeObject) => boolean): WatchEvent<T>[] {
  const events: WatchEvent<T>[] = []
  for (const { entry, previous, deleted, revision } of changes) {
    const before = previous !== undefined && selects(previous.value)
    const now = !deleted && selects(entry.value)
    if (now) events.push({ type: before ? 'MODIFIED' : 'ADDED', object: entry.value as T, revision })
    else if (before) {
      // The last state that matched, with the revision at which it left.
      const last = deleted ? entry.value : departed(previous.value, revision)
      events.push({ type: 'DELETED', object: last as T, revision })
    }
  }
  return events
}

const departed = (object: KubeObject, revision: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
})
