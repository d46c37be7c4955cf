import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, intOrString, list, map, object, string } from '../schema.ts'
import { Condition, objectHead } from './meta.ts'
import { ObjectReference } from './reference.ts'

export const ClientIPConfig = object('io.k8s.api.core.v1.ClientIPConfig', 'Session affinity by client address.', {
  timeoutSeconds: int32('Seconds a client stays with its pod, from 1 to 86400. 10800, three hours, by default.'),
})
export type ClientIPConfig = FromSchema<typeof ClientIPConfig>

export const EndpointAddress = object(
  'io.k8s.api.core.v1.EndpointAddress',
  'One backend.',
  {
    hostname: string('Host name for its own DNS record. Unset means no such record.'),
    ip: string('Address of the backend. Not a loopback, link-local or multicast address.'),
    nodeName: string('Name of the node it runs on.'),
    targetRef: field(ObjectReference, 'The object behind it, mostly a pod.'),
  },
  ['ip'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type EndpointAddress = FromSchema<typeof EndpointAddress>

export const EndpointPort = object(
  'io.k8s.api.core.v1.EndpointPort',
  'A port all addresses of a subset have.',
  {
    appProtocol: string('Protocol of the application, such as kubernetes.io/h2c. A hint for those who route.'),
    name: string('Name of the port, the same as in the Service. Needed if there is more than one.'),
    port: int32('Number of the port.'),
    protocol: string('TCP, the default, UDP or SCTP.', { enum: ['SCTP', 'TCP', 'UDP'], default: 'TCP' }),
  },
  ['port'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type EndpointPort = FromSchema<typeof EndpointPort>

export const EndpointSubset = object('io.k8s.api.core.v1.EndpointSubset', 'Addresses that have the same ports.', {
  addresses: list(EndpointAddress, 'Backends that are ready.', { 'x-kubernetes-list-type': 'atomic' }),
  notReadyAddresses: list(EndpointAddress, 'Backends that are not ready: starting, or failing their readiness checks.', {
    'x-kubernetes-list-type': 'atomic',
  }),
  ports: list(EndpointPort, 'The ports of each address.', { 'x-kubernetes-list-type': 'atomic' }),
})
export type EndpointSubset = FromSchema<typeof EndpointSubset>

export const Endpoints = object(
  'io.k8s.api.core.v1.Endpoints',
  'All backends of a Service in one object. Deprecated since v1.33; EndpointSlices replace it.',
  {
    ...objectHead,
    subsets: list(EndpointSubset, 'Backends by their ports. An address with several ports appears with each combination it has.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
)
export type Endpoints = FromSchema<typeof Endpoints>

export const PortStatus = object(
  'io.k8s.api.core.v1.PortStatus',
  'State of a port of a load balancer.',
  {
    error: string('What went wrong with the port, as one CamelCase word, with a domain prefix if it is specific to a provider.'),
    port: int32('Number of the port.'),
    protocol: string('TCP, UDP or SCTP.', { enum: ['SCTP', 'TCP', 'UDP'] }),
  },
  ['port', 'protocol'],
)
export type PortStatus = FromSchema<typeof PortStatus>

export const LoadBalancerIngress = object('io.k8s.api.core.v1.LoadBalancerIngress', 'One entry of a load balancer, by address or name.', {
  hostname: string('Host name, for load balancers that are known by name.'),
  ip: string('Address, for load balancers that are known by address.'),
  ipMode: string(
    'How nodes treat the address: VIP, the default, keeps traffic to it on the node; Proxy sends it to the load balancer. Only with ip.',
  ),
  ports: list(PortStatus, 'State of the ports of the Service.', { 'x-kubernetes-list-type': 'atomic' }),
})
export type LoadBalancerIngress = FromSchema<typeof LoadBalancerIngress>

export const LoadBalancerStatus = object('io.k8s.api.core.v1.LoadBalancerStatus', 'State of a load balancer.', {
  ingress: list(LoadBalancerIngress, 'Where traffic can be sent to. Empty until it is set up.', { 'x-kubernetes-list-type': 'atomic' }),
})
export type LoadBalancerStatus = FromSchema<typeof LoadBalancerStatus>

export const ServicePort = object(
  'io.k8s.api.core.v1.ServicePort',
  'A port of a Service.',
  {
    appProtocol: string(
      'Protocol of the application: a registered name or a prefixed one such as kubernetes.io/h2c. A hint for those who route.',
    ),
    name: string('Name of the port, unique in the Service, a DNS label. May be left out if there is only one.'),
    nodePort: int32('Port on every node, for the types NodePort and LoadBalancer. Chosen by the server if unset.'),
    port: int32('Port on the address of the Service.'),
    protocol: string('TCP, the default, UDP or SCTP.', { enum: ['SCTP', 'TCP', 'UDP'], default: 'TCP' }),
    targetPort: intOrString(
      'Port of the pods, by number or by its name there. Unset means the same number as port; ignored for headless Services.',
    ),
  },
  ['port'],
)
export type ServicePort = FromSchema<typeof ServicePort>

export const SessionAffinityConfig = object('io.k8s.api.core.v1.SessionAffinityConfig', 'Settings of session affinity.', {
  clientIP: field(ClientIPConfig, 'Settings for ClientIP.'),
})
export type SessionAffinityConfig = FromSchema<typeof SessionAffinityConfig>

export const ServiceSpec = object('io.k8s.api.core.v1.ServiceSpec', 'What a Service should look like.', {
  allocateLoadBalancerNodePorts: boolean('Whether a LoadBalancer gets node ports without asking. True by default; only for that type.'),
  clusterIP: string(
    'Address of the Service. Unset lets the server choose one, None makes it headless. Once set it changes only with a change of type to or from ExternalName.',
  ),
  clusterIPs: list(string(''), 'Addresses of the Service, at most one per IP family; the first is clusterIP.', {
    'x-kubernetes-list-type': 'atomic',
  }),
  externalIPs: list(string(''), "Addresses outside of the cluster's care on which nodes take traffic for the Service too.", {
    'x-kubernetes-list-type': 'atomic',
  }),
  externalName: string('Name DNS answers with as a CNAME, for the type ExternalName only.'),
  externalTrafficPolicy: string(
    'What nodes do with traffic from outside: Cluster, the default, spreads it over all pods; Local keeps it on the node and keeps the client address.',
    { enum: ['Cluster', 'Local'] },
  ),
  healthCheckNodePort: int32(
    'Port on every node that tells load balancers whether it has pods, for LoadBalancer with Local. Chosen by the server if unset.',
  ),
  internalTrafficPolicy: string(
    'What nodes do with traffic from inside: Cluster, the default, spreads it over all pods; Local drops it if the node has none.',
    { enum: ['Cluster', 'Local'] },
  ),
  ipFamilies: list(
    string('', { enum: ['', 'IPv4', 'IPv6'] }),
    'IP families of the addresses, IPv4 or IPv6. Unset takes those of the cluster by ipFamilyPolicy; the first cannot be changed.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
  ipFamilyPolicy: string(
    'SingleStack, the default, gives one family; PreferDualStack two if the cluster has them; RequireDualStack two or fails.',
    { enum: ['PreferDualStack', 'RequireDualStack', 'SingleStack'] },
  ),
  loadBalancerClass: string(
    'Which load balancer implementation is to serve it. Unset means the default one; only for LoadBalancer, and fixed once set.',
  ),
  loadBalancerIP: string('Deprecated: address asked of the load balancer, if the provider allows that.'),
  loadBalancerSourceRanges: list(string(''), 'Ranges of client addresses let through, if the provider supports that. Empty means all.', {
    'x-kubernetes-list-type': 'atomic',
  }),
  ports: list(ServicePort, 'The ports of the Service.', {
    'x-kubernetes-list-map-keys': ['port', 'protocol'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'port',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  publishNotReadyAddresses: boolean('If true, pods are published in DNS and endpoints whether ready or not. False by default.'),
  selector: map(
    string(''),
    'Labels of the pods behind it. Empty means that somebody else manages the endpoints; ignored for ExternalName.',
    { 'x-kubernetes-map-type': 'atomic' },
  ),
  sessionAffinity: string('ClientIP sends a client to the same pod each time; None, the default, does not.', {
    enum: ['ClientIP', 'None'],
    default: 'None',
  }),
  sessionAffinityConfig: field(SessionAffinityConfig, 'Settings of ClientIP.'),
  trafficDistribution: string(
    'Which endpoints to prefer: PreferSameZone, PreferSameNode, or PreferClose, the older name of the first. Unset prefers none.',
  ),
  type: string(
    'ClusterIP, the default, is reached inside the cluster; NodePort also on every node; LoadBalancer also from outside; ExternalName is a DNS alias.',
    { enum: ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'], default: 'ClusterIP' },
  ),
})
export type ServiceSpec = FromSchema<typeof ServiceSpec>

export const ServiceStatus = object('io.k8s.api.core.v1.ServiceStatus', 'What is known of a Service.', {
  conditions: list(Condition, 'Aspects of the state, one per type.', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  loadBalancer: field(LoadBalancerStatus, 'State of the load balancer, if there is one.', { default: {} }),
})
export type ServiceStatus = FromSchema<typeof ServiceStatus>

export const Service = object('io.k8s.api.core.v1.Service', 'A stable name and address for a changing set of pods.', {
  ...objectHead,
  spec: field(ServiceSpec, 'The wanted state.', { default: {} }),
  status: field(ServiceStatus, 'What is known; written by the system only.', { default: {} }),
})
export type Service = FromSchema<typeof Service>
