// --authentication-token-webhook-config-file: another server says whose a token is.
import { describe, expect, test } from 'vitest'
import { ConfigError, parseConfig } from '../../server/config.ts'
import { type Rest, serveRest } from '../support/api.ts'
import { serveBackend } from '../support/backend.ts'

interface Review {
  apiVersion: string
  spec: { token: string; audiences: string[] }
}

const reviews = '/apis/authentication.k8s.io/v1'
const issuer = 'https://kubernetes.default.svc.cluster.local'
const jane = { authenticated: true, user: { username: 'jane', uid: 'j-1', groups: ['devs'], extra: { scope: ['a'] } } }

const serve = (kubeconfig: string, options: object = {}) =>
  serveRest({ authenticationTokenWebhookConfigFile: kubeconfig, tokens: 'known,joe,j-2', ...options })
const whoAmI = (rest: Rest, token: string) => rest.call('post', `${reviews}/selfsubjectreviews`, {}).set('authorization', `Bearer ${token}`)
const review = async (rest: Rest, spec: object) => (await rest.call('post', `${reviews}/tokenreviews`, { spec }).expect(201)).body.status

test('names the user, who is authenticated besides', async () => {
  await using backend = await serveBackend<Review>(() => jane)
  await using rest = await serve(backend.kubeconfig)
  const { body } = await whoAmI(rest, 'secret').expect(201)
  expect(body.status.userInfo).toEqual({ username: 'jane', uid: 'j-1', groups: ['devs', 'system:authenticated'], extra: { scope: ['a'] } })
  expect(backend.asked).toEqual([
    {
      kind: 'TokenReview',
      apiVersion: 'authentication.k8s.io/v1beta1',
      metadata: {},
      spec: { token: 'secret', audiences: [issuer] },
      status: { user: {} },
    },
  ])
  // Who is known without it is not asked about.
  expect((await whoAmI(rest, 'known').expect(201)).body.status.userInfo.username).toBe('joe')
  expect(backend.asked).toHaveLength(1)
})

describe('lets nobody in', () => {
  test.each([
    ['whom it does not know', { authenticated: false }, 'invalid bearer token'],
    ['and says why', { error: 'token expired' }, 'token expired'],
    ['who is known elsewhere only', { ...jane, audiences: ['other'] }, 'invalid bearer token'],
    ['when it does not answer', 404, 'the server could not find the requested resource'],
  ])('%s', async (_what, answer, error) => {
    await using backend = await serveBackend(() => answer)
    await using rest = await serve(backend.kubeconfig)
    await whoAmI(rest, 'secret').expect(401)
    expect(await review(rest, { token: 'secret' })).toEqual({ user: {}, error })
  })
})

test('speaks the other version, too', async () => {
  await using backend = await serveBackend<Review>(() => jane)
  await using rest = await serve(backend.kubeconfig, { authenticationTokenWebhookVersion: 'v1' })
  await whoAmI(rest, 'secret').expect(201)
  expect(backend.asked[0]?.apiVersion).toBe('authentication.k8s.io/v1')
})

test('the audiences of a review are asked for, and those that it is meant for are told', async () => {
  await using backend = await serveBackend<Review>(() => ({ ...jane, audiences: ['a', 'b'] }))
  await using rest = await serve(backend.kubeconfig)
  expect(await review(rest, { token: 'secret', audiences: ['b', 'c'] })).toMatchObject({ authenticated: true, audiences: ['b'] })
  expect(backend.asked[0]?.spec.audiences).toEqual(['b', 'c'])
})

test.each([
  [jane, 201],
  [{ authenticated: false }, 401],
])('an answer holds for a while, and a failure does not: %o', async (answer, code) => {
  const failing = { times: 1 }
  await using backend = await serveBackend(() => (failing.times-- > 0 ? 404 : answer))
  await using rest = await serve(backend.kubeconfig, { authenticationTokenWebhookCacheTtl: '90s' })
  await whoAmI(rest, 'secret').expect(401)
  for (let i = 0; i < 2; i++) await whoAmI(rest, 'secret').expect(code)
  expect(backend.asked).toHaveLength(2)
  await rest.cluster.clock.advance(90_000)
  await whoAmI(rest, 'secret').expect(code)
  expect(backend.asked).toHaveLength(3)
})

test('a file that leads nowhere, and a version that there is not, are refused', async () => {
  const start = serve('/no/file')
  await expect(start).rejects.toThrow(ConfigError)
  await expect(start).rejects.toThrow('webhook token authentication: ENOENT')
  expect(() => parseConfig(['--authentication-token-webhook-version', 'v2'], {})).toThrow('"v2" is not supported: v1beta1, v1')
})
