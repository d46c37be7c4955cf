// NodeRestriction: what a kubelet may not write although its role lets it.
import { describe, expect, test } from 'vitest'
import { changedLabels, forbiddenLabels } from '../../server/admission/noderestriction/labels.ts'
import { aPod, pods, type Rest, serveRest } from '../support/api.ts'
import { aCertificateRequest } from '../support/clientcerts.ts'

const rbac = '/apis/rbac.authorization.k8s.io/v1'
const nodes = '/api/v1/nodes'
const claims = '/api/v1/namespaces/default/persistentvolumeclaims'
const slices = '/apis/resource.k8s.io/v1/resourceslices'
const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
const leases = (namespace: string) => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`
const token = '/api/v1/namespaces/default/serviceaccounts/default/token'

interface Kubelet extends Rest {
  /** As node n1. */
  as(method: 'post' | 'put' | 'delete', path: string, body?: object): ReturnType<Rest['call']>
  patchAs(path: string, body: object): ReturnType<Rest['call']>
  refused(answer: ReturnType<Rest['call']>, why: string): Promise<void>
  uid: string
}

/** Nodes n1 and n2, a pod on each, and a role with which n1 may write everything. */
async function serve(enableAdmissionPlugins = 'NodeRestriction', disableAdmissionPlugins = ''): Promise<Kubelet> {
  const rest = await serveRest({
    tokens: 'n1,system:node:n1,u,system:nodes\nnobody,system:node:,u,system:nodes',
    enableAdmissionPlugins,
    disableAdmissionPlugins,
  })
  const writes = ['get', 'create', 'update', 'patch', 'delete']
  const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: writes }]
  await rest.call('post', `${rbac}/clusterroles`, { metadata: { name: 'w' }, rules }).expect(201)
  const bound = {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'w' },
    subjects: [{ kind: 'Group', name: 'system:nodes' }],
  }
  await rest.call('post', `${rbac}/clusterrolebindings`, { metadata: { name: 'w' }, ...bound }).expect(201)
  await rest.call('post', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } }).expect(201)
  const { body } = await rest.call('post', nodes, { metadata: { name: 'n1', labels: { team: 'a' } } }).expect(201)
  await rest.call('post', nodes, { metadata: { name: 'n2' } }).expect(201)
  for (const name of ['n1', 'n2']) await rest.call('post', pods, aPod(`on-${name}`, { nodeName: name })).expect(201)
  return {
    ...rest,
    uid: body.metadata.uid,
    as: (method, path, sent) => rest.call(method, path, sent).set('authorization', 'Bearer n1'),
    patchAs: (path, sent) => rest.patch(path, 'merge-patch', sent).set('authorization', 'Bearer n1'),
    refused: async (answer, why) => expect((await answer.expect(403)).body.message).toMatch(why),
    [Symbol.asyncDispose]: () => rest.cluster.close(),
  }
}

const mirror = { 'kubernetes.io/config.mirror': 'x' }

describe('pods', () => {
  const aMirror = (uid: string, spec: object = {}, metadata: object = {}) => {
    const owner = { apiVersion: 'v1', kind: 'Node', name: 'n1', uid, controller: true }
    const pod = aPod('m', { nodeName: 'n1', ...spec })
    return { ...pod, metadata: { ...pod.metadata, annotations: mirror, ownerReferences: [owner], ...metadata } }
  }
  const own = (uid: string, more: object = {}) => ({ apiVersion: 'v1', kind: 'Node', name: 'n1', uid, controller: true, ...more })

  test('are only made as mirrors of its own', async () => {
    await using k = await serve()
    const { uid } = k
    const post = (spec: object, metadata: object = {}) => k.as('post', pods, aMirror(uid, spec, metadata))
    await k.refused(
      post({}, { annotations: {} }),
      'pod does not have "kubernetes.io/config.mirror" annotation, node "n1" can only create mirror pods',
    )
    await k.refused(post({ nodeName: 'n2' }), 'node "n1" can only create pods with spec.nodeName set to itself')
    await k.refused(post({}, { ownerReferences: [] }), 'node "n1" can only create pods with an owner reference set to itself')
    await k.refused(
      post({}, { ownerReferences: [own(uid), own('x', { controller: false })] }),
      'with a single owner reference set to itself',
    )
    await k.refused(post({}, { ownerReferences: [own(uid, { name: 'n2' })] }), 'with an owner reference set to itself')
    await k.refused(post({}, { ownerReferences: [own(uid, { controller: false })] }), 'with a controller owner reference set to itself')
    await k.refused(
      post({}, { ownerReferences: [own(uid, { blockOwnerDeletion: true })] }),
      'node "n1" must not set blockOwnerDeletion on an owner reference',
    )
    await k.refused(post({}, { ownerReferences: [own('other')] }), `node n1 UID mismatch: expected other got ${uid}`)
    await post({}).expect(201)
  })

  const container = (more: object) => ({ containers: [{ name: 'app', image: 'nginx', ...more }] })
  const volume = (source: object) => ({ volumes: [{ name: 'v', ...source }] })
  const references: readonly (readonly [string, object])[] = [
    ['secrets', container({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] })],
    ['secrets', volume({ secret: { secretName: 's' } })],
    ['secrets', { imagePullSecrets: [{ name: 's' }] }],
    ['configmaps', container({ envFrom: [{ configMapRef: { name: 'c' } }] })],
    ['configmaps', volume({ projected: { sources: [{ configMap: { name: 'c' } }] } })],
    ['resourceclaims', { resourceClaims: [{ name: 'r', resourceClaimName: 'r' }] }],
    ['persistentvolumeclaims', volume({ persistentVolumeClaim: { claimName: 'c' } })],
    ['csidrivers (via CSI volumes)', volume({ csi: { driver: 'd.example.com' } })],
    ['clustertrustbundles', volume({ projected: { sources: [{ clusterTrustBundle: { name: 'b', path: 'p' } }] } })],
  ]
  test('that it makes refer to nothing', async () => {
    // That plugin looks at some of them first, and says so in its own words.
    await using k = await serve('NodeRestriction', 'ServiceAccount')
    for (const [what, spec] of references) {
      const { body } = await k.as('post', pods, aMirror(k.uid, spec)).expect(403)
      expect(body.message).toBe(`pods "m" is forbidden: node "n1" can not create pods that reference ${what}`)
    }
  })

  test('of others are not touched', async () => {
    await using k = await serve()
    await k.refused(k.as('delete', `${pods}/on-n2`), 'node "n1" can only delete pods with spec.nodeName set to itself')
    await k.refused(
      k.patchAs(`${pods}/on-n2/status`, { status: { message: 'x' } }),
      'can only update pod status for pods with spec.nodeName set to itself',
    )
    await k.refused(
      k.patchAs(`${pods}/on-n1/status`, { metadata: { labels: { a: 'b' } } }),
      'node "n1" cannot update labels through pod status',
    )
    await k.refused(
      k.patchAs(`${pods}/on-n1/status`, { status: { resourceClaimStatuses: [{ name: 'a', resourceClaimName: 'b' }] } }),
      'node "n1" cannot update resource claim statues',
    )
    await k.refused(
      k.patchAs(`${pods}/on-n1`, { metadata: { labels: { a: 'b' } } }),
      'unexpected operation "UPDATE", node "n1" can only create and delete mirror pods',
    )
    await k.refused(
      k.patchAs(`${pods}/on-n1/resize`, { metadata: { labels: { a: 'b' } } }),
      "unexpected pod subresource \"resize\", only 'status' and 'eviction' are allowed",
    )
    const eviction = (name: string) => ({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } })
    await k.refused(
      k.as('post', `${pods}/on-n2/eviction`, eviction('on-n2')),
      'node n1 can only evict pods with spec.nodeName set to itself',
    )
    await k.as('post', `${pods}/none/eviction`, eviction('none')).expect(404)
    await k.patchAs(`${pods}/on-n1/status`, { status: { message: 'x' } }).expect(200)
    await k.as('post', `${pods}/on-n1/eviction`, eviction('on-n1')).expect(201)
  })
})

test('its own node, but not its taints and only some of its labels', async () => {
  await using k = await serve()
  await k.refused(k.patchAs(`${nodes}/n2`, { metadata: { labels: { a: 'b' } } }), 'node "n1" is not allowed to modify node "n2"')
  await k.refused(k.as('delete', `${nodes}/n2`), 'node "n1" is not allowed to modify node "n2"')
  await k.refused(k.as('post', nodes, { metadata: { name: 'n3' } }), 'node "n1" is not allowed to modify node "n3"')
  await k.refused(k.patchAs(`${nodes}/n1`, { spec: { taints: [] } }), 'node "n1" is not allowed to modify taints')
  await k.refused(
    k.patchAs(`${nodes}/n1`, { metadata: { labels: { 'node-restriction.kubernetes.io/x': '1', 'a.k8s.io/y': '1', team: 'b' } } }),
    'is not allowed to modify labels: a.k8s.io/y, node-restriction.kubernetes.io/x',
  )
  await k
    .patchAs(`${nodes}/n1`, { metadata: { labels: { team: 'b', 'kubernetes.io/os': 'linux', 'node.kubernetes.io/x': '1' } } })
    .expect(200)
  await k.patchAs(`${nodes}/n1/status`, { status: { nodeInfo: { kubeletVersion: 'v1' } } }).expect(200)
  await k.as('delete', `${nodes}/n1`).expect(200)
  const labels = { 'node-role.kubernetes.io/control-plane': '' }
  await k.refused(
    k.as('post', nodes, { metadata: { name: 'n1', labels } }),
    'not allowed to set the following labels: node-role.kubernetes.io/control-plane',
  )
  await k.as('post', nodes, { metadata: { name: 'n1' } }).expect(201)
})

test('labels', () => {
  expect(changedLabels({ a: '1', b: '2' }, { b: '3', c: '4' }).sort()).toEqual(['a', 'b', 'c'])
  const allowed = [
    'kubernetes.io/hostname',
    'x.node.kubernetes.io/a',
    'kubelet.kubernetes.io/a',
    'example.com/a',
    'plain',
    'beta.kubernetes.io/arch',
  ]
  expect(forbiddenLabels([...allowed, 'kubernetes.io/role', 'x.node-restriction.kubernetes.io/a', 'k8s.io/a'])).toEqual([
    'k8s.io/a',
    'kubernetes.io/role',
    'x.node-restriction.kubernetes.io/a',
  ])
})

test('leases, CSINodes, ResourceSlices and claims', async () => {
  await using k = await serve()
  const lease = { metadata: { name: 'n1' }, spec: {} }
  await k.refused(k.as('post', leases('default'), lease), 'can only access leases in the "kube-node-lease" system namespace')
  await k.refused(
    k.as('post', leases('kube-node-lease'), { ...lease, metadata: { name: 'n2' } }),
    'can only access node lease with the same name as the requesting node',
  )
  await k.as('post', leases('kube-node-lease'), lease).expect(201)
  const csiNodes = '/apis/storage.k8s.io/v1/csinodes'
  await k.refused(
    k.as('post', csiNodes, { metadata: { name: 'n2' }, spec: { drivers: [] } }),
    'can only access CSINode with the same name as the requesting node',
  )
  await k.as('post', csiNodes, { metadata: { name: 'n1' }, spec: { drivers: [] } }).expect(201)
  const slice = (nodeName: string) => ({
    metadata: { name: `s-${nodeName}` },
    spec: { driver: 'd.example.com', nodeName, pool: { name: 'p', generation: 1, resourceSliceCount: 1 }, devices: [] },
  })
  await k.call('post', slices, slice('n2')).expect(201)
  await k.refused(k.as('post', slices, slice('n2')), 'can only create ResourceSlice with the same NodeName as the requesting node')
  await k.refused(k.as('delete', `${slices}/s-n2`), 'can only delete ResourceSlice with the same NodeName as the requesting node')
  await k.as('post', slices, slice('n1')).expect(201)
  await k.as('delete', `${slices}/s-n1`).expect(200)
  const claim = { metadata: { name: 'c' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }
  await k.refused(k.as('post', claims, claim), 'may only update PVC status')
  await k.call('post', claims, claim).expect(201)
  await k.refused(
    k.patchAs(`${claims}/c/status`, { status: { phase: 'Lost' } }),
    'node "n1" is not allowed to update fields other than status.quantity and status.conditions',
  )
  await k.refused(k.patchAs(`${claims}/c/status`, { metadata: { labels: { a: 'b' } } }), 'is not allowed to update fields other than')
  await k.patchAs(`${claims}/c/status`, { status: { capacity: { storage: '1Gi' } } }).expect(200)
})

describe('tokens', () => {
  const bound = (name: string, uid: string | undefined, audiences: string[] = []) => ({
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences, boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid } },
  })
  const uidOf = async (k: Kubelet, name: string): Promise<string> => (await k.call('get', `${pods}/${name}`).expect(200)).body.metadata.uid

  test('are for pods that run there', async () => {
    await using k = await serve()
    const uid = await uidOf(k, 'on-n1')
    await k.refused(k.as('post', token, { ...bound('', ''), spec: {} }), 'node requested token not bound to a pod')
    await k.refused(k.as('post', token, bound('on-n1', undefined)), 'node requested token with a pod binding without a uid')
    await k.refused(k.as('post', token, bound('on-n1', 'other')), 'does not match the UID in record')
    await k.refused(
      k.as('post', token, bound('on-n2', await uidOf(k, 'on-n2'))),
      'node requested token bound to a pod scheduled on a different node',
    )
    await k.as('post', token, bound('none', 'u')).expect(404)
    await k.as('post', token, bound('on-n1', uid)).expect(201)
  })

  test('and for whom these are to show them', async () => {
    await using k = await serve()
    const driver = { metadata: { name: 'd.example.com' }, spec: { tokenRequests: [{ audience: 'driver' }] } }
    await k.call('post', '/apis/storage.k8s.io/v1/csidrivers', driver).expect(201)
    const spec = { csi: { driver: 'd.example.com', volumeHandle: 'h' }, capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] }
    await k.call('post', '/api/v1/persistentvolumes', { metadata: { name: 'v' }, spec }).expect(201)
    const claimSpec = { accessModes: ['ReadWriteOnce'], volumeName: 'v', resources: { requests: { storage: '1Gi' } } }
    await k.call('post', claims, { metadata: { name: 'c' }, spec: claimSpec }).expect(201)
    const volumes = [
      { name: 't', projected: { sources: [{ serviceAccountToken: { path: 't', audience: 'vault' } }] } },
      { name: 'c', persistentVolumeClaim: { claimName: 'c' } },
    ]
    await k.call('post', pods, aPod('v', { nodeName: 'n1', volumes })).expect(201)
    const uid = await uidOf(k, 'v')
    const asks = (...audiences: string[]) => k.as('post', token, bound('v', uid, audiences))
    for (const audience of ['vault', 'driver']) await asks(audience).expect(201)
    await k.refused(asks('vault', 'driver'), 'node may only request 0 or 1 audiences')
    await k.refused(
      asks('x'),
      'audience "x" not found in pod spec volume, system:node:n1 is not authorized to request tokens for this audience',
    )
    const rules = [{ apiGroups: [''], resources: ['x'], resourceNames: ['default'], verbs: ['request-serviceaccounts-token-audience'] }]
    await k
      .call('put', `${rbac}/clusterroles/w`, {
        metadata: { name: 'w' },
        rules: [...rules, { apiGroups: ['*'], resources: ['*'], verbs: ['create'] }],
      })
      .expect(200)
    await asks('x').expect(201)
    await k.call('delete', `${claims}/c`).expect(200)
    await k.patch(`${claims}/c`, 'merge-patch', { metadata: { finalizers: null } }).expect(200)
    await k.refused(asks('y'), 'error validating audience "y": persistentvolumeclaim "c" not found')
  })
})

test('certificate requests are for itself', async () => {
  await using k = await serve()
  const asks = (commonName: string, signerName: string) => ({
    metadata: { name: 'r' },
    spec: { request: aCertificateRequest(commonName, 'system:nodes'), signerName, usages: ['client auth'] },
  })
  await k.refused(
    k.as('post', requests, asks('system:node:n2', 'kubernetes.io/kube-apiserver-client-kubelet')),
    'can only create a node CSR with CN=system:node:n1',
  )
  await k.as('post', requests, asks('system:node:n1', 'kubernetes.io/kube-apiserver-client-kubelet')).expect(201)
  await k.as('post', requests, { ...asks('anybody', 'example.com/s'), metadata: { name: 's' } }).expect(201)
})

test('who is no node, or nobody knows which', async () => {
  await using k = await serve()
  const { body } = await k.call('post', pods, aPod('p')).set('authorization', 'Bearer nobody').expect(403)
  expect(body.message).toBe('pods "p" is forbidden: could not determine node from user "system:node:"')
  await k.call('post', pods, aPod('p')).expect(201)
})

test('without the plugin the role decides', async () => {
  await using k = await serve('')
  await k.as('post', pods, aPod('p')).expect(201)
  await k.patchAs(`${nodes}/n2`, { spec: { taints: [] } }).expect(200)
})
