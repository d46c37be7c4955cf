// What a backend must do: keys, revisions and compare-and-swap. It knows nothing of Kubernetes; retries, finalizers and admission live
// in registry/. One revision counter per store, like etcd's mod revision.
import type { KubeObject } from '../../openapi/kind.ts'

export type Revision = number

export interface Entry {
  key: string
  /** Deep-frozen; metadata.resourceVersion is stamped by the codec from `revision`. */
  value: KubeObject
  created: Revision
  revision: Revision
  /** Stored in another version than it would be now: to write the same is a change. */
  outdated?: true
}

export interface Change {
  revision: Revision
  /** The state after the change; for a deletion the last state, with the deletion's revision. */
  entry: Entry
  previous?: Entry
  deleted: boolean
}

export interface Page {
  limit?: number
  /** Exclusive start key. */
  after?: string
  /** List at this revision; throws RevisionCompacted when its history is gone. */
  at?: Revision
}

export interface Listing {
  revision: Revision
  entries: readonly Entry[]
  /** Entries after this page. */
  remaining: number
}

export type Written = { ok: true; entry: Entry } | { ok: false; current?: Entry }

export class RevisionCompacted extends Error {
  readonly compacted: Revision
  constructor(compacted: Revision) {
    super(`revision is older than ${compacted}`)
    this.compacted = compacted
  }
}
/** The revision asked for is newer than the store's. */
export class RevisionInFuture extends Error {
  readonly current: Revision
  constructor(current: Revision) {
    super(`revision is newer than ${current}`)
    this.current = current
  }
}
/** The watcher did not read fast enough and its buffer was dropped. */
export class WatcherTooSlow extends Error {}

export interface Storage {
  revision(): Revision
  get(key: string): Promise<{ revision: Revision; entry?: Entry }>
  list(prefix: string, page?: Page): Promise<Listing>
  /**
   * Compare-and-swap against the key's revision, 0 meaning "must not exist"; null deletes. Never retries.
   * `value` is taken over and frozen; the store stamps metadata.resourceVersion.
   */
  write(key: string, value: KubeObject | null, expected: Revision): Promise<Written>
  /**
   * Every change under `prefix` after `after`, in revision order, batched, from the call on. Throws RevisionCompacted, or WatcherTooSlow
   * when read after it was given up; `onTooSlow` tells so at once, for its reader may be waiting elsewhere. Ends with `signal`: abort it.
   */
  watch(prefix: string, after: Revision, signal: AbortSignal, onTooSlow?: () => void): AsyncIterable<readonly Change[]>
  compact(before: Revision): Promise<void>
  close(): Promise<void>
}
