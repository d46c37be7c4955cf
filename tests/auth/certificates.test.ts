// Certificate requests: what is recognized, approved, signed and cleaned up, and that the certificates are good for what they say.
import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto'
import { request as call } from 'node:https'
import { describe, expect, test } from 'vitest'
import { gatheredRules } from '../../controllers/clusterroleaggregation/plan.ts'
import { recognitions } from '../../controllers/csrapproving/plan.ts'
import { deadlineOf } from '../../controllers/csrcleaner/plan.ts'
import { decide } from '../../controllers/csrsigning/plan.ts'
import {
  type CertificateSigningRequest,
  certificateSigningRequest as kind,
} from '../../openapi/kinds/certificates.k8s.io/certificatesigningrequest.ts'
import type { ClusterRole } from '../../openapi/kinds/rbac.authorization.k8s.io/clusterrole.ts'
import { bitString, objectId, pem, sequence, tagged, utf8 } from '../../server/auth/der.ts'
import { startCluster } from '../../server/index.ts'
import { serveRest } from '../support/api.ts'

interface Asked {
  commonName: string
  organizations?: readonly string[]
  dns?: readonly string[]
  /** OID of the signature, as it is written. */
  algorithm?: string
}

/** PEM of the request, and of the key it is for. */
function certificateRequest({ commonName, organizations = [], dns = [], algorithm = '2a8648ce3d040302' }: Asked): {
  pem: string
  key: string
} {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = (id: string, text: string) => tagged(0x31, sequence(objectId(id), utf8(text)))
  const names = sequence(...dns.map(host => tagged(0x82, Buffer.from(host))))
  const extensions = sequence(sequence(objectId('551d11'), tagged(0x04, names)))
  const attributes = dns.length > 0 ? [sequence(objectId('2a864886f70d01090e'), tagged(0x31, extensions))] : []
  const info = sequence(
    tagged(0x02, Buffer.from([0])),
    sequence(name('550403', commonName), ...organizations.map(text => name('55040a', text))),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa0, ...attributes),
  )
  const signature = sign('sha256', info, privateKey)
  const der = sequence(info, sequence(objectId(algorithm)), bitString(signature, 0))
  return { pem: pem('CERTIFICATE REQUEST', der), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
const kubelet = { commonName: 'system:node:n1', organizations: ['system:nodes'] }
const clientUsages = ['digital signature', 'client auth']

interface Stored extends Partial<Asked> {
  signer: string
  usages?: string[]
  username?: string
  conditions?: string[]
  certificate?: string
}

const stored = ({ signer, usages = clientUsages, username = 'jane', conditions = [], certificate, ...asked }: Stored) =>
  ({
    metadata: { name: 'r', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { request: base64(certificateRequest({ ...kubelet, ...asked }).pem), signerName: `kubernetes.io/${signer}`, usages, username },
    status: {
      conditions: conditions.map(type => ({ type, status: 'True', lastUpdateTime: '2026-01-01T10:00:00Z' })),
      ...(certificate ? { certificate } : {}),
    },
  }) as unknown as CertificateSigningRequest

describe('recognized as a kubelet', () => {
  const signer = 'kube-apiserver-client-kubelet'
  const cases: readonly (readonly [string, Stored, string[]])[] = [
    ['by another', { signer }, ['nodeclient']],
    ['by itself', { signer, username: 'system:node:n1' }, ['selfnodeclient', 'nodeclient']],
    ['not of another signer', { signer: 'kube-apiserver-client' }, []],
    ['not of another group', { signer, organizations: ['devs'] }, []],
    ['not under another name', { signer, commonName: 'n1' }, []],
    ['not with names of hosts', { signer, dns: ['n1'] }, []],
    ['not for servers', { signer, usages: ['digital signature', 'server auth'] }, []],
    ['not when decided', { signer, conditions: ['Denied'] }, []],
  ]
  test.each(cases)('%s', (_it, request, expected) =>
    expect(recognitions(stored(request)).map(({ subresource }) => subresource)).toEqual(expected),
  )
})

describe('the signer', () => {
  const approved = ['Approved']
  const cases: readonly (readonly [string, Stored, string | undefined])[] = [
    ['waits for the approval', { signer: 'kube-apiserver-client' }, undefined],
    ['does not sign twice', { signer: 'kube-apiserver-client', conditions: approved, certificate: 'x' }, undefined],
    ['leaves other signers alone', { signer: 'other', conditions: approved }, undefined],
    ['signs a client', { signer: 'kube-apiserver-client', conditions: approved, commonName: 'jane' }, 'signed'],
    ['signs a kubelet', { signer: 'kube-apiserver-client-kubelet', conditions: approved }, 'signed'],
    ['signs anything for the legacy signer', { signer: 'legacy-unknown', conditions: approved, usages: ['any'] }, 'signed'],
    [
      'refuses servers as clients',
      { signer: 'kube-apiserver-client', conditions: approved, usages: ['server auth'] },
      'invalid usage for client certificate: server auth',
    ],
    [
      'refuses clients that are none',
      { signer: 'kube-apiserver-client', conditions: approved, usages: ['digital signature'] },
      'missing required usage for client certificate: client auth',
    ],
    [
      'refuses kubelets of another group',
      { signer: 'kube-apiserver-client-kubelet', conditions: approved, organizations: ['devs'] },
      'subject organization is not system:nodes',
    ],
    [
      'refuses servers without names',
      { signer: 'kubelet-serving', conditions: approved, usages: ['server auth'] },
      'DNS or IP subjectAltName is required',
    ],
    [
      'refuses usages that do not fit',
      { signer: 'kubelet-serving', conditions: approved, dns: ['n1'] },
      'usages did not match [digital signature key encipherment server auth]',
    ],
  ]
  test.each(cases)('%s', (_it, request, expected) => {
    const decision = decide(stored(request))
    expect(decision && ('problem' in decision ? decision.problem : 'signed')).toBe(expected)
  })
})

test.each([
  ['nobody decided', {}, '2026-01-02T00:00:00Z'],
  ['denied', { conditions: ['Denied'] }, '2026-01-01T11:00:00Z'],
  ['failed', { conditions: ['Approved', 'Failed'] }, '2026-01-01T11:00:00Z'],
  ['issued', { conditions: ['Approved'], certificate: 'x' }, '2026-01-01T11:00:00Z'],
  ['approved and not yet signed', { conditions: ['Approved'] }, undefined],
])('a request goes when it was %s', (_it, request, at) =>
  expect(deadlineOf(stored({ signer: 'kube-apiserver-client', ...request }))).toBe(at && Date.parse(at)),
)

test('a role gathers each rule once, and never its own', () => {
  const aRole = (name: string, labels: Record<string, string>, ...verbs: string[]) =>
    ({ metadata: { name, labels }, rules: verbs.map(verb => ({ verbs: [verb] })) }) as unknown as ClusterRole
  const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { to: 'x' } }, { matchLabels: { also: 'x' } }] }
  const gathering = { ...aRole('g', { to: 'x' }, 'own'), aggregationRule } as unknown as ClusterRole
  const all = [aRole('a', { to: 'x' }, 'get', 'list'), aRole('b', { also: 'x', to: 'x' }, 'list', 'watch'), aRole('c', {}, 'no'), gathering]
  expect(gatheredRules(gathering, all as readonly ClusterRole[]).flatMap(({ verbs }) => verbs)).toEqual(['get', 'list', 'watch'])
})

