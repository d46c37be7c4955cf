// root-ca-certificate-publisher-controller: every namespace has the cluster's CA in the ConfigMap kube-root-ca.crt.

import type { Kind } from '../../openapi/kind.ts'
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import { namespace } from '../../openapi/kinds/core/namespace.ts'
import type { Controller } from '../runtime/controller.ts'

const name = 'kube-root-ca.crt'
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'

/** `certificate`: PEM of the CA. */
export const rootCaController = (certificate: string): Controller => ({
  name: 'root-ca-cert-publisher',
  watches: [
    { kind: namespace as unknown as Kind, keys: ({ metadata }) => [{ name: metadata.name }] },
    { kind: configMap as unknown as Kind, keys: ({ metadata }) => (metadata.name === name ? [{ name: metadata.namespace ?? '' }] : []) },
  ],
  async reconcile(key, { client, informer }) {
    const found = informer(namespace).get(key)
    if (!found || found.metadata.deletionTimestamp) return
    const current = informer(configMap).get({ namespace: key.name, name })
    const data = { 'ca.crt': certificate }
    if (!current) {
      await client.create(configMap, {
        metadata: { namespace: key.name, name, annotations: { 'kubernetes.io/description': description } },
        data,
      })
      return
    }
    if (current.data?.['ca.crt'] !== certificate) await client.update(configMap, { ...current, data })
  },
})
