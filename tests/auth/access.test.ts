// Who may do what, over HTTP: modes, tokens, impersonation, reviews, and what a role gives from the moment it is there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseTokens } from '../../server/auth/statictokens.ts'
import { ConfigError, parseConfig } from '../../server/config.ts'
import type { StartOptions } from '../../server/index.ts'
import { aConfigMap, aPod, configMaps, pods, type Rest, serveRest } from '../support/api.ts'

const rbac = '/apis/rbac.authorization.k8s.io/v1'
const roles = `${rbac}/namespaces/default/roles`
const bindings = `${rbac}/namespaces/default/rolebindings`
const tokens = 'janetoken,jane,,devs\nbobtoken,bob,b-1\nnodetoken,system:node:n1,,system:nodes'

const serve = (options: StartOptions = {}): Promise<Rest> => serveRest({ tokens, ...options })
const as = (rest: Rest, token: string) => (method: 'get' | 'post' | 'put' | 'delete', path: string, body?: object) =>
  rest.call(method, path, body).set('authorization', `Bearer ${token}`)
const role = (name: string, ...rules: object[]) => ({ metadata: { name }, rules })
const rule = (verbs: string, resources: string, more: object = {}) => ({
  apiGroups: [''],
  resources: resources.split(' '),
  verbs: verbs.split(' '),
  ...more,
})
const binding = (name: string, to: object, kind = 'Role', of = name) => ({
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: of },
  subjects: [to],
})
const user = (name: string) => ({ kind: 'User', name })

describe('roles', () => {
  test('give from the moment they are bound, and take when they go', async () => {
    await using rest = await serve()
    const jane = as(rest, 'janetoken')
    await jane('get', pods).expect(403)
    await rest.call('post', roles, role('reader', rule('list', 'pods'))).expect(201)
    await rest.call('post', bindings, binding('reader', user('jane'))).expect(201)
    await jane('get', pods).expect(200)
    await jane('get', '/api/v1/namespaces/kube-system/pods').expect(403)
    await rest.call('delete', `${bindings}/reader`).expect(200)
    await jane('get', pods).expect(403)
  })

  test('of one name count for a list of that name, whatever is escaped in it', async () => {
    await using rest = await serve()
    const jane = as(rest, 'janetoken')
    await rest.call('post', roles, role('reader', rule('list', 'pods', { resourceNames: ['a,b'] }))).expect(201)
    await rest.call('post', bindings, binding('reader', user('jane'))).expect(201)
    const selected = (selector: string) => `${pods}?fieldSelector=${encodeURIComponent(selector)}`
    await jane('get', selected('metadata.name=a\\,b')).expect(200)
    for (const other of ['metadata.name=a', 'metadata.name=a,b', 'metadata.name!=a\\,b']) await jane('get', selected(other)).expect(403)
  })

  test('a binding to a role that is not there is told in the refusal', async () => {
    await using rest = await serve()
    await rest.call('post', bindings, binding('lost', { kind: 'Group', name: 'devs' })).expect(201)
    const { body } = await as(rest, 'janetoken')('get', pods).expect(403)
    expect(body.message).toBe(
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default": RBAC: role.rbac.authorization.k8s.io "lost" not found',
    )
  })

  test('an account has those of its groups', async () => {
    await using rest = await serve()
    await rest.call('post', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'robot' } }).expect(201)
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
    const { body } = await rest.call('post', '/api/v1/namespaces/default/serviceaccounts/robot/token', request).expect(201)
    const robot = as(rest, body.status.token)
    await robot('get', pods).expect(403)
    await rest.call(
      'post',
      bindings,
      binding('all', { kind: 'Group', name: 'system:serviceaccounts:default' }, 'ClusterRole', 'cluster-admin'),
    )
    await robot('get', pods).expect(200)
    await robot('get', '/api/v1/nodes').expect(403)
  })

  test('nobody gives away what he has not, unless he may escalate or bind', async () => {
    await using rest = await serve()
    const jane = as(rest, 'janetoken')
    const manages = { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: ['create', 'update', 'get'] }
    await rest.call('post', roles, role('manager', manages, rule('get', 'pods'))).expect(201)
    await rest.call('post', bindings, binding('manager', user('jane'))).expect(201)
    await jane('post', roles, role('same', rule('get', 'pods'))).expect(201)
    const { body } = await jane('post', roles, role('more', rule('get delete', 'pods'))).expect(403)
    expect(body.message).toContain('\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}')
    await jane('post', bindings, binding('b', user('bob'), 'ClusterRole', 'system:auth-delegator')).expect(403)
    const bind = { ...manages, resources: ['clusterroles'], resourceNames: ['system:auth-delegator'], verbs: ['bind'] }
    await rest.call('put', `${roles}/manager`, role('manager', { ...manages, verbs: [...manages.verbs, 'escalate'] }, bind)).expect(200)
    await jane('post', roles, role('more', rule('get delete', 'pods'))).expect(201)
    await jane('post', bindings, binding('b', user('bob'), 'ClusterRole', 'system:auth-delegator')).expect(201)
    await jane('post', bindings, binding('c', user('bob'), 'ClusterRole', 'system:kube-dns')).expect(403)
  })

  test('only who may do everything lets a role gather others', async () => {
    await using rest = await serve()
    const clusterRoles = { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['create'] }
    await rest.call('post', `${rbac}/clusterroles`, role('maker', clusterRoles)).expect(201)
    await rest.call('post', `${rbac}/clusterrolebindings`, binding('maker', user('jane'), 'ClusterRole')).expect(201)
    const gathers = { metadata: { name: 'g' }, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } }
    const { body } = await as(rest, 'janetoken')('post', `${rbac}/clusterroles`, gathers).expect(403)
    expect(body.message).toBe(
      'clusterroles.rbac.authorization.k8s.io "g" is forbidden: must have cluster-admin privileges to use the aggregationRule',
    )
  })
})

