import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, list, map, object, string } from '../schema.ts'
import { objectHead } from './meta.ts'
import { ObjectReference } from './reference.ts'

export const EndpointConditions = object('io.k8s.api.discovery.v1.EndpointConditions', 'State of an endpoint.', {
  ready: boolean(
    'Whether it should get traffic: it serves and does not terminate, or the Service publishes all addresses. Unset counts as true.',
  ),
  serving: boolean('Whether it passes its readiness checks, terminating or not. Unset counts as true.'),
  terminating: boolean('Whether it is on its way out. Unset counts as false.'),
})
export type EndpointConditions = FromSchema<typeof EndpointConditions>

export const ForNode = object(
  'io.k8s.api.discovery.v1.ForNode',
  'A node that should use an endpoint.',
  {
    name: string('Name of the node.'),
  },
  ['name'],
)
export type ForNode = FromSchema<typeof ForNode>

export const ForZone = object(
  'io.k8s.api.discovery.v1.ForZone',
  'A zone that should use an endpoint.',
  {
    name: string('Name of the zone.'),
  },
  ['name'],
)
export type ForZone = FromSchema<typeof ForZone>

export const EndpointHints = object('io.k8s.api.discovery.v1.EndpointHints', 'From where an endpoint should be used.', {
  forNodes: list(ForNode, 'Nodes that should use it, at most eight.', { 'x-kubernetes-list-type': 'atomic' }),
  forZones: list(ForZone, 'Zones that should use it, at most eight.', { 'x-kubernetes-list-type': 'atomic' }),
})
export type EndpointHints = FromSchema<typeof EndpointHints>

export const Endpoint = object(
  'io.k8s.api.discovery.v1.Endpoint',
  'One backend of a Service.',
  {
    addresses: list(string(''), "Addresses of the backend in the form of the slice's addressType; only the first is used.", {
      'x-kubernetes-list-type': 'set',
    }),
    conditions: field(EndpointConditions, 'Whether it is ready, serving or terminating.', { default: {} }),
    deprecatedTopology: map(string(''), 'Labels left over from the v1beta1 version; no longer written.'),
    hints: field(EndpointHints, 'From where it should be used.'),
    hostname: string('Host name for its own DNS record, a DNS label. Unset means no such record.'),
    nodeName: string('Name of the node it runs on.'),
    targetRef: field(ObjectReference, 'The object behind it, mostly a pod.'),
    zone: string('Zone it is in.'),
  },
  ['addresses'],
)
export type Endpoint = FromSchema<typeof Endpoint>

export const EndpointPort = object(
  'io.k8s.api.discovery.v1.EndpointPort',
  'A port all endpoints of a slice have.',
  {
    appProtocol: string('Protocol of the application, such as kubernetes.io/h2c. A hint for those who route.'),
    name: string('Name of the port, the same as in the Service and unique in the slice. May be empty.'),
    port: int32('Number of the port. Unset leaves it to the consumer.'),
    protocol: string('TCP, the default, UDP or SCTP.', { enum: ['SCTP', 'TCP', 'UDP'], default: 'TCP' }),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type EndpointPort = FromSchema<typeof EndpointPort>

export const EndpointSlice = object(
  'io.k8s.api.discovery.v1.EndpointSlice',
  'A part of the backends of a Service. A Service may have several.',
  {
    addressType: string('Form of all addresses in the slice: IPv4, IPv6 or FQDN. It cannot be changed.', {
      enum: ['FQDN', 'IPv4', 'IPv6'],
    }),
    apiVersion: objectHead.apiVersion,
    endpoints: list(Endpoint, 'The backends, at most 1000.', { 'x-kubernetes-list-type': 'atomic' }),
    kind: objectHead.kind,
    metadata: objectHead.metadata,
    ports: list(EndpointPort, 'The ports each of them has. Empty means no ports are defined.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  ['addressType'],
)
export type EndpointSlice = FromSchema<typeof EndpointSlice>
