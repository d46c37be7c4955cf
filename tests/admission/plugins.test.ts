// Which admission plugins are asked (--enable-admission-plugins, --disable-admission-plugins), and what those do that usually are not.
import { describe, expect, test } from 'vitest'
import { chosenPlugins } from '../../server/admission/names.ts'
import { ConfigError } from '../../server/config.ts'
import type { StartOptions } from '../../server/index.ts'
import { aConfigMap, aPod, configMaps, pods, type Rest, serveRest } from '../support/api.ts'
import { aCertificateRequest } from '../support/clientcerts.ts'

const accounts = '/api/v1/namespaces/default/serviceaccounts'

async function serve(options: StartOptions): Promise<Rest> {
  const rest = await serveRest(options)
  await rest.call('post', accounts, { metadata: { name: 'default' } }).expect(201)
  return rest
}
const enable = (...names: string[]): StartOptions => ({ enableAdmissionPlugins: names.join(',') })
const disable = (...names: string[]): StartOptions => ({ disableAdmissionPlugins: names.join(',') })
const container = (more: object = {}) => ({ name: 'app', image: 'nginx', ...more })

describe('names', () => {
  test('by default, in order', () =>
    expect(chosenPlugins('', '').filter(name => !name.includes('Policy'))).toEqual([
      'NamespaceLifecycle',
      'LimitRanger',
      'ServiceAccount',
      'TaintNodesByCondition',
      'PodSecurity',
      'Priority',
      'DefaultTolerationSeconds',
      'DefaultStorageClass',
      'StorageObjectInUseProtection',
      'PodGroupProtection',
      'PersistentVolumeClaimResize',
      'RuntimeClass',
      'CertificateApproval',
      'CertificateSigning',
      'ClusterTrustBundleAttest',
      'CertificateSubjectRestriction',
      'DefaultIngressClass',
      'PodTopologyLabels',
      'PodGroupWorkloadExists',
      'NodeDeclaredFeatureValidator',
      'JobValidation',
      'PodResizeValidator',
      'MutatingAdmissionWebhook',
      'ValidatingAdmissionWebhook',
      'ResourceQuota',
    ]))
  test('are added and taken', () => {
    const names = chosenPlugins('NodeRestriction,AlwaysPullImages', 'ServiceAccount,AlwaysDeny')
    expect(names).toEqual(expect.arrayContaining(['NodeRestriction', 'AlwaysPullImages', 'NamespaceLifecycle']))
    expect(names).not.toContain('ServiceAccount')
    expect(names.indexOf('NodeRestriction')).toBeLessThan(names.indexOf('AlwaysPullImages'))
  })
  test.each([
    ['Magic', '', 'enable-admission-plugins plugin "Magic" is unknown'],
    ['', 'Magic', 'disable-admission-plugins plugin "Magic" is unknown'],
    [
      'Priority,LimitRanger',
      'LimitRanger,Priority',
      '[LimitRanger Priority] in enable-admission-plugins and disable-admission-plugins overlapped',
    ],
    ['A', 'B', '[enable-admission-plugins plugin "A" is unknown, disable-admission-plugins plugin "B" is unknown]'],
  ])('%s and without %s are refused', async (on, off, says) => {
    const start = serveRest({ enableAdmissionPlugins: on, disableAdmissionPlugins: off })
    await expect(start).rejects.toThrow(ConfigError)
    await expect(start).rejects.toThrow(says)
  })
})

