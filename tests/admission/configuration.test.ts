// --admission-control-config-file: what it may say, and what plugins make of it.
import { describe, expect, test } from 'vitest'
import { ConfigError } from '../../server/config.ts'
import { aConfiguration, aKubeconfig, serveConfigured } from '../support/admission.ts'
import { aConfigMap, aPod, configMaps, pods, serveRest } from '../support/api.ts'
import { aFile } from '../support/clientcerts.ts'
import { serveHook, webhookRoot } from '../support/hook.ts'

const podSecurity = { apiVersion: 'pod-security.admission.config.k8s.io/v1', kind: 'PodSecurityConfiguration' }
const eventRateLimit = { apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1', kind: 'Configuration' }
const tolerations = { apiVersion: 'podtolerationrestriction.admission.k8s.io/v1alpha1', kind: 'Configuration' }
const quota = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'ResourceQuotaConfiguration' }
const webhooks = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'WebhookAdmissionConfiguration' }

describe('is refused at start', () => {
  const all = { enableAdmissionPlugins: 'EventRateLimit,ImagePolicyWebhook,PodNodeSelector,PodTolerationRestriction' }
  const plugin = (name: string, configuration: object) => () => aConfiguration({ name, configuration })
  const of = (name: string, why: string) => `couldn't init admission plugin "${name}": ${why}`
  test.each<[what: string, file: () => string, says: string]>([
    [
      'a file that is not there',
      () => '/no/file',
      'failed to read plugin config: unable to read admission control configuration from "/no/file" [',
    ],
    ['no YAML', () => aFile('{'), 'failed to read plugin config: unable to read admission control configuration'],
    [
      'something beside a part of old',
      () => aFile('podNodeSelectorPluginConfig: {}\nmore: 1'),
      'failed to read plugin config: strict decoding error: unknown field "more"',
    ],
    ['a key twice', () => aFile('a: 1\na: 2'), 'strict decoding error: line 2: key "a" already set in map'],
    ['no kind', () => aFile('plugins: []'), "failed to read plugin config: Object 'Kind' is missing"],
    [
      'another kind',
      () => aFile('apiVersion: v1\nkind: Pod'),
      'failed to read plugin config: no kind "Pod" is registered for version "v1"',
    ],
    [
      'a field that nobody knows',
      () => aFile('apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugs: []'),
      'failed to read plugin config: strict decoding error: unknown field "plugs"',
    ],
    [
      'a path that leads nowhere',
      () => aConfiguration({ name: 'PodSecurity', path: '/no/file' }),
      "Couldn't open admission plugin configuration /no/file",
    ],
    ['another configuration', plugin('PodSecurity', eventRateLimit), of('PodSecurity', 'no kind "Configuration" is registered')],
    ['a field of another type', plugin('PodSecurity', { ...podSecurity, defaults: [] }), of('PodSecurity', 'json: cannot unmarshal array')],
    [
      'levels and exemptions that cannot be',
      plugin('PodSecurity', {
        ...podSecurity,
        defaults: { enforce: 'none', 'warn-version': 'v2.1' },
        exemptions: { namespaces: ['a', 'a', 'B'], usernames: [''] },
      }),
      of(
        'PodSecurity',
        '[defaults.enforce: Invalid value: "none": must be one of privileged, baseline, restricted, defaults.warn-version: Invalid value: "v2.1": must be "latest" or "v1.x", exemptions.namespaces[1]: Duplicate value: "a", exemptions.namespaces[2]: Invalid value: "B": a lowercase RFC 1123 label',
      ),
    ],
    [
      'no limit of events',
      plugin('EventRateLimit', eventRateLimit),
      of('EventRateLimit', 'limits: Invalid value: null: must not be empty'),
    ],
    [
      'limits of events that cannot be',
      plugin('EventRateLimit', { ...eventRateLimit, limits: [{ type: 'Any', qps: 1, cacheSize: -1 }] }),
      of(
        'EventRateLimit',
        '[limits[0].type: Unsupported value: "Any": supported values: "Namespace", "Server", "SourceAndObject", "User", limits[0].burst: Invalid value: 0: must be positive, limits[0].cacheSize: Invalid value: -1: must not be negative]',
      ),
    ],
    ['nobody to ask about images', () => aConfiguration(), of('ImagePolicyWebhook', 'no config specified')],
    [
      'an answer that holds for too long',
      plugin('ImagePolicyWebhook', { imagePolicy: { allowTTL: 1801 } }),
      of('ImagePolicyWebhook', 'valid value is between 1s and 30m0s, got 1801s'),
    ],
    [
      'a kubeconfig that is not there',
      plugin('ImagePolicyWebhook', { imagePolicy: { kubeConfigFile: '/no/file' } }),
      of('ImagePolicyWebhook', 'ENOENT'),
    ],
    [
      'tolerations that cannot be',
      plugin('PodTolerationRestriction', { ...tolerations, default: [{ operator: 'Equal' }] }),
      of('PodTolerationRestriction', 'invalid config: [podtolerationrestriction.default[0].operator: Invalid value: "Equal"'),
    ],
    [
      'a limited resource without a name',
      plugin('ResourceQuota', { ...quota, limitedResources: [{ matchContains: ['cpu'] }] }),
      of('ResourceQuota', 'limitedResources[0].resource: Required value'),
    ],
    [
      'a kubeconfig of webhooks that is somewhere',
      plugin('MutatingAdmissionWebhook', { ...webhooks, kubeConfigFile: 'file' }),
      of('MutatingAdmissionWebhook', 'kubeConfigFile: Invalid value: "file": must be an absolute file path'),
    ],
    [
      'webhooks in files',
      plugin('ValidatingAdmissionWebhook', { ...webhooks, staticManifestsDir: '/etc' }),
      of('ValidatingAdmissionWebhook', 'staticManifestsDir is not supported by kubemock'),
    ],
  ])('%s', async (_what, file, says) => {
    // One plugin after the other: those before the one that is wrong have what they need.
    const enableAdmissionPlugins = all.enableAdmissionPlugins.split(',').find(name => says.includes(`"${name}"`)) ?? ''
    const start = serveRest({ enableAdmissionPlugins, admissionControlConfigFile: file() })
    await expect(start).rejects.toThrow(ConfigError)
    await expect(start).rejects.toThrow(says)
  })
})

