import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, intOrString, list, map, object, string } from '../schema.ts'
import { Condition, ObjectMeta } from './meta.ts'
import { ObjectReference } from './reference.ts'

export const ClientIPConfig = object('io.k8s.api.core.v1.ClientIPConfig', '', {
  timeoutSeconds: int32(''),
})
export type ClientIPConfig = FromSchema<typeof ClientIPConfig>

export const EndpointAddress = object(
  'io.k8s.api.core.v1.EndpointAddress',
  '',
  {
    hostname: string(''),
    ip: string(''),
    nodeName: string(''),
    targetRef: field(ObjectReference, ''),
  },
  ['ip'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type EndpointAddress = FromSchema<typeof EndpointAddress>

export const EndpointPort = object(
  'io.k8s.api.core.v1.EndpointPort',
  '',
  {
    appProtocol: string(''),
    name: string(''),
    port: int32(''),
    protocol: string('', { enum: ['SCTP', 'TCP', 'UDP'], default: 'TCP' }),
  },
  ['port'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type EndpointPort = FromSchema<typeof EndpointPort>

export const EndpointSubset = object('io.k8s.api.core.v1.EndpointSubset', '', {
  addresses: list(EndpointAddress, '', { 'x-kubernetes-list-type': 'atomic' }),
  notReadyAddresses: list(EndpointAddress, '', { 'x-kubernetes-list-type': 'atomic' }),
  ports: list(EndpointPort, '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type EndpointSubset = FromSchema<typeof EndpointSubset>

export const Endpoints = object('io.k8s.api.core.v1.Endpoints', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  subsets: list(EndpointSubset, '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type Endpoints = FromSchema<typeof Endpoints>

export const PortStatus = object(
  'io.k8s.api.core.v1.PortStatus',
  '',
  {
    error: string(''),
    port: int32(''),
    protocol: string('', { enum: ['SCTP', 'TCP', 'UDP'] }),
  },
  ['port', 'protocol'],
)
export type PortStatus = FromSchema<typeof PortStatus>

export const LoadBalancerIngress = object('io.k8s.api.core.v1.LoadBalancerIngress', '', {
  hostname: string(''),
  ip: string(''),
  ipMode: string(''),
  ports: list(PortStatus, '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type LoadBalancerIngress = FromSchema<typeof LoadBalancerIngress>

export const LoadBalancerStatus = object('io.k8s.api.core.v1.LoadBalancerStatus', '', {
  ingress: list(LoadBalancerIngress, '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type LoadBalancerStatus = FromSchema<typeof LoadBalancerStatus>

export const ServicePort = object(
  'io.k8s.api.core.v1.ServicePort',
  '',
  {
    appProtocol: string(''),
    name: string(''),
    nodePort: int32(''),
    port: int32(''),
    protocol: string('', { enum: ['SCTP', 'TCP', 'UDP'], default: 'TCP' }),
    targetPort: intOrString(''),
  },
  ['port'],
)
export type ServicePort = FromSchema<typeof ServicePort>

export const SessionAffinityConfig = object('io.k8s.api.core.v1.SessionAffinityConfig', '', {
  clientIP: field(ClientIPConfig, ''),
})
export type SessionAffinityConfig = FromSchema<typeof SessionAffinityConfig>

export const ServiceSpec = object('io.k8s.api.core.v1.ServiceSpec', '', {
  allocateLoadBalancerNodePorts: boolean(''),
  clusterIP: string(''),
  clusterIPs: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  externalIPs: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  externalName: string(''),
  externalTrafficPolicy: string('', { enum: ['Cluster', 'Local'] }),
  healthCheckNodePort: int32(''),
  internalTrafficPolicy: string('', { enum: ['Cluster', 'Local'] }),
  ipFamilies: list(string('', { enum: ['', 'IPv4', 'IPv6'] }), '', { 'x-kubernetes-list-type': 'atomic' }),
  ipFamilyPolicy: string('', { enum: ['PreferDualStack', 'RequireDualStack', 'SingleStack'] }),
  loadBalancerClass: string(''),
  loadBalancerIP: string(''),
  loadBalancerSourceRanges: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  ports: list(ServicePort, '', {
    'x-kubernetes-list-map-keys': ['port', 'protocol'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'port',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  publishNotReadyAddresses: boolean(''),
  selector: map(string(''), '', { 'x-kubernetes-map-type': 'atomic' }),
  sessionAffinity: string('', { enum: ['ClientIP', 'None'], default: 'None' }),
  sessionAffinityConfig: field(SessionAffinityConfig, ''),
  trafficDistribution: string(''),
  type: string('', { enum: ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'], default: 'ClusterIP' }),
})
export type ServiceSpec = FromSchema<typeof ServiceSpec>

export const ServiceStatus = object('io.k8s.api.core.v1.ServiceStatus', '', {
  conditions: list(Condition, '', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  loadBalancer: field(LoadBalancerStatus, '', { default: {} }),
})
export type ServiceStatus = FromSchema<typeof ServiceStatus>

export const Service = object('io.k8s.api.core.v1.Service', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(ServiceSpec, '', { default: {} }),
  status: field(ServiceStatus, '', { default: {} }),
})
export type Service = FromSchema<typeof Service>
