// Tokens of service accounts: signatures are checked once, everything else on every request.
import { describe, expect, test } from 'vitest'
import { Authenticator } from '../../server/auth/authenticate.ts'
import { authoritiesOf } from '../../server/auth/clientcertificates.ts'
import { defaultIssuer, type TokenClaims } from '../../server/auth/tokens.ts'
import { wallClock } from '../../server/clock.ts'
import { aPod, pods, type Rest, serveRest } from '../support/api.ts'

const accounts = '/api/v1/namespaces/default/serviceaccounts'
const robot = { metadata: { name: 'robot' } }

async function tokenOf(rest: Rest, spec: object = {}): Promise<string> {
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec }
  const { body } = await rest.call('post', `${accounts}/robot/token`, request).expect(201)
  return body.status.token
}
const use = (rest: Rest, token: string) => rest.call('get', '/api').set('authorization', `Bearer ${token}`)

describe('a token that was good until now is refused', () => {
  test('when its account is deleted, also if another one of that name comes', async () => {
    await using rest = await serveRest()
    await rest.call('post', accounts, robot).expect(201)
    const token = await tokenOf(rest)
    await use(rest, token).expect(200)
    await use(rest, token).expect(200)
    await rest.call('delete', `${accounts}/robot`).expect(200)
    await use(rest, token).expect(401)
    await rest.call('post', accounts, robot).expect(201)
    await use(rest, token).expect(401)
  })

  test('when the pod is deleted that it is bound to', async () => {
    await using rest = await serveRest()
    await rest.call('post', accounts, robot).expect(201)
    await rest.call('post', accounts, { metadata: { name: 'default' } }).expect(201)
    await rest.call('post', pods, aPod('p')).expect(201)
    const token = await tokenOf(rest, { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p' } })
    const free = await tokenOf(rest)
    await use(rest, token).expect(200)
    await use(rest, free).expect(200)
    await rest.call('delete', `${pods}/p?gracePeriodSeconds=0`).expect(200)
    await use(rest, token).expect(401)
    await use(rest, free).expect(200)
  })

  test('when its time is over', async () => {
    await using rest = await serveRest()
    await rest.call('post', accounts, robot).expect(201)
    const token = await tokenOf(rest, { expirationSeconds: 600 })
    await use(rest, token).expect(200)
    await rest.cluster.clock.advance(599_000)
    await use(rest, token).expect(200)
    await rest.cluster.clock.advance(1000)
    await use(rest, token).expect(401)
  })
})

test('a signature is checked once, for a bounded number of tokens; what is not signed is never kept', async () => {
  const checked: string[] = []
  const claims = (name: string): TokenClaims => ({
    ...{ aud: [defaultIssuer], exp: Number.MAX_SAFE_INTEGER, iat: 0, nbf: 0, iss: defaultIssuer, jti: name, sub: name },
    'kubernetes.io': { namespace: 'default', serviceaccount: { name, uid: name } },
  })
  const verify = (token: string) => {
    checked.push(token)
    return token.startsWith('bad') ? undefined : claims(token)
  }
  const authenticator = new Authenticator({
    clients: authoritiesOf(''),
    tokens: new Map(),
    signer: { verify },
    clock: wallClock(),
    isThere: async () => true,
  })
  const ask = async (token: string) => (await authenticator.authenticateToken(token, [defaultIssuer]))?.user.name
  for (let time = 0; time < 3; time++) expect(await ask('a')).toBe('system:serviceaccount:default:a')
  for (let time = 0; time < 2; time++) expect(await ask('bad')).toBeUndefined()
  expect(checked).toEqual(['a', 'bad', 'bad'])
  for (let number = 0; number < 1000; number++) await ask(`t${number}`)
  checked.length = 0
  for (const token of ['t999', 'a', 't999', 'a']) await ask(token)
  expect(checked).toEqual(['a'])
})
