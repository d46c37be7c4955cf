// bootstrap-signer: keeps the signatures in the ConfigMap kube-public/cluster-info, one for each bootstrap token that may sign. As in
// kube-controller-manager it runs only where it is named.
import type { Kind } from '../../openapi/kind.ts'
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import { type Secret, secret } from '../../openapi/kinds/core/secret/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { Controller } from '../runtime/controller.ts'
import { isBootstrapToken, signed } from './plan.ts'

const clusterInfo = { namespace: 'kube-public', name: 'cluster-info' }
const inTokens = 'kube-system'

export const bootstrapSigner: Controller = {
  name: 'bootstrap-signer',
  onlyByName: true,
  watches: [
    {
      kind: configMap as unknown as Kind,
      keys: ({ metadata }) => (metadata.namespace === clusterInfo.namespace && metadata.name === clusterInfo.name ? [clusterInfo] : []),
    },
    {
      kind: secret as unknown as Kind,
      keys: object => (object.metadata.namespace === inTokens && isBootstrapToken(object as Secret) ? [clusterInfo] : []),
    },
  ],
  async reconcile(key, { client, clock, informer }) {
    const found = informer(configMap).get(key)
    if (!found) return undefined
    const tokens = informer(secret).list(inTokens).filter(isBootstrapToken)
    const data = signed(found, tokens, clock.now())
    if (data && !deepEqual(data, found.data)) await client.update(configMap, { ...found, data })
    return undefined
  },
}
