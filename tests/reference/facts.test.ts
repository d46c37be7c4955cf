// Facts of the transport that no single request shows: ALPN, TLS versions, HTTP/1 as bytes, body sizes, envelopes of every kind of answer.
import { type ConnectionOptions, connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envelope } from '../support/protobuf.ts'
import { inScope, readReference, type Step } from '../support/reference.ts'
import { type Bare, bareServer, openPlain, received, send } from '../support/wire.ts'

interface Facts {
  setup: { method: string; path: string; body: object }[]
  alpn: { offered: string[]; selected?: string; error?: string }[]
  tls: { version: string; accepted: boolean }[]
  plainHttpToTlsPort: string
  bodySize: { bodyBytes: number; code: number; message: string; reason: string | null }[]
  raw: { request: string; statusLine: string; bodyStart: string; connection: string; connectionHeader: string | null }[]
  protobufEnvelopes: { request: Step['request']; code: number; contentType: string; envelope: unknown }[]
}

const facts = readReference<Facts>('protocol/facts.json')
let server: Bare

beforeAll(async () => {
  server = await bareServer()
  for (const { method, path, body } of facts.setup)
    expect((await send(server, { method, path, body: JSON.stringify(body) })).code).toBe(201)
})
afterAll(() => server[Symbol.asyncDispose]())

/** The protocol chosen, or why there is none. */
const handshake = (options: ConnectionOptions): Promise<{ selected?: string; error?: string }> =>
  new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false, ...options }, () => {
      resolve({ selected: socket.alpnProtocol || undefined })
      socket.destroy()
    })
    socket.on('error', error => resolve({ error: error.message }))
  })

test.each(facts.alpn)('ALPN: $offered', async ({ offered, selected, error }) => {
  const got = await handshake({ ALPNProtocols: offered })
  if (error) expect(got.error).toMatch(/no application protocol/i)
  else expect(got).toEqual({ selected })
})

test.each(facts.tls)('$version: $accepted', async ({ version, accepted }) => {
  const named = version.replace('_', '.') as 'TLSv1.2'
  const got = await handshake({ minVersion: named, maxVersion: named, ALPNProtocols: ['http/1.1'], ciphers: 'DEFAULT:@SECLEVEL=0' })
  expect(got.error === undefined).toBe(accepted)
})

test('plain HTTP on the TLS port', async () => {
  const socket = openPlain(server)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  expect(await received(socket)).toBe(facts.plainHttpToTlsPort)
})

const padded = (bodyBytes: number): string => {
  const around = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'size' }, data: { k: '' } }
  return JSON.stringify({ ...around, data: { k: 'x'.repeat(bodyBytes - JSON.stringify(around).length) } })
}

test.each(facts.bodySize)('a body of $bodyBytes bytes: $code', async ({ bodyBytes, code, message, reason }) => {
  const path = '/api/v1/namespaces/ref-protocol-facts/configmaps'
  const got = await send(server, { method: 'POST', path, body: padded(bodyBytes) })
  expect(got.code).toBe(code)
  if (code !== 201) expect([got.body.message, got.body.reason]).toEqual([message, reason])
})

interface Raw {
  statusLine: string
  headers: Record<string, string>
  body: string
  /** The server said that it is over. */
  closed: boolean
}

/** What comes back within a moment of quiet. */
function raw(request: string): Promise<Raw> {
  return new Promise((resolve, reject) => {
    let text = ''
    let timer: NodeJS.Timeout
    const options = { host: '127.0.0.1', port: server.port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }
    const socket = connect(options, () => socket.write(request.replaceAll('TOKEN', server.cluster.adminToken)))
    const done = (closed: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      const end = text.indexOf('\r\n\r\n')
      const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
      const headers = Object.fromEntries(lines.map(line => [line.split(':')[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 2)]))
      resolve({ statusLine, headers, body: text.slice(end + 4), closed })
    }
    const wait = () => {
      clearTimeout(timer)
      timer = setTimeout(() => done(false), 300)
    }
    socket.on('data', part => {
      text += part
      wait()
    })
    socket.on('end', () => done(true)).on('error', reject)
  })
}

describe('HTTP/1 as bytes', () => {
  test.each(facts.raw.map(fact => ({ ...fact, title: JSON.stringify(fact.request.slice(0, 60)) })))('$title', async fact => {
    const got = await raw(fact.request)
    // Node says that it speaks 1.1 to those who speak 1.0 as well.
    expect(got.statusLine).toBe(fact.statusLine.replace(/^HTTP\/1\.0/, 'HTTP/1.1'))
    expect(got.closed).toBe(fact.connection === 'closed')
    // Of two answers in one the second follows the first; its headers have their own order.
    const start = fact.bodyStart.split('HTTP/1.1')[0] as string
    expect(got.body.slice(0, start.length)).toBe(start)
    if (fact.bodyStart !== start) expect(got.body.slice(start.length)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    if (fact.connectionHeader) expect(got.headers.connection).toBe(fact.connectionHeader)
  })
})

const typesOnly = (value: unknown): unknown => {
  const { magic, fields } = value as { magic: string; fields: [unknown, { fieldIds: number[] }, unknown, unknown] }
  return { magic, fields: [fields[0], [...new Set(fields[1].fieldIds)], fields[2], fields[3]] }
}

describe('envelopes', () => {
  for (const { request, code, contentType, envelope: recorded } of facts.protobufEnvelopes)
    test.skipIf(!inScope({ request, response: { code } } as Step))(`${request.method} ${request.path} as ${request.accept}`, async () => {
      const got = await send(server, { method: request.method, path: request.path, headers: { accept: request.accept ?? '' } })
      expect([got.code, got.headers['content-type']]).toEqual([code, contentType])
      expect(typesOnly(envelope(got.bytes))).toEqual(typesOnly(recorded))
    })
})
