// What plugins look up: objects as they are stored, without being asked as a user.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { type Follower, follow } from '../registry/follow.ts'
import { keyOf, prefixOf } from '../registry/keys.ts'
import type { Storage } from '../storage/storage.ts'

export interface Lookup {
  get<T extends KubeObject>(kind: Kind<T>, namespace: string, name: string): Promise<T | undefined>
  list<T extends KubeObject>(kind: Kind<T>, namespace: string): Promise<readonly T[]>
  /** Tells all below the prefix, and every change until storage is closed. Resolves when all that is there was told. */
  follow(prefix: string, follower: Follower): Promise<void>
}

export const storageLookup = (storage: Storage): Lookup => ({
  async get(kind, namespace, name) {
    const { entry } = await storage.get(keyOf(kind as unknown as Kind, namespace, name))
    return entry?.value as never
  },
  async list(kind, namespace) {
    const { entries } = await storage.list(prefixOf(kind as unknown as Kind, namespace))
    return entries.map(entry => entry.value) as never
  },
  follow: (prefix, follower) => follow(storage, prefix, follower, new AbortController().signal),
})