describe('a plugin that is disabled does nothing', () => {
  test('ServiceAccount, Priority and DefaultTolerationSeconds', async () => {
    await using rest = await serveRest(disable('ServiceAccount', 'Priority', 'DefaultTolerationSeconds'))
    const { body } = await rest.call('post', pods, aPod('p')).expect(201)
    expect(body.spec).not.toHaveProperty('volumes')
    expect(body.spec).not.toHaveProperty('priority')
    expect(body.spec).not.toHaveProperty('tolerations')
  })
  test('NamespaceLifecycle', async () => {
    await using rest = await serveRest(disable('NamespaceLifecycle'))
    await rest.call('post', '/api/v1/namespaces/nowhere/configmaps', aConfigMap('a')).expect(201)
    await rest.call('delete', '/api/v1/namespaces/default').expect(200)
  })
  test('ResourceQuota', async () => {
    await using rest = await serveRest(disable('ResourceQuota'))
    const quota = { metadata: { name: 'q' }, spec: { hard: { configmaps: '0' } } }
    await rest.call('post', '/api/v1/namespaces/default/resourcequotas', quota).expect(201)
    const status = { status: { hard: { configmaps: '0' }, used: { configmaps: '0' } } }
    await rest.patch('/api/v1/namespaces/default/resourcequotas/q/status', 'merge-patch', status).expect(200)
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
  })
  test('ValidatingAdmissionWebhook', async () => {
    await using rest = await serveRest(disable('ValidatingAdmissionWebhook'))
    const webhook = {
      name: 'no.example.com',
      clientConfig: { url: 'https://127.0.0.1:1/' },
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }],
    }
    const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations'
    await rest.call('post', path, { metadata: { name: 'no' }, webhooks: [webhook] }).expect(201)
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
  })
})

test('AlwaysPullImages', async () => {
  await using rest = await serve(enable('AlwaysPullImages'))
  const volumes = [{ name: 'v', image: { reference: 'data', pullPolicy: 'Never' } }]
  const spec = { containers: [container({ imagePullPolicy: 'Never' })], initContainers: [container({ name: 'i' })], volumes }
  const { body } = await rest.call('post', pods, aPod('p', spec)).expect(201)
  expect([body.spec.containers, body.spec.initContainers].map(([c]) => c.imagePullPolicy)).toEqual(['Always', 'Always'])
  expect(body.spec.volumes[0].image.pullPolicy).toBe('Always')
})

test('DenyServiceExternalIPs', async () => {
  await using rest = await serve(enable('DenyServiceExternalIPs'))
  const services = '/api/v1/namespaces/default/services'
  const service = (externalIPs?: string[]) => ({ metadata: { name: 's' }, spec: { ports: [{ port: 80 }], externalIPs } })
  const { body } = await rest.call('post', services, service(['1.2.3.4'])).expect(403)
  expect(body.message).toBe('services "s" is forbidden: Use of external IPs is denied by admission control')
  await rest.call('post', services, service()).expect(201)
  await rest.patch(`${services}/s`, 'merge-patch', { spec: { externalIPs: ['1.2.3.4'] } }).expect(403)
})

test('NamespaceAutoProvision', async () => {
  await using rest = await serve(enable('NamespaceAutoProvision'))
  await rest.call('post', '/api/v1/namespaces/fresh/configmaps?dryRun=All', aConfigMap('a')).expect(404)
  await rest.call('post', '/api/v1/namespaces/fresh/configmaps', aConfigMap('a')).expect(201)
  const { body } = await rest.call('get', '/api/v1/namespaces/fresh').expect(200)
  expect(body.metadata.labels).toEqual({ 'kubernetes.io/metadata.name': 'fresh' })
})

test('NamespaceExists', async () => {
  await using rest = await serve({ ...enable('NamespaceExists'), ...disable('NamespaceLifecycle') })
  const { body } = await rest.call('post', '/api/v1/namespaces/nowhere/configmaps', aConfigMap('a')).expect(404)
  expect(body.message).toBe('namespaces "nowhere" not found')
  await rest.call('post', configMaps, aConfigMap('a')).expect(201)
})

test('ExtendedResourceToleration', async () => {
  await using rest = await serve(enable('ExtendedResourceToleration'))
  const resources = { limits: { 'example.com/gpu': '1', cpu: '1' } }
  const { body } = await rest.call('post', pods, aPod('p', { containers: [container({ resources })] })).expect(201)
  expect(body.spec.tolerations).toContainEqual({ key: 'example.com/gpu', operator: 'Exists', effect: 'NoSchedule' })
  expect(body.spec.tolerations).toHaveLength(3)
})

test('LimitPodHardAntiAffinityTopology', async () => {
  await using rest = await serve(enable('LimitPodHardAntiAffinityTopology'))
  const away = (topologyKey: string) => ({
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector: {} }] } },
  })
  const { body } = await rest.call('post', pods, aPod('p', away('zone'))).expect(403)
  expect(body.message).toBe(
    'pods "p" is forbidden: affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey zone but only key kubernetes.io/hostname is allowed',
  )
  await rest.call('post', pods, aPod('p', away('kubernetes.io/hostname'))).expect(201)
})

