// Webhooks that send the caller elsewhere: followed as Go's HTTP client follows, and no further.
import type { IncomingMessage } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { aConfigMap, configMaps, serveRest } from '../support/api.ts'
import { register } from '../support/hook.ts'
import { type HttpsServer, serveHttps } from '../support/https.ts'

interface Seen {
  method: string
  url: string
  host: string
  body: string
}

type Reply = { code: number; location?: string }

/** Answers as `reply` says; without: the review that is asked for is allowed. */
async function redirecting(reply: (url: string) => Reply | undefined): Promise<HttpsServer & { seen: Seen[] }> {
  const seen: Seen[] = []
  const bodyOf = async (incoming: IncomingMessage) => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    return Buffer.concat(parts).toString()
  }
  const server = await serveHttps(['127.0.0.1', 'hook.default.svc'], async (incoming, outgoing) => {
    const body = await bodyOf(incoming)
    const { method = '', url = '', headers } = incoming
    seen.push({ method, url: url.replace(/\?.*/, ''), host: headers.host ?? '', body })
    const answer = reply(url.replace(/\?.*/, ''))
    if (answer) return outgoing.writeHead(answer.code, answer.location === undefined ? {} : { location: answer.location }).end()
    const { apiVersion, kind, request } = body ? JSON.parse(body) : ({} as Record<string, never>)
    return outgoing
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ apiVersion, kind, response: { uid: request?.uid, allowed: true } }))
  })
  onTestFinished(() => server[Symbol.asyncDispose]())
  return { ...server, seen }
}

async function created(server: HttpsServer, clientConfig?: object, flags: object = {}) {
  await using rest = await serveRest(flags)
  if (!clientConfig)
    await register(rest, 'validating', { clientConfig: { url: `https://127.0.0.1:${server.port}/from`, caBundle: server.caBundle } })
  else {
    await rest
      .call('post', '/api/v1/namespaces/default/services', { metadata: { name: 'hook' }, spec: { ports: [{ port: 443 }] } })
      .expect(201)
    await register(rest, 'validating', { clientConfig })
  }
  const { status, body } = await rest.call('post', configMaps, aConfigMap('a'))
  return { status, message: String(body.message).replace(/^.*failed to call webhook: /, '') }
}

test.each([307, 308])('%s: the same again, there', async code => {
  const server = await redirecting(url => (url === '/from' ? { code, location: '/to' } : undefined))
  expect((await created(server)).status).toBe(201)
  expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /from', 'POST /to'])
  expect(server.seen[1]?.body).toBe(server.seen[0]?.body)
})

test.each([301, 302, 303])('%s: a GET without a body, whose answer is no review', async code => {
  const server = await redirecting(url => (url === '/from' ? { code, location: '/to' } : undefined))
  expect((await created(server)).status).toBe(500)
  expect(server.seen.slice(1)).toMatchObject([{ method: 'GET', url: '/to', body: '' }])
})

test('ten requests are made, and no more', async () => {
  const server = await redirecting(() => ({ code: 307, location: '/from?again' }))
  expect(await created(server)).toEqual({ status: 500, message: 'Post "/from?again": stopped after 10 redirects' })
  expect(server.seen).toHaveLength(10)
})

const refused: [string, Reply, (port: number) => string][] = [
  ['no location', { code: 307 }, () => 'the server responded with the status code 307 but did not return more information'],
  [
    'not modified',
    { code: 304, location: '/to' },
    () => 'the server responded with the status code 304 but did not return more information',
  ],
  [
    'no URL',
    { code: 307, location: 'https://:bad' },
    port => `Post "https://127.0.0.1:${port}/from?timeout=10s": failed to parse Location header "https://:bad"`,
  ],
  ['another protocol', { code: 307, location: 'ftp://x/y' }, () => 'Post "ftp://x/y": unsupported protocol scheme "ftp"'],
  [
    'nobody there',
    { code: 307, location: 'https://127.0.0.1:1/y' },
    () => 'Post "https://127.0.0.1:1/y": dial tcp 127.0.0.1:1: connect: connection refused',
  ],
]
test.each(refused)('%s', async (_how, reply, message) => {
  const server = await redirecting(() => reply)
  expect(await created(server)).toEqual({ status: 500, message: message(server.port) })
})

test('from a Service to itself, and on to an address, which proves to be the Service', async () => {
  const other = await redirecting(() => undefined)
  const server: HttpsServer & { seen: Seen[] } = await redirecting(url => ({
    code: 307,
    location: url === '/from' ? 'https://hook.default.svc/next' : `https://127.0.0.1:${other.port}/to`,
  }))
  const authorities = [server, other].map(({ caBundle }) => Buffer.from(caBundle, 'base64').toString())
  const caBundle = Buffer.from(authorities.join('\n')).toString('base64')
  const behind = { service: { namespace: 'default', name: 'hook', path: '/from' }, caBundle }
  const { status } = await created(server, behind, { serviceEndpoints: `default/hook=127.0.0.1:${server.port}` })
  expect(status).toBe(201)
  expect(server.seen.map(({ url, host }) => [url, host])).toEqual([
    ['/from', 'hook.default.svc'],
    ['/next', 'hook.default.svc'],
  ])
  expect(other.seen).toMatchObject([{ method: 'POST', url: '/to', host: `127.0.0.1:${other.port}` }])
})
