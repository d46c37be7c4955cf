import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, int64, list, map, object, quantity, string, time } from '../schema.ts'
import { ContainerImage } from './container.ts'
import { objectHead } from './meta.ts'
import { Taint } from './selector.ts'

export const AttachedVolume = object(
  'io.k8s.api.core.v1.AttachedVolume',
  'A volume attached to a node.',
  {
    devicePath: string('Path of its device on the node.'),
    name: string('Name of the volume, made of the driver and its handle.'),
  },
  ['name', 'devicePath'],
)
export type AttachedVolume = FromSchema<typeof AttachedVolume>

export const ConfigMapNodeConfigSource = object(
  'io.k8s.api.core.v1.ConfigMapNodeConfigSource',
  'A ConfigMap that once held the configuration of a kubelet. No longer supported.',
  {
    kubeletConfigKey: string('Key that holds the configuration.'),
    name: string('Name of the ConfigMap.'),
    namespace: string('Namespace of the ConfigMap.'),
    resourceVersion: string('Version of the ConfigMap; allowed in status only.'),
    uid: string('UID of the ConfigMap; allowed in status only.'),
  },
  ['namespace', 'name', 'kubeletConfigKey'],
)
export type ConfigMapNodeConfigSource = FromSchema<typeof ConfigMapNodeConfigSource>

export const DaemonEndpoint = object(
  'io.k8s.api.core.v1.DaemonEndpoint',
  'A port of a daemon on the node.',
  {
    Port: int32('Number of the port.'),
  },
  ['Port'],
)
export type DaemonEndpoint = FromSchema<typeof DaemonEndpoint>

export const NodeConfigSource = object(
  'io.k8s.api.core.v1.NodeConfigSource',
  'Where a kubelet once took its configuration from. No longer supported.',
  {
    configMap: field(ConfigMapNodeConfigSource, 'The ConfigMap with the configuration.'),
  },
)
export type NodeConfigSource = FromSchema<typeof NodeConfigSource>

