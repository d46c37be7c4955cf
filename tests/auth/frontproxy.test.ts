// A front proxy's headers (--requestheader-*).
import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { frontProxyCertificate, loadSecrets } from '../../server/auth/state.ts'
import { ConfigError } from '../../server/config.ts'
import { serveRest } from '../support/api.ts'
import { aClient, aFile, anAuthority, ask, whoAmI } from '../support/clientcerts.ts'

const authority = anAuthority('front-proxy-ca')
const proxy = aClient(authority, 'front-proxy')
const flags = () => ({
  requestheaderClientCaFile: aFile(authority.certificate),
  requestheaderAllowedNames: 'front-proxy,other',
  requestheaderUsernameHeaders: 'X-Remote-User,X-Other-User',
  requestheaderGroupHeaders: 'X-Remote-Group',
  requestheaderUidHeaders: 'X-Remote-Uid',
  requestheaderExtraHeadersPrefix: 'X-Remote-Extra-',
})
const named = {
  'X-Remote-User': 'jane',
  'X-Remote-Group': ['devs', 'ops, and more'],
  'X-Remote-Uid': 'u-1',
  'X-Remote-Extra-Example.com%2Fscope': ['a', 'b'],
}
const jane = {
  username: 'jane',
  uid: 'u-1',
  groups: ['devs', 'ops, and more', 'system:authenticated'],
  extra: { 'example.com/scope': ['a', 'b'] },
}

test('is believed, and others are told of it', async () => {
  await using rest = await serveRest(flags())
  const { url, adminToken } = rest.cluster
  expect(await whoAmI(url, { client: proxy, headers: named })).toEqual(jane)
  expect(await whoAmI(url, { client: proxy, headers: { 'x-other-user': 'joe' } })).toEqual({
    username: 'joe',
    groups: ['system:authenticated'],
  })
  // Before any other credentials.
  expect(await whoAmI(url, { client: proxy, headers: { ...named, authorization: `Bearer ${adminToken}` } })).toEqual(jane)
  const { body } = await rest.call('get', '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication').expect(200)
  expect(body.data).toEqual({
    'client-ca-file': expect.not.stringContaining(authority.certificate),
    'requestheader-client-ca-file': authority.certificate,
    'requestheader-allowed-names': '["front-proxy","other"]',
    'requestheader-username-headers': '["X-Remote-User","X-Other-User"]',
    'requestheader-group-headers': '["X-Remote-Group"]',
    'requestheader-uid-headers': '["X-Remote-Uid"]',
    'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
  })
})

test('may name masters, and what it says is not the users to say', async () => {
  await using rest = await serveRest(flags())
  const headers = { 'x-remote-user': 'root', 'x-remote-group': 'system:masters' }
  const secrets = '/api/v1/secrets'
  expect((await ask(rest.cluster.url, secrets, { client: proxy, headers })).code).toBe(200)
  expect((await ask(rest.cluster.url, secrets, { headers })).code).toBe(403)
})

test('this server is one to others, with an authority that is kept, and made where an earlier version left none', () => {
  const file = aFile('')
  const directory = dirname(file)
  const now = new Date()
  const made = loadSecrets(directory, now)
  expect(loadSecrets(directory, now)).toEqual(made)
  const { frontProxyAuthority: _, ...old } = made
  writeFileSync(join(directory, 'secrets.json'), JSON.stringify(old))
  const { frontProxyAuthority, ...kept } = loadSecrets(directory, now)
  expect(kept).toEqual(old)
  expect(loadSecrets(directory, now)).toEqual({ ...old, frontProxyAuthority })
  const { subject, issuer } = new X509Certificate(frontProxyCertificate(made, now).certificate)
  expect([subject, issuer]).toEqual(['CN=front-proxy-client', 'CN=front-proxy-ca'])
})

describe('without', () => {
  test.each([
    ['its certificate', undefined, 403],
    ['an allowed name', aClient(authority, 'somebody'), 401],
    ['its authority', aClient(anAuthority('front-proxy-ca'), 'front-proxy'), 401],
    ['a certificate that is still good', aClient(authority, 'front-proxy', [], -1), 401],
  ])('%s the headers are nothing', async (_what, client, code) => {
    await using rest = await serveRest(flags())
    expect(await whoAmI(rest.cluster.url, { ...(client ? { client } : {}), headers: named })).toBe(code)
  })
  test('headers its certificate names nobody', async () => {
    await using rest = await serveRest(flags())
    expect(await whoAmI(rest.cluster.url, { client: proxy })).toBe(401)
  })
  test('the flags nobody is a proxy', async () => {
    await using rest = await serveRest({ ...flags(), requestheaderClientCaFile: '' })
    expect(await whoAmI(rest.cluster.url, { client: proxy, headers: named })).toBe(401)
  })
})

test('an empty name is refused at start', async () => {
  const start = serveRest({ ...flags(), requestheaderGroupHeaders: 'X-Remote-Group, ' })
  await expect(start).rejects.toThrow(ConfigError)
  await expect(start).rejects.toThrow('empty value in "requestheader-group-headers"')
})
