// The recorded bytes of watches: WebSocket frames with their opcodes, and the length-prefixed messages of protobuf.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cluster, startCluster } from '../../server/index.ts'
import { complete, exchange, handshake, head, sameForm, shown, webSocketFrames } from '../support/handshake.ts'
import { normalise } from '../support/normalise.ts'
import { bytesOf, envelope, fieldsOf, textOf } from '../support/protobuf.ts'
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
      const headers = handshake(request.protocols, request.headers)
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
