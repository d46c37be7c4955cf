// Bytes of an object, made once per stored version and shared by all readers and watchers. Keyed by identity: stored objects are frozen.
import type { KubeObject } from '../../openapi/kind.ts'
import { type Deflated, deflated, gzipped } from './gzip.ts'
import { aroundItems, beforeItem, encodeProtobuf, encodeWatchFrame, messageIn } from './protobuf.ts'
import { partialMetadata } from './table.ts'

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'

interface Printed {
  json: Buffer
  /** Where the metadata ends in it. */
  metadataEnd: number
}

/** How an item stands in a list: JSON without or with kind and apiVersion, or a protobuf message. */
export type ItemForm = 'plain' | 'typed' | 'protobuf'

interface Run {
  versions: readonly string[]
  part: Promise<Deflated>
}

interface EncodedList {
  body: Buffer[]
  gzip: () => Promise<Buffer[]>
}

export class Encodings {
  readonly #printed = new WeakMap<object, Printed>()
  readonly #protobuf = new WeakMap<object, Buffer>()
  readonly #partials = new WeakMap<object, KubeObject>()
  readonly #runs: Readonly<Record<ItemForm, WeakMap<object, Run>>> = { plain: new WeakMap(), typed: new WeakMap(), protobuf: new WeakMap() }
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

  /**
   * A list as gzip: `head`, the objects in that form, `end`. Runs of objects are compressed together and kept; where a run ends the objects
   * themselves say, so that a change of one leaves the other runs as they are.
   */
  async gzippedList(head: Buffer, objects: readonly KubeObject[], end: Buffer, form: ItemForm): Promise<Buffer[]> {
    const runs: KubeObject[][] = [[]]
    for (const object of objects) {
      runs.at(-1)?.push(object)
      if (endsRun(object)) runs.push([])
    }
    const parts = runs.filter(run => run.length > 0).map(run => this.#run(run, form))
    return gzipped(await Promise.all([deflated(() => head), ...parts, deflated(() => end)]))
  }

  #run(objects: readonly KubeObject[], form: ItemForm): Promise<Deflated> {
    const first = objects[0] as KubeObject
    const known = this.#runs[form].get(first)
    if (known?.versions.length === objects.length && objects.every((o, index) => o.metadata.resourceVersion === known.versions[index]))
      return known.part
    const part = deflated(() => Buffer.concat(objects.flatMap(object => this.#item(object, form))))
    // By versions, of which the store gives each once: old objects are not held on to.
    const versions = objects.map(object => object.metadata.resourceVersion)
    if (objects.every(object => Object.isFrozen(object))) this.#runs[form].set(first, { versions, part })
    return part
  }

  #item(object: KubeObject, form: ItemForm): readonly [Buffer, Buffer] {
    if (form !== 'protobuf') return [comma, this.jsonItem(object, form === 'typed')]
    // A view into what is kept.
    const message = messageIn(this.protobuf(object)) as Buffer
    return [beforeItem(message), message]
  }

  protobuf(object: KubeObject): Buffer {
    const known = this.#protobuf.get(object)
    if (known) return known
    const bytes = encodeProtobuf(object)
    if (Object.isFrozen(object)) this.#protobuf.set(object, bytes)
    return bytes
  }

  /** A list as protobuf, joined from what is kept of its objects. `type`: the list's own. */
  protobufList(type: { apiVersion: string; kind: string }, metadata: object, objects: readonly KubeObject[]): EncodedList {
    const items = objects.flatMap(object => this.#item(object, 'protobuf'))
    const bytes = items.reduce((sum, part) => sum + part.length, 0)
    const { head, end } = aroundItems(type, metadata, bytes)
    return { body: [head, ...items, end], gzip: () => this.gzippedList(head, objects, end, 'protobuf') }
  }

  /** Its metadata as an object of its own, the same for all who ask: so its bytes are shared too. */
  partial(object: KubeObject): KubeObject {
    const known = this.#partials.get(object)
    if (known) return known
    const partial = partialMetadata(object)
    if (Object.isFrozen(object)) this.#partials.set(object, Object.freeze(partial))
    return partial
  }

  /** One line (or length-prefixed message) of a watch. */
  frame(type: EventType, object: KubeObject, encoding: 'json' | 'protobuf'): Buffer {
    const key = `${type} ${encoding}`
    const known = this.#frames.get(object)?.get(key)
    if (known) return known
    const bytes =
      encoding === 'json'
        ? Buffer.concat([Buffer.from(`{"type":"${type}","object":`), this.json(object), lineEnd])
        : encodeWatchFrame(type, object)
    if (!Object.isFrozen(object)) return bytes
    const frames = this.#frames.get(object) ?? new Map<string, Buffer>()
    this.#frames.set(object, frames.set(key, bytes))
    return bytes
  }
}

const comma = Buffer.from(',{')
/** One in fifty, by chance of its uid. */
const endsRun = ({ metadata }: KubeObject): boolean => /0[0-4]$/.test(metadata.uid)

const lineEnd = Buffer.from('}\n')
const typePrefix = (object: KubeObject): string => `"kind":"${object.kind}","apiVersion":"${object.apiVersion}",`

/** kind, apiVersion and metadata first, then the rest as it stands. */
function printParts(object: KubeObject): [start: string, rest: string] {
  const { kind: _kind, apiVersion: _apiVersion, metadata, ...rest } = object
  const tail = JSON.stringify(rest)
  return [`{${typePrefix(object)}"metadata":${JSON.stringify(metadata)}`, tail === '{}' ? '}' : `,${tail.slice(1)}`]
}
