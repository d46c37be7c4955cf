// Webhooks and policies about subresources whose body is another object than the one they belong to, and about connections.
import { expect, test } from 'vitest'
import { configMaps, pods, type Rest, serveRest } from '../support/api.ts'
import { type HookRequest, patchOf, serveHook } from '../support/hook.ts'

const root = '/apis/admissionregistration.k8s.io/v1'
const core = '/api/v1/namespaces/default'
const deployments = '/apis/apps/v1/namespaces/default/deployments'
const yes = () => ({ allowed: true })

type Type = 'validating' | 'mutating'

const anything = (...resources: string[]) => ({ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources })

async function register(rest: Rest, type: Type, clientConfig: object, rule: object): Promise<void> {
  const hook = { name: 'h.test.example.com', sideEffects: 'None', admissionReviewVersions: ['v1'], rules: [rule], clientConfig }
  await rest.call('post', `${root}/${type}webhookconfigurations`, { metadata: { name: 'it' }, webhooks: [hook] }).expect(201)
}

async function withPod(options = {}): Promise<Rest> {
  const rest = await serveRest({ controllers: '*', nodes: 1, pace: 'instant', ...options })
  const spec = { containers: [{ name: 'main', image: 'nginx' }] }
  await rest.cluster.settle()
  await rest.call('post', pods, { metadata: { name: 'web', labels: { app: 'web' } }, spec }).expect(201)
  await rest.cluster.settle()
  return rest
}

const told = ({ operation, kind, resource, requestKind, subResource, name, namespace, object, oldObject }: HookRequest) => ({
  ...{ operation, subResource, name, namespace },
  kind: `${kind.group}/${kind.version} ${kind.kind}`,
  same: JSON.stringify(kind) === JSON.stringify(requestKind),
  resource: resource.resource,
  object: (object as { kind?: string } | null)?.kind,
  old: (oldObject as { kind?: string } | null)?.kind,
})

test('a scale is shown as a Scale, whoever writes it and how', async () => {
  await using hook = await serveHook(yes)
  await using rest = await serveRest()
  const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } }
  await rest.call('post', deployments, { metadata: { name: 'a' }, spec: { selector: { matchLabels: { app: 'a' } }, template } }).expect(201)
  await register(rest, 'validating', hook.client, anything('deployments/scale'))
  const { body } = await rest.call('get', `${deployments}/a/scale`).expect(200)
  await rest.call('put', `${deployments}/a/scale`, { ...body, spec: { replicas: 2 } }).expect(200)
  await rest.patch(`${deployments}/a/scale`, 'merge-patch', { spec: { replicas: 3 } }).expect(200)
  await rest.patch(`${deployments}/a`, 'merge-patch', { spec: { replicas: 4 } }).expect(200)
  const one = { operation: 'UPDATE', subResource: 'scale', name: 'a', namespace: 'default', same: true, resource: 'deployments' }
  expect(hook.asked.map(told)).toEqual(Array(2).fill({ ...one, kind: 'autoscaling/v1 Scale', object: 'Scale', old: 'Scale' }))
  expect(hook.asked.map(({ object }) => (object as unknown as { spec: object }).spec)).toEqual([{ replicas: 2 }, { replicas: 3 }])
})

test('a scale may be changed, and refused', async () => {
  await using most = await serveHook(() => patchOf({ op: 'replace', path: '/spec/replicas', value: 5 }))
  await using rest = await serveRest()
  const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } }
  await rest.call('post', deployments, { metadata: { name: 'a' }, spec: { selector: { matchLabels: { app: 'a' } }, template } }).expect(201)
  await register(rest, 'mutating', most.client, anything('*/scale'))
  const { body } = await rest.patch(`${deployments}/a/scale`, 'merge-patch', { spec: { replicas: 30 } }).expect(200)
  expect(body.spec).toEqual({ replicas: 5 })
  expect((await rest.call('get', `${deployments}/a`)).body.spec.replicas).toBe(5)
  await using no = await serveHook(() => ({ allowed: false, status: { message: 'enough' } }))
  await register(rest, 'validating', no.client, anything('*/scale'))
  const refused = await rest.patch(`${deployments}/a/scale`, 'merge-patch', { spec: { replicas: 1 } }).expect(400)
  expect(refused.body.message).toBe('admission webhook "h.test.example.com" denied the request: enough')
  expect((await rest.call('get', `${deployments}/a`)).body.spec.replicas).toBe(5)
})

