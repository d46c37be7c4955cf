import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, list, map, object, string } from '../schema.ts'
import { ObjectMeta } from './meta.ts'
import { ObjectReference } from './reference.ts'

export const EndpointConditions = object('io.k8s.api.discovery.v1.EndpointConditions', '', {
  ready: boolean(''),
  serving: boolean(''),
  terminating: boolean(''),
})
export type EndpointConditions = FromSchema<typeof EndpointConditions>

export const ForNode = object(
  'io.k8s.api.discovery.v1.ForNode',
  '',
  {
    name: string(''),
  },
  ['name'],
)
export type ForNode = FromSchema<typeof ForNode>

export const ForZone = object(
  'io.k8s.api.discovery.v1.ForZone',
  '',
  {
    name: string(''),
  },
  ['name'],
)
export type ForZone = FromSchema<typeof ForZone>

export const EndpointHints = object('io.k8s.api.discovery.v1.EndpointHints', '', {
  forNodes: list(ForNode, '', { 'x-kubernetes-list-type': 'atomic' }),
  forZones: list(ForZone, '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type EndpointHints = FromSchema<typeof EndpointHints>

export const Endpoint = object(
  'io.k8s.api.discovery.v1.Endpoint',
  '',
  {
    addresses: list(string(''), '', { 'x-kubernetes-list-type': 'set' }),
    conditions: field(EndpointConditions, '', { default: {} }),
    deprecatedTopology: map(string(''), ''),
    hints: field(EndpointHints, ''),
    hostname: string(''),
    nodeName: string(''),
    targetRef: field(ObjectReference, ''),
    zone: string(''),
  },
  ['addresses'],
)
export type Endpoint = FromSchema<typeof Endpoint>

export const EndpointPort = object(
  'io.k8s.api.discovery.v1.EndpointPort',
  '',
  {
    appProtocol: string(''),
    name: string(''),
    port: int32(''),
    protocol: string('', { enum: ['SCTP', 'TCP', 'UDP'], default: 'TCP' }),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type EndpointPort = FromSchema<typeof EndpointPort>

export const EndpointSlice = object(
  'io.k8s.api.discovery.v1.EndpointSlice',
  '',
  {
    addressType: string('', { enum: ['FQDN', 'IPv4', 'IPv6'] }),
    apiVersion: string(''),
    endpoints: list(Endpoint, '', { 'x-kubernetes-list-type': 'atomic' }),
    kind: string(''),
    metadata: field(ObjectMeta, '', { default: {} }),
    ports: list(EndpointPort, '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['addressType'],
)
export type EndpointSlice = FromSchema<typeof EndpointSlice>
