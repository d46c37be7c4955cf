// Bootstrap tokens that end, and that sign cluster-info.
import { describe, expect, test } from 'vitest'
import { remainingMs, signed } from '../../controllers/bootstraptokens/plan.ts'
import { choose } from '../../controllers/choose.ts'
import type { Controller } from '../../controllers/runtime/controller.ts'
import type { ConfigMap } from '../../openapi/kinds/core/configmap.ts'
import type { Secret } from '../../openapi/kinds/core/secret/index.ts'
import { serveRest } from '../support/api.ts'

const now = new Date('2026-01-01T00:00:00Z')
const base64 = (data: Record<string, string>) =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]))
const signing = { 'token-id': 'joshua', 'token-secret': 'my voice is my passcode', 'usage-bootstrap-signing': 'true' }
const aToken = (data: Record<string, string>, name = 'bootstrap-token-joshua') =>
  ({ metadata: { name }, type: 'bootstrap.kubernetes.io/token', data: base64(data) }) as unknown as Secret

describe('a token is left', () => {
  const cases: [string, number | undefined][] = [
    ['', undefined],
    ['2026-01-01T00:00:01Z', 1000],
    ['2026-01-01T01:00:00+01:00', 0],
    ['tomorrow', 0],
  ]
  test.each(cases)('%s: %s', (expiration, want) => expect(remainingMs(aToken({ expiration }), now)).toBe(want))
})

describe('cluster-info', () => {
  const kubeconfig = 'Hello from the other side. I must have called a thousand times.'
  const info = { data: { kubeconfig, other: 'x', 'jws-kubeconfig-gone00': 'y' } } as unknown as ConfigMap
  const signature = 'eyJhbGciOiJIUzI1NiIsImtpZCI6Impvc2h1YSJ9..VShe2taLd-YTrmWuRkcL_8QTNDHYxQIEBsAYYiIj1_8'

  test('is signed with each token, and not by those that are gone', () =>
    expect(signed(info, [aToken(signing)], now)).toEqual({ kubeconfig, other: 'x', 'jws-kubeconfig-joshua': signature }))

  const cases: [string, Secret][] = [
    ['is for something else', aToken({ ...signing, 'usage-bootstrap-signing': 'false' })],
    ['is over', aToken({ ...signing, expiration: '2025-12-31T23:59:59Z' })],
    ['is kept under another name', aToken(signing, 'bootstrap-token-abcdef')],
    ['has no secret', aToken({ ...signing, 'token-secret': '' })],
  ]
  test.each(cases)('is not signed with one that %s', (_what, token) =>
    expect(signed(info, [token], now)).toEqual({ kubeconfig, other: 'x' }),
  )
  test('without a kubeconfig is left alone', () =>
    expect(signed({ data: {} } as unknown as ConfigMap, [aToken(signing)], now)).toBeUndefined())
})

test('both run only where they are named', () => {
  const all = [{ name: 'token-cleaner', onlyByName: true }, { name: 'namespace-controller' }] as unknown as Controller[]
  const chosen = (wanted: string) => choose(all, wanted).chosen.map(({ name }) => name)
  expect(chosen('*')).toEqual(['namespace-controller'])
  expect(chosen('*,tokencleaner')).toEqual(['token-cleaner', 'namespace-controller'])
  expect(chosen('bootstrap-token-cleaner-controller')).toEqual(['token-cleaner'])
})

test('a cluster signs as tokens come, and deletes those that are over', async () => {
  await using rest = await serveRest({ controllers: 'bootstrapsigner,tokencleaner' })
  const { cluster, call } = rest
  const info = '/api/v1/namespaces/kube-public/configmaps'
  const secrets = '/api/v1/namespaces/kube-system/secrets'
  const keys = async () => {
    await cluster.settle()
    return Object.keys((await call('get', `${info}/cluster-info`).expect(200)).body.data).sort()
  }
  await call('post', info, { metadata: { name: 'cluster-info' }, data: { kubeconfig: 'k' } }).expect(201)
  const token = { ...aToken({ ...signing, expiration: '2026-01-01T01:00:00Z' }), metadata: { name: 'bootstrap-token-joshua' } }
  await call('post', secrets, token).expect(201)
  expect(await keys()).toEqual(['jws-kubeconfig-joshua', 'kubeconfig'])
  await cluster.clock.advance(3_599_000)
  await call('get', `${secrets}/bootstrap-token-joshua`).expect(200)
  await cluster.clock.advance(1_000)
  await call('get', `${secrets}/bootstrap-token-joshua`).expect(404)
  expect(await keys()).toEqual(['kubeconfig'])
})
