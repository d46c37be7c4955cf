// How much is stored of each resource: looked at by the minute, as upstream asks etcd.
import type { Kind } from '../../openapi/kind.ts'
import type { Clock } from '../clock.ts'
import type { Encodings } from '../codec/encode.ts'
import { prefixOf } from '../registry/keys.ts'
import type { Storage } from '../storage/storage.ts'
import type { Stored } from './width.ts'

export interface StoredSizesParts {
  storage: Storage
  encodings: Pick<Encodings, 'json' | 'protobuf'>
  clock: Clock
}

const freshMs = 60_000
/** So many objects stand for all. */
const sample = 20

export class StoredSizes {
  readonly #parts: StoredSizesParts
  readonly #known = new WeakMap<Kind, { stored: Stored; atMs: number }>()

  constructor(parts: StoredSizesParts) {
    this.#parts = parts
  }

  async of(kind: Kind): Promise<Stored> {
    const { storage, encodings, clock } = this.#parts
    const nowMs = clock.now().getTime()
    const known = this.#known.get(kind)
    if (known && nowMs - known.atMs < freshMs) return known.stored
    const { entries, remaining } = await storage.list(prefixOf(kind, ''), { limit: sample })
    const bytes = entries.map(({ value }) => (kind.custom ? encodings.json(value) : encodings.protobuf(value)).length)
    const stored = {
      count: entries.length + remaining,
      averageBytes: Math.round(bytes.reduce((sum, length) => sum + length, 0) / (bytes.length || 1)),
    }
    this.#known.set(kind, { stored, atMs: nowMs })
    return stored
  }
}
