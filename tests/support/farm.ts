// A cluster beside an extension API server that serves cows.
import type { StartOptions } from '../../server/index.ts'
import { type Rest, serveRest } from './api.ts'
import { type Extension, type ExtensionOptions, serveExtension } from './extension.ts'

export const services = '/apis/apiregistration.k8s.io/v1/apiservices'
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'watch']
const cows = { name: 'cows', singularName: 'cow', namespaced: true, kind: 'Cow', verbs, shortNames: ['moo'] }
export const farm = { group: 'farm.example.com', version: 'v1', resources: [cows] }
export const path = '/apis/farm.example.com/v1'

export const anApiService = ({ caBundle }: Pick<Extension, 'caBundle'>, spec: object = {}) => ({
  metadata: { name: 'v1.farm.example.com' },
  spec: {
    ...{ group: 'farm.example.com', version: 'v1', groupPriorityMinimum: 2000, versionPriority: 20, caBundle },
    service: { namespace: 'default', name: 'farm' },
    ...spec,
  },
})

export interface Farm extends AsyncDisposable {
  extension: Extension
  rest: Rest
}

/** A cluster with the Service, and the server that is there. */
export async function aFarm(options: Partial<ExtensionOptions> = {}, spec: object = {}, start: StartOptions = {}): Promise<Farm> {
  const extension = await serveExtension({ ...farm, ...options })
  const rest = await serveRest({ ...start, serviceEndpoints: `default/farm=127.0.0.1:${extension.port}` })
  const { body } = await rest.call('get', '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication').expect(200)
  extension.trust(body.data)
  await rest
    .call('post', '/api/v1/namespaces/default/services', { metadata: { name: 'farm' }, spec: { ports: [{ port: 443 }] } })
    .expect(201)
  await rest.call('post', services, anApiService(extension, spec)).expect(201)
  await rest.cluster.settle()
  return {
    extension,
    rest,
    async [Symbol.asyncDispose]() {
      await rest[Symbol.asyncDispose]()
      await extension[Symbol.asyncDispose]()
    },
  }
}
