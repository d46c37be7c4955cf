import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, int64, list, map, object, quantity, string, time } from '../schema.ts'
import {
  AppArmorProfile,
  Container,
  ContainerExtendedResourceRequest,
  ContainerStatus,
  EphemeralContainer,
  ResourceRequirements,
  SELinuxOptions,
  SeccompProfile,
  WindowsSecurityContextOptions,
} from './container.ts'
import { Sysctl } from './core.ts'
import { ObjectMeta } from './meta.ts'
import { NodeAllocatableResourceClaimStatus } from './node.ts'
import { LocalObjectReference } from './reference.ts'
import { LabelSelector, NodeSelector, NodeSelectorTerm, Toleration } from './selector.ts'
import { Volume } from './volume.ts'

export const PreferredSchedulingTerm = object(
  'io.k8s.api.core.v1.PreferredSchedulingTerm',
  '',
  {
    preference: field(NodeSelectorTerm, '', { default: {} }),
    weight: int32(''),
  },
  ['weight', 'preference'],
)
export type PreferredSchedulingTerm = FromSchema<typeof PreferredSchedulingTerm>

export const NodeAffinity = object('io.k8s.api.core.v1.NodeAffinity', '', {
  preferredDuringSchedulingIgnoredDuringExecution: list(PreferredSchedulingTerm, '', { 'x-kubernetes-list-type': 'atomic' }),
  requiredDuringSchedulingIgnoredDuringExecution: field(NodeSelector, ''),
})
export type NodeAffinity = FromSchema<typeof NodeAffinity>

export const PodAffinityTerm = object(
  'io.k8s.api.core.v1.PodAffinityTerm',
  '',
  {
    labelSelector: field(LabelSelector, ''),
    matchLabelKeys: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    mismatchLabelKeys: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    namespaceSelector: field(LabelSelector, ''),
    namespaces: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    topologyKey: string(''),
  },
  ['topologyKey'],
)
export type PodAffinityTerm = FromSchema<typeof PodAffinityTerm>

export const WeightedPodAffinityTerm = object(
  'io.k8s.api.core.v1.WeightedPodAffinityTerm',
  '',
  {
    podAffinityTerm: field(PodAffinityTerm, '', { default: {} }),
    weight: int32(''),
  },
  ['weight', 'podAffinityTerm'],
)
export type WeightedPodAffinityTerm = FromSchema<typeof WeightedPodAffinityTerm>

