// A storage seen through a second served version: objects are converted on their way in and out; keys and revisions are the same.
import { apiVersionOf, type ConversionWebhook, type Kind, type KubeObject } from '../../openapi/kind.ts'
import type { Convert } from '../extension/convert.ts'
import { deepFreeze } from '../storage/freeze.ts'
import type { Change, Entry, Storage, Written } from '../storage/storage.ts'

type StoredAs = NonNullable<Kind['storedAs']>

/** How objects get from the store to the version that is served, and back. */
interface Conversion {
  /** Readies what shown() is then asked for, all of them at once. */
  show(values: readonly KubeObject[], anew?: boolean): Promise<void> | undefined
  shown(value: KubeObject): KubeObject
  encode(object: KubeObject): KubeObject | Promise<KubeObject>
}

/** `convert`: for what only a webhook can. */
export function convertedStorage(storage: Storage, kind: Kind, convert: Convert): Storage {
  const { storedAs } = kind
  if (!storedAs) return storage
  const versions = { served: apiVersionOf(kind), stored: apiVersionOf(storedAs.kind) }
  const { show, shown, encode } = storedAs.webhook ? byWebhook(storedAs.webhook, versions, convert) : bySchema(storedAs)
  const entryOf = (entry: Entry): Entry => {
    const outdated = entry.value.apiVersion !== versions.stored
    return { ...entry, value: shown(entry.value), ...(outdated ? { outdated: true as const } : {}) }
  }
  const changeOf = (change: Change): Change => ({
    ...change,
    entry: entryOf(change.entry),
    ...(change.previous ? { previous: entryOf(change.previous) } : {}),
  })
  async function* converted(batches: AsyncIterable<readonly Change[]>): AsyncGenerator<readonly Change[]> {
    for await (const changes of batches) {
      await show(changes.flatMap(({ entry, previous }) => (previous ? [previous.value, entry.value] : [entry.value])))
      yield changes.map(changeOf)
    }
  }
  return {
    revision: () => storage.revision(),
    async get(key) {
      const { revision, entry } = await storage.get(key)
      if (!entry) return { revision }
      await show([entry.value], true)
      return { revision, entry: entryOf(entry) }
    },
    async list(prefix, page) {
      const listing = await storage.list(prefix, page)
      await show(listing.entries.map(({ value }) => value))
      return { ...listing, entries: listing.entries.map(entryOf) }
    },
    async write(key, value, expected): Promise<Written> {
      const written = await storage.write(key, value && (await encode(value)), expected)
      // Who lost the race reads again.
      if (!written.ok) return { ok: false }
      await show([written.entry.value])
      return { ok: true, entry: entryOf(written.entry) }
    },
    watch: (prefix, after, signal, onTooSlow) => converted(storage.watch(prefix, after, signal, onTooSlow)),
    compact: before => storage.compact(before),
    close: () => storage.close(),
  }
}

function bySchema({ encode, decode }: StoredAs): Conversion {
  // Once per stored version: readers share objects, and encodings go by identity.
  const known = new WeakMap<KubeObject, KubeObject>()
  return {
    show: () => undefined,
    shown(value) {
      const before = known.get(value)
      if (before) return before
      const object = deepFreeze(decode(value))
      known.set(value, object)
      return object
    },
    encode,
  }
}

function byWebhook(webhook: ConversionWebhook, { served, stored }: { served: string; stored: string }, convert: Convert): Conversion {
  const known = new WeakMap<KubeObject, KubeObject>()
  /** Several readers wait for one answer. */
  const asked = new WeakMap<KubeObject, Promise<void>>()
  const ask = async (values: readonly KubeObject[]): Promise<void> => {
    try {
      const read = values.map(value => webhook.read(value, true))
      for (const [index, object] of (await convert(webhook, read, served)).entries())
        known.set(values[index] as KubeObject, deepFreeze(object))
    } finally {
      for (const value of values) asked.delete(value)
    }
  }
  return {
    /** `anew`: a webhook may have been mended meanwhile; lists and watches show what they have been told. */
    async show(values, anew = false) {
      const needs = (value: KubeObject) => !known.has(value) || (anew && value.apiVersion !== served)
      const fresh = values.filter(value => needs(value) && !asked.has(value))
      if (fresh.length > 0) {
        const answer = ask(fresh)
        for (const value of fresh) asked.set(value, answer)
      }
      await Promise.all(new Set(values.filter(needs).flatMap(value => asked.get(value) ?? [])))
    },
    shown: value => known.get(value) as KubeObject,
    encode: async object => (await convert(webhook, [object], stored))[0] as KubeObject,
  }
}
