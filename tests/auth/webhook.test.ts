// --authorization-mode Webhook: another server says who may do what.
import { describe, expect, test } from 'vitest'
import { ConfigError } from '../../server/config.ts'
import { configMaps, type Rest, serveRest } from '../support/api.ts'
import { serveAudited } from '../support/audit.ts'
import { serveBackend } from '../support/backend.ts'

interface Review {
  apiVersion: string
  spec: { user: string; resourceAttributes?: { verb: string; resource: string }; nonResourceAttributes?: object }
}

const tokens = 'janetoken,jane,j-1,"devs,ops"'
const serve = (kubeconfig: string, options: object = {}) =>
  serveRest({ authorizationMode: 'Webhook', authorizationWebhookConfigFile: kubeconfig, tokens, ...options })
const asJane = (rest: Rest, method: 'get' | 'post' | 'patch' | 'put', path: string, body?: object) =>
  rest.call(method, path, body).set('authorization', 'Bearer janetoken')

describe('is asked', () => {
  test('about resources and paths, in the version that is configured', async () => {
    await using backend = await serveBackend<Review>(() => ({ allowed: true, reason: 'fine' }))
    await using rest = await serve(backend.kubeconfig)
    await asJane(rest, 'get', '/apis/apps/v1/namespaces/default/deployments/web/scale?x=y').expect(404)
    await asJane(rest, 'get', `${configMaps}?fieldSelector=metadata.name%3Da`).expect(200)
    await asJane(rest, 'get', '/version').expect(200)
    const groups = ['devs', 'ops', 'system:authenticated']
    const who = { user: 'jane', group: groups, uid: 'j-1' }
    const common = { kind: 'SubjectAccessReview', apiVersion: 'authorization.k8s.io/v1beta1', metadata: {}, status: { allowed: false } }
    const apps = { namespace: 'default', group: 'apps', version: 'v1' }
    const requirements = [{ key: 'metadata.name', operator: 'In', values: ['a'] }]
    expect(backend.asked).toEqual([
      {
        ...common,
        spec: { resourceAttributes: { ...apps, verb: 'get', resource: 'deployments', subresource: 'scale', name: 'web' }, ...who },
      },
      {
        ...common,
        spec: {
          resourceAttributes: {
            ...{ namespace: 'default', verb: 'list', version: 'v1', resource: 'configmaps', name: 'a' },
            fieldSelector: { requirements },
          },
          ...who,
        },
      },
      { ...common, spec: { nonResourceAttributes: { path: '/version', verb: 'get' }, ...who } },
    ])
    await using newer = await serve(backend.kubeconfig, { authorizationWebhookVersion: 'v1' })
    await asJane(newer, 'get', '/version').expect(200)
    expect(backend.asked.at(-1)).toMatchObject({ apiVersion: 'authorization.k8s.io/v1', spec: { groups } })
  })

  test('not about system:masters, and only after those before it', async () => {
    await using backend = await serveBackend<Review>(() => ({ allowed: true }))
    await using rest = await serve(backend.kubeconfig, { authorizationMode: 'RBAC,Webhook' })
    await rest.call('get', configMaps).expect(200)
    // Everybody may do that by role.
    await asJane(rest, 'post', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      spec: { nonResourceAttributes: { path: '/healthz', verb: 'get' } },
    }).expect(201)
    expect(backend.asked).toEqual([])
    await asJane(rest, 'get', configMaps).expect(200)
    expect(backend.asked).toHaveLength(1)
  })

  test('wherever rights are asked for', async () => {
    await using backend = await serveBackend<Review>(() => ({ allowed: true }))
    await using rest = await serve(backend.kubeconfig, { enableAdmissionPlugins: 'OwnerReferencesPermissionEnforcement' })
    const asked = () =>
      backend.asked.splice(0).map(({ spec }) => `${spec.user} ${spec.resourceAttributes?.verb} ${spec.resourceAttributes?.resource}`)
    await asJane(rest, 'get', configMaps).set('impersonate-user', 'joe').expect(200)
    expect(asked()).toEqual(['jane impersonate-on:user-info:list configmaps', 'jane impersonate:user-info users', 'joe list configmaps'])
    const role = { metadata: { name: 'all' }, rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] }
    await asJane(rest, 'post', '/apis/rbac.authorization.k8s.io/v1/clusterroles', role).expect(201)
    expect(asked()).toEqual(['jane create clusterroles', 'jane escalate clusterroles'])
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'all' }
    await asJane(rest, 'post', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', { metadata: { name: 'all' }, roleRef }).expect(201)
    expect(asked()).toEqual(['jane create clusterrolebindings', 'jane bind clusterroles'])
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u', blockOwnerDeletion: true }
    await asJane(rest, 'post', configMaps, { metadata: { name: 'c', ownerReferences: [owner] } }).expect(201)
    expect(asked()).toEqual(['jane create configmaps', 'jane update configmaps'])
    await asJane(rest, 'put', '/apis/coordination.k8s.io/v1/namespaces/default/leases/l', { metadata: { name: 'l' }, spec: {} }).expect(201)
    expect(asked()).toEqual(['jane update leases', 'jane create leases'])
  })
})

