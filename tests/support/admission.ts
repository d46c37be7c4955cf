// Clusters whose admission plugins are configured by a file.
import type { StartOptions } from '../../server/index.ts'
import { type Rest, serveRest } from './api.ts'
import { aFile } from './clientcerts.ts'

/** A file of an AdmissionConfiguration for these plugins. */
export const aConfiguration = (...plugins: object[]): string =>
  aFile(JSON.stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AdmissionConfiguration', plugins }))

/** With the account that pods need; `plugin` is on, and configured so. */
export async function serveConfigured(plugin: string, configuration: object | undefined, options: StartOptions = {}): Promise<Rest> {
  const rest = await serveRest({
    enableAdmissionPlugins: plugin,
    ...(configuration ? { admissionControlConfigFile: aConfiguration({ name: plugin, configuration }) } : {}),
    ...options,
  })
  await rest.call('post', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } }).expect(201)
  return rest
}

/** kubectl config, as the server reads it. */
export const aKubeconfig = (server: string, caBundle: string, users: object[] = []): string =>
  aFile(
    JSON.stringify({
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': caBundle } }],
      users,
    }),
  )