const collection = '/apis/certificates.k8s.io/v1/certificatesigningrequests'

test('a request that another key signed is refused', async () => {
  await using rest = await serveRest()
  const good = certificateRequest({ commonName: 'jane' }).pem
  const der = Buffer.from(good.split('\n').slice(1, -2).join(''), 'base64')
  der[der.length - 1] = (der[der.length - 1] ?? 0) ^ 1
  const spec = { request: base64(pem('CERTIFICATE REQUEST', der)), signerName: 'example.com/s', usages: ['client auth'] }
  const { body } = await rest.call('post', collection, { metadata: { name: 'r' }, spec }).expect(422)
  expect(body.details.causes).toEqual([
    {
      reason: 'FieldValueInvalid',
      field: 'spec.request',
      message: expect.stringMatching(/^Invalid value: ".*": x509: ECDSA verification failure$/),
    },
  ])
  const pss = base64(certificateRequest({ commonName: 'jane', algorithm: '2a864886f70d01010a' }).pem)
  const unknown = await rest.call('post', collection, { metadata: { name: 'r' }, spec: { ...spec, request: pss } }).expect(422)
  expect(unknown.body.message).toMatch(/: x509: cannot verify signature: algorithm unimplemented$/)
  await rest.call('post', collection, { metadata: { name: 'r' }, spec: { ...spec, request: base64(good) } }).expect(201)
})

