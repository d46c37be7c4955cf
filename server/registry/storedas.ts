// A storage seen through a second served version: objects are converted on their way in and out; keys and revisions are the same.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { deepFreeze } from '../storage/freeze.ts'
import type { Change, Entry, Storage, Written } from '../storage/storage.ts'

export function convertedStorage(storage: Storage, { encode, decode }: NonNullable<Kind['storedAs']>): Storage {
  // Once per stored version: readers share objects, and encodings go by identity.
  const known = new WeakMap<KubeObject, KubeObject>()
  const shown = (value: KubeObject): KubeObject => {
    const before = known.get(value)
    if (before) return before
    const object = deepFreeze(decode(value))
    known.set(value, object)
    return object
  }
  const entryOf = (entry: Entry): Entry => ({ ...entry, value: shown(entry.value) })
  const changeOf = (change: Change): Change => ({
    ...change,
    entry: entryOf(change.entry),
    ...(change.previous ? { previous: entryOf(change.previous) } : {}),
  })
  async function* converted(batches: AsyncIterable<readonly Change[]>): AsyncGenerator<readonly Change[]> {
    for await (const changes of batches) yield changes.map(changeOf)
  }
  return {
    revision: () => storage.revision(),
    async get(key) {
      const { revision, entry } = await storage.get(key)
      return entry ? { revision, entry: entryOf(entry) } : { revision }
    },
    async list(prefix, page) {
      const listing = await storage.list(prefix, page)
      return { ...listing, entries: listing.entries.map(entryOf) }
    },
    async write(key, value, expected): Promise<Written> {
      const written = await storage.write(key, value && encode(value), expected)
      if (written.ok) return { ok: true, entry: entryOf(written.entry) }
      return written.current ? { ok: false, current: entryOf(written.current) } : written
    },
    watch: (prefix, after, signal, onTooSlow) => converted(storage.watch(prefix, after, signal, onTooSlow)),
    compact: before => storage.compact(before),
    close: () => storage.close(),
  }
}