test('AlwaysAdmit and AlwaysDeny', async () => {
  await using rest = await serveRest(enable('AlwaysAdmit', 'AlwaysDeny'))
  const { body } = await rest.call('post', configMaps, aConfigMap('a')).expect(403)
  expect(body.message).toBe('configmaps "a" is forbidden: admission control is denying all modifications')
  await rest.call('delete', '/api/v1/namespaces/kube-public').expect(403)
  await rest.call('post', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: {} }).expect(403)
  const connected = await rest.call('get', '/api/v1/namespaces/default/services/kubernetes/proxy/').expect(403)
  expect(connected.body.message).toBe('services "kubernetes" is forbidden: admission control is denying all modifications')
  await rest.call('get', '/api/v1/namespaces/default').expect(200)
})

describe('OwnerReferencesPermissionEnforcement', () => {
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  const owner = (more: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: 'u', ...more })

  async function asJane(rules: object[], options = enable('OwnerReferencesPermissionEnforcement')) {
    const rest = await serveRest({ tokens: 'janetoken,jane,j-1', ...options })
    await rest.call('post', `${rbac}/clusterroles`, { metadata: { name: 'j' }, rules }).expect(201)
    const bound = {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'j' },
      subjects: [{ kind: 'User', name: 'jane' }],
    }
    await rest.call('post', `${rbac}/clusterrolebindings`, { metadata: { name: 'j' }, ...bound }).expect(201)
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    return rest
  }
  const may = (verbs: string, resources: string) => ({ apiGroups: [''], resources: [resources], verbs: verbs.split(' ') })
  const setOwner = (rest: Rest, reference: object) =>
    rest.patch(`${configMaps}/a`, 'merge-patch', { metadata: { ownerReferences: [reference] } }).set('authorization', 'Bearer janetoken')

  test('who may not delete names no owner', async () => {
    await using rest = await asJane([may('get patch', 'configmaps')])
    const { body } = await setOwner(rest, owner()).expect(403)
    expect(body.message).toBe('configmaps "a" is forbidden: cannot set an ownerRef on a resource you can\'t delete: , <nil>')
  })
  test('who may not set finalizers of the owner does not block it', async () => {
    await using rest = await asJane([may('get patch delete', 'configmaps')])
    const { body } = await setOwner(rest, owner({ blockOwnerDeletion: true })).expect(403)
    expect(body.message).toBe(
      'configmaps "a" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource you can\'t set finalizers on: , <nil>',
    )
    await setOwner(rest, owner()).expect(200)
    const unknown = await setOwner(rest, owner({ apiVersion: 'x.io/v1', kind: 'X', blockOwnerDeletion: true })).expect(403)
    expect(unknown.body.message).toContain(
      'cannot find RESTMapping for APIVersion x.io/v1 Kind X: no matches for kind "X" in version "x.io/v1"',
    )
  })
  test('who may does', async () => {
    await using rest = await asJane([may('get patch delete', 'configmaps'), may('update', 'configmaps/finalizers')])
    await setOwner(rest, owner({ blockOwnerDeletion: true })).expect(200)
  })
  test('without it nobody is asked', async () => {
    await using rest = await asJane([may('get patch', 'configmaps')], {})
    await setOwner(rest, owner({ blockOwnerDeletion: true })).expect(200)
  })
})

