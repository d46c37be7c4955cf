// The recorded bytes of watches: WebSocket frames with their opcodes, and the length-prefixed messages of protobuf.
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cluster, startCluster } from '../../server/index.ts'
import { normalise } from '../support/normalise.ts'
import { type Field, fieldsOf, textOf } from '../support/protobuf.ts'
import { readReference } from '../support/reference.ts'

interface Recorded {
  name: string
  request: { auth?: 'none'; path: string; query?: string; protocols?: string; accept?: string; headers?: Record<string, string | null> }
  response: {
    code: number
    contentType?: string
    headers?: Record<string, string>
    body?: unknown
    text?: string
    frames?: Record<string, unknown>[]
    envelope?: unknown
  }
}

interface Frames {
  setup: { path: string; body: object }[]
  websocket: Recorded[]
  protobuf: Recorded[]
}

/** The key of RFC 6455's example, for which the accept header is known. */
const key = 'dGhlIHNhbXBsZSBub25jZQ=='

describe('recorded frames', () => {
  const { setup, websocket, protobuf } = readReference<Frames>('watch/frames.json')
  let cluster: Cluster

  beforeAll(async () => {
    cluster = await startCluster({ controllers: '', nodes: 0, pausedAt: new Date('2026-01-01T00:00:00Z') })
    for (const { path, body } of setup) {
      const answer = await exchange(
        cluster,
        head('POST', path, cluster, { 'content-type': 'application/json' }, JSON.stringify(body)),
        complete,
      )
      expect(answer.code).toBe(201)
    }
  })
  afterAll(() => cluster.close())

  for (const recorded of websocket)
    test(`websocket: ${recorded.name}`, async () => {
      const { request, response } = recorded
      const headers = {
        connection: 'Upgrade',
        upgrade: 'websocket',
        origin: 'http://localhost',
        'sec-websocket-version': '13',
        'sec-websocket-key': key,
        ...(request.protocols ? { 'sec-websocket-protocol': request.protocols } : {}),
        ...lower(request.headers),
      }
      const wanted = (response.frames ?? []).filter(frame => !('end' in frame))
      const untilEnd = wanted.length < (response.frames ?? []).length
      const answer = await exchange(cluster, head('GET', request.path, cluster, headers, '', request.auth), async (got, ended) => {
        if (response.code !== 101) return complete(got)
        if (/timeoutSeconds=(\d+)/.test(request.path) && webSocketFrames(got.body).length === 2) void cluster.clock.advance(10_000)
        return ended || (!untilEnd && webSocketFrames(got.body).length >= wanted.length)
      })
      expect(answer.code).toBe(response.code)
      for (const [name, value] of Object.entries(response.headers ?? {})) expect([name, answer.headers[name]]).toEqual([name, value])
      if (response.code === 101) expect(webSocketFrames(answer.body).slice(0, wanted.length).map(shown)).toEqual(wanted.map(sameForm))
      else if (response.body) expect(normalise(JSON.parse(answer.body.toString()))).toEqual(response.body)
      else expect(answer.body.toString().trim()).toBe(response.text)
    })

  for (const recorded of protobuf)
    test(`protobuf: ${recorded.name}`, async () => {
      const { request, response } = recorded
      const wanted = response.frames ?? []
      const path = `${request.path}?${request.query}`
      const answer = await exchange(cluster, head('GET', path, cluster, { accept: request.accept ?? '' }, ''), async (got, ended) =>
        response.frames ? ended || messages(unchunked(got.body)).length >= wanted.length : complete(got),
      )
      expect(answer.code).toBe(response.code)
      expect(answer.headers['content-type']).toBe(response.contentType)
      if (response.frames) expect(messages(unchunked(answer.body)).slice(0, wanted.length).map(event)).toEqual(wanted)
      else if (response.envelope) expect(envelope(answer.body)).toEqual(response.envelope)
      else expect(JSON.parse(answer.body.toString())).toEqual(response.body)
    })
})

interface Got {
  code: number
  headers: Record<string, string>
  body: Buffer
}

const lower = (headers: Record<string, string | null> = {}): Record<string, string | null> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