describe('what it says', () => {
  const review = async (rest: Rest) => {
    const spec = { user: 'jane', resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'default' } }
    return (await rest.call('post', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec }).expect(201)).body.status
  }
  test.each<[what: string, answer: object | number, modes: string, code: number, status: object]>([
    ['yes', { allowed: true, reason: 'is nice' }, 'Webhook', 200, { allowed: true, reason: 'is nice' }],
    ['nothing', {}, 'Webhook', 403, { allowed: false }],
    ['nothing, and the next one is asked', { reason: 'who?' }, 'Webhook,AlwaysAllow', 200, { allowed: true }],
    ['no', { denied: true, reason: 'never' }, 'Webhook,AlwaysAllow', 403, { allowed: false, denied: true, reason: 'never' }],
    [
      'both',
      { denied: true, allowed: true },
      'Webhook',
      500,
      { allowed: false, denied: true, evaluationError: 'webhook subject access review returned both allow and deny response' },
    ],
    [
      'an error',
      404,
      'Webhook,AlwaysDeny',
      500,
      { allowed: false, reason: 'Everything is forbidden.', evaluationError: 'the server could not find the requested resource' },
    ],
    ['an error, and the next one allows it', 404, 'Webhook,AlwaysAllow', 200, { allowed: true }],
  ])('%s', async (_what, answer, authorizationMode, code, status) => {
    await using backend = await serveBackend(() => answer)
    await using rest = await serve(backend.kubeconfig, { authorizationMode })
    expect(await review(rest)).toEqual(status)
    await asJane(rest, 'get', '/api/v1/namespaces/default/pods').expect(code)
  })

  test('is told to the client and in the audit log', async () => {
    await using backend = await serveBackend<Review>(({ spec }) => (spec.nonResourceAttributes ? 404 : { reason: 'ask somebody else' }))
    await using rest = await serveAudited([{ level: 'Metadata', users: ['jane'] }], {
      ...{ authorizationMode: 'Webhook', authorizationWebhookConfigFile: backend.kubeconfig, tokens },
    })
    expect((await asJane(rest, 'get', configMaps).expect(403)).body.message).toBe(
      'configmaps is forbidden: User "jane" cannot list resource "configmaps" in API group "" in the namespace "default": ask somebody else',
    )
    expect((await asJane(rest, 'get', '/version').expect(500)).text).toBe(
      'Internal Server Error: "/version": the server could not find the requested resource\n',
    )
    expect(rest.told('ResponseComplete').map(({ annotations }) => annotations)).toEqual([
      { 'authorization.k8s.io/decision': 'forbid', 'authorization.k8s.io/reason': 'ask somebody else' },
      { 'authorization.k8s.io/reason': 'internal error' },
    ])
  })

  test.each([
    [{ allowed: true }, 'authorizationWebhookCacheAuthorizedTtl', 200],
    [{ allowed: false }, 'authorizationWebhookCacheUnauthorizedTtl', 403],
  ])('holds for a while: %o', async (answer, ttl, code) => {
    await using backend = await serveBackend(() => answer)
    await using rest = await serve(backend.kubeconfig, { [ttl]: '1m' })
    for (let i = 0; i < 2; i++) await asJane(rest, 'get', configMaps).expect(code)
    expect(backend.asked).toHaveLength(1)
    await rest.cluster.clock.advance(60_000)
    await asJane(rest, 'get', configMaps).expect(code)
    expect(backend.asked).toHaveLength(2)
  })
})

test('which rights there are, it cannot say', async () => {
  await using backend = await serveBackend(() => ({ allowed: true }))
  await using rest = await serve(backend.kubeconfig)
  const spec = { namespace: 'default' }
  expect((await asJane(rest, 'post', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec }).expect(201)).body.status).toEqual({
    ...{ resourceRules: [], nonResourceRules: [], incomplete: true },
    evaluationError: 'webhook authorizer does not support user rule resolution',
  })
})

test.each([
  [{ authorizationMode: 'Webhook' }, "authorization-mode Webhook's authorization config file not passed"],
  [{ authorizationMode: 'Webhook', authorizationWebhookConfigFile: '/no/file' }, 'webhook authorization: ENOENT'],
  [{ authorizationWebhookConfigFile: '/no/file' }, 'cannot specify --authorization-webhook-config-file without mode Webhook'],
])('%o is refused', async (options, says) => {
  const start = serveRest(options)
  await expect(start).rejects.toThrow(ConfigError)
  await expect(start).rejects.toThrow(says)
})
