// kubectl with a group that an extension server beside the cluster answers for.
import { expect, test } from 'vitest'
import { type ExtensionOptions, serveExtension } from '../support/extension.ts'
import { withKubectl } from '../support/withkubectl.ts'

/** A server behind the Service farm, and a cluster that has taken it in. */
async function aggregated(options: ExtensionOptions) {
  const extension = await serveExtension(options)
  const at = await withKubectl({ nodes: 1, serviceEndpoints: `default/farm=127.0.0.1:${extension.port}` })
  const configMap = await at.ok('kubectl get configmap -n kube-system extension-apiserver-authentication -o json')
  extension.trust(JSON.parse(configMap).data)
  const { group, version } = options
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'farm', namespace: 'default' }, spec: { ports: [{ port: 443 }] } }
  const apiService = {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}` },
    spec: {
      ...{ group, version, groupPriorityMinimum: 100, versionPriority: 100, caBundle: extension.caBundle },
      service: { name: 'farm', namespace: 'default' },
    },
  }
  await at.ok('kubectl apply -f -', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [service, apiService] }))
  await at.ok(`kubectl wait --for=condition=Available --timeout=20s apiservice/${version}.${group}`)
  await at.cluster.settle()
  return {
    ...at,
    extension,
    async [Symbol.asyncDispose]() {
      await at[Symbol.asyncDispose]()
      await extension[Symbol.asyncDispose]()
    },
  }
}

const cow = { apiVersion: 'farm.example.com/v1', kind: 'Cow', metadata: { name: 'bella', namespace: 'default' }, spec: { milk: 7 } }
const verbs = ['create', 'delete', 'get', 'list', 'watch']
const schema = {
  type: 'object',
  description: 'A cow gives milk.',
  properties: { spec: { type: 'object', properties: { milk: { type: 'integer', description: 'Litres a day.' } } } },
  'x-kubernetes-group-version-kind': [{ group: 'farm.example.com', version: 'v1', kind: 'Cow' }],
}
const cows = '/apis/farm.example.com/v1/namespaces/{namespace}/cows'
const operation = {
  operationId: 'x',
  responses: {},
  'x-kubernetes-action': 'list',
  'x-kubernetes-group-version-kind': { group: 'farm.example.com', version: 'v1', kind: 'Cow' },
}

test('finds, explains, reads and makes its objects', async () => {
  await using at = await aggregated({
    group: 'farm.example.com',
    version: 'v1',
    resources: [{ name: 'cows', singularName: 'cow', namespaced: true, kind: 'Cow', verbs, shortNames: ['moo'] }],
    legacy: true,
    openApiV3: {
      openapi: '3.0.0',
      info: { title: 'farm', version: '1' },
      paths: { [cows]: { get: operation } },
      components: { schemas: { 'com.example.Cow': schema } },
    },
    reply({ method, url, body }) {
      if (method === 'POST') return JSON.parse(body)
      if (method === 'DELETE') return { kind: 'Status', apiVersion: 'v1', status: 'Success' }
      return url.includes('/cows/bella') ? cow : { apiVersion: 'farm.example.com/v1', kind: 'CowList', metadata: {}, items: [cow] }
    },
  })
  expect(await at.ok('kubectl api-resources --api-group farm.example.com')).toMatch(
    /^NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND\ncows +moo +farm\.example\.com\/v1 +true +Cow\n$/,
  )
  expect(await at.ok('kubectl api-versions')).toContain('farm.example.com/v1\n')
  expect(await at.ok('kubectl get moo')).toMatch(/^NAME +AGE\nbella +<unknown>\n$/)
  expect(await at.ok("kubectl get cow bella -o jsonpath='{.spec.milk}'")).toBe('7')
  expect(await at.ok('kubectl explain cow.spec.milk')).toMatch(/FIELD: milk <integer>[\s\S]*Litres a day\./)
  expect(await at.ok('kubectl create --validate=false -f -', JSON.stringify(cow))).toBe('cow.farm.example.com/bella created\n')
  expect(await at.ok('kubectl delete cow bella --wait=false')).toBe('cow.farm.example.com "bella" deleted from default namespace\n')
  expect(await at.ok('kubectl get apiservice v1.farm.example.com --no-headers')).toMatch(/^v1\.farm\.example\.com +default\/farm +True /)
  const { stderr } = await at.run('kubectl get cows --as jane')
  expect(stderr).toContain('cows.farm.example.com is forbidden: User "jane" cannot list resource "cows"')
})

test('top shows what a metrics server measured', async () => {
  const usage = (cpu: string, memory: string) => ({ cpu, memory })
  const common = { timestamp: '2026-01-01T00:00:00Z', window: '10s' }
  const list = (kind: string, items: object[]) => ({ apiVersion: 'metrics.k8s.io/v1beta1', kind, metadata: {}, items })
  await using at = await aggregated({
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    resources: [
      { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
      { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
    ],
    reply: ({ url }) =>
      url.includes('/nodes')
        ? list('NodeMetricsList', [{ metadata: { name: 'node-0' }, ...common, usage: usage('3200m', '64Gi') }])
        : list('PodMetricsList', [
            { metadata: { name: 'web', namespace: 'default' }, ...common, containers: [{ name: 'web', usage: usage('250m', '100Mi') }] },
          ]),
  })
  expect(await at.ok('kubectl top nodes')).toMatch(
    /^NAME +CPU\(cores\) +CPU\(%\) +MEMORY\(bytes\) +MEMORY\(%\) +\nnode-0 +3200m +10% +65536Mi +25% +\n$/,
  )
  await at.ok('kubectl run web --image nginx && kubectl wait --for=condition=Ready pod/web')
  expect(await at.ok('kubectl top pods')).toMatch(/^NAME +CPU\(cores\) +MEMORY\(bytes\) +\nweb +250m +100Mi +\n$/)
})

test('explains what a server documents in OpenAPI v2 only', async () => {
  await using at = await aggregated({
    group: 'farm.example.com',
    version: 'v1',
    resources: [{ name: 'cows', singularName: 'cow', namespaced: true, kind: 'Cow', verbs }],
    openApiV2: {
      swagger: '2.0',
      info: { title: 'farm', version: '1' },
      paths: { [cows]: { get: operation } },
      definitions: { 'com.example.Cow': schema },
    },
  })
  expect(await at.ok('kubectl explain cow.spec.milk')).toMatch(/FIELD: milk <integer>[\s\S]*Litres a day\./)
})