describe('modes', () => {
  test.each([
    { modes: 'AlwaysAllow', pods: 200, path: 200 },
    { modes: 'AlwaysDeny', pods: 403, path: 403 },
    { modes: 'AlwaysDeny,AlwaysAllow', pods: 200, path: 200 },
    { modes: 'RBAC', pods: 403, path: 200 },
    { modes: 'Node,RBAC', pods: 403, path: 200 },
  ])('$modes', async ({ modes, pods: code, path }) => {
    await using rest = await serve({ authorizationMode: modes })
    const jane = as(rest, 'janetoken')
    await jane('get', pods).expect(code)
    await jane('get', '/api').expect(path)
    await rest.call('get', pods).expect(200)
  })
  test('an unknown one is refused', () => {
    expect(() => parseConfig(['--authorization-mode', 'RBAC,Magic'], {})).toThrow(ConfigError)
    expect(() => parseConfig(['--authorization-mode', 'RBAC,RBAC'], {})).toThrow(ConfigError)
  })
})

const pod = "authorizer.group('').resource('pods')"
test.each([
  [`${pod}.fieldSelector('spec.nodeName=n1').check('list').allowed()`, true],
  [`${pod}.check('list').allowed()`, false],
  [`${pod}.fieldSelector('spec.nodeName=n2').check('list').allowed()`, false],
  [`${pod}.labelSelector('app=web').check('list').allowed()`, false],
  [`${pod}.labelSelector('app=web').fieldSelector('spec.nodeName=n1').check('watch').allowed()`, true],
  // What cannot be read is left out, and no authorizer takes that for an error of its own.
  [`${pod}.fieldSelector('spec.nodeName').check('list').allowed()`, false],
  [`${pod}.fieldSelector('spec.nodeName').labelSelector('a==(').check('list').errored()`, false],
  [`${pod}.labelSelector('a==(').check('list').error() == ''`, true],
])('a node is allowed what it limits to itself: %s', async (expression, want) => {
  await using rest = await serve({ authorizationMode: 'Node,RBAC' })
  const root = '/apis/admissionregistration.k8s.io/v1'
  const resourceRules = [{ operations: ['CREATE'], apiGroups: ['coordination.k8s.io'], apiVersions: ['v1'], resources: ['leases'] }]
  const spec = { matchConstraints: { resourceRules }, validations: [{ expression }] }
  await rest.call('post', `${root}/validatingadmissionpolicies`, { metadata: { name: 'p' }, spec }).expect(201)
  const bound = { policyName: 'p', validationActions: ['Deny'] }
  await rest.call('post', `${root}/validatingadmissionpolicybindings`, { metadata: { name: 'b' }, spec: bound }).expect(201)
  await rest.call('post', '/api/v1/namespaces', { metadata: { name: 'kube-node-lease' } })
  const lease = { metadata: { name: 'n1', namespace: 'kube-node-lease' }, spec: { leaseDurationSeconds: 40 } }
  const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
  await as(rest, 'nodetoken')('post', leases, lease).expect(want ? 201 : 422)
})