test('a path is seen from the file, and what concerns plugins that are off does not matter', async () => {
  const file = aFile(JSON.stringify({ ...podSecurity, defaults: { enforce: 'baseline' } }))
  await using rest = await serveRest({
    admissionControlConfigFile: aConfiguration(
      { name: 'PodSecurity', path: `../${file.split('/').at(-2)}/file` },
      { name: 'PodSecurity', configuration: {} },
      { name: 'EventRateLimit', configuration: {} },
    ),
  })
  const { body } = await rest.call('post', pods, aPod('p', { hostNetwork: true, serviceAccountName: 'default' })).expect(403)
  expect(body.message).toContain('forbidden: error looking up service account default/default')
  await rest.call('post', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } }).expect(201)
  expect((await rest.call('post', pods, aPod('p', { hostNetwork: true })).expect(403)).body.message).toContain(
    'violates PodSecurity "baseline:latest"',
  )
})

describe('PodSecurity', () => {
  const baseline = { enforce: 'baseline', 'enforce-version': 'v1.30', warn: 'restricted' }
  const bad = { hostNetwork: true }
  const asJane = { tokens: 'janetoken,jane,j-1,system:masters' }

  test('has defaults, and labels go before them', async () => {
    await using rest = await serveConfigured('PodSecurity', { ...podSecurity, defaults: baseline })
    const { body } = await rest.call('post', pods, aPod('p', bad)).expect(403)
    expect(body.message).toBe('pods "p" is forbidden: violates PodSecurity "baseline:v1.30": host namespaces (hostNetwork=true)')
    const { headers } = await rest.call('post', pods, aPod('good')).expect(201)
    expect(headers.warning).toContain('would violate PodSecurity \\"restricted:latest\\"')
    const labels = { 'pod-security.kubernetes.io/enforce': 'privileged', 'pod-security.kubernetes.io/warn': 'privileged' }
    await rest.patch('/api/v1/namespaces/default', 'merge-patch', { metadata: { labels } }).expect(200)
    expect((await rest.call('post', pods, aPod('p', bad)).expect(201)).headers).not.toHaveProperty('warning')
  })

  test.each([
    ['namespaces', { namespaces: ['default'] }, bad],
    ['users', { usernames: ['jane'] }, bad],
    ['runtime classes', { runtimeClasses: ['free'] }, { ...bad, runtimeClassName: 'free' }],
  ])('exempts %s', async (_what, exemptions, spec) => {
    await using rest = await serveConfigured('PodSecurity', { ...podSecurity, defaults: baseline, exemptions }, asJane)
    await rest.call('post', '/apis/node.k8s.io/v1/runtimeclasses', { metadata: { name: 'free' }, handler: 'h' }).expect(201)
    const asked = rest.call('post', pods, aPod('p', spec)).set('authorization', 'Bearer janetoken')
    expect((await asked.expect(201)).headers).not.toHaveProperty('warning')
  })

  test('says so when labels of an exempt namespace mean nothing', async () => {
    await using rest = await serveConfigured('PodSecurity', { ...podSecurity, exemptions: { namespaces: ['free'] } })
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/audit-version': 'v1.1' }
    const { headers } = await rest.call('post', '/api/v1/namespaces', { metadata: { name: 'free', labels } }).expect(201)
    expect(headers.warning).toBe(
      '299 - "namespace \\"free\\" is exempt from Pod Security, and the policy (enforce=restricted:latest) will be ignored"',
    )
  })
})