export const NodeSpec = object('io.k8s.api.core.v1.NodeSpec', 'What a node should be like.', {
  configSource: field(NodeConfigSource, 'Former source of the kubelet configuration. No longer supported.'),
  externalID: string('Former identifier of the node. Some kubelets still set it; nothing reads it.'),
  podCIDR: string('Range of addresses for pods of the node; the first of podCIDRs.'),
  podCIDRs: list(string(''), 'Ranges of addresses for pods of the node, at most one per IP family.', {
    'x-kubernetes-list-type': 'set',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  providerID: string('Identifier of the machine at its provider, as provider://id. It cannot be changed once set.'),
  taints: list(Taint, 'Marks that keep away pods which do not tolerate them.', { 'x-kubernetes-list-type': 'atomic' }),
  unschedulable: boolean('If true, no new pods are scheduled here; this is what kubectl cordon sets. False by default.'),
})
export type NodeSpec = FromSchema<typeof NodeSpec>

export const NodeAddress = object(
  'io.k8s.api.core.v1.NodeAddress',
  'An address of a node.',
  {
    address: string('The address or name.'),
    type: string('Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.'),
  },
  ['type', 'address'],
)
export type NodeAddress = FromSchema<typeof NodeAddress>

export const NodeCondition = object(
  'io.k8s.api.core.v1.NodeCondition',
  'One aspect of the state of a node.',
  {
    lastHeartbeatTime: time('When the condition was reported last.'),
    lastTransitionTime: time('When status took its present value.'),
    message: string('Explanation for people.'),
    reason: string('Why the status is as it is, as one CamelCase word.'),
    status: string('True, False or Unknown.'),
    type: string('Ready, MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable or one of somebody else.'),
  },
  ['type', 'status'],
)
export type NodeCondition = FromSchema<typeof NodeCondition>

export const NodeConfigStatus = object(
  'io.k8s.api.core.v1.NodeConfigStatus',
  'State of the former kubelet configuration. No longer supported.',
  {
    active: field(NodeConfigSource, 'The configuration in use.'),
    assigned: field(NodeConfigSource, 'The configuration to be used.'),
    error: string('What went wrong with it.'),
    lastKnownGood: field(NodeConfigSource, 'The configuration to fall back to.'),
  },
)
export type NodeConfigStatus = FromSchema<typeof NodeConfigStatus>

export const NodeDaemonEndpoints = object('io.k8s.api.core.v1.NodeDaemonEndpoints', 'Ports of the daemons on a node.', {
  kubeletEndpoint: field(DaemonEndpoint, 'Port of the kubelet.', { default: {} }),
})
export type NodeDaemonEndpoints = FromSchema<typeof NodeDaemonEndpoints>

export const NodeFeatures = object('io.k8s.api.core.v1.NodeFeatures', 'What the container runtime of a node can do whatever the handler.', {
  supplementalGroupsPolicy: boolean('Whether supplementalGroupsPolicy of pods is honoured.'),
})
export type NodeFeatures = FromSchema<typeof NodeFeatures>

export const NodeSwapStatus = object('io.k8s.api.core.v1.NodeSwapStatus', 'Swap of a node.', {
  capacity: int64('Size of the swap in bytes.'),
})
export type NodeSwapStatus = FromSchema<typeof NodeSwapStatus>

export const NodeSystemInfo = object(
  'io.k8s.api.core.v1.NodeSystemInfo',
  'Identifiers and versions of a node.',
  {
    architecture: string('Architecture of the processor, such as amd64.'),
    bootID: string('Identifier of the present boot.'),
    containerRuntimeVersion: string('Runtime and its version, such as containerd://2.1.4.'),
    kernelVersion: string('Version of the kernel.'),
    kubeProxyVersion: string('Deprecated; formerly the version of kube-proxy.'),
    kubeletVersion: string('Version of the kubelet.'),
    machineID: string('Identifier of the installation, from /etc/machine-id on Linux.'),
    operatingSystem: string('linux or windows.'),
    osImage: string('Name of the distribution, such as Debian GNU/Linux 12 (bookworm).'),
    swap: field(NodeSwapStatus, 'Swap of the node.'),
    systemUUID: string('Identifier of the hardware, from the firmware.'),
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

export const NodeRuntimeHandlerFeatures = object('io.k8s.api.core.v1.NodeRuntimeHandlerFeatures', 'What a runtime handler can do.', {
  recursiveReadOnlyMounts: boolean('Whether mounts can be read-only together with those below.'),
  userNamespaces: boolean('Whether pods can have user namespaces, also with volumes.'),
})
export type NodeRuntimeHandlerFeatures = FromSchema<typeof NodeRuntimeHandlerFeatures>

export const NodeRuntimeHandler = object('io.k8s.api.core.v1.NodeRuntimeHandler', 'A runtime handler of a node.', {
  features: field(NodeRuntimeHandlerFeatures, 'What the handler can do.'),
  name: string('Name of the handler. Empty for the default one.'),
})
export type NodeRuntimeHandler = FromSchema<typeof NodeRuntimeHandler>

export const NodeStatus = object('io.k8s.api.core.v1.NodeStatus', 'What is known of a node. The kubelet reports it.', {
  addresses: list(NodeAddress, 'Addresses the node can be reached at.', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  allocatable: map(quantity(''), 'Resources available for pods: capacity less what is kept for the system.'),
  capacity: map(quantity(''), 'Resources the machine has.'),
  conditions: list(NodeCondition, 'Aspects of the state, one per type.', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  config: field(NodeConfigStatus, 'State of the former kubelet configuration. No longer supported.'),
  daemonEndpoints: field(NodeDaemonEndpoints, 'Ports of the daemons on the node.', { default: {} }),
  declaredFeatures: list(
    string(''),
    'Names of the features the kubelet declares, sorted. The scheduler can compare them with what pods need.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
  features: field(NodeFeatures, 'What the container runtime can do.'),
  images: list(ContainerImage, 'Images present on the node, the largest first and not necessarily all.', {
    'x-kubernetes-list-type': 'atomic',
  }),
  nodeInfo: field(NodeSystemInfo, 'Identifiers and versions.', { default: {} }),
  phase: string('Deprecated and no longer set.', { enum: ['Pending', 'Running', 'Terminated'] }),
  runtimeHandlers: list(NodeRuntimeHandler, 'The runtime handlers there are.', { 'x-kubernetes-list-type': 'atomic' }),
  volumesAttached: list(AttachedVolume, 'Volumes attached to the node.', { 'x-kubernetes-list-type': 'atomic' }),
  volumesInUse: list(string(''), 'Names of attachable volumes in use by the node, which must not be detached yet.', {
    'x-kubernetes-list-type': 'atomic',
  }),
})
export type NodeStatus = FromSchema<typeof NodeStatus>

export const Node = object('io.k8s.api.core.v1.Node', 'A machine that runs pods.', {
  ...objectHead,
  spec: field(NodeSpec, 'The wanted state.', { default: {} }),
  status: field(NodeStatus, 'What is known; written by the system only.', { default: {} }),
})
export type Node = FromSchema<typeof Node>

export const NodeAllocatableResourceClaimStatus = object(
  'io.k8s.api.core.v1.NodeAllocatableResourceClaimStatus',
  'What a device claim takes of the ordinary resources of a node for a pod.',
  {
    containers: list(string(''), 'Names of the containers that use the claim.', { 'x-kubernetes-list-type': 'set' }),
    resourceClaimName: string('Name of the ResourceClaim.'),
    resources: map(quantity(''), 'What it takes, by resource.'),
  },
  ['resourceClaimName', 'resources'],
)
export type NodeAllocatableResourceClaimStatus = FromSchema<typeof NodeAllocatableResourceClaimStatus>