test('evictions, bindings and tokens are creations of their own kinds', async () => {
  await using hook = await serveHook(yes)
  await using rest = await withPod()
  await register(rest, 'validating', hook.client, anything('pods/eviction', 'pods/binding', 'serviceaccounts/token', 'pods'))
  await rest.call('post', `${core}/serviceaccounts/default/token`, { spec: {} }).expect(201)
  const waiting = { metadata: { name: 'waits' }, spec: { containers: [{ name: 'main', image: 'nginx' }], schedulerName: 'mine' } }
  await rest.call('post', pods, waiting).expect(201)
  await rest.call('post', `${pods}/waits/binding`, { metadata: { name: 'waits' }, target: { kind: 'Node', name: 'node-0' } }).expect(201)
  await rest.call('post', `${pods}/web/eviction`, { metadata: { name: 'web' } }).expect(201)
  const own = hook.asked.filter(({ subResource }) => subResource).map(told)
  const common = { operation: 'CREATE', namespace: 'default', same: true, old: undefined }
  expect(own).toEqual([
    {
      ...common,
      ...{ subResource: 'token', name: 'default', resource: 'serviceaccounts' },
      ...{ kind: 'authentication.k8s.io/v1 TokenRequest', object: 'TokenRequest' },
    },
    { ...common, ...{ subResource: 'binding', name: 'waits', resource: 'pods', kind: '/v1 Binding', object: 'Binding' } },
    { ...common, ...{ subResource: 'eviction', name: 'web', resource: 'pods', kind: 'policy/v1 Eviction', object: 'Eviction' } },
  ])
  // The deletion that an eviction is was asked about with it; the kubelet's own, when the pod has ended, is another.
  const deletions = hook.asked.filter(({ operation, name }) => operation === 'DELETE' && name === 'web')
  expect(deletions.map(({ userInfo }) => userInfo.username)).not.toContain('kubernetes-admin')
})

test('the scheduler has to ask as well', async () => {
  await using hook = await serveHook(({ name }) => ({ allowed: name !== 'late' }))
  await using rest = await withPod({ logError: () => {} })
  await register(rest, 'validating', hook.client, anything('pods/binding'))
  await rest.call('post', pods, { metadata: { name: 'late' }, spec: { containers: [{ name: 'main', image: 'nginx' }] } }).expect(201)
  await rest.cluster.clock.advance(0)
  await expect.poll(() => hook.asked.length).toBeGreaterThan(0)
  expect((await rest.call('get', `${pods}/late`)).body.spec.nodeName).toBeUndefined()
})

test('reviews of access are asked about, but not by policies; a namespace that is finalized is an update', async () => {
  await using hook = await serveHook(yes)
  await using rest = await serveRest()
  await register(rest, 'validating', hook.client, anything('selfsubjectaccessreviews', 'namespaces/finalize'))
  const review = { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } }
  await rest.call('post', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review).expect(201)
  await rest.call('post', '/api/v1/namespaces', { metadata: { name: 'n' } }).expect(201)
  await rest.call('put', '/api/v1/namespaces/n/finalize', { metadata: { name: 'n' }, spec: { finalizers: [] } }).expect(200)
  expect(hook.asked.map(({ operation, kind, subResource }) => [operation, kind.kind, subResource])).toEqual([
    ['CREATE', 'SelfSubjectAccessReview', undefined],
    ['UPDATE', 'Namespace', 'finalize'],
  ])
})

