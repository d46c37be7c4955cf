// Connections to extension servers: how many are opened, how long they stay, and that one request ends where the next begins.
import { request } from 'node:https'
import { expect, onTestFinished, test } from 'vitest'
import type { Rest } from '../support/api.ts'
import type { ExtensionOptions } from '../support/extension.ts'
import { aFarm, type Farm, path, services } from '../support/farm.ts'

async function opened(options: Partial<ExtensionOptions> = {}): Promise<Farm> {
  const both = await aFarm({ reply: ({ method, body }) => ({ kind: 'Cow', method, body }), ...options })
  onTestFinished(() => both[Symbol.asyncDispose]())
  return both
}

const cows = `${path}/namespaces/default/cows`

/** With a body of unknown length, which supertest cannot. */
const chunked = ({ cluster }: Rest, method: string, body: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${cluster.adminToken}`, 'transfer-encoding': 'chunked' }
    const sent = request(new URL(cows, cluster.url), { method, headers, rejectUnauthorized: false, agent: false }, answer => {
      let text = ''
      answer.on('data', part => {
        text += part
      })
      answer.on('end', () => resolve(text))
    })
    sent.on('error', reject).end(body)
  })

test('many requests one after the other share one', async () => {
  const { rest, extension } = await opened()
  await rest.call('get', cows).expect(200)
  const before = extension.connections.opened
  for (const method of ['get', 'head', 'post', 'delete', 'get'] as const) await rest.call(method, cows).expect(200)
  await rest.call('post', cows, { kind: 'Cow' }).expect(200)
  await rest.call('delete', cows, { kind: 'DeleteOptions' }).expect(200)
  expect(extension.connections.opened).toBe(before)
})

test('a look at its health, again and again, opens none', async () => {
  const { rest, extension } = await opened()
  const before = extension.connections.opened
  const checks = extension.checks.length
  await rest.cluster.clock.advance(300_000)
  expect(extension.checks.length).toBeGreaterThan(checks + 10)
  expect(extension.connections.opened).toBe(before)
})

test.each(['POST', 'DELETE'])('a body of unknown length ends where it ends: %s', async method => {
  const { rest } = await opened()
  for (const body of ['one', 'two']) expect(JSON.parse(await chunked(rest, method, body))).toMatchObject({ method, body })
  expect((await rest.call('get', cows).expect(200)).body).toMatchObject({ method: 'GET', body: '' })
})

test('what the server closed meanwhile is opened anew', async () => {
  const { rest, extension } = await opened()
  for (let i = 0; i < 3; i++) {
    await rest.call('get', cows).expect(200)
    extension.connections.close()
    await rest.call('get', cows).expect(200)
  }
})

test('they close when the APIService is another, or goes, or the cluster does', async () => {
  const { rest, extension } = await opened()
  const { settle } = rest.cluster
  const open = () => extension.connections.open()
  await rest.call('get', cows).expect(200)
  expect(open()).toBeGreaterThan(0)
  const first = extension.connections.opened
  await rest.patch(`${services}/v1.farm.example.com`, 'merge-patch', { spec: { insecureSkipTLSVerify: true, caBundle: null } }).expect(200)
  await settle()
  await rest.call('get', cows).expect(200)
  expect(extension.connections.opened).toBeGreaterThan(first)
  await rest.call('delete', `${services}/v1.farm.example.com`).expect(200)
  await settle()
  await expect.poll(open).toBe(0)
})

test('they close with the cluster', async () => {
  const { rest, extension } = await opened()
  await rest.call('get', cows).expect(200)
  await rest.cluster.close()
  await expect.poll(() => extension.connections.open()).toBe(0)
})
