import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, int64, list, map, object, quantity, string, time } from '../schema.ts'
import { ContainerImage } from './container.ts'
import { ObjectMeta } from './meta.ts'
import { Taint } from './selector.ts'

export const AttachedVolume = object(
  'io.k8s.api.core.v1.AttachedVolume',
  '',
  {
    devicePath: string(''),
    name: string(''),
  },
  ['name', 'devicePath'],
)
export type AttachedVolume = FromSchema<typeof AttachedVolume>

export const ConfigMapNodeConfigSource = object(
  'io.k8s.api.core.v1.ConfigMapNodeConfigSource',
  '',
  {
    kubeletConfigKey: string(''),
    name: string(''),
    namespace: string(''),
    resourceVersion: string(''),
    uid: string(''),
  },
  ['namespace', 'name', 'kubeletConfigKey'],
)
export type ConfigMapNodeConfigSource = FromSchema<typeof ConfigMapNodeConfigSource>

export const DaemonEndpoint = object(
  'io.k8s.api.core.v1.DaemonEndpoint',
  '',
  {
    Port: int32(''),
  },
  ['Port'],
)
export type DaemonEndpoint = FromSchema<typeof DaemonEndpoint>

export const NodeConfigSource = object('io.k8s.api.core.v1.NodeConfigSource', '', {
  configMap: field(ConfigMapNodeConfigSource, ''),
})
export type NodeConfigSource = FromSchema<typeof NodeConfigSource>

export const NodeSpec = object('io.k8s.api.core.v1.NodeSpec', '', {
  configSource: field(NodeConfigSource, ''),
  externalID: string(''),
  podCIDR: string(''),
  podCIDRs: list(string(''), '', { 'x-kubernetes-list-type': 'set', 'x-kubernetes-patch-strategy': 'merge' }),
  providerID: string(''),
  taints: list(Taint, '', { 'x-kubernetes-list-type': 'atomic' }),
  unschedulable: boolean(''),
})
export type NodeSpec = FromSchema<typeof NodeSpec>

export const NodeAddress = object(
  'io.k8s.api.core.v1.NodeAddress',
  '',
  {
    address: string(''),
    type: string(''),
  },
  ['type', 'address'],
)
export type NodeAddress = FromSchema<typeof NodeAddress>

export const NodeCondition = object(
  'io.k8s.api.core.v1.NodeCondition',
  '',
  {
    lastHeartbeatTime: time(''),
    lastTransitionTime: time(''),
    message: string(''),
    reason: string(''),
    status: string(''),
    type: string(''),
  },
  ['type', 'status'],
)
export type NodeCondition = FromSchema<typeof NodeCondition>

export const NodeConfigStatus = object('io.k8s.api.core.v1.NodeConfigStatus', '', {
  active: field(NodeConfigSource, ''),
  assigned: field(NodeConfigSource, ''),
  error: string(''),
  lastKnownGood: field(NodeConfigSource, ''),
})
export type NodeConfigStatus = FromSchema<typeof NodeConfigStatus>

export const NodeDaemonEndpoints = object('io.k8s.api.core.v1.NodeDaemonEndpoints', '', {
  kubeletEndpoint: field(DaemonEndpoint, '', { default: {} }),
})
export type NodeDaemonEndpoints = FromSchema<typeof NodeDaemonEndpoints>

export const NodeFeatures = object('io.k8s.api.core.v1.NodeFeatures', '', {
  supplementalGroupsPolicy: boolean(''),
})
export type NodeFeatures = FromSchema<typeof NodeFeatures>

export const NodeSwapStatus = object('io.k8s.api.core.v1.NodeSwapStatus', '', {
  capacity: int64(''),
})
export type NodeSwapStatus = FromSchema<typeof NodeSwapStatus>

export const NodeSystemInfo = object(
  'io.k8s.api.core.v1.NodeSystemInfo',
  '',
  {
    architecture: string(''),
    bootID: string(''),
    containerRuntimeVersion: string(''),
    kernelVersion: string(''),
    kubeProxyVersion: string(''),
    kubeletVersion: string(''),
    machineID: string(''),
    operatingSystem: string(''),
    osImage: string(''),
    swap: field(NodeSwapStatus, ''),
    systemUUID: string(''),
  },
  [
    'machineID',
    'systemUUID',
    'bootID',
    'kernelVersion',
    'osImage',
    'containerRuntimeVersion',
    'kubeletVersion',
    'kubeProxyVersion',
    'operatingSystem',
    'architecture',
  ],
)
export type NodeSystemInfo = FromSchema<typeof NodeSystemInfo>

export const NodeRuntimeHandlerFeatures = object('io.k8s.api.core.v1.NodeRuntimeHandlerFeatures', '', {
  recursiveReadOnlyMounts: boolean(''),
  userNamespaces: boolean(''),
})
export type NodeRuntimeHandlerFeatures = FromSchema<typeof NodeRuntimeHandlerFeatures>

export const NodeRuntimeHandler = object('io.k8s.api.core.v1.NodeRuntimeHandler', '', {
  features: field(NodeRuntimeHandlerFeatures, ''),
  name: string(''),
})
export type NodeRuntimeHandler = FromSchema<typeof NodeRuntimeHandler>

export const NodeStatus = object('io.k8s.api.core.v1.NodeStatus', '', {
  addresses: list(NodeAddress, '', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  allocatable: map(quantity(''), ''),
  capacity: map(quantity(''), ''),
  conditions: list(NodeCondition, '', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  config: field(NodeConfigStatus, ''),
  daemonEndpoints: field(NodeDaemonEndpoints, '', { default: {} }),
  declaredFeatures: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  features: field(NodeFeatures, ''),
  images: list(ContainerImage, '', { 'x-kubernetes-list-type': 'atomic' }),
  nodeInfo: field(NodeSystemInfo, '', { default: {} }),
  phase: string('', { enum: ['Pending', 'Running', 'Terminated'] }),
  runtimeHandlers: list(NodeRuntimeHandler, '', { 'x-kubernetes-list-type': 'atomic' }),
  volumesAttached: list(AttachedVolume, '', { 'x-kubernetes-list-type': 'atomic' }),
  volumesInUse: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type NodeStatus = FromSchema<typeof NodeStatus>

export const Node = object('io.k8s.api.core.v1.Node', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(NodeSpec, '', { default: {} }),
  status: field(NodeStatus, '', { default: {} }),
})
export type Node = FromSchema<typeof Node>

export const NodeAllocatableResourceClaimStatus = object(
  'io.k8s.api.core.v1.NodeAllocatableResourceClaimStatus',
  '',
  {
    containers: list(string(''), '', { 'x-kubernetes-list-type': 'set' }),
    resourceClaimName: string(''),
    resources: map(quantity(''), ''),
  },
  ['resourceClaimName', 'resources'],
)
export type NodeAllocatableResourceClaimStatus = FromSchema<typeof NodeAllocatableResourceClaimStatus>
