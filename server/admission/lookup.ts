// What plugins look up: objects that are stored, without being asked as a user.
import { notFound } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { type Namespace, namespace as namespaceKind } from '../../openapi/kinds/core/namespace.ts'
import type { Convert } from '../extension/convert.ts'
import { type Follower, follow } from '../registry/follow.ts'
import { keyOf, prefixOf } from '../registry/keys.ts'
import { convertedStorage } from '../registry/storedas.ts'
import type { Storage } from '../storage/storage.ts'

export interface Lookup {
  get<T extends KubeObject>(kind: Kind<T>, namespace: string, name: string): Promise<T | undefined>
  list<T extends KubeObject>(kind: Kind<T>, namespace: string): Promise<readonly T[]>
  /** Tells all below the prefix, and every change until storage is closed. Resolves when all that is there was told. */
  follow(prefix: string, follower: Follower): Promise<void>
}

/** Throws 404. */
export async function namespaceNamed(lookup: Lookup, name: string): Promise<Namespace> {
  const found = await lookup.get(namespaceKind, '', name)
  if (!found) throw notFound(namespaceKind, name)
  return found
}

/** Objects come in the version of the kind; without `convert`, as they are stored. Throws StatusError where a webhook has to convert them and fails. */
export function storageLookup(storage: Storage, convert?: Convert): Lookup {
  const views = new WeakMap<object, Storage>()
  const seenAs = (kind: Kind): Storage => {
    const view = views.get(kind) ?? (convert ? convertedStorage(storage, kind, convert) : storage)
    views.set(kind, view)
    return view
  }
  return {
    async get(kind, namespace, name) {
      const { entry } = await seenAs(kind as unknown as Kind).get(keyOf(kind as unknown as Kind, namespace, name))
      return entry?.value as never
    },
    async list(kind, namespace) {
      const { entries } = await seenAs(kind as unknown as Kind).list(prefixOf(kind as unknown as Kind, namespace))
      return entries.map(entry => entry.value) as never
    },
    follow: (prefix, follower) => follow(storage, prefix, follower, new AbortController().signal),
  }
}
