// The in-memory backend: an ordered tree of entries, a bounded log of changes for watches and for lists of the past.
import BTree from 'sorted-btree'
import type { KubeObject } from '../../openapi/kind.ts'
import { deepFreeze } from './freeze.ts'
import {
  type Change,
  type Entry,
  type Listing,
  type Page,
  type Revision,
  RevisionCompacted,
  RevisionInFuture,
  type Storage,
  type Written,
} from './storage.ts'
import { Watchers } from './watchers.ts'

export interface MemoryOptions {
  /** Changes kept for watches and consistent paging; older ones are compacted away. */
  historyLimit?: number
  /** Changes a watcher may have unread before it is closed. */
  watchBuffer?: number
}

export class MemoryStorage implements Storage {
  readonly #tree = new BTree.default<string, Entry>(undefined, (a, b) => (a < b ? -1 : a > b ? 1 : 0))
  readonly #watchers: Watchers
  readonly #historyLimit: number
  /** Of lists in pages: how many come after the last of a page, so that only the first page counts them all. */
  readonly #remaining = new Map<string, number>()
  #log: Change[] = []
  #revision: Revision = 1
  /** Revisions up to here have no history. */
  #compacted: Revision = 1

  constructor(options: MemoryOptions = {}) {
    this.#historyLimit = options.historyLimit ?? 32_768
    this.#watchers = new Watchers(options.watchBuffer ?? 16_384)
  }

  revision(): Revision {
    return this.#revision
  }

  async get(key: string): Promise<{ revision: Revision; entry?: Entry }> {
    return { revision: this.#revision, entry: this.#tree.get(key) }
  }

  async list(prefix: string, page: Page = {}): Promise<Listing> {
    const at = page.at ?? this.#revision
    if (at > this.#revision) throw new RevisionInFuture(this.#revision)
    if (at < this.#compacted && at !== this.#revision) throw new RevisionCompacted(this.#compacted)
    const tree = at === this.#revision ? this.#tree : this.#treeAt(prefix, at)
    const limit = page.limit ?? Number.POSITIVE_INFINITY
    const entries: Entry[] = []
    const pageAfter = (key: string | undefined): string => `${at} ${prefix} ${key}`
    const known = page.after === undefined ? undefined : this.#remaining.get(pageAfter(page.after))
    let remaining = 0
    const from = page.after === undefined ? prefix : `${page.after}\u0000`
    tree.forRange(from, `${prefix}\uffff`, false, (_key, entry) => {
      if (entries.length < limit) entries.push(entry)
      else if (known !== undefined) return { break: true }
      else remaining++
      return undefined
    })
    if (known !== undefined) remaining = known - entries.length
    if (remaining > 0) {
      if (this.#remaining.size >= knownPages) this.#remaining.clear()
      this.#remaining.set(pageAfter(entries.at(-1)?.key), remaining)
    }
    return { revision: at, entries, remaining }
  }

  async write(key: string, value: KubeObject | null, expected: Revision): Promise<Written> {
    const current = this.#tree.get(key)
    if ((current?.revision ?? 0) !== expected) return { ok: false, current }
    if (!current && value === null) return { ok: false }
    const revision = ++this.#revision
    const stamped = stamp(value ?? (current as Entry).value, revision, value === null)
    const entry: Entry = { key, value: stamped, created: current?.created ?? revision, revision }
    if (value === null) this.#tree.delete(key)
    else this.#tree.set(key, entry)
    this.#append({ revision, entry, previous: current, deleted: value === null })
    return { ok: true, entry }
  }

  watch(prefix: string, after: Revision, signal: AbortSignal, onTooSlow?: () => void): AsyncIterable<readonly Change[]> {
    if (after < this.#compacted) throw new RevisionCompacted(this.#compacted)
    const backlog = this.#log.slice(this.#indexAfter(after)).filter(change => change.entry.key.startsWith(prefix))
    return this.#watchers.open(prefix, backlog, signal, onTooSlow)
  }

  async compact(before: Revision): Promise<void> {
    this.#log = this.#log.slice(this.#indexAfter(before))
    this.#compacted = Math.max(this.#compacted, Math.min(before, this.#revision))
  }

  async close(): Promise<void> {
    this.#watchers.close()
  }

  #append(change: Change): void {
    this.#log.push(change)
    // Dropped in blocks, so that the cost of moving the array is spread over many writes.
    if (this.#log.length > this.#historyLimit * 1.25) {
      const dropped = this.#log.length - this.#historyLimit
      this.#compacted = (this.#log[dropped - 1] as Change).revision
      this.#log = this.#log.slice(dropped)
    }
    this.#watchers.publish(change)
  }

  /** Index of the first change newer than `revision`; the log is sorted. */
  #indexAfter(revision: Revision): number {
    let low = 0
    let high = this.#log.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#log[middle] as Change).revision <= revision) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The tree as it was: the current one (copy on write) with the newer changes under `prefix` undone. */
  #treeAt(prefix: string, at: Revision): BTree.default<string, Entry> {
    const tree = this.#tree.clone()
    for (let i = this.#log.length - 1; i >= 0; i--) {
      const change = this.#log[i] as Change
      if (change.revision <= at) break
      if (!change.entry.key.startsWith(prefix)) continue
      if (change.previous) tree.set(change.entry.key, change.previous)
      else tree.delete(change.entry.key)
    }
    return tree
  }
}

const knownPages = 1000

/** The object with its new resourceVersion, frozen. `copy`: the value is already frozen and shared. */
function stamp(value: KubeObject, revision: Revision, copy: boolean): KubeObject {
  const target = copy ? { ...value, metadata: { ...value.metadata } } : value
  target.metadata.resourceVersion = String(revision)
  return deepFreeze(target)
}