describe('certificate requests', () => {
  const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
  const spec = (signerName: string, organization = 'devs') => ({
    request: aCertificateRequest('jane', organization),
    signerName,
    usages: ['client auth'],
  })
  const conditions = [{ type: 'Approved', status: 'True', reason: 'Test', message: 'fine' }]
  const rbac = '/apis/rbac.authorization.k8s.io/v1'

  async function asJane(signers: object[], options: StartOptions = {}) {
    const rest = await serveRest({ tokens: 'janetoken,jane,j-1', ...options })
    const all = { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests', '*/approval', '*/status'], verbs: ['*'] }
    await rest.call('post', `${rbac}/clusterroles`, { metadata: { name: 'j' }, rules: [all, ...signers] }).expect(201)
    const bound = {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'j' },
      subjects: [{ kind: 'User', name: 'jane' }],
    }
    await rest.call('post', `${rbac}/clusterrolebindings`, { metadata: { name: 'j' }, ...bound }).expect(201)
    await rest.call('post', requests, { metadata: { name: 'r' }, spec: spec('example.com/s') }).expect(201)
    return rest
  }
  const may = (verb: string, name: string) => ({
    apiGroups: ['certificates.k8s.io'],
    resources: ['signers'],
    resourceNames: [name],
    verbs: [verb],
  })
  const write = (rest: Rest, path: string, status: object) =>
    rest.patch(`${requests}/r/${path}`, 'merge-patch', { status }).set('authorization', 'Bearer janetoken')

  test('are approved by who may approve for the signer', async () => {
    await using rest = await asJane([may('sign', 'example.com/s')])
    const { body } = await write(rest, 'approval', { conditions }).expect(403)
    expect(body.message).toBe(
      'certificatesigningrequests.certificates.k8s.io "r" is forbidden: user not permitted to approve requests with signerName "example.com/s"',
    )
  })
  test('are signed by who may sign for the signer', async () => {
    await using rest = await asJane([may('approve', 'example.com/*')])
    await write(rest, 'approval', { conditions }).expect(200)
    const { body } = await write(rest, 'status', { conditions: [...conditions, { ...conditions[0], type: 'Failed' }] }).expect(403)
    expect(body.message).toBe(
      'certificatesigningrequests.certificates.k8s.io "r" is forbidden: user not permitted to sign requests with signerName "example.com/s"',
    )
  })
  test('are written by anybody when the plugins are off', async () => {
    await using rest = await asJane([], disable('CertificateApproval', 'CertificateSigning', 'CertificateSubjectRestriction'))
    await write(rest, 'approval', { conditions }).expect(200)
    await write(rest, 'status', { conditions: [...conditions, { ...conditions[0], type: 'Failed' }] }).expect(200)
    await rest
      .call('post', requests, { metadata: { name: 'm' }, spec: spec('kubernetes.io/kube-apiserver-client', 'system:masters') })
      .expect(201)
  })
  test('make nobody a master', async () => {
    await using rest = await serveRest()
    const master = (signer: string) => ({ metadata: { name: 'm' }, spec: spec(signer, 'system:masters') })
    const { body } = await rest.call('post', requests, master('kubernetes.io/kube-apiserver-client')).expect(403)
    expect(body.message).toBe(
      'certificatesigningrequests.certificates.k8s.io "m" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
    )
    await rest.call('post', requests, master('example.com/s')).expect(201)
  })
})

test('PodResizeValidator', async () => {
  await using rest = await serve({})
  const nodes = (labels: object) => ({ metadata: { name: 'n', labels }, status: { allocatable: { cpu: '2', memory: '1Gi' } } })
  await rest.call('post', '/api/v1/nodes', nodes({ 'kubernetes.io/os': 'windows' })).expect(201)
  const resources = { requests: { cpu: '1', memory: '100Mi' } }
  await rest.call('post', pods, aPod('p', { nodeName: 'n', containers: [container({ resources })] })).expect(201)
  const resize = (requests: object) =>
    rest.patch(`${pods}/p/resize`, 'strategic-merge-patch', { spec: { containers: [{ name: 'app', resources: { requests } }] } })
  const large = await resize({ cpu: '3', memory: '2Gi' }).expect(403)
  expect(large.body).toMatchObject({
    message:
      'pods "p" is forbidden: Node didn\'t have enough allocatable resources: cpu, requested: 3000, allocatable: 2000; memory, requested: 2147483648, allocatable: 1073741824',
    details: { causes: [{ reason: 'NodeCapacity' }] },
  })
  const windows = await resize({ cpu: '2' }).expect(403)
  expect(windows.body.message).toBe('pods "p" is forbidden: pod resize is only supported on linux nodes, node "n" is "windows"')
  await rest.patch('/api/v1/nodes/n', 'merge-patch', { metadata: { labels: { 'kubernetes.io/os': 'linux' } } }).expect(200)
  await resize({ cpu: '2' }).expect(200)
})