test('an approved client comes in with its certificate; a kubelet is approved by itself when it may ask', async () => {
  await using cluster = await startCluster({ nodes: 0, tokens: 'boot,boot,,system:bootstrappers' })
  const send = (path: string, body: object, options: { method?: string; token?: string } = {}): Promise<CertificateSigningRequest> =>
    fetchJson(cluster.url, path, { method: 'POST', token: cluster.adminToken, body, ...options })
  const asked = certificateRequest({ commonName: 'jane', organizations: ['devs'] })
  const spec = {
    request: base64(asked.pem),
    signerName: 'kubernetes.io/kube-apiserver-client',
    usages: ['client auth'],
    expirationSeconds: 3600,
  }
  const created = await send(collection, { metadata: { name: 'jane' }, spec })
  const conditions = [{ type: 'Approved', status: 'True', reason: 'Test', message: 'fine' }]
  await send(`${collection}/jane/approval`, { ...created, status: { conditions } }, { method: 'PUT' })
  await cluster.settle()
  const issued = await fetchJson(cluster.url, `${collection}/jane`, { token: cluster.adminToken })
  const certificate = Buffer.from(issued.status.certificate ?? '', 'base64').toString()
  const x509 = new X509Certificate(certificate)
  expect(x509.subject).toBe('O=devs\nCN=jane')
  expect(Date.parse(x509.validTo) - Date.now()).toBeLessThanOrEqual(3_600_000)
  const me = await fetchJson(cluster.url, '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    method: 'POST',
    body: {},
    tls: { cert: certificate, key: asked.key },
  })
  expect((me as unknown as { status: object }).status).toMatchObject({
    userInfo: { username: 'jane', groups: ['devs', 'system:authenticated'] },
  })

  const bootstrap = {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: '' },
    subjects: [{ kind: 'Group', name: 'system:bootstrappers' }],
  }
  for (const name of ['system:node-bootstrapper', 'system:certificates.k8s.io:certificatesigningrequests:nodeclient'])
    await send('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      ...bootstrap,
      metadata: { name: `boot:${name}` },
      roleRef: { ...bootstrap.roleRef, name },
    })
  const kubeletSpec = {
    request: base64(certificateRequest(kubelet).pem),
    signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
    usages: clientUsages,
  }
  await send(collection, { metadata: { name: 'n1' }, spec: kubeletSpec }, { token: 'boot' })
  await cluster.settle()
  const approved = await fetchJson(cluster.url, `${collection}/n1`, { token: cluster.adminToken })
  expect(approved.status).toMatchObject({
    conditions: [
      { type: 'Approved', reason: 'AutoApproved', message: 'Auto approving kubelet client certificate after SubjectAccessReview.' },
    ],
    certificate: expect.any(String),
  })
  expect(kind.columns.at(-1)?.value(approved, new Date())).toBe('Approved,Issued')
})

interface Fetch {
  method?: string
  token?: string
  body?: object
  tls?: { cert: string; key: string }
}

/** The JSON answered; throws what was refused. */
function fetchJson(url: string, path: string, { method = 'GET', token, body, tls }: Fetch): Promise<CertificateSigningRequest> {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  return new Promise((resolve, reject) => {
    call(new URL(path, url), { method, headers, rejectUnauthorized: false, agent: false, ...tls }, answer => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', part => {
        text += part
      })
      answer.on('end', () => ((answer.statusCode ?? 0) < 300 ? resolve(JSON.parse(text)) : reject(new Error(text))))
    })
      .on('error', reject)
      .end(body && JSON.stringify(body))
  })
}