test('an access review tells which selectors it could not read', async () => {
  await using rest = await serve()
  const asked = async (more: object) => {
    const spec = { user: 'jane', resourceAttributes: { verb: 'list', resource: 'pods', ...more } }
    const { body } = await rest.call('post', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec }).expect(201)
    return body.status.evaluationError
  }
  const ignored = (selector: string, how = 'ignored') => `spec.resourceAttributes.${selector} ${how} due to parse error`
  const one = { key: 'a', operator: 'In', values: ['b'] }
  const strange = { key: 'a', operator: 'Exists' }
  expect(await asked({ fieldSelector: { rawSelector: 'a=b' }, labelSelector: { rawSelector: 'a in (b)' } })).toBeUndefined()
  expect(await asked({ fieldSelector: { rawSelector: 'a' } })).toBe(ignored('fieldSelector'))
  expect(await asked({ fieldSelector: { rawSelector: 'a' }, labelSelector: { rawSelector: 'a==(' } })).toBe(
    `${ignored('fieldSelector')}; ${ignored('labelSelector')}`,
  )
  expect(await asked({ fieldSelector: { requirements: [one, strange] } })).toBe(ignored('fieldSelector', 'partially ignored'))
  expect(await asked({ fieldSelector: { requirements: [strange] } })).toBe(ignored('fieldSelector'))
})

test('a node reads what its pods name, and itself', async () => {
  await using rest = await serve({ authorizationMode: 'Node,RBAC' })
  await rest.call('post', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } }).expect(201)
  await rest.call('post', configMaps, aConfigMap('used')).expect(201)
  await rest.call('post', configMaps, aConfigMap('other')).expect(201)
  const envFrom = [{ configMapRef: { name: 'used' } }]
  await rest.call('post', pods, aPod('p', { nodeName: 'n1', containers: [{ name: 'app', image: 'nginx', envFrom }] })).expect(201)
  const node = as(rest, 'nodetoken')
  await node('get', `${configMaps}/used`).expect(200)
  await node('get', `${pods}/p`).expect(200)
  await node('get', '/api/v1/pods?fieldSelector=spec.nodeName%3Dn1').expect(200)
  await node('get', '/api/v1/nodes/n1').expect(404)
  await node('get', '/api/v1/services').expect(200)
  const refused = async (path: string, why: string) => expect((await node('get', path).expect(403)).body.message).toContain(`: ${why}`)
  await refused(`${configMaps}/other`, "no relationship found between node 'n1' and this object")
  await refused('/api/v1/pods', 'can only list/watch pods with spec.nodeName field selector')
  // The comma belongs to the value of the first term.
  const escaped = encodeURIComponent('metadata.namespace!=x\\,spec.nodeName=n1')
  await refused(`/api/v1/pods?fieldSelector=${escaped}`, 'can only list/watch pods with spec.nodeName field selector')
  await refused('/api/v1/nodes/n2', "node 'n1' cannot read 'n2', only its own Node object")
  await refused(
    '/apis/coordination.k8s.io/v1/namespaces/default/leases/n1',
    'can only access leases in the "kube-node-lease" system namespace',
  )
  await rest.call('delete', `${pods}/p?gracePeriodSeconds=0`).expect(200)
  await refused(`${configMaps}/used`, "no relationship found between node 'n1' and this object")
})

describe('tokens', () => {
  test('are read as kube-apiserver reads its file', () => {
    const lines = ['a,b,c,"d,e"', '', 'f,g,h', ',x,y', 'i,j,,k', 'l,m,', 'n,,', '"o ""p""", q,r', 's,t,u,v,w', 'x,y,z,']
    expect([...parseTokens(lines.join('\n'), 'f')]).toEqual([
      ['a', { name: 'b', uid: 'c', groups: ['d', 'e', 'system:authenticated'] }],
      ['f', { name: 'g', uid: 'h', groups: ['system:authenticated'] }],
      ['i', { name: 'j', groups: ['k', 'system:authenticated'] }],
      ['l', { name: 'm', groups: ['system:authenticated'] }],
      ['n', { name: '', groups: ['system:authenticated'] }],
      ['o "p"', { name: ' q', uid: 'r', groups: ['system:authenticated'] }],
      ['s', { name: 't', uid: 'u', groups: ['v', 'system:authenticated'] }],
      ['x', { name: 'y', uid: 'z', groups: ['', 'system:authenticated'] }],
    ])
  })
  test.each([
    ['a,b', "token file 'f' must have at least 3 columns (token, user name, user uid), found 2"],
    ['a', 'found 1'],
    ['a,b,c\n  ', 'found 1'],
    ['a,b,"c', 'quotes are not closed'],
    ['a,b"x",c', 'quotes are not closed, or begin within a column'],
  ])('%s is refused', (text, says) => {
    expect(() => parseTokens(text, 'f')).toThrow(ConfigError)
    expect(() => parseTokens(text, 'f')).toThrow(says)
  })
  test('come from a file', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tokens-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const file = join(directory, 'tokens.csv')
    writeFileSync(file, 'filetoken,alice,a-1,"x,y"\n')
    await using rest = await serve({ tokenAuthFile: file })
    const review = await as(rest, 'filetoken')('post', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}).expect(201)
    expect(review.body.status.userInfo).toEqual({ username: 'alice', uid: 'a-1', groups: ['x', 'y', 'system:authenticated'] })
    await expect(serve({ tokenAuthFile: join(directory, 'none') })).rejects.toThrow('there is no')
  })
  test('are reviewed for whom they are', async () => {
    await using rest = await serve()
    await rest.call('post', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'robot' } }).expect(201)
    const made = await rest.call('post', '/api/v1/namespaces/default/serviceaccounts/robot/token', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { audiences: ['vault', 'other'] },
    })
    const { token } = made.body.status
    const review = async (audiences?: string[]) =>
      (await rest.call('post', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token, audiences } }).expect(201)).body.status
    expect(await review(['vault', 'x'])).toMatchObject({
      authenticated: true,
      audiences: ['vault'],
      user: { username: 'system:serviceaccount:default:robot' },
    })
    expect(await review()).toEqual({ user: {}, error: 'invalid bearer token' })
    await as(rest, token)('get', '/api').expect(401)
    await rest.call('delete', '/api/v1/namespaces/default/serviceaccounts/robot').expect(200)
    expect(await review(['vault'])).toEqual({ user: {}, error: 'invalid bearer token' })
  })
})

