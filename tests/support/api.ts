// supertest against a cluster of the test's own, as its admin.
import request, { type Test } from 'supertest'
import { type Cluster, type StartOptions, startCluster } from '../../server/index.ts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'options'

export interface Rest extends AsyncDisposable {
  cluster: Cluster
  /** With the admin's token; `.set('authorization', '')` takes it off. */
  call(method: Method, path: string, body?: string | object): Test
  apply(path: string, body: object, query?: string): Test
  patch(path: string, type: 'json-patch' | 'merge-patch' | 'strategic-merge-patch', body: object): Test
}

/** A bare API server: nobody but the test writes. */
export async function serveRest(options: StartOptions = {}): Promise<Rest> {
  const cluster = await startCluster({ controllers: '', nodes: 0, pausedAt: new Date('2026-01-01T00:00:00Z'), ...options })
  const agent = request(cluster.url)
  const call: Rest['call'] = (method, path, body) => {
    const test = agent[method](path).trustLocalhost().set('authorization', `Bearer ${cluster.adminToken}`)
    return body === undefined ? test : test.set('content-type', 'application/json').send(body)
  }
  return {
    cluster,
    call,
    apply: (path, body, query = 'fieldManager=test') =>
      call('patch', `${path}?${query}`, JSON.stringify(body)).set('content-type', 'application/apply-patch+yaml'),
    patch: (path, type, body) => call('patch', path, JSON.stringify(body)).set('content-type', `application/${type}+json`),
    [Symbol.asyncDispose]: () => cluster.close(),
  }
}

export const configMaps = '/api/v1/namespaces/default/configmaps'
export const pods = '/api/v1/namespaces/default/pods'
export const aConfigMap = (name: string, data: Record<string, string> = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
})
export const aPod = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'app', image: 'nginx' }], ...spec },
})