function head(
  method: string,
  path: string,
  { url, adminToken }: Cluster,
  headers: Record<string, string | null>,
  ...[body, auth]: [body: string, auth?: 'none']
): string {
  const token = Buffer.from(adminToken).toString('base64url')
  const all: Record<string, string | null> = {
    host: new URL(url).host,
    ...(auth === 'none' ? {} : { authorization: `Bearer ${adminToken}` }),
    ...(body ? { 'content-length': String(Buffer.byteLength(body)) } : {}),
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value.replace('<base64url token>', token)}`],
  )
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}

/** Sends bytes, and reads until `done`. */
function exchange(cluster: Cluster, request: string, done: (got: Got, ended: boolean) => Promise<boolean> | boolean): Promise<Got> {
  const { hostname: host, port } = new URL(cluster.url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }, () =>
      socket.write(request),
    )
    let bytes = Buffer.alloc(0)
    const look = async (ended: boolean) => {
      const got = parse(bytes)
      if (!got || !((await done(got, ended)) || ended)) return
      socket.destroy()
      resolve(got)
    }
    socket.on('data', chunk => {
      bytes = Buffer.concat([bytes, chunk])
      void look(false)
    })
    socket.on('end', () => void look(true))
    socket.on('error', reject)
  })
}

function parse(bytes: Buffer): Got | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [status = '', ...lines] = bytes.subarray(0, end).toString().split('\r\n')
  const headers = Object.fromEntries(lines.map(line => [line.split(':')[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 1).trim()]))
  return { code: Number(status.split(' ')[1]), headers, body: bytes.subarray(end + 4) }
}

const complete = ({ headers, body }: Got): boolean => body.length >= Number(headers['content-length'] ?? 0)

interface Frame {
  fin: boolean
  opcode: number
  payload: Buffer
}

function webSocketFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = []
  let at = 0
  while (at + 2 <= bytes.length) {
    const short = bytes.readUInt8(at + 1) & 127
    const start = at + (short === 126 ? 4 : short === 127 ? 10 : 2)
    if (start > bytes.length) break
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short
    if (start + length > bytes.length) break
    frames.push({
      fin: (bytes.readUInt8(at) & 128) !== 0,
      opcode: bytes.readUInt8(at) & 15,
      payload: bytes.subarray(start, start + length),
    })
    at = start + length
  }
  return frames
}

/** A frame in the form of the recording. */
function shown({ fin, opcode, payload }: Frame): unknown {
  if (opcode === 8) return { fin, opcode, close: { status: payload.readUInt16BE(0), reason: payload.subarray(2).toString() } }
  // Of a binary one the length of the whole, which depends on the versions' digits, does not count.
  if (opcode === 2) return { fin, opcode, first8: payload.subarray(0, 8).toString('hex') }
  const text = payload.toString()
  return { fin, opcode, json: normalise(JSON.parse(text)), endsWithNewline: text.endsWith('\n') }
}

const sameForm = ({ first16, ...frame }: Record<string, unknown>): unknown =>
  first16 === undefined ? frame : { ...frame, first8: String(first16).slice(0, 16) }

function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at)
    const length = end < 0 ? 0 : Number.parseInt(bytes.subarray(at, end).toString(), 16)
    if (length === 0 || end + 2 + length > bytes.length) return Buffer.concat(parts)
    parts.push(bytes.subarray(end + 2, end + 2 + length))
    at = end + 2 + length + 2
  }
}

function messages(bytes: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    if (at + 4 + length > bytes.length) break
    found.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return found
}

const bytesOf = (field: Field | undefined): Buffer => (field && Buffer.isBuffer(field.value) ? field.value : Buffer.alloc(0))

/** A WatchEvent in the form of the recording. */
function event(message: Buffer): unknown {
  const [type, object] = fieldsOf(message)
  const extension = fieldsOf(bytesOf(object))
  return {
    complete: true,
    eventFields: [
      { id: type?.id, name: 'type', value: textOf(type) },
      { id: object?.id, name: 'object', raw: envelope(bytesOf(extension[0])), rawExtensionFieldIds: extension.map(({ id }) => id) },
    ],
    lengthPrefix: '4 bytes, big endian, length of the message that follows',
    prefixFirst2: '0000',
  }
}

function envelope(bytes: Buffer): unknown {
  const [typeMeta, raw, contentEncoding, contentType] = fieldsOf(bytes.subarray(4))
  return {
    magic: bytes.subarray(0, 4).toString('hex'),
    fields: [
      { id: typeMeta?.id, name: 'typeMeta', fields: fieldsOf(bytesOf(typeMeta)).map(field => ({ id: field.id, value: textOf(field) })) },
      { id: raw?.id, name: 'raw', fieldIds: [...new Set(fieldsOf(bytesOf(raw)).map(({ id }) => id))] },
      { id: contentEncoding?.id, name: 'contentEncoding', value: textOf(contentEncoding) },
      { id: contentType?.id, name: 'contentType', value: textOf(contentType) },
    ],
  }
}
