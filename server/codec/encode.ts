// Bytes of an object, made once per stored version and shared by all readers and watchers. Keyed by identity: stored objects are frozen.
import type { KubeObject } from '../../openapi/kind.ts'
import { encodeProtobuf, encodeWatchFrame } from './protobuf.ts'

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'

interface Printed {
  json: Buffer
  /** Where the metadata ends in it. */
  metadataEnd: number
}

export class Encodings {
  readonly #printed = new WeakMap<object, Printed>()
  readonly #protobuf = new WeakMap<object, Buffer>()
  readonly #frames = new WeakMap<object, Map<string, Buffer>>()

  /** `{"kind":…,"apiVersion":…,"metadata":…` as Go prints it. */
  json(object: KubeObject): Buffer {
    return this.#print(object).json
  }

  /** `"metadata":{…}` alone. */
  metadataField(object: KubeObject): Buffer {
    const { json, metadataEnd } = this.#print(object)
    return json.subarray(1 + typePrefix(object).length, metadataEnd)
  }

  #print(object: KubeObject): Printed {
    const known = this.#printed.get(object)
    if (known) return known
    const [start, rest] = printParts(object)
    const printed = { json: Buffer.from(start + rest), metadataEnd: Buffer.byteLength(start) }
    if (Object.isFrozen(object)) this.#printed.set(object, printed)
    return printed
  }

  /** An item of a list, after its opening brace. Built-in kinds leave kind and apiVersion to the list, custom ones repeat them. */
  jsonItem(object: KubeObject, withType: boolean): Buffer {
    return this.json(object).subarray(withType ? 1 : 1 + typePrefix(object).length)
  }

  protobuf(object: KubeObject): Buffer {
    const known = this.#protobuf.get(object)
    if (known) return known
    const bytes = Buffer.from(encodeProtobuf(object))
    if (Object.isFrozen(object)) this.#protobuf.set(object, bytes)
    return bytes
  }

  /** One line (or length-prefixed message) of a watch. */
  frame(type: EventType, object: KubeObject, encoding: 'json' | 'protobuf'): Buffer {
    const key = `${type} ${encoding}`
    const known = this.#frames.get(object)?.get(key)
    if (known) return known
    const bytes =
      encoding === 'json'
        ? Buffer.concat([Buffer.from(`{"type":"${type}","object":`), this.json(object), lineEnd])
        : Buffer.from(encodeWatchFrame(type, object))
    if (!Object.isFrozen(object)) return bytes
    const frames = this.#frames.get(object) ?? new Map<string, Buffer>()
    this.#frames.set(object, frames.set(key, bytes))
    return bytes
  }
}

const lineEnd = Buffer.from('}\n')
const typePrefix = (object: KubeObject): string => `"kind":"${object.kind}","apiVersion":"${object.apiVersion}",`

/** kind, apiVersion and metadata first, then the rest as it stands. */
function printParts(object: KubeObject): [start: string, rest: string] {
  const { kind: _kind, apiVersion: _apiVersion, metadata, ...rest } = object
  const tail = JSON.stringify(rest)
  return [`{${typePrefix(object)}"metadata":${JSON.stringify(metadata)}`, tail === '{}' ? '}' : `,${tail.slice(1)}`]
}