const connections: [string, string, object][] = [
  ['exec', '/exec?command=ls&command=-l&container=main&stdout=true', { command: ['ls', '-l'], container: 'main', stdout: true }],
  ['attach', '/attach?stdin=1&tty=true', { stdin: true, tty: true }],
  ['portforward', '/portforward?ports=80,81', { ports: [80, 81] }],
  ['proxy', '/proxy/a/b', { path: '/a/b' }],
]
test.each(connections)('pods/%s is a connection', async (subresource, below, options) => {
  await using hook = await serveHook(() => ({ allowed: false, status: { code: 403, message: 'closed' } }))
  await using rest = await withPod()
  await register(rest, 'validating', hook.client, { ...anything('pods/*'), operations: ['CONNECT'] })
  const { body } = await rest.call('get', `${pods}/web${below}`).expect(403)
  expect(body.message).toBe('admission webhook "h.test.example.com" denied the request: closed')
  const kind =
    { exec: 'PodExecOptions', attach: 'PodAttachOptions', portforward: 'PodPortForwardOptions' }[subresource] ?? 'PodProxyOptions'
  expect(hook.asked).toHaveLength(1)
  expect(hook.asked[0]).toMatchObject({
    ...{ operation: 'CONNECT', name: 'web', namespace: 'default', subResource: subresource, options: null, oldObject: null },
    kind: { group: '', version: 'v1', kind },
    resource: { group: '', version: 'v1', resource: 'pods' },
  })
  expect(hook.asked[0]?.object).toEqual({ kind, apiVersion: 'v1', ...options })
})

test('a webhook that changes the options of a connection changes where it leads', async () => {
  await using hook = await serveHook(() => patchOf({ op: 'add', path: '/container', value: 'other' }))
  await using rest = await withPod()
  await register(rest, 'mutating', hook.client, { ...anything('pods/exec'), operations: ['CONNECT'] })
  const { body } = await rest.call('get', `${pods}/web/exec?command=ls&stdout=true`).expect(400)
  expect(body.message).toBe('container other is not valid for pod web')
})

test('a policy can close connections', async () => {
  await using rest = await withPod()
  const policy = {
    matchConstraints: { resourceRules: [{ ...anything('pods/exec'), operations: ['CONNECT'] }] },
    validations: [{ expression: "object.command[0] != 'rm' && request.kind.kind == 'PodExecOptions'", message: 'no rm' }],
  }
  await rest.call('post', `${root}/validatingadmissionpolicies`, { metadata: { name: 'p' }, spec: policy }).expect(201)
  const binding = { policyName: 'p', validationActions: ['Deny'] }
  await rest.call('post', `${root}/validatingadmissionpolicybindings`, { metadata: { name: 'b' }, spec: binding }).expect(201)
  const refused = await rest.call('get', `${pods}/web/exec?command=rm&stdout=true`).expect(422)
  expect(refused.body.message).toBe("pods \"web\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no rm")
  const { body } = await rest.call('get', `${pods}/web/exec?command=ls&stdout=true`).expect(400)
  expect(body.message).toBe('Upgrade request required')
})

test('an objectSelector matches nothing that has no labels', async () => {
  await using hook = await serveHook(yes)
  await using rest = await serveRest()
  const matchLabels = { a: 'b' }
  await register(rest, 'validating', hook.client, anything('*/*'))
  await rest.patch(`${root}/validatingwebhookconfigurations/it`, 'json-patch', [
    { op: 'add', path: '/webhooks/0/objectSelector', value: { matchLabels } },
  ] as never)
  await rest.call('get', `${core}/pods/none/exec?command=ls&stdout=true`).expect(404)
  await rest.call('post', configMaps, { metadata: { name: 'a', labels: matchLabels } }).expect(201)
  expect(hook.asked.map(({ operation }) => operation)).toEqual(['CREATE'])
})
