// Kubernetes' protobuf: an envelope (magic bytes and runtime.Unknown) around messages that openapi/protobuf.json describes.
import { messageFields } from '../../openapi/protobuf.ts'
import { decodeMessage } from './protobuf/decode.ts'
import { encodeMessage } from './protobuf/encode.ts'
import { lengthBytes, Reader, Writer } from './protobuf/wire.ts'

export { ProtobufError } from './protobuf/wire.ts'

import { ProtobufError } from './protobuf/wire.ts'

const magic = Buffer.from([0x6b, 0x38, 0x73, 0x00])

export interface DecodedProtobuf {
  apiVersion: string
  kind: string
  /** JSON form of the message, undecoded by schema; {} for a message without content. */
  value: unknown
}

/** `expected`: what a message without a type is. Throws ProtobufError in the apiserver's words. */
export function decodeProtobuf(bytes: Uint8Array, expected: Typed = { apiVersion: '', kind: '' }): DecodedProtobuf {
  if (bytes.length < 4 || Buffer.compare(Buffer.from(bytes.subarray(0, 4)), magic) !== 0)
    throw new ProtobufError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]')
  if (bytes.length === 4) throw new ProtobufError('empty body')
  const reader = new Reader(bytes.subarray(4))
  let apiVersion = ''
  let kind = ''
  let raw: Uint8Array = new Uint8Array()
  while (!reader.done()) {
    const { id, wire } = reader.tag()
    if (id === 1) ({ apiVersion, kind } = typeMeta(reader.bytes()))
    else if (id === 2) raw = reader.bytes()
    else reader.skip(wire)
  }
  try {
    return { apiVersion, kind, value: decodeRaw(apiVersion || expected.apiVersion, kind || expected.kind, raw) }
  } catch (error) {
    throw error instanceof ProtobufError ? new MessageError(error.message) : error
  }
}

/** The envelope is whole, the message inside is not. */
export class MessageError extends ProtobufError {}

function typeMeta(bytes: Uint8Array): { apiVersion: string; kind: string } {
  const reader = new Reader(bytes)
  const found = { apiVersion: '', kind: '' }
  while (!reader.done()) {
    const { id, wire } = reader.tag()
    if (id === 1) found.apiVersion = reader.text()
    else if (id === 2) found.kind = reader.text()
    else reader.skip(wire)
  }
  return found
}

function decodeRaw(apiVersion: string, kind: string, raw: Uint8Array): unknown {
  const message = messageName(apiVersion, kind)
  if (!message) return {}
  return decodeMessage(message, raw)
}

/** Groups whose types live elsewhere. */
const prefixes: Readonly<Record<string, string>> = {
  'apiextensions.k8s.io': 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1',
  'apiregistration.k8s.io': 'k8s.io.kube_aggregator.pkg.apis.apiregistration.v1',
}

/** The message of a kind, in protobuf.json's short form. undefined: unknown. */
export function messageName(apiVersion = '', kind: string): string | undefined {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  const own = prefixes[group ?? ''] ?? `@${group === '' ? 'core' : (group ?? '').split('.')[0]}.${version}`
  const candidates =
    group === 'meta.k8s.io' || metaKinds.has(kind) ? [`~apis.meta.v1.${kind}`] : [`${own}.${kind}`, `~apis.meta.v1.${kind}`]
  return candidates.find(name => messageFields(name) !== undefined)
}

const metaKinds = new Set([
  'Status',
  'DeleteOptions',
  'CreateOptions',
  'UpdateOptions',
  'PatchOptions',
  'ListOptions',
  'GetOptions',
  'WatchEvent',
  'APIGroupList',
  'APIResourceList',
  'APIVersions',
  'APIGroup',
])

interface Typed {
  apiVersion: string
  kind: string
}

/** An object, list or Status. Throws ProtobufError for kinds that have no message. */
export function encodeProtobuf(object: Typed): Buffer {
  const message = messageName(object.apiVersion, object.kind)
  if (!message) throw new ProtobufError(`object ${object.apiVersion}, Kind=${object.kind} has no protobuf form`)
  const writer = new Writer()
  writer.raw(magic)
  writer.message(1, type => {
    // The oldest of the meta kinds have none.
    type.string(1, object.apiVersion ?? '')
    type.string(2, object.kind)
  })
  writer.message(2, raw => encodeMessage(message, object as never, raw))
  writer.string(3, '')
  writer.string(4, '')
  return writer.finish()
}

/** The message inside an envelope. */
export function messageIn(envelope: Uint8Array): Uint8Array {
  const reader = new Reader(envelope.subarray(magic.length))
  for (;;) {
    const { id, wire } = reader.tag()
    if (id === 2) return reader.bytes()
    reader.skip(wire)
  }
}

/** What stands before an item of a list: its field and length. */
export const beforeItem = (message: Uint8Array): Buffer => Buffer.from([0x12, ...lengthBytes(message.length)])

/** What stands around the items of a list, which have that many bytes together. */
export function aroundItems({ apiVersion, kind }: Typed, metadata: object, itemBytes: number): { head: Buffer; end: Buffer } {
  const meta = new Writer()
  meta.message(1, nested => encodeMessage('~apis.meta.v1.ListMeta', metadata, nested))
  const first = meta.finish()
  const head = new Writer()
  head.raw(magic)
  head.message(1, type => {
    type.string(1, apiVersion)
    type.string(2, kind)
  })
  head.tag(2, 2)
  head.varint(first.length + itemBytes)
  head.raw(first)
  return { head: head.finish(), end: Buffer.from([0x1a, 0, 0x22, 0]) }
}

/** A watch event: a four-byte length, then a WatchEvent whose object is an enveloped message. */
export function encodeWatchFrame(type: string, object: Typed): Buffer {
  const event = new Writer()
  event.string(1, type)
  event.message(2, raw => raw.bytes(1, encodeProtobuf(object)))
  const body = event.finish()
  const frame = Buffer.alloc(4 + body.length)
  frame.writeUInt32BE(body.length)
  frame.set(body, 4)
  return frame
}