describe('ResourceQuota', () => {
  const limited = (limit: object) => ({ ...quota, limitedResources: [limit] })
  const withCpu = (name: string) => aPod(name, { containers: [{ name: 'app', image: 'nginx', resources: { limits: { cpu: '1' } } }] })
  const quotas = '/api/v1/namespaces/default/resourcequotas'
  const counting = { controllers: 'resourcequota-controller' }

  test('what is limited by default needs a quota', async () => {
    await using rest = await serveConfigured('ResourceQuota', limited({ resource: 'pods', matchContains: ['cpu'] }), counting)
    await rest.call('post', pods, aPod('none')).expect(201)
    const { body } = await rest.call('post', pods, withCpu('p')).expect(403)
    expect(body.message).toBe('pods "p" is forbidden: insufficient quota to consume: cpu,limits.cpu,requests.cpu')
    const hard = { cpu: '5', 'limits.cpu': '5', 'requests.cpu': '5' }
    await rest.call('post', quotas, { metadata: { name: 'q' }, spec: { hard } }).expect(201)
    await rest.cluster.settle()
    await rest.call('post', pods, withCpu('p')).expect(201)
  })

  test('and so do scopes', async () => {
    const scope = { scopeName: 'PriorityClass', operator: 'In', values: ['system-node-critical', 'system-cluster-critical'] }
    await using rest = await serveConfigured('ResourceQuota', limited({ resource: 'pods', matchScopes: [scope] }), counting)
    const { body } = await rest.call('post', pods, aPod('p', { priorityClassName: 'system-node-critical' })).expect(500)
    expect(body).toMatchObject({
      message: 'insufficient quota to match these scopes: [{PriorityClass In [system-node-critical system-cluster-critical]}]',
    })
    expect(body).not.toHaveProperty('reason')
    await rest.call('post', pods, aPod('plain')).expect(201)
    const spec = { hard: { pods: '1' }, scopeSelector: { matchExpressions: [scope] } }
    await rest.call('post', quotas, { metadata: { name: 'q' }, spec }).expect(201)
    await rest.cluster.settle()
    await rest.call('post', pods, aPod('p', { priorityClassName: 'system-node-critical' })).expect(201)
  })
})

test('webhooks are called with the credentials for their host', async () => {
  const seen: (string | undefined)[] = []
  await using hook = await serveHook((_request, headers) => {
    seen.push(headers.authorization)
    return { allowed: true }
  })
  const users = (name: string) => [{ name, user: { token: 'secret' } }]
  for (const name of [`127.0.0.1:${hook.port}`, `*.0.0.1:${hook.port}`, '*', 'other']) {
    const kubeConfigFile = aKubeconfig('https://127.0.0.1', '', users(name))
    await using rest = await serveConfigured('ValidatingAdmissionWebhook', { ...webhooks, kubeConfigFile })
    const webhook = {
      name: 'h.example.com',
      clientConfig: hook.client,
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
    }
    await rest.call('post', `${webhookRoot}/validatingwebhookconfigurations`, { metadata: { name: 'h' }, webhooks: [webhook] }).expect(201)
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
  }
  expect(seen).toEqual(['Bearer secret', 'Bearer secret', 'Bearer secret', undefined])
})
