// Client certificates of authorities beside the cluster's own (--client-ca-file).
import { createSecureContext } from 'node:tls'
import { describe, expect, test } from 'vitest'
import type { KeyPair } from '../../server/auth/certificates.ts'
import { ConfigError } from '../../server/config.ts'
import { serveRest } from '../support/api.ts'
import { aClient, aClientOf, aFile, anAuthority, anIntermediate, whoAmI } from '../support/clientcerts.ts'

const configMap = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication'

test('name the user, its groups and the uid', async () => {
  const [first, second] = [anAuthority('first'), anAuthority('second')]
  await using rest = await serveRest({ clientCaFile: aFile(`text before\n${first.certificate}${second.certificate}`) })
  const { url, kubeconfig, adminToken } = rest.cluster
  expect(await whoAmI(url, { client: aClient(first, 'jane', ['devs', 'ops']) })).toEqual({
    username: 'jane',
    groups: ['devs', 'ops', 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^X509SHA256=[0-9a-f]{64}$/)] },
  })
  expect(await whoAmI(url, { client: aClient(second, 'joe') })).toMatchObject({ username: 'joe', groups: ['system:authenticated'] })
  const [uid, name] = ['2b0601040183c25302', '550403']
  expect(await whoAmI(url, { client: aClientOf(first, [name, 'jim'], [uid, 'u-1']) })).toMatchObject({ username: 'jim', uid: 'u-1' })
  const data = (key: string) => Buffer.from(new RegExp(`${key}: (\\S+)`).exec(kubeconfig)?.[1] ?? '', 'base64').toString()
  const admin = { certificate: data('client-certificate-data'), key: data('client-key-data') }
  expect(await whoAmI(url, { client: admin })).toMatchObject({ username: 'kubernetes-admin' })
  const { body } = await rest.call('get', configMap).expect(200)
  expect(body.data['client-ca-file']).toBe(data('certificate-authority-data') + first.certificate + second.certificate)
  // Who is known by a token needs no certificate that counts.
  const headers = { authorization: `Bearer ${adminToken}` }
  expect(await whoAmI(url, { client: aClient(anAuthority('x'), 'jane'), headers })).toMatchObject({ username: 'kubernetes-admin' })
})

describe('let nobody in that', () => {
  const trusted = anAuthority('trusted')
  const uid = ['2b0601040183c25302', 'u'] as const
  test.each([
    ['nobody vouches for', aClient(anAuthority('foreign'), 'jane'), 401],
    ['is over', aClient(trusted, 'jane', [], -1), 401],
    ['an authority of the same name signed', aClient(anAuthority('trusted'), 'jane'), 401],
  ])('%s', async (_what, client, code) => {
    await using rest = await serveRest({ clientCaFile: aFile(trusted.certificate) })
    expect(await whoAmI(rest.cluster.url, { client })).toBe(code)
  })
  test('names nobody, or two uids', async () => {
    await using rest = await serveRest({ clientCaFile: aFile(trusted.certificate) })
    // Nobody is anonymous, who may not ask.
    expect(await whoAmI(rest.cluster.url, { client: aClientOf(trusted, ['55040a', 'devs']) })).toBe(403)
    expect(await whoAmI(rest.cluster.url, { client: aClientOf(trusted, ['550403', 'jane'], uid, uid) })).toBe(401)
  })
})

/** Not before Node 20.18, nor in the first releases of Node 22. */
const partialChains = 'setAllowPartialTrustChain' in (createSecureContext().context as object)

test.skipIf(!partialChains)('an authority need not be a root, and one above it is no authority', async () => {
  const root = anAuthority('root')
  const [between, beside] = [anIntermediate(root, 'between'), anIntermediate(root, 'beside')]
  const sent = (client: KeyPair, ...chain: KeyPair[]) => ({
    ...client,
    certificate: [client, ...chain].map(({ certificate }) => certificate).join(''),
  })
  await using rest = await serveRest({ clientCaFile: aFile(between.certificate) })
  const { url } = rest.cluster
  expect(await whoAmI(url, { client: aClient(between, 'jane') })).toMatchObject({ username: 'jane' })
  expect(await whoAmI(url, { client: sent(aClient(between, 'jane'), between, root) })).toMatchObject({ username: 'jane' })
  const below = anIntermediate(between, 'below')
  expect(await whoAmI(url, { client: sent(aClient(below, 'jim'), below) })).toMatchObject({ username: 'jim' })
  expect(await whoAmI(url, { client: aClient(root, 'joe') })).toBe(401)
  expect(await whoAmI(url, { client: sent(aClient(beside, 'joe'), beside, root) })).toBe(401)
})

test.each([
  ['/no/such/file', /^unable to load client CA file: .*no such file or directory/],
  [aTextFile, /^unable to load client CA file: data does not contain any valid RSA or ECDSA certificates$/],
])('a file that is no bundle is refused', async (file, says) => {
  const clientCaFile = typeof file === 'string' ? file : file()
  const start = serveRest({ clientCaFile })
  await expect(start).rejects.toThrow(ConfigError)
  await expect(start).rejects.toThrow(says)
})

function aTextFile(): string {
  return aFile('not a certificate')
}
