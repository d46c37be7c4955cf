// A reader of storage that is told everything once, and then every change: what keeps an index of stored objects.
import type { KubeObject } from '../../openapi/kind.ts'
import { type Change, RevisionCompacted, type Storage, WatcherTooSlow } from '../storage/storage.ts'

export interface Follower {
  /** Forgets everything: all of it is told again. */
  reset(): void
  change(key: string, before: KubeObject | undefined, now: KubeObject | undefined): void
}

/** Resolves when all that is there was told. A follower that fell behind is told everything anew. */
export async function follow(storage: Storage, prefix: string, follower: Follower, signal: AbortSignal): Promise<void> {
  follower.reset()
  const { entries, revision } = await storage.list(prefix)
  const changes = storage.watch(prefix, revision, signal)
  for (const { key, value } of entries) follower.change(key, undefined, value)
  void tell(changes, follower).catch((error: unknown) => {
    if (!(error instanceof WatcherTooSlow || error instanceof RevisionCompacted)) throw error
    return follow(storage, prefix, follower, signal)
  })
}

async function tell(changes: AsyncIterable<readonly Change[]>, follower: Follower): Promise<void> {
  for await (const batch of changes)
    for (const { entry, previous, deleted } of batch) follower.change(entry.key, previous?.value, deleted ? undefined : entry.value)
}
