// What a fresh cluster has before anyone asks: its namespaces and the Service kubernetes.
import type { Kind, KubeInput } from '../../openapi/kind.ts'
import { namespace } from '../../openapi/kinds/core/namespace.ts'
import { service } from '../../openapi/kinds/core/service.ts'
import type { Client } from '../client.ts'

const namespaces = ['kube-system', 'kube-public', 'kube-node-lease', 'default']

/** `port`: where the API server listens. */
export async function bootstrap(client: Client, port: number): Promise<void> {
  for (const name of namespaces) await ensure(client, namespace as unknown as Kind, { metadata: { name } })
  await ensure(client, service as unknown as Kind, kubernetesService(port))
}

const kubernetesService = (port: number): KubeInput & { spec: object } => ({
  metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: {
    type: 'ClusterIP',
    clusterIP: '10.0.0.1',
    ipFamilyPolicy: 'SingleStack',
    sessionAffinity: 'None',
    ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }],
  },
})

async function ensure(client: Client, kind: Kind, object: KubeInput): Promise<void> {
  const { items } = await client.list(kind, { namespace: object.metadata.namespace })
  if (!items.some(item => item.metadata.name === object.metadata.name)) await client.create(kind, object)
}
