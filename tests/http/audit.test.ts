// The audit log: --audit-policy-file, --audit-log-path, --audit-log-format, --audit-webhook-config-file, --audit-webhook-mode.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Asked, parsePolicy } from '../../server/audit/policy.ts'
import { type AuditEvent, openRecord } from '../../server/audit/record.ts'
import { ConfigError } from '../../server/config.ts'
import { aConfigMap, aPod, configMaps, pods, type Rest, serveRest } from '../support/api.ts'
import { policyOf, serveAudited } from '../support/audit.ts'
import { aFile } from '../support/clientcerts.ts'
import { patchOf, serveHook } from '../support/hook.ts'

const all = { level: 'RequestResponse' }
const noon = '2026-01-01T00:00:00.000000Z'
const admin = { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }

describe('the policy', () => {
  const jane = { name: 'jane', groups: ['devs'] }
  const asked = (more: Partial<Asked> = {}): Asked => ({
    user: jane,
    verb: 'get',
    resourceRequest: true,
    path: '',
    group: '',
    resource: 'pods',
    subresource: '',
    namespace: 'default',
    name: 'p',
    ...more,
  })
  const path = (text: string) => asked({ resourceRequest: false, path: text, resource: '', namespace: '', name: '' })
  const of = (resources: string[], more: object = {}) => ({ resources: [{ resources, ...more }] })
  const cases: [string, object, Asked, boolean][] = [
    ['of nothing fits all', {}, asked(), true],
    ['of a user', { users: ['jane'] }, asked(), true],
    ['of another user', { users: ['joe'] }, asked(), false],
    ['of a user, and nobody is known', { users: ['jane'] }, asked({ user: undefined }), false],
    ['of a group', { userGroups: ['devs', 'x'] }, asked(), true],
    ['of another group', { userGroups: ['x'] }, asked(), false],
    ['of a verb', { verbs: ['list', 'get'] }, asked(), true],
    ['of another verb', { verbs: ['list'] }, asked(), false],
    ['of a namespace', { namespaces: ['default'] }, asked(), true],
    ['of no namespace', { namespaces: [''] }, asked(), false],
    ['of a namespace, of a path', { namespaces: [''] }, path('/api'), false],
    ['of a resource', of(['pods']), asked(), true],
    ['of a resource, not of what is below', of(['pods']), asked({ subresource: 'log' }), false],
    ['of a subresource', of(['pods/log']), asked({ subresource: 'log' }), true],
    ['of all below', of(['pods/*']), asked({ subresource: 'log' }), true],
    ['of that below all', of(['*/log']), asked({ subresource: 'log' }), true],
    ['of that below all, not of what is above', of(['*/log']), asked(), false],
    ['of all', of(['*']), asked({ subresource: 'log' }), true],
    ['of a whole group', { resources: [{ group: 'apps' }] }, asked({ group: 'apps' }), true],
    ['of another group of resources', of(['pods'], { group: 'apps' }), asked(), false],
    ['of a name', of(['pods'], { resourceNames: ['p'] }), asked(), true],
    ['of another name', of(['pods'], { resourceNames: ['q'] }), asked(), false],
    ['of a path', { nonResourceURLs: ['/healthz'] }, path('/healthz'), true],
    ['of paths', { nonResourceURLs: ['/health*'] }, path('/healthz'), true],
    ['of all paths', { nonResourceURLs: ['*'] }, path('/x'), true],
    ['of all paths, of a resource', { nonResourceURLs: ['*'] }, asked(), false],
  ]
  test.each(cases)('%s', (_what, rule, request, fits) => {
    const policy = parsePolicy(policyOf({ level: 'Metadata', ...rule }), 'f')
    expect(policy(request)?.level).toBe(fits ? 'Metadata' : undefined)
  })

  test('counts by its first rule that fits, and joins what is left out', () => {
    const text = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
omitManagedFields: true
unknown: is let through
rules:
- level: None
  verbs: [watch]
- level: Request
  omitStages: [Panic]
  omitManagedFields: false
- level: Metadata
`
    const policy = parsePolicy(text, 'f')
    expect(policy(asked({ verb: 'watch' }))).toMatchObject({ level: 'None', omitManagedFields: true })
    expect(policy(asked())).toEqual({ level: 'Request', omitStages: new Set(['RequestReceived', 'Panic']), omitManagedFields: false })
  })

  const bad: [string, string, string][] = [
    ['no rules', policyOf(), 'loaded illegal policy with 0 rules'],
    ['no level', policyOf({}), 'rules[0].level: Required value'],
    [
      'a level nobody knows',
      policyOf({ level: 'All' }),
      'rules[0].level: Unsupported value: "All": supported values: "None", "Metadata", "Request", "RequestResponse"',
    ],
    [
      'two problems',
      policyOf({ level: 'None', nonResourceURLs: ['x', '/a*b'] }),
      '[rules[0].nonResourceURLs[0]: Invalid value: "x": non-resource URL rules must begin with a \'/\' character, rules[0].nonResourceURLs[1]: Invalid value: "/a*b": non-resource URL wildcards \'*\' must be the final character of the rule]',
    ],
    [
      'resources and paths',
      policyOf({ level: 'None', nonResourceURLs: ['/x'], namespaces: ['a'] }),
      'rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs',
    ],
    [
      'names of no resource',
      policyOf({ level: 'None', resources: [{ resourceNames: ['a'] }] }),
      'rules[0].resources.resourceNames: Invalid value: ["a"]: using resourceNames requires at least one resource',
    ],
    [
      'a stage nobody knows',
      policyOf({ level: 'None', omitStages: ['Late'] }),
      'rules[0].omitStages[0]: Invalid value: "Late": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic',
    ],
    [
      'another version',
      '{"apiVersion":"audit.k8s.io/v2","kind":"Policy"}',
      'failed decoding: no kind "Policy" is registered for version "audit.k8s.io/v2"',
    ],
    ['no kind', '{}', "failed decoding: Object 'Kind' is missing in"],
    [
      'a wrong type',
      policyOf({ level: 'None', verbs: 'get' }),
      'failed decoding: json: cannot unmarshal string into Go struct field PolicyRule.rules.verbs of type []string',
    ],
  ]
  test.each(bad)('with %s is refused', async (_what, text, says) => {
    const start = serveRest({ auditPolicyFile: aFile(text), auditLogPath: '-' })
    await expect(start).rejects.toThrow(ConfigError)
    await expect(start).rejects.toThrow(`loading audit policy file: ${says}`)
  })
  test('that is not there is refused', () =>
    expect(serveRest({ auditPolicyFile: '/no/such', auditLogPath: '-' })).rejects.toThrow(
      'loading audit policy file: failed to read file path "/no/such"',
    ))
  test.each([
    [{ auditLogPath: '-', auditLogFormat: 'xml' }, 'invalid audit log format xml, allowed formats are "legacy,json"'],
    [{ auditWebhookConfigFile: '/no/such' }, 'initializing audit webhook: '],
    [
      { auditWebhookConfigFile: 'x', auditWebhookMode: 'often' },
      'invalid audit webhook mode often, allowed modes are "batch,blocking,blocking-strict"',
    ],
  ])('and so is %o', async (options, says) => {
    await expect(serveRest({ auditPolicyFile: aFile(policyOf(all)), ...options })).rejects.toThrow(says)
  })
})

describe('events', () => {
  test('tell a create in all its parts', async () => {
    await using rest = await serveAudited([all])
    const answer = await rest
      .call('post', `${configMaps}?fieldManager=me`, aConfigMap('a', { k: 'v' }))
      .set({ 'user-agent': 'tester', 'x-forwarded-for': '1.2.3.4' })
    const [received, complete, ...more] = rest.told()
    expect(more).toEqual([])
    const common = {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'RequestResponse',
      auditID: answer.headers['audit-id'],
      requestURI: `${configMaps}?fieldManager=me`,
      verb: 'create',
      user: admin,
      sourceIPs: ['1.2.3.4', '127.0.0.1'],
      userAgent: 'tester',
      requestReceivedTimestamp: noon,
      stageTimestamp: noon,
    }
    const objectRef = { resource: 'configmaps', namespace: 'default', apiVersion: 'v1' }
    expect(received).toEqual({ ...common, stage: 'RequestReceived', objectRef })
    expect(complete).toEqual({
      ...common,
      stage: 'ResponseComplete',
      objectRef: { ...objectRef, name: 'a' },
      responseStatus: { metadata: {}, code: 201 },
      requestObject: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' }, data: { k: 'v' } },
      responseObject: answer.body,
      annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
    })
    expect(Object.keys(complete ?? {})).toEqual([
      'kind',
      'apiVersion',
      'level',
      'auditID',
      'stage',
      'requestURI',
      'verb',
      'user',
      'sourceIPs',
      'userAgent',
      'objectRef',
      'responseStatus',
      'requestObject',
      'responseObject',
      'requestReceivedTimestamp',
      'stageTimestamp',
      'annotations',
    ])
  })

  test('tell as much as their level says', async () => {
    await using rest = await serveAudited([
      { level: 'Request', verbs: ['create'] },
      { level: 'None', verbs: ['delete'] },
      { level: 'Metadata' },
    ])
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    expect(rest.told('ResponseComplete')).toEqual([expect.objectContaining({ requestObject: expect.any(Object) })])
    await rest.call('get', `${configMaps}/a`).expect(200)
    const [event] = rest.told('ResponseComplete')
    expect(event).toMatchObject({ objectRef: { name: 'a' }, responseStatus: { code: 200 } })
    expect(Object.keys(event ?? {})).not.toContain('responseObject')
    await rest.call('delete', `${configMaps}/a`).expect(200)
    expect(rest.told()).toEqual([])
  })

  test('tell patches, options of deletes, lists and errors', async () => {
    await using rest = await serveAudited([all])
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    rest.told()
    const last = (): AuditEvent => rest.told('ResponseComplete')[0] as AuditEvent
    await rest.patch(`${configMaps}/a`, 'merge-patch', { data: { a: 'b' } }).expect(200)
    expect(last()).toMatchObject({ verb: 'patch', requestObject: { data: { a: 'b' } }, responseObject: { data: { a: 'b' } } })
    await rest.apply(`${configMaps}/a`, { ...aConfigMap('a'), data: { c: 'd' } }).expect(200)
    expect(last()).toMatchObject({ verb: 'patch', requestObject: { data: { c: 'd' } } })
    await rest.call('get', configMaps).expect(200)
    expect(last()).toMatchObject({ verb: 'list', responseObject: { kind: 'ConfigMapList', items: [{ metadata: { name: 'a' } }] } })
    await rest.call('get', configMaps).set('accept', 'application/json;as=Table;v=v1;g=meta.k8s.io').expect(200)
    expect(last()).toMatchObject({ responseObject: { kind: 'Table', rows: [{ cells: ['a', 2, expect.any(String)] }] } })
    const options = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground' }
    await rest.call('delete', `${configMaps}/a`, options).expect(200)
    expect(last()).toMatchObject({ verb: 'delete', requestObject: options })
    const { body } = await rest.call('get', `${configMaps}/none`).expect(404)
    const { kind: _kind, apiVersion: _version, ...status } = body
    expect(last()).toMatchObject({ responseStatus: status, responseObject: body })
  })

  test('leave out stages and managed fields', async () => {
    await using rest = await serveAudited([{ ...all, omitStages: ['RequestReceived'], omitManagedFields: true }])
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    await rest.call('get', configMaps).expect(200)
    const told = rest.told()
    expect(told.map(({ stage }) => stage)).toEqual(['ResponseComplete', 'ResponseComplete'])
    expect(JSON.stringify(told)).not.toContain('managedFields')
  })

  test('tell when a watch begins and when it ends', async () => {
    await using rest = await serveAudited([all])
    const watching = rest.call('get', `${configMaps}?watch=1&timeoutSeconds=1&resourceVersion=0`)
    const ended = watching.expect(200).then(() => {})
    await expect
      .poll(() => rest.told('ResponseStarted'))
      .toEqual([expect.objectContaining({ verb: 'watch', responseStatus: { metadata: {}, code: 200 } })])
    await rest.cluster.clock.advance(2000)
    await ended
    expect(rest.told()).toEqual([
      expect.objectContaining({
        stage: 'ResponseComplete',
        responseStatus: { metadata: {}, code: 200 },
        stageTimestamp: '2026-01-01T00:00:01.000000Z',
      }),
    ])
  })

  test('tell of streams', async () => {
    await using rest = await serveAudited([{ level: 'Metadata', resources: [{ resources: ['pods/exec'] }] }], {
      controllers: '*',
      nodes: 1,
      pace: 'instant',
    })
    await rest.call('post', pods, aPod('web')).expect(201)
    await rest.cluster.settle()
    const headers = { authorization: `Bearer ${rest.cluster.adminToken}`, origin: 'http://localhost' }
    const url = `${rest.cluster.url.replace('https', 'wss')}${pods}/web/exec?command=true&stdout=1`
    const socket = new WebSocket(url, ['v4.channel.k8s.io'], { rejectUnauthorized: false, headers })
    await new Promise((resolve, reject) => socket.on('close', resolve).on('error', reject))
    const told: AuditEvent[] = []
    await expect
      .poll(() => told.push(...rest.told()) && told.map(({ stage }) => stage))
      .toEqual(['RequestReceived', 'ResponseStarted', 'ResponseComplete'])
    expect(told[1]).toMatchObject({ objectRef: { name: 'web', subresource: 'exec' }, responseStatus: { metadata: {}, code: 101 } })
  })

  test('tell of failures of the server itself', async () => {
    const told: AuditEvent[] = []
    const { record } = await openRecord(
      {
        asked: { verb: 'get', resourceRequest: false, path: '/x', group: '', resource: '', subresource: '', namespace: '', name: '' },
        version: '',
        auditId: 'id',
        uri: '/x',
        userAgent: '',
        sourceIps: [],
        received: new Date(0),
        long: false,
      },
      {
        telling: { level: 'Metadata', omitStages: new Set(), omitManagedFields: false },
        now: () => new Date(1),
        emit: async event => told.push(event) > 0,
      },
    )
    await record.panicked('oops')
    expect(told).toEqual([
      expect.objectContaining({
        stage: 'Panic',
        stageTimestamp: '1970-01-01T00:00:00.001000Z',
        responseStatus: { metadata: {}, status: 'Failure', message: "APIServer panic'd: oops", reason: 'InternalError', code: 500 },
      }),
    ])
  })

  test('tell of long requests that are refused', async () => {
    await using rest = await serveAudited([all], { tokens: 'jane,jane,u' })
    await rest.call('get', `${pods}?watch=1`).set('authorization', 'Bearer jane').expect(403)
    const told = rest.told()
    expect(told.map(({ stage }) => stage)).toEqual(['RequestReceived', 'ResponseStarted', 'ResponseComplete'])
    expect(told[1]?.responseStatus).toMatchObject({ status: 'Failure', reason: 'Forbidden', code: 403 })
  })

  test('tell who may not, and why others may', async () => {
    await using rest = await serveAudited([{ level: 'Metadata' }], { tokens: 'jane,jane,u-1,"devs"' })
    const rbac = '/apis/rbac.authorization.k8s.io/v1'
    await rest.call('get', configMaps).set('authorization', 'Bearer jane').expect(403)
    expect(rest.told('ResponseComplete')).toMatchObject([
      {
        user: { username: 'jane', uid: 'u-1', groups: ['devs', 'system:authenticated'] },
        responseStatus: { status: 'Failure', reason: 'Forbidden', details: { kind: 'configmaps' }, code: 403 },
        annotations: { 'authorization.k8s.io/decision': 'forbid' },
      },
    ])
    const subjects = [{ kind: 'Group', name: 'devs' }]
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }
    await rest.call('post', `${rbac}/clusterrolebindings`, { metadata: { name: 'v' }, roleRef, subjects }).expect(201)
    await rest.call('post', `${rbac}/clusterroles`, { metadata: { name: 'x' } }).expect(201)
    rest.told()
    await rest.call('get', '/version').set('authorization', 'Bearer jane').expect(200)
    expect(rest.told('ResponseComplete')).toMatchObject([
      {
        verb: 'get',
        requestURI: '/version',
        annotations: {
          'authorization.k8s.io/decision': 'allow',
          'authorization.k8s.io/reason': expect.stringMatching(/^RBAC: allowed by ClusterRoleBinding "system:/),
        },
      },
    ])
  })

  test('tell of those who cannot say who they are', async () => {
    await using rest = await serveAudited([{ level: 'None', users: ['system:anonymous'] }, { level: 'Metadata' }])
    await rest.call('get', configMaps).set('authorization', 'Bearer wrong').expect(401)
    expect(rest.told()).toEqual([
      expect.objectContaining({
        stage: 'ResponseStarted',
        user: {},
        responseStatus: { metadata: {}, status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 },
      }),
    ])
    await rest.call('get', configMaps).set('authorization', '').expect(403)
    expect(rest.told()).toEqual([])
  })

  test('tell for whom somebody acts', async () => {
    await using rest = await serveAudited([{ level: 'Metadata' }])
    await rest.call('get', configMaps).set({ 'impersonate-user': 'jane', 'impersonate-group': 'system:masters' }).expect(200)
    expect(rest.told('ResponseComplete')).toMatchObject([
      {
        user: admin,
        impersonatedUser: { username: 'jane', groups: ['system:masters', 'system:authenticated'] },
        authenticationMetadata: { impersonationConstraint: 'impersonate:user-info' },
      },
    ])
  })

  test('count in the metrics', async () => {
    await using rest = await serveAudited([{ level: 'Metadata', nonResourceURLs: ['/version'] }])
    await rest.call('get', '/version').expect(200)
    expect((await rest.call('get', '/metrics')).text).toMatch(/^apiserver_audit_event_total 2$/m)
  })
})

describe('annotations', () => {
  const annotations = (event: AuditEvent | undefined) => event?.annotations ?? {}

  test('tell which token was given', async () => {
    await using rest = await serveAudited([{ level: 'Metadata' }])
    const accounts = '/api/v1/namespaces/default/serviceaccounts'
    await rest.call('post', accounts, { metadata: { name: 'robot' } }).expect(201)
    rest.told()
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
    const { body } = await rest.call('post', `${accounts}/robot/token`, request).expect(201)
    const { jti } = JSON.parse(Buffer.from(body.status.token.split('.')[1], 'base64url').toString())
    expect(annotations(rest.told('ResponseComplete')[0])).toMatchObject({
      'authentication.kubernetes.io/issued-credential-id': `JTI=${jti}`,
    })
  })

  test('tell what Pod Security says', async () => {
    await using rest = await serveAudited([{ level: 'Metadata' }])
    const labels = { 'pod-security.kubernetes.io/audit': 'restricted', 'pod-security.kubernetes.io/enforce': 'baseline' }
    await rest.call('post', '/api/v1/namespaces', { metadata: { name: 'n', labels } }).expect(201)
    await rest.call('post', '/api/v1/namespaces/n/serviceaccounts', { metadata: { name: 'default' } }).expect(201)
    rest.told()
    await rest.call('post', '/api/v1/namespaces/n/pods', aPod('p')).expect(201)
    expect(annotations(rest.told('ResponseComplete')[0])).toMatchObject({
      'pod-security.kubernetes.io/enforce-policy': 'baseline:latest',
      'pod-security.kubernetes.io/audit-violations': expect.stringMatching(
        /^would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false \(/,
      ),
    })
  })

  test('tell that a kind is deprecated', async () => {
    await using rest = await serveAudited([{ level: 'Metadata' }])
    await rest.call('get', '/api/v1/namespaces/default/endpoints').expect(200)
    expect(annotations(rest.told('ResponseComplete')[0])).toMatchObject({ 'k8s.io/deprecated': 'true' })
  })

  const root = '/apis/admissionregistration.k8s.io/v1'
  const rules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }]
  const register = (rest: Rest, type: string, ...webhooks: object[]) =>
    rest
      .call('post', `${root}/${type}webhookconfigurations`, {
        metadata: { name: `it-${type}` },
        webhooks: webhooks.map((w, i) => ({
          name: `h${i}.example.com`,
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          rules,
          ...w,
        })),
      })
      .expect(201)

  test('tell what webhooks say and do', async () => {
    const patch = [{ op: 'add', path: '/data', value: { k: 'v' } }]
    await using changes = await serveHook(() => ({ ...patchOf(...patch), auditAnnotations: { why: 'because' } }))
    await using agrees = await serveHook(() => ({ allowed: true, auditAnnotations: { seen: 'yes' } }))
    await using rest = await serveAudited([{ level: 'Request' }])
    const gone = { clientConfig: { url: 'https://127.0.0.1:1/' }, failurePolicy: 'Ignore' }
    await register(rest, 'mutating', { clientConfig: changes.client }, gone)
    await register(rest, 'validating', { clientConfig: agrees.client, name: 'v.example.com' }, gone)
    rest.told()
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    const names = (i: number) => ({ configuration: 'it-mutating', webhook: `h${i}.example.com` })
    expect(annotations(rest.told('ResponseComplete')[0])).toEqual({
      'authorization.k8s.io/decision': 'allow',
      'authorization.k8s.io/reason': '',
      'h0.example.com/why': 'because',
      'v.example.com/seen': 'yes',
      'mutation.webhook.admission.k8s.io/round_0_index_0': JSON.stringify({ ...names(0), mutated: true }),
      'mutation.webhook.admission.k8s.io/round_0_index_1': JSON.stringify({ ...names(1), mutated: false }),
      'patch.webhook.admission.k8s.io/round_0_index_0': JSON.stringify({ ...names(0), patch, patchType: 'JSONPatch' }),
      'failed-open.mutation.webhook.admission.k8s.io/round_0_index_1': 'h1.example.com',
      'failed-open.validating.webhook.admission.k8s.io/round_0_index_1': 'h1.example.com',
    })
  })

  const enforce = async (rest: Rest, spec: object, validationActions: string[]) => {
    const policy = { matchConstraints: { resourceRules: rules }, ...spec }
    await rest.call('post', `${root}/validatingadmissionpolicies`, { metadata: { name: 'p' }, spec: policy }).expect(201)
    const bound = { policyName: 'p', validationActions }
    await rest.call('post', `${root}/validatingadmissionpolicybindings`, { metadata: { name: 'b' }, spec: bound }).expect(201)
  }

  test('tell what policies say', async () => {
    await using rest = await serveAudited([{ level: 'Metadata' }])
    const auditAnnotations = [
      { key: 'name', valueExpression: "'it is ' + object.metadata.name" },
      { key: 'nothing', valueExpression: 'null' },
    ]
    await enforce(rest, { validations: [{ expression: 'true' }, { expression: 'false', message: 'no' }], auditAnnotations }, ['Audit'])
    rest.told()
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    const found = annotations(rest.told('ResponseComplete')[0])
    expect(found).toMatchObject({ 'p/name': 'it is a' })
    expect(found).not.toHaveProperty('p/nothing')
    expect(JSON.parse(found['validation.policy.admission.k8s.io/validation_failure'] ?? '')).toEqual([
      { message: 'no', policy: 'p', binding: 'b', expressionIndex: 1, validationActions: ['Audit'] },
    ])
  })

  test('that a policy cannot make refuse the request, log or not', async () => {
    await using rest = await serveRest()
    const auditAnnotations = [{ key: 'k', valueExpression: "string(object.data['none'])" }]
    await enforce(rest, { validations: [{ expression: 'true' }], auditAnnotations }, ['Deny'])
    const { body } = await rest.call('post', configMaps, aConfigMap('a', { x: 'y' })).expect(422)
    expect(body.message).toContain("denied request: valueExpression 'string(object.data['none'])' resulted in error: no such key: none")
  })
})

test('legacy lines', async () => {
  const auditLogPath = `${aFile('')}.log`
  const rest = await serveRest({
    auditPolicyFile: aFile(policyOf({ level: 'Metadata', verbs: ['list'] })),
    auditLogPath,
    auditLogFormat: 'legacy',
  })
  const { headers } = await rest.call('get', configMaps).set('user-agent', 'tester').expect(200)
  await rest.cluster.close()
  expect(readFileSync(auditLogPath, 'utf8').split('\n')).toEqual([
    expect.stringContaining('stage="RequestReceived"'),
    `2026-01-01T00:00:00Z AUDIT: id="${headers['audit-id']}" stage="ResponseComplete" ip="127.0.0.1" method="list" user="kubernetes-admin" groups="\\"system:masters\\",\\"system:authenticated\\"" as="<self>" asgroups="<lookup>" user-agent="tester" namespace="default" uri="${configMaps}" response="200"`,
    '',
  ])
})

test.skipIf(process.platform !== 'linux')('a file that cannot be written does not stop requests', async () => {
  const errors: unknown[] = []
  await using rest = await serveRest({
    auditPolicyFile: aFile(policyOf({ level: 'Metadata', verbs: ['list'] })),
    auditLogPath: '/dev/full',
    logError: error => errors.push(error),
  })
  await rest.call('get', configMaps).expect(200)
  expect(errors.map(String)).toEqual(Array(2).fill(expect.stringContaining("Error in audit plugin 'log' affecting 1 audit events: ENOSPC")))
})

describe('the webhook', () => {
  /** Keeps what it gets; answers with `code`. */
  async function serveSink(code = () => 200) {
    const lists: { kind: string; items: AuditEvent[] }[] = []
    const authorizations: unknown[] = []
    const server = createServer(async (incoming, outgoing) => {
      const parts: Buffer[] = []
      for await (const part of incoming) parts.push(part as Buffer)
      lists.push(JSON.parse(Buffer.concat(parts).toString()))
      authorizations.push(incoming.headers.authorization)
      outgoing.writeHead(code()).end()
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    const config = {
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
      clusters: [{ name: 'k', cluster: { server: `http://127.0.0.1:${port}/audit` } }],
      users: [{ name: 'u', user: { token: 't' } }],
    }
    return {
      lists,
      authorizations,
      file: aFile(JSON.stringify(config)),
      async [Symbol.asyncDispose]() {
        server.closeAllConnections()
        await new Promise(done => server.close(done))
      },
    }
  }
  const serve = (auditWebhookConfigFile: string, auditWebhookMode: string, logError: (error: unknown) => void = () => {}) =>
    serveRest({
      auditPolicyFile: aFile(policyOf({ level: 'Metadata', verbs: ['list'] })),
      auditWebhookConfigFile,
      auditWebhookMode,
      logError,
    })

  test('gets events together, every half minute and at the end', async () => {
    await using sink = await serveSink()
    const rest = await serve(sink.file, 'batch')
    await rest.call('get', configMaps).expect(200)
    await rest.call('get', pods).expect(200)
    expect(sink.lists).toEqual([])
    await rest.cluster.clock.advance(30_000)
    await expect.poll(() => sink.lists).toHaveLength(1)
    expect(sink.lists[0]).toMatchObject({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {} })
    expect(sink.lists[0]?.items.map(({ stage, objectRef }) => [stage, objectRef?.resource])).toEqual([
      ['RequestReceived', 'configmaps'],
      ['ResponseComplete', 'configmaps'],
      ['RequestReceived', 'pods'],
      ['ResponseComplete', 'pods'],
    ])
    expect(sink.lists[0]?.items[0]).not.toHaveProperty('kind')
    expect(sink.authorizations).toEqual(['Bearer t'])
    await rest.call('get', pods).expect(200)
    await rest.cluster.close()
    expect(sink.lists).toHaveLength(2)
  })

  test('is tried again', async () => {
    let left = 2
    await using sink = await serveSink(() => (left-- > 0 ? 503 : 200))
    await using rest = await serve(sink.file, 'batch')
    await rest.call('get', pods).expect(200)
    await rest.cluster.clock.advance(30_000)
    for (const [count, ms] of [
      [1, 10_000],
      [2, 15_000],
    ] as const) {
      await expect.poll(() => sink.lists).toHaveLength(count)
      // The answer has to arrive before there is somebody who waits.
      const moreAfter = async () => {
        await rest.cluster.clock.advance(ms)
        return sink.lists.length
      }
      await expect.poll(moreAfter).toBe(count + 1)
    }
  })

  test('has each event before the request goes on, when it blocks', async () => {
    await using sink = await serveSink(() => 400)
    const errors: unknown[] = []
    await using rest = await serve(sink.file, 'blocking', error => errors.push(error))
    await rest.call('get', pods).expect(200)
    expect(sink.lists.map(({ items }) => items.map(({ stage }) => stage))).toEqual([['RequestReceived'], ['ResponseComplete']])
    expect(String(errors[0])).toContain("Error in audit plugin 'webhook' affecting 1 audit events: Post \"http://127.0.0.1:")
  })

  test('keeps requests from going on, when it is strict', async () => {
    await using sink = await serveSink(() => 400)
    await using rest = await serve(sink.file, 'blocking-strict')
    const { text } = await rest.call('get', pods).expect(500)
    expect(text).toBe(`Internal Server Error: "${pods}": failed to store audit event\n`)
    expect((await rest.call('get', '/metrics')).text).toMatch(/^apiserver_audit_requests_rejected_total 1$/m)
  })
})