describe('impersonation', () => {
  const act = (rest: Rest, token: string, headers: Record<string, string>) => as(rest, token)('get', pods).set(headers)

  test('the older way needs the verb impersonate for every part', async () => {
    await using rest = await serve()
    const rules = [
      rule('impersonate', 'users', { resourceNames: ['carol'] }),
      rule('impersonate', 'groups', { resourceNames: ['system:masters'] }),
    ]
    await rest.call('post', `${rbac}/clusterroles`, role('acts', ...rules)).expect(201)
    await rest.call('post', `${rbac}/clusterrolebindings`, binding('acts', user('jane'), 'ClusterRole')).expect(201)
    await act(rest, 'janetoken', { 'impersonate-user': 'carol', 'impersonate-group': 'system:masters' }).expect(200)
    await act(rest, 'janetoken', { 'impersonate-user': 'dave' }).expect(403)
    const { body } = await act(rest, 'janetoken', { 'impersonate-user': 'carol', 'impersonate-uid': '1' }).expect(403)
    expect(body.message).toContain('User "jane" cannot impersonate-on:user-info:list resource "pods"')
  })

  test('the newer way needs it for the user and for what is done', async () => {
    await using rest = await serve()
    const authentication = { apiGroups: ['authentication.k8s.io'] }
    await rest.call(
      'post',
      `${rbac}/clusterroles`,
      role('who', rule('impersonate:user-info', 'users', { ...authentication, resourceNames: ['carol'] })),
    )
    await rest.call('post', `${rbac}/clusterrolebindings`, binding('who', user('jane'), 'ClusterRole')).expect(201)
    await rest.call('post', roles, role('what', rule('impersonate-on:user-info:list', 'pods'))).expect(201)
    await rest.call('post', bindings, binding('what', user('jane'))).expect(201)
    await rest.call('post', roles, role('carols', rule('list', 'pods'))).expect(201)
    await rest.call('post', bindings, binding('carols', user('carol'))).expect(201)
    await act(rest, 'janetoken', { 'impersonate-user': 'carol' }).expect(200)
    const { body } = await act(rest, 'janetoken', { 'impersonate-user': 'dave' }).expect(403)
    expect(body.message).toBe(
      'users.authentication.k8s.io "dave" is forbidden: User "jane" cannot impersonate:user-info resource "users" in API group "authentication.k8s.io" at the cluster scope',
    )
    await as(rest, 'janetoken')('get', configMaps).set('impersonate-user', 'carol').expect(403)
  })
})

test('a request that would create needs the right to create', async () => {
  await using rest = await serve()
  const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases'
  const updates = { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['update'] }
  await rest.call('post', roles, role('u', updates)).expect(201)
  await rest.call('post', bindings, binding('u', user('jane'))).expect(201)
  const lease = { metadata: { name: 'l' }, spec: {} }
  await as(rest, 'janetoken')('put', `${leases}/l`, lease).expect(403)
  const { body } = await rest.call('post', leases, lease).expect(201)
  await as(rest, 'janetoken')('put', `${leases}/l`, body).expect(200)
})
