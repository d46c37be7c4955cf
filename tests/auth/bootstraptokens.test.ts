// Bootstrap tokens (--enable-bootstrap-token-auth).
import { describe, expect, test } from 'vitest'
import { ConfigError, parseConfig } from '../../server/config.ts'
import { type Rest, serveRest } from '../support/api.ts'

const secrets = '/api/v1/namespaces/kube-system/secrets'
const [id, secret] = ['abcdef', '0123456789abcdef']
const good = {
  'token-id': id,
  'token-secret': secret,
  'usage-bootstrap-authentication': 'true',
  'auth-extra-groups': 'system:bootstrappers:worker,system:bootstrappers:a',
}

const serve = (): Promise<Rest> => serveRest({ enableBootstrapTokenAuth: true })

interface Kept {
  name?: string
  type?: string
  data?: Partial<Record<keyof typeof good | 'expiration', string | undefined>>
}

const keep = ({ call }: Rest, { name = `bootstrap-token-${id}`, type = 'bootstrap.kubernetes.io/token', data = {} }: Kept = {}) => {
  return call('post', secrets, { metadata: { name }, type, stringData: { ...good, ...data } }).expect(201)
}

/** The user, or the code of the refusal. */
async function whoHas(rest: Rest, token = `${id}.${secret}`): Promise<unknown> {
  const review = rest.call('post', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}).set('authorization', `Bearer ${token}`)
  const { status, body } = await review
  return status === 201 ? body.status.userInfo : status
}

test('name a bootstrapper while their Secret is there', async () => {
  await using rest = await serve()
  expect(await whoHas(rest)).toBe(401)
  await keep(rest)
  const user = {
    username: 'system:bootstrap:abcdef',
    groups: ['system:bootstrappers', 'system:bootstrappers:a', 'system:bootstrappers:worker', 'system:authenticated'],
  }
  expect(await whoHas(rest)).toEqual(user)
  const review = await rest.call('post', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: `${id}.${secret}` } }).expect(201)
  expect(review.body.status).toMatchObject({ authenticated: true, user })
  await rest.call('delete', `${secrets}/bootstrap-token-${id}`).expect(200)
  expect(await whoHas(rest)).toBe(401)
})

test('are over when they expire', async () => {
  await using rest = await serve()
  await keep(rest, { data: { expiration: '2026-01-01T01:00:00+00:00' } })
  await rest.cluster.clock.advance(3_599_000)
  expect(await whoHas(rest)).toMatchObject({ username: 'system:bootstrap:abcdef' })
  await rest.cluster.clock.advance(1_000)
  expect(await whoHas(rest)).toBe(401)
})

describe('are nothing with', () => {
  const cases: readonly (readonly [string, Kept, string?])[] = [
    ['another secret', {}, `${id}.0123456789abcdee`],
    ['a secret of as many letters but more bytes', { data: { 'token-secret': '0123456789abcdeé' } }],
    ['a secret of another length', { data: { 'token-secret': 'short' } }],
    ['another name of the Secret', { name: 'bootstrap-token-fedcba' }],
    ['another id in it', { data: { 'token-id': 'fedcba' } }],
    ['another type', { type: 'Opaque' }],
    ['no usage', { data: { 'usage-bootstrap-authentication': undefined } }],
    ['a usage that is not true', { data: { 'usage-bootstrap-authentication': 'True' } }],
    ['a time that is none', { data: { expiration: 'tomorrow' } }],
    ['a time that has been', { data: { expiration: '2025-12-31T23:59:59Z' } }],
    ['a group of others', { data: { 'auth-extra-groups': 'system:bootstrappers:x,system:masters' } }],
    ['an empty group', { data: { 'auth-extra-groups': 'system:bootstrappers:' } }],
    ['letters that tokens do not have', {}, `ABCDEF.${secret}`],
  ]
  for (const [what, kept, token] of cases)
    test(what, async () => {
      await using rest = await serve()
      await keep(rest, kept)
      expect(await whoHas(rest, token)).toBe(401)
    })
  test('a Secret that waits for its finalizers', async () => {
    await using rest = await serve()
    const metadata = { name: `bootstrap-token-${id}`, finalizers: ['example.com/wait'] }
    await rest.call('post', secrets, { metadata, type: 'bootstrap.kubernetes.io/token', stringData: good }).expect(201)
    await rest.call('delete', `${secrets}/bootstrap-token-${id}`).expect(200)
    expect(await whoHas(rest)).toBe(401)
  })
  test('the flag left out', async () => {
    await using rest = await serveRest()
    await keep(rest)
    expect(await whoHas(rest)).toBe(401)
  })
})

test('the flag is a switch', () => {
  const on = (...args: string[]) => parseConfig(args, {}).enableBootstrapTokenAuth
  expect([on(), on('--enable-bootstrap-token-auth'), on('--enable-bootstrap-token-auth=false')]).toEqual([false, true, false])
  expect(on('--enable-bootstrap-token-auth', '--nodes', '1')).toBe(true)
  expect(() => on('--enable-bootstrap-token-auth=maybe')).toThrow(ConfigError)
})
