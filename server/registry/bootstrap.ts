// What a fresh cluster has before anyone asks: its namespaces and classes, what it tells of itself, the range of cluster IPs, and the Service
// kubernetes with its endpoints.
import type { Kind, KubeInput } from '../../openapi/kind.ts'
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import { endpoints } from '../../openapi/kinds/core/endpoints/index.ts'
import { namespace } from '../../openapi/kinds/core/namespace.ts'
import { service } from '../../openapi/kinds/core/service/index.ts'
import { endpointSlice, serviceLabel } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import { serviceCidr } from '../../openapi/kinds/networking.k8s.io/servicecidr.ts'
import { priorityClass, systemClasses } from '../../openapi/kinds/scheduling.k8s.io/priorityclass.ts'
import type { Client } from '../client.ts'

const namespaces = ['kube-system', 'kube-public', 'kube-node-lease', 'default']

export interface Start {
  clientOf(name: string): Client
  /** Where the API server listens. */
  port: number
  /** Now, as metadata prints it. */
  time: string
  /** For API servers beside this one: whose certificates and headers count. */
  trust: Readonly<Record<string, string>>
}

export async function bootstrap({ clientOf, port, time, trust }: Start): Promise<void> {
  const client = clientOf('kube-apiserver')
  for (const name of namespaces) await ensure(client, namespace as unknown as Kind, { metadata: { name } })
  for (const object of toldOfItself(trust, time)) await ensure(client, configMap as unknown as Kind, object)
  for (const object of systemClasses) await ensure(client, priorityClass as unknown as Kind, object)
  await ensure(client, serviceCidr as unknown as Kind, kubernetesRange)
  const { status } = await client.get(serviceCidr, { name: 'kubernetes' })
  if (!status.conditions) await clientOf('kubernetes-service-cidr-controller').apply(serviceCidr, readyRange(time), 'status')
  await ensure(client, service as unknown as Kind, kubernetesService(port))
  await ensure(client, endpoints as unknown as Kind, kubernetesEndpoints(port))
  await ensure(client, endpointSlice as unknown as Kind, kubernetesSlice(port))
}

/** What API servers beside this one need. And since when tokens in Secrets are watched for use. */
const toldOfItself = (trust: Start['trust'], time: string): (KubeInput & { data: object })[] => [
  {
    metadata: { name: 'extension-apiserver-authentication', namespace: 'kube-system' },
    data: trust,
  },
  {
    metadata: { name: 'kube-apiserver-legacy-service-account-token-tracking', namespace: 'kube-system' },
    data: { since: time.slice(0, 10) },
  },
]

/** Where Services get their cluster IPs. */
const serviceRange = '10.0.0.0/16'

const kubernetesRange: KubeInput & { spec: object } = { metadata: { name: 'kubernetes' }, spec: { cidrs: [serviceRange] } }

const readyRange = (time: string) => ({
  metadata: { name: 'kubernetes' },
  status: {
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time, message: 'Kubernetes default Service CIDR is ready' }],
  },
})

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
