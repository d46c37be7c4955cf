// What clients do to connections: speak the wrong protocol, go away in the middle, never read, come by the thousand; and how they end.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import { startCluster } from '../../server/index.ts'
import { type Bare, bareServer, head, open, openPlain, received, send, until } from '../support/wire.ts'

const path = '/api/v1/namespaces/default/configmaps'
const watchLine = `GET ${path}?watch=1&resourceVersion=0 HTTP/1.1`
const connected = (socket: Socket, event: string) => new Promise(resolve => socket.once(event, resolve))

async function write(server: Bare, name: string, data: Record<string, string> = {}): Promise<void> {
  await server.cluster.client('test').create(configMap, { metadata: { name, namespace: 'default' }, data })
}

/** A number of /metrics, over all its labels. */
async function metric(server: Bare, name: string): Promise<number> {
  const { text } = await send(server, { method: 'GET', path: '/metrics' })
  const lines = text.split('\n').filter(line => line.startsWith(name) && !line.startsWith('#'))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

async function eventually(what: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await what())) await new Promise(resolve => setImmediate(resolve))
}

const sockets = (): number => process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap').length

describe('what is no request of ours', () => {
  const refused = 'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request'
  test('plain HTTP on the TLS port', async () => {
    await using server = await bareServer()
    const socket = openPlain(server)
    socket.write('GET /version HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(await received(socket)).toBe('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n')
  })

  const bytes: [name: string, sent: (server: Bare) => string, answer: string][] = [
    ['no HTTP at all', () => '\u0000\u0001 garbage\r\n\r\n', refused],
    ['a chunk without a size', server => `${head(server, `POST ${path} HTTP/1.1`, 'Transfer-Encoding: chunked')}zz\r\n{}\r\n`, refused],
    [
      'two lengths',
      server => `${head(server, `POST ${path} HTTP/1.1`, 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
      refused,
    ],
    ['no host', () => 'GET /version HTTP/1.1\r\n\r\n', 'HTTP/1.1 400 Bad Request: missing required Host header\r\n'],
    ['headers over a megabyte', server => head(server, 'GET /version HTTP/1.1', `X: ${'a'.repeat(1.1 * 2 ** 20)}`), 'HTTP/1.1 431 '],
  ]
  for (const [name, sent, answer] of bytes)
    test(name, async () => {
      await using server = await bareServer()
      const socket = open(server)
      socket.write(sent(server))
      expect(await received(socket)).toContain(answer)
      expect((await send(server, { method: 'GET', path })).code).toBe(200)
      expect(server.errors).toEqual([])
    })

  test('headers and addresses of half a megabyte are read', async () => {
    await using server = await bareServer()
    const long = 'a'.repeat(2 ** 19)
    expect((await send(server, { method: 'GET', path, headers: { 'x-long': long } })).code).toBe(200)
    expect((await send(server, { method: 'GET', path: `${path}?unknown=${long}` })).code).toBe(200)
  })
})

describe('clients that go away', () => {
  test('before they said a word, or in the middle of a body: nothing is written', async () => {
    await using server = await bareServer()
    openPlain(server).end()
    for (const part of ['{"metadata":{"name":"half"}', '']) {
      const socket = open(server)
      socket.write(head(server, `POST ${path} HTTP/1.1`, 'Content-Type: application/json', 'Content-Length: 1000') + part)
      await connected(socket, 'secureConnect')
      socket.destroy()
    }
    const chunked = open(server)
    chunked.write(`${head(server, `POST ${path} HTTP/1.1`, 'Transfer-Encoding: chunked')}1b\r\n{"metadata":{"name":"half"}\r\n`)
    await connected(chunked, 'secureConnect')
    chunked.destroy()
    await eventually(async () => (await metric(server, 'apiserver_current_inflight_requests')) === 1)
    const { items } = await server.cluster.client('test').list(configMap, { namespace: 'default' })
    expect(items).toEqual([])
    expect(server.errors).toEqual([])
  })

  test('one that has said all and only listens gets its answer', async () => {
    await using server = await bareServer()
    const socket = open(server)
    const body = '{"metadata":{"name":"asked"}}'
    socket.end(head(server, `POST ${path} HTTP/1.1`, 'Content-Type: application/json', `Content-Length: ${body.length}`) + body)
    expect(await received(socket)).toMatch(/^HTTP\/1\.1 201 /)
  })

  test('in the middle of a watch: it is over', async () => {
    await using server = await bareServer()
    const socket = open(server)
    socket.write(head(server, watchLine))
    await until(socket, '\r\n\r\n')
    expect(await metric(server, 'apiserver_longrunning_requests')).toBe(1)
    socket.destroy()
    await eventually(async () => (await metric(server, 'apiserver_longrunning_requests')) === 0)
    await write(server, 'after')
    expect(server.errors).toEqual([])
  })
})

test('a watcher that never reads is cut off in the end; memory stays, and the others hear everything', async () => {
  await using server = await bareServer()
  const slow = open(server)
  slow.write(head(server, watchLine))
  await until(slow, '\r\n\r\n')
  slow.removeAllListeners('data').pause()
  const quick = open(server)
  let heard = 0
  quick.write(head(server, watchLine))
  quick.on('data', (part: Buffer) => {
    heard += part.toString('latin1').split('"type":"').length - 1
  })
  const client = server.cluster.client('test')
  await write(server, 'changing', { pad: 'x'.repeat(10_000) })
  const before = process.memoryUsage().heapUsed
  const gone = new Promise(resolve => slow.once('close', resolve))
  let writes = 0
  for (let over = false; !over && writes < 40_000; writes++) {
    await client.patch(configMap, { namespace: 'default', name: 'changing' }, { data: { n: `${writes}` } })
    if (writes % 100 === 0) {
      await new Promise(resolve => setImmediate(resolve))
      over = (await metric(server, 'apiserver_longrunning_requests')) === 1
    }
  }
  expect(await metric(server, 'apiserver_longrunning_requests')).toBe(1)
  slow.resume()
  await gone
  await eventually(() => heard >= writes)
  // Ten kilobytes a write would be 160 MB and more.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(500 * 2 ** 20)
  quick.destroy()
})

describe('hundreds of connections, thousands of idle watches', () => {
  test('over HTTP/1.1', async () => {
    await using server = await bareServer()
    const at = sockets()
    const all = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const socket = open(server)
        socket.write(head(server, watchLine))
        await until(socket, '\r\n\r\n')
        return socket
      }),
    )
    expect(await metric(server, 'apiserver_longrunning_requests')).toBe(all.length)
    const told = Promise.all(all.map(socket => until(socket, '"ADDED"')))
    await write(server, 'news')
    expect((await told).every(text => text.includes('"news"'))).toBe(true)
    for (const socket of all) socket.destroy()
    await eventually(async () => (await metric(server, 'apiserver_longrunning_requests')) === 0)
    await eventually(() => sockets() <= at)
  })

  test('over HTTP/2, many on one connection', async () => {
    await using server = await bareServer()
    const sessions: ClientHttp2Session[] = []
    const headers = { ':path': `${path}?watch=1&resourceVersion=0`, authorization: `Bearer ${server.cluster.adminToken}` }
    const opened: Promise<unknown>[] = []
    for (let i = 0; i < 20; i++) {
      const session = connectHttp2(server.cluster.url, { rejectUnauthorized: false })
      sessions.push(session)
      for (let j = 0; j < 100; j++) {
        const stream = session.request(headers)
        stream.resume()
        opened.push(new Promise(resolve => stream.once('response', resolve)))
      }
    }
    await Promise.all(opened)
    expect(await metric(server, 'apiserver_longrunning_requests')).toBe(2000)
    for (const session of sessions) session.destroy()
    await eventually(async () => (await metric(server, 'apiserver_longrunning_requests')) === 0)
  })
})

describe('closing', () => {
  test('every watch ends as a whole answer, over HTTP/1.1, HTTP/2 and WebSockets', async () => {
    const server = await bareServer()
    const plain = open(server)
    plain.write(head(server, watchLine))
    const first = received(plain)
    await until(plain, '\r\n\r\n')
    const session = connectHttp2(server.cluster.url, { rejectUnauthorized: false })
    const stream = session.request({ ':path': `${path}?watch=1&resourceVersion=0`, authorization: `Bearer ${server.cluster.adminToken}` })
    await new Promise(resolve => stream.once('response', resolve))
    const second = new Promise(resolve => stream.resume().once('end', () => resolve(stream.rstCode)))
    const headers = { authorization: `Bearer ${server.cluster.adminToken}`, origin: 'http://x' }
    const webSocket = new WebSocket(`${server.cluster.url.replace('https', 'wss')}${path}?watch=1`, { rejectUnauthorized: false, headers })
    await new Promise(resolve => webSocket.once('open', resolve))
    const third = new Promise(resolve => webSocket.once('close', resolve))
    await server.cluster.close()
    // The last chunk.
    expect(await first).toMatch(/0\r\n\r\n$/)
    expect(await second).toBe(0)
    expect([1000, 1001]).toContain(await third)
    session.destroy()
    expect(server.errors).toEqual([])
  })

  test('connections that say nothing, or nothing more, hold nothing up', async () => {
    const server = await bareServer()
    const silent = openPlain(server)
    await connected(silent, 'connect')
    const idle = open(server)
    await connected(idle, 'secureConnect')
    const half = open(server)
    half.write(head(server, `POST ${path} HTTP/1.1`, 'Content-Length: 1000'))
    await connected(half, 'secureConnect')
    const ends = [silent, idle, half].map(socket => received(socket))
    await server.cluster.close()
    await Promise.all(ends)
  })

  test('many clusters live in one process, each with its own objects, and all go', async () => {
    const servers = await Promise.all(Array.from({ length: 8 }, () => bareServer()))
    await Promise.all(servers.map((server, i) => write(server, `of-${i}`)))
    const lists = await Promise.all(servers.map(server => server.cluster.client('test').list(configMap, { namespace: 'default' })))
    expect(lists.map(({ items }) => items.map(item => item.metadata.name))).toEqual(servers.map((_, i) => [`of-${i}`]))
    await Promise.all(servers.map(server => server.cluster.close()))
  })

  test('a program that closes its cluster ends by itself', () => {
    const root = join(import.meta.dirname, '../..')
    const directory = mkdtempSync(join(tmpdir(), 'kubemock-test-'))
    const file = join(directory, 'program.mts')
    writeFileSync(
      file,
      `import { request } from 'node:https'
import { startCluster } from ${JSON.stringify(pathToFileURL(join(root, 'server/index.ts')).href)}
const clusters = await Promise.all([startCluster({ grpcPort: 0, dnsPort: 0 }), startCluster({ pace: 'instant' })])
for (const { url, adminToken } of clusters) {
  const options = { rejectUnauthorized: false, headers: { authorization: \`Bearer \${adminToken}\` } }
  await new Promise(resolve => request(\`\${url}/api/v1/pods?watch=1\`, options, resolve).on('error', () => {}).end())
}
for (const cluster of clusters) await cluster.close()
console.log('closed')
`,
    )
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', file], {
      cwd: root,
      encoding: 'utf8',
      timeout: 50_000,
    })
    rmSync(directory, { recursive: true })
    expect([status, stdout, stderr]).toEqual([0, 'closed\n', ''])
  })
})

test('a list over many pages and a watch end with 410 when their history is compacted', async () => {
  await using server = await bareServer()
  for (let i = 0; i < 5; i++) await write(server, `m-${i}`)
  const first = await send(server, { method: 'GET', path: `${path}?limit=2` })
  const token = (first.body.metadata as { continue?: string }).continue ?? ''
  const version = first.body.metadata?.resourceVersion ?? ''
  await write(server, 'later')
  await send(server, { method: 'POST', path: '/_kubemock/compact' })
  const page = await send(server, { method: 'GET', path: `${path}?limit=2&continue=${encodeURIComponent(token)}` })
  expect([page.code, page.body.reason]).toEqual([410, 'Expired'])
  expect(page.body.message).toMatch(/^The provided continue parameter is too old to display a consistent list result\./)
  const rest = (page.body.metadata as { continue?: string }).continue ?? ''
  expect((await send(server, { method: 'GET', path: `${path}?continue=${encodeURIComponent(rest)}` })).code).toBe(200)
  const watch = await send(server, { method: 'GET', path: `${path}?watch=1&resourceVersion=${version}` })
  const event = JSON.parse(watch.text) as { type: string; object: { code: number; message: string } }
  expect([event.type, event.object.code]).toEqual(['ERROR', 410])
  expect(event.object.message).toMatch(new RegExp(`^too old resource version: ${version} \\(\\d+\\)$`))
})

test('a running exec ends when the cluster closes', async () => {
  const cluster = await startCluster({ nodes: 1, pace: 'instant' })
  const { pod } = await import('../../openapi/kinds/core/pod/index.ts')
  await cluster.settle()
  await cluster
    .client('test')
    .create(pod, { metadata: { name: 'p', namespace: 'default' }, spec: { containers: [{ name: 'c', image: 'nginx' }] } })
  await eventually(async () => {
    const found = await cluster.client('test').get(pod, { namespace: 'default', name: 'p' })
    return found.status.phase === 'Running'
  })
  const headers = { authorization: `Bearer ${cluster.adminToken}` }
  const url = `${cluster.url.replace('https', 'wss')}/api/v1/namespaces/default/pods/p/exec?command=sh&stdin=true&stdout=true&container=c`
  const socket = new WebSocket(url, ['v5.channel.k8s.io'], { rejectUnauthorized: false, headers })
  await new Promise(resolve => socket.once('open', resolve))
  const ended = new Promise(resolve => socket.once('close', resolve))
  await cluster.close()
  await ended
})
