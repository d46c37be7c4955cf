// What a fresh cluster has before anyone asks: its namespaces, and the Service kubernetes with its endpoints.
import type { Kind, KubeInput } from '../../openapi/kind.ts'
import { endpoints } from '../../openapi/kinds/core/endpoints/index.ts'
import { namespace } from '../../openapi/kinds/core/namespace.ts'
import { service } from '../../openapi/kinds/core/service/index.ts'
import { endpointSlice, serviceLabel } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import type { Client } from '../client.ts'

const namespaces = ['kube-system', 'kube-public', 'kube-node-lease', 'default']

/** `port`: where the API server listens. */
export async function bootstrap(client: Client, port: number): Promise<void> {
  for (const name of namespaces) await ensure(client, namespace as unknown as Kind, { metadata: { name } })
  await ensure(client, service as unknown as Kind, kubernetesService(port))
  await ensure(client, endpoints as unknown as Kind, kubernetesEndpoints(port))
  await ensure(client, endpointSlice as unknown as Kind, kubernetesSlice(port))
}

/** Where the simulated network has the control plane: beside the nodes. */
const address = '10.128.0.1'

const kubernetesEndpoints = (port: number): KubeInput & { subsets: object } => ({
  metadata: { name: 'kubernetes', namespace: 'default', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
  subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
})

const kubernetesSlice = (port: number): KubeInput & Record<string, unknown> => ({
  metadata: { name: 'kubernetes', namespace: 'default', labels: { [serviceLabel]: 'kubernetes' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: [address], conditions: { ready: true } }],
  ports: [{ name: 'https', port, protocol: 'TCP' }],
})

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
