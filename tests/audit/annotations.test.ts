// What the rest of the server adds to the events of a request.
import { describe, expect, test } from 'vitest'
import type { AuditEvent } from '../../server/audit/record.ts'
import { aConfiguration } from '../support/admission.ts'
import { aConfigMap, aPod, configMaps, pods, type Rest, serveRest } from '../support/api.ts'
import { serveAudited } from '../support/audit.ts'
import { patchOf, serveHook } from '../support/hook.ts'

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

  test.each([
    ['namespace', { namespaces: ['default'] }],
    ['user', { usernames: ['kubernetes-admin'] }],
    ['runtimeClass', { runtimeClasses: ['free'] }],
  ])('tell whom Pod Security does not look at: %s', async (why, exemptions) => {
    const head = { apiVersion: 'pod-security.admission.config.k8s.io/v1', kind: 'PodSecurityConfiguration' }
    const configuration = { ...head, defaults: { enforce: 'restricted' }, exemptions }
    const admissionControlConfigFile = aConfiguration({ name: 'PodSecurity', configuration })
    await using rest = await serveAudited([{ level: 'Metadata' }], {
      admissionControlConfigFile,
      disableAdmissionPlugins: 'ServiceAccount',
    })
    await rest.call('post', '/apis/node.k8s.io/v1/runtimeclasses', { metadata: { name: 'free' }, handler: 'h' }).expect(201)
    rest.told()
    await rest.call('post', pods, aPod('p', { runtimeClassName: 'free' })).expect(201)
    const told = annotations(rest.told('ResponseComplete')[0])
    expect(told).toMatchObject({ 'pod-security.kubernetes.io/exempt': why })
    expect(told).not.toHaveProperty('pod-security.kubernetes.io/enforce-policy')
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