export const PodAffinity = object('io.k8s.api.core.v1.PodAffinity', '', {
  preferredDuringSchedulingIgnoredDuringExecution: list(WeightedPodAffinityTerm, '', { 'x-kubernetes-list-type': 'atomic' }),
  requiredDuringSchedulingIgnoredDuringExecution: list(PodAffinityTerm, '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type PodAffinity = FromSchema<typeof PodAffinity>

export const PodAntiAffinity = object('io.k8s.api.core.v1.PodAntiAffinity', '', {
  preferredDuringSchedulingIgnoredDuringExecution: list(WeightedPodAffinityTerm, '', { 'x-kubernetes-list-type': 'atomic' }),
  requiredDuringSchedulingIgnoredDuringExecution: list(PodAffinityTerm, '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type PodAntiAffinity = FromSchema<typeof PodAntiAffinity>

export const Affinity = object('io.k8s.api.core.v1.Affinity', '', {
  nodeAffinity: field(NodeAffinity, ''),
  podAffinity: field(PodAffinity, ''),
  podAntiAffinity: field(PodAntiAffinity, ''),
})
export type Affinity = FromSchema<typeof Affinity>

export const PodDNSConfigOption = object('io.k8s.api.core.v1.PodDNSConfigOption', '', {
  name: string(''),
  value: string(''),
})
export type PodDNSConfigOption = FromSchema<typeof PodDNSConfigOption>

export const PodDNSConfig = object('io.k8s.api.core.v1.PodDNSConfig', '', {
  nameservers: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  options: list(PodDNSConfigOption, '', { 'x-kubernetes-list-type': 'atomic' }),
  searches: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type PodDNSConfig = FromSchema<typeof PodDNSConfig>

export const HostAlias = object(
  'io.k8s.api.core.v1.HostAlias',
  '',
  {
    hostnames: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    ip: string(''),
  },
  ['ip'],
)
export type HostAlias = FromSchema<typeof HostAlias>

export const PodOS = object(
  'io.k8s.api.core.v1.PodOS',
  '',
  {
    name: string(''),
  },
  ['name'],
)
export type PodOS = FromSchema<typeof PodOS>

export const PodReadinessGate = object(
  'io.k8s.api.core.v1.PodReadinessGate',
  '',
  {
    conditionType: string(''),
  },
  ['conditionType'],
)
export type PodReadinessGate = FromSchema<typeof PodReadinessGate>

export const PodResourceClaim = object(
  'io.k8s.api.core.v1.PodResourceClaim',
  '',
  {
    name: string(''),
    resourceClaimName: string(''),
    resourceClaimTemplateName: string(''),
  },
  ['name'],
)
export type PodResourceClaim = FromSchema<typeof PodResourceClaim>

export const PodSchedulingGate = object(
  'io.k8s.api.core.v1.PodSchedulingGate',
  '',
  {
    name: string(''),
  },
  ['name'],
)
export type PodSchedulingGate = FromSchema<typeof PodSchedulingGate>

export const PodSchedulingGroup = object(
  'io.k8s.api.core.v1.PodSchedulingGroup',
  '',
  {
    podGroupName: string(''),
  },
  [],
  { 'x-kubernetes-unions': [{ 'fields-to-discriminateBy': { podGroupName: 'PodGroupName' } }] },
)
export type PodSchedulingGroup = FromSchema<typeof PodSchedulingGroup>

export const PodSecurityContext = object('io.k8s.api.core.v1.PodSecurityContext', '', {
  appArmorProfile: field(AppArmorProfile, ''),
  fsGroup: int64(''),
  fsGroupChangePolicy: string('', { enum: ['Always', 'OnRootMismatch'] }),
  runAsGroup: int64(''),
  runAsNonRoot: boolean(''),
  runAsUser: int64(''),
  seLinuxChangePolicy: string(''),
  seLinuxOptions: field(SELinuxOptions, ''),
  seccompProfile: field(SeccompProfile, ''),
  supplementalGroups: list(int64(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  supplementalGroupsPolicy: string('', { enum: ['Merge', 'Strict'] }),
  sysctls: list(Sysctl, '', { 'x-kubernetes-list-type': 'atomic' }),
  windowsOptions: field(WindowsSecurityContextOptions, ''),
})
export type PodSecurityContext = FromSchema<typeof PodSecurityContext>

export const TopologySpreadConstraint = object(
  'io.k8s.api.core.v1.TopologySpreadConstraint',
  '',
  {
    labelSelector: field(LabelSelector, ''),
    matchLabelKeys: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    maxSkew: int32(''),
    minDomains: int32(''),
    nodeAffinityPolicy: string('', { enum: ['Honor', 'Ignore'] }),
    nodeTaintsPolicy: string('', { enum: ['Honor', 'Ignore'] }),
    topologyKey: string(''),
    whenUnsatisfiable: string('', { enum: ['DoNotSchedule', 'ScheduleAnyway'] }),
  },
  ['maxSkew', 'topologyKey', 'whenUnsatisfiable'],
)
export type TopologySpreadConstraint = FromSchema<typeof TopologySpreadConstraint>

export const PodSpec = object(
  'io.k8s.api.core.v1.PodSpec',
  '',
  {
    activeDeadlineSeconds: int64(''),
    affinity: field(Affinity, ''),
    automountServiceAccountToken: boolean(''),
    containers: list(Container, '', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    dnsConfig: field(PodDNSConfig, ''),
    dnsPolicy: string('', { enum: ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'], default: 'ClusterFirst' }),
    enableServiceLinks: boolean(''),
    ephemeralContainers: list(EphemeralContainer, '', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    hostAliases: list(HostAlias, '', {
      'x-kubernetes-list-map-keys': ['ip'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'ip',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    hostIPC: boolean(''),
    hostNetwork: boolean(''),
    hostPID: boolean(''),
    hostUsers: boolean(''),
    hostname: string(''),
    hostnameOverride: string(''),
    imagePullSecrets: list(LocalObjectReference, '', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    initContainers: list(Container, '', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    nodeName: string(''),
    nodeSelector: map(string(''), '', { 'x-kubernetes-map-type': 'atomic' }),
    os: field(PodOS, ''),
    overhead: map(quantity(''), ''),
    preemptionPolicy: string('', { enum: ['Never', 'PreemptLowerPriority'] }),
    priority: int32(''),
    priorityClassName: string(''),
    readinessGates: list(PodReadinessGate, '', { 'x-kubernetes-list-type': 'atomic' }),
    resourceClaims: list(PodResourceClaim, '', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge,retainKeys',
    }),
    resources: field(ResourceRequirements, ''),
    restartPolicy: string('', { enum: ['Always', 'Never', 'OnFailure'], default: 'Always' }),
    runtimeClassName: string(''),
    schedulerName: string('', { default: 'default-scheduler' }),
    schedulingGates: list(PodSchedulingGate, '', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    schedulingGroup: field(PodSchedulingGroup, ''),
    securityContext: field(PodSecurityContext, '', { default: {} }),
    serviceAccount: string(''),
    serviceAccountName: string(''),
    setHostnameAsFQDN: boolean(''),
    shareProcessNamespace: boolean(''),
    subdomain: string(''),
    terminationGracePeriodSeconds: int64('', { default: 30 }),
    tolerations: list(Toleration, '', { 'x-kubernetes-list-type': 'atomic' }),
    topologySpreadConstraints: list(TopologySpreadConstraint, '', {
      'x-kubernetes-list-map-keys': ['topologyKey', 'whenUnsatisfiable'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'topologyKey',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    volumes: list(Volume, '', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge,retainKeys',
    }),
  },
  ['containers'],
)
export type PodSpec = FromSchema<typeof PodSpec>

export const PodTemplateSpec = object('io.k8s.api.core.v1.PodTemplateSpec', '', {
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(PodSpec, '', { default: {} }),
})
export type PodTemplateSpec = FromSchema<typeof PodTemplateSpec>

export const HostIP = object(
  'io.k8s.api.core.v1.HostIP',
  '',
  {
    ip: string(''),
  },
  ['ip'],
)
export type HostIP = FromSchema<typeof HostIP>

export const PodCondition = object(
  'io.k8s.api.core.v1.PodCondition',
  '',
  {
    lastProbeTime: time(''),
    lastTransitionTime: time(''),
    message: string(''),
    observedGeneration: int64(''),
    reason: string(''),
    status: string(''),
    type: string(''),
  },
  ['type', 'status'],
)
export type PodCondition = FromSchema<typeof PodCondition>

export const PodExtendedResourceClaimStatus = object(
  'io.k8s.api.core.v1.PodExtendedResourceClaimStatus',
  '',
  {
    requestMappings: list(ContainerExtendedResourceRequest, '', { 'x-kubernetes-list-type': 'atomic' }),
    resourceClaimName: string(''),
  },
  ['requestMappings', 'resourceClaimName'],
)
export type PodExtendedResourceClaimStatus = FromSchema<typeof PodExtendedResourceClaimStatus>

export const PodIP = object(
  'io.k8s.api.core.v1.PodIP',
  '',
  {
    ip: string(''),
  },
  ['ip'],
)
export type PodIP = FromSchema<typeof PodIP>

export const PodResourceClaimStatus = object(
  'io.k8s.api.core.v1.PodResourceClaimStatus',
  '',
  {
    name: string(''),
    resourceClaimName: string(''),
  },
  ['name'],
)
export type PodResourceClaimStatus = FromSchema<typeof PodResourceClaimStatus>

export const PodStatus = object('io.k8s.api.core.v1.PodStatus', '', {
  allocatedResources: map(quantity(''), ''),
  conditions: list(PodCondition, '', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  containerStatuses: list(ContainerStatus, '', { 'x-kubernetes-list-type': 'atomic' }),
  ephemeralContainerStatuses: list(ContainerStatus, '', { 'x-kubernetes-list-type': 'atomic' }),
  extendedResourceClaimStatus: field(PodExtendedResourceClaimStatus, ''),
  hostIP: string(''),
  hostIPs: list(HostIP, '', {
    'x-kubernetes-list-type': 'atomic',
    'x-kubernetes-patch-merge-key': 'ip',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  initContainerStatuses: list(ContainerStatus, '', { 'x-kubernetes-list-type': 'atomic' }),
  message: string(''),
  nodeAllocatableResourceClaimStatuses: list(NodeAllocatableResourceClaimStatus, '', { 'x-kubernetes-list-type': 'atomic' }),
  nominatedNodeName: string(''),
  observedGeneration: int64(''),
  phase: string('', { enum: ['Failed', 'Pending', 'Running', 'Succeeded', 'Unknown'] }),
  podIP: string(''),
  podIPs: list(PodIP, '', {
    'x-kubernetes-list-map-keys': ['ip'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'ip',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  qosClass: string('', { enum: ['BestEffort', 'Burstable', 'Guaranteed'] }),
  reason: string(''),
  resize: string(''),
  resourceClaimStatuses: list(PodResourceClaimStatus, '', {
    'x-kubernetes-list-map-keys': ['name'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'name',
    'x-kubernetes-patch-strategy': 'merge,retainKeys',
  }),
  resources: field(ResourceRequirements, ''),
  startTime: time(''),
})
export type PodStatus = FromSchema<typeof PodStatus>

export const Pod = object('io.k8s.api.core.v1.Pod', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(PodSpec, '', { default: {} }),
  status: field(PodStatus, '', { default: {} }),
})
export type Pod = FromSchema<typeof Pod>

export const PodTemplate = object('io.k8s.api.core.v1.PodTemplate', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  template: field(PodTemplateSpec, '', { default: {} }),
})
export type PodTemplate = FromSchema<typeof PodTemplate>
