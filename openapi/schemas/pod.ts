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
import { ObjectMeta, objectHead } from './meta.ts'
import { NodeAllocatableResourceClaimStatus } from './node.ts'
import { LocalObjectReference } from './reference.ts'
import { LabelSelector, NodeSelector, NodeSelectorTerm, Toleration } from './selector.ts'
import { Volume } from './volume.ts'

export const PreferredSchedulingTerm = object(
  'io.k8s.api.core.v1.PreferredSchedulingTerm',
  'A wish for certain nodes, with its weight.',
  {
    preference: field(NodeSelectorTerm, 'The nodes to prefer. An empty term matches every node.', { default: {} }),
    weight: int32('How much a matching node gains, from 1 to 100.'),
  },
  ['weight', 'preference'],
)
export type PreferredSchedulingTerm = FromSchema<typeof PreferredSchedulingTerm>

export const NodeAffinity = object('io.k8s.api.core.v1.NodeAffinity', 'Which nodes a pod wants to run on.', {
  preferredDuringSchedulingIgnoredDuringExecution: list(
    PreferredSchedulingTerm,
    'Wishes: the weights of those a node matches are summed, and high sums win. They have no effect once the pod runs.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
  requiredDuringSchedulingIgnoredDuringExecution: field(
    NodeSelector,
    'Demands: the pod goes to no other node. They have no effect once the pod runs.',
  ),
})
export type NodeAffinity = FromSchema<typeof NodeAffinity>

export const PodAffinityTerm = object(
  'io.k8s.api.core.v1.PodAffinityTerm',
  'Other pods, and the kind of place that is to be shared with them or not.',
  {
    labelSelector: field(LabelSelector, 'Labels of the other pods. Unset matches none.'),
    matchLabelKeys: list(
      string(''),
      'Keys of labels whose values must be as in this pod. They may not be in labelSelector too, and need it.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    mismatchLabelKeys: list(
      string(''),
      'Keys of labels whose values must differ from this pod. They may not be in labelSelector too, and need it.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    namespaceSelector: field(
      LabelSelector,
      'Labels of the namespaces to look in, added to namespaces. An empty selector means all of them.',
    ),
    namespaces: list(string(''), 'Names of the namespaces to look in. If this and namespaceSelector are unset, the one of the pod.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    topologyKey: string('Label of nodes that makes a place: nodes with the same value are the same place. Must not be empty.'),
  },
  ['topologyKey'],
)
export type PodAffinityTerm = FromSchema<typeof PodAffinityTerm>

export const WeightedPodAffinityTerm = object(
  'io.k8s.api.core.v1.WeightedPodAffinityTerm',
  'A wish for or against the company of other pods, with its weight.',
  {
    podAffinityTerm: field(PodAffinityTerm, 'The other pods and the kind of place.', { default: {} }),
    weight: int32('How much a matching node gains or, for anti-affinity, loses, from 1 to 100.'),
  },
  ['weight', 'podAffinityTerm'],
)
export type WeightedPodAffinityTerm = FromSchema<typeof WeightedPodAffinityTerm>

export const PodAffinity = object('io.k8s.api.core.v1.PodAffinity', 'Which pods a pod wants to be near to.', {
  preferredDuringSchedulingIgnoredDuringExecution: list(
    WeightedPodAffinityTerm,
    'Wishes: the weights of those a node matches are summed, and high sums win. They have no effect once the pod runs.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
  requiredDuringSchedulingIgnoredDuringExecution: list(
    PodAffinityTerm,
    'Demands, all of which must hold. They have no effect once the pod runs.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
})
export type PodAffinity = FromSchema<typeof PodAffinity>

export const PodAntiAffinity = object('io.k8s.api.core.v1.PodAntiAffinity', 'Which pods a pod wants to be apart from.', {
  preferredDuringSchedulingIgnoredDuringExecution: list(
    WeightedPodAffinityTerm,
    'Wishes: the weights of those a node violates are summed, and low sums win. They have no effect once the pod runs.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
  requiredDuringSchedulingIgnoredDuringExecution: list(
    PodAffinityTerm,
    'Demands, all of which must hold. They have no effect once the pod runs.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
})
export type PodAntiAffinity = FromSchema<typeof PodAntiAffinity>

export const Affinity = object('io.k8s.api.core.v1.Affinity', 'Where a pod wants to run, by nodes and by other pods.', {
  nodeAffinity: field(NodeAffinity, 'Which nodes it wants.'),
  podAffinity: field(PodAffinity, 'Which pods it wants to be near to.'),
  podAntiAffinity: field(PodAntiAffinity, 'Which pods it wants to be apart from.'),
})
export type Affinity = FromSchema<typeof Affinity>

export const PodDNSConfigOption = object('io.k8s.api.core.v1.PodDNSConfigOption', 'An option of the resolver.', {
  name: string('Name of the option, such as ndots.'),
  value: string('Value of the option, if it takes one.'),
})
export type PodDNSConfigOption = FromSchema<typeof PodDNSConfigOption>

export const PodDNSConfig = object('io.k8s.api.core.v1.PodDNSConfig', 'Settings of the resolver, added to what dnsPolicy gives.', {
  nameservers: list(string(''), 'Addresses of name servers, at most three in all. Duplicates are dropped.', {
    'x-kubernetes-list-type': 'atomic',
  }),
  options: list(PodDNSConfigOption, 'Options of the resolver. They replace those of the same name.', {
    'x-kubernetes-list-type': 'atomic',
  }),
  searches: list(string(''), 'Search domains for short names, at most 32 in all. Duplicates are dropped.', {
    'x-kubernetes-list-type': 'atomic',
  }),
})
export type PodDNSConfig = FromSchema<typeof PodDNSConfig>

export const HostAlias = object(
  'io.k8s.api.core.v1.HostAlias',
  'Lines for the hosts file of a pod.',
  {
    hostnames: list(string(''), 'Names for the address.', { 'x-kubernetes-list-type': 'atomic' }),
    ip: string('The address.'),
  },
  ['ip'],
)
export type HostAlias = FromSchema<typeof HostAlias>

export const PodOS = object(
  'io.k8s.api.core.v1.PodOS',
  'The operating system of a pod.',
  {
    name: string('linux or windows.'),
  },
  ['name'],
)
export type PodOS = FromSchema<typeof PodOS>

export const PodReadinessGate = object(
  'io.k8s.api.core.v1.PodReadinessGate',
  'A condition of the pod that must be true for it to be ready.',
  {
    conditionType: string('Type of the condition. One that is missing counts as false.'),
  },
  ['conditionType'],
)
export type PodReadinessGate = FromSchema<typeof PodReadinessGate>

export const PodResourceClaim = object(
  'io.k8s.api.core.v1.PodResourceClaim',
  'A claim for devices that containers of the pod can use. Exactly one of the two names is set.',
  {
    name: string('Name of this entry, unique in the pod, a DNS label. Containers refer to it.'),
    resourceClaimName: string('Name of a ResourceClaim in the namespace of the pod.'),
    resourceClaimTemplateName: string('Name of a ResourceClaimTemplate from which a claim is made for this pod alone.'),
  },
  ['name'],
)
export type PodResourceClaim = FromSchema<typeof PodResourceClaim>

export const PodSchedulingGate = object(
  'io.k8s.api.core.v1.PodSchedulingGate',
  'Something a pod waits for before it is scheduled.',
  {
    name: string('Name of the gate, unique in the pod.'),
  },
  ['name'],
)
export type PodSchedulingGate = FromSchema<typeof PodSchedulingGate>

export const PodSchedulingGroup = object(
  'io.k8s.api.core.v1.PodSchedulingGroup',
  'The group a pod is scheduled with.',
  {
    podGroupName: string('Name of the PodGroup in the namespace of the pod. It cannot be changed.'),
  },
  [],
  { 'x-kubernetes-unions': [{ 'fields-to-discriminateBy': { podGroupName: 'PodGroupName' } }] },
)
export type PodSchedulingGroup = FromSchema<typeof PodSchedulingGroup>

export const PodSecurityContext = object(
  'io.k8s.api.core.v1.PodSecurityContext',
  'Privileges of all containers of a pod. What a container says itself wins.',
  {
    appArmorProfile: field(AppArmorProfile, 'AppArmor profile of the containers. Linux only.'),
    fsGroup: int64(
      'Group that owns the volumes that support it, and that every container process is in. Unset leaves volumes as they are. Linux only.',
    ),
    fsGroupChangePolicy: string(
      'When to change the owner of a volume: Always, the default, or OnRootMismatch, only if its root has another one. Linux only.',
      { enum: ['Always', 'OnRootMismatch'] },
    ),
    runAsGroup: int64('Group id of the main processes. Unset takes that of the runtime. Linux only.'),
    runAsNonRoot: boolean('If true, the kubelet refuses to start a container as user 0.'),
    runAsUser: int64('User id of the main processes. Unset takes that of the image. Linux only.'),
    seLinuxChangePolicy: string(
      'How volumes get the SELinux label: MountOption at the mount where possible, the default for suitable volumes, or Recursive file by file. Linux only.',
    ),
    seLinuxOptions: field(SELinuxOptions, 'SELinux label of the containers. Unset takes a random one by the runtime for each. Linux only.'),
    seccompProfile: field(SeccompProfile, 'Allowed system calls. Linux only.'),
    supplementalGroups: list(int64(''), 'Further groups of the main processes. Linux only.', { 'x-kubernetes-list-type': 'atomic' }),
    supplementalGroupsPolicy: string('Merge, the default, adds the groups the image lists for the user; Strict does not. Linux only.', {
      enum: ['Merge', 'Strict'],
    }),
    sysctls: list(Sysctl, 'Kernel parameters for the namespaces of the pod. Linux only.', { 'x-kubernetes-list-type': 'atomic' }),
    windowsOptions: field(WindowsSecurityContextOptions, 'Settings for Windows only.'),
  },
)
export type PodSecurityContext = FromSchema<typeof PodSecurityContext>

export const TopologySpreadConstraint = object(
  'io.k8s.api.core.v1.TopologySpreadConstraint',
  'How evenly like pods should be spread over places.',
  {
    labelSelector: field(LabelSelector, 'Labels of the pods that are counted.'),
    matchLabelKeys: list(
      string(''),
      'Keys of labels whose values must be as in this pod for another to be counted. They may not be in labelSelector too, and need it.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    maxSkew: int32('By how many pods a place may exceed the one with the fewest. At least 1.'),
    minDomains: int32('How many places there must be; with fewer, the lowest count is taken as 0. 1 if unset; only with DoNotSchedule.'),
    nodeAffinityPolicy: string(
      "Honor, the default, counts only nodes that the pod's nodeSelector and nodeAffinity allow; Ignore counts all.",
      { enum: ['Honor', 'Ignore'] },
    ),
    nodeTaintsPolicy: string('Honor counts only nodes whose taints the pod tolerates; Ignore, the default, counts all.', {
      enum: ['Honor', 'Ignore'],
    }),
    topologyKey: string('Label of nodes that makes a place: nodes with the same value are the same place.'),
    whenUnsatisfiable: string('DoNotSchedule leaves the pod waiting, ScheduleAnyway only prefers places that even things out.', {
      enum: ['DoNotSchedule', 'ScheduleAnyway'],
    }),
  },
  ['maxSkew', 'topologyKey', 'whenUnsatisfiable'],
)
export type TopologySpreadConstraint = FromSchema<typeof TopologySpreadConstraint>

export const PodSpec = object(
  'io.k8s.api.core.v1.PodSpec',
  'What a pod should look like. Most of it cannot be changed later.',
  {
    activeDeadlineSeconds: int64(
      'Seconds after the start of the pod on its node until it is ended and failed. At least 1; unset means no deadline.',
    ),
    affinity: field(Affinity, 'Where the pod wants to run.'),
    automountServiceAccountToken: boolean('Whether a token of the service account is mounted. Unset takes the setting of the account.'),
    containers: list(Container, 'The containers, at least one. None can be added or removed later.', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    dnsConfig: field(PodDNSConfig, 'Settings of the resolver, added to those of dnsPolicy.'),
    dnsPolicy: string(
      'ClusterFirst, the default, asks the cluster; ClusterFirstWithHostNet does so with hostNetwork too; Default does as the node; None takes dnsConfig alone.',
      { enum: ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'], default: 'ClusterFirst' },
    ),
    enableServiceLinks: boolean('Whether Services appear as environment variables. True by default.'),
    ephemeralContainers: list(
      EphemeralContainer,
      'Containers for inspection. They cannot be given at creation, only added through the ephemeralcontainers subresource.',
      {
        'x-kubernetes-list-map-keys': ['name'],
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-patch-merge-key': 'name',
        'x-kubernetes-patch-strategy': 'merge',
      },
    ),
    hostAliases: list(HostAlias, 'Lines added to the hosts file of the containers.', {
      'x-kubernetes-list-map-keys': ['ip'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'ip',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    hostIPC: boolean('If true, shares the IPC namespace of the node. False by default.'),
    hostNetwork: boolean('If true, uses the network of the node, its address and ports. False by default.'),
    hostPID: boolean('If true, shares the process namespace of the node. False by default.'),
    hostUsers: boolean(
      'Whether users are those of the node. True by default; false gives the pod a user namespace of its own, which hostNetwork, hostPID and hostIPC exclude.',
    ),
    hostname: string('Host name of the pod. Unset takes its name.'),
    hostnameOverride: string(
      'Host name the containers see, at most 64 characters with dots allowed; wins over hostname and subdomain, and leaves DNS alone. Not with hostNetwork or setHostnameAsFQDN.',
    ),
    imagePullSecrets: list(LocalObjectReference, 'Secrets in the namespace of the pod for pulling its images.', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    initContainers: list(
      Container,
      'Containers run before the others, one after the other, each to success. One with restartPolicy Always stays and need only have started.',
      {
        'x-kubernetes-list-map-keys': ['name'],
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-patch-merge-key': 'name',
        'x-kubernetes-patch-strategy': 'merge',
      },
    ),
    nodeName: string('The node the pod is on. Set by the scheduler; set at creation it bypasses the scheduler.'),
    nodeSelector: map(string(''), 'Labels a node must carry for the pod to go there.', { 'x-kubernetes-map-type': 'atomic' }),
    os: field(PodOS, 'The operating system the pod needs. It rules out fields of the other one.'),
    overhead: map(quantity(''), 'Resources the pod needs beyond its containers. Filled in from the runtime class.'),
    preemptionPolicy: string('PreemptLowerPriority, the default, may evict pods of lower priority to make room; Never waits.', {
      enum: ['Never', 'PreemptLowerPriority'],
    }),
    priority: int32('Priority as a number, higher is more important. Filled in from priorityClassName.'),
    priorityClassName: string('Name of the PriorityClass. Unset takes the default class, or else means priority 0.'),
    readinessGates: list(PodReadinessGate, 'Conditions that must be true beside ready containers for the pod to be ready.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    resourceClaims: list(PodResourceClaim, 'Claims for devices that must be allocated before the pod starts.', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge,retainKeys',
    }),
    resources: field(ResourceRequirements, 'Requests and limits for the pod as a whole, for cpu, memory and huge pages.'),
    restartPolicy: string(
      'Which containers are restarted when they end: Always, the default, all; OnFailure those that failed; Never none.',
      { enum: ['Always', 'Never', 'OnFailure'], default: 'Always' },
    ),
    runtimeClassName: string('Name of the RuntimeClass to run the pod with. Unset takes the default runtime.'),
    schedulerName: string('Who schedules the pod. default-scheduler if unset.', { default: 'default-scheduler' }),
    schedulingGates: list(
      PodSchedulingGate,
      'What must be removed from this list before the pod is scheduled. Can only be given at creation.',
      {
        'x-kubernetes-list-map-keys': ['name'],
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-patch-merge-key': 'name',
        'x-kubernetes-patch-strategy': 'merge',
      },
    ),
    schedulingGroup: field(PodSchedulingGroup, 'The group of pods this one is scheduled with.'),
    securityContext: field(PodSecurityContext, 'Privileges of all containers. Empty by default.', { default: {} }),
    serviceAccount: string('Deprecated alias of serviceAccountName.'),
    serviceAccountName: string('Name of the ServiceAccount the pod acts as. default if unset.'),
    setHostnameAsFQDN: boolean(
      'If true, the host name is the full DNS name instead of the short one. No effect without a DNS name; false by default.',
    ),
    shareProcessNamespace: boolean(
      "If true, the containers see each other's processes, and the first process is not theirs. Not with hostPID; false by default.",
    ),
    subdomain: string(
      'Makes the full host name hostname.subdomain.namespace.svc and the cluster domain; a headless Service of this name publishes it in DNS.',
    ),
    terminationGracePeriodSeconds: int64('Seconds between the stop signal and the kill, not negative; 0 kills at once. 30 by default.', {
      default: 30,
    }),
    tolerations: list(Toleration, 'Taints of nodes the pod puts up with.', { 'x-kubernetes-list-type': 'atomic' }),
    topologySpreadConstraints: list(TopologySpreadConstraint, 'How pods like this one should be spread. All constraints count together.', {
      'x-kubernetes-list-map-keys': ['topologyKey', 'whenUnsatisfiable'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'topologyKey',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    volumes: list(Volume, 'Volumes that containers can mount.', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge,retainKeys',
    }),
  },
  ['containers'],
)
export type PodSpec = FromSchema<typeof PodSpec>

export const PodTemplateSpec = object('io.k8s.api.core.v1.PodTemplateSpec', 'The pod a controller makes.', {
  metadata: field(ObjectMeta, 'Labels and annotations of the pods. Name and namespace come from the controller.', { default: {} }),
  spec: field(PodSpec, 'The spec of the pods.', { default: {} }),
})
export type PodTemplateSpec = FromSchema<typeof PodTemplateSpec>

export const HostIP = object(
  'io.k8s.api.core.v1.HostIP',
  'An address of the node.',
  {
    ip: string('The address.'),
  },
  ['ip'],
)
export type HostIP = FromSchema<typeof HostIP>

export const PodCondition = object(
  'io.k8s.api.core.v1.PodCondition',
  'One aspect of the state of a pod.',
  {
    lastProbeTime: time('When the condition was checked last.'),
    lastTransitionTime: time('When status took its present value.'),
    message: string('Explanation for people.'),
    observedGeneration: int64('The metadata.generation of the pod the condition was derived from.'),
    reason: string('Why the status is as it is, as one CamelCase word.'),
    status: string('True, False or Unknown.'),
    type: string(
      'Name of the condition, such as PodScheduled, Initialized, ContainersReady, Ready or DisruptionTarget, or one of a readiness gate.',
    ),
  },
  ['type', 'status'],
)
export type PodCondition = FromSchema<typeof PodCondition>

export const PodExtendedResourceClaimStatus = object(
  'io.k8s.api.core.v1.PodExtendedResourceClaimStatus',
  'The device claim made for the extended resources of a pod.',
  {
    requestMappings: list(ContainerExtendedResourceRequest, 'Which request stands for which resource of which container.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    resourceClaimName: string('Name of the ResourceClaim made for the pod.'),
  },
  ['requestMappings', 'resourceClaimName'],
)
export type PodExtendedResourceClaimStatus = FromSchema<typeof PodExtendedResourceClaimStatus>

export const PodIP = object(
  'io.k8s.api.core.v1.PodIP',
  'An address of the pod.',
  {
    ip: string('The address.'),
  },
  ['ip'],
)
export type PodIP = FromSchema<typeof PodIP>

export const PodResourceClaimStatus = object(
  'io.k8s.api.core.v1.PodResourceClaimStatus',
  'The ResourceClaim behind an entry of spec.resourceClaims.',
  {
    name: string('Name of the entry.'),
    resourceClaimName: string('Name of the claim made from the template. Unset if none was needed.'),
  },
  ['name'],
)
export type PodResourceClaimStatus = FromSchema<typeof PodResourceClaimStatus>

export const PodStatus = object('io.k8s.api.core.v1.PodStatus', 'What the kubelet last reported of a pod. It may lag behind.', {
  allocatedResources: map(quantity(''), 'Requests the node has granted to the pod as a whole.'),
  conditions: list(PodCondition, 'Aspects of the state, one per type.', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  containerStatuses: list(ContainerStatus, 'State of the containers, one entry each.', { 'x-kubernetes-list-type': 'atomic' }),
  ephemeralContainerStatuses: list(ContainerStatus, 'State of the ephemeral containers.', { 'x-kubernetes-list-type': 'atomic' }),
  extendedResourceClaimStatus: field(PodExtendedResourceClaimStatus, 'The device claim behind extended resources. Unset if there is none.'),
  hostIP: string('Address of the node the pod is on. Set once it has been scheduled and the kubelet has taken it.'),
  hostIPs: list(HostIP, 'Addresses of the node, at most one per IP family; the first is hostIP.', {
    'x-kubernetes-list-type': 'atomic',
    'x-kubernetes-patch-merge-key': 'ip',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  initContainerStatuses: list(ContainerStatus, 'State of the init containers, in their order.', { 'x-kubernetes-list-type': 'atomic' }),
  message: string('Why the pod is in this state, in words for people.'),
  nodeAllocatableResourceClaimStatuses: list(
    NodeAllocatableResourceClaimStatus,
    'What device claims take of the cpu, memory and the like that the node has to give.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
  nominatedNodeName: string('Node where room is being made for the pod. It may yet end up elsewhere.'),
  observedGeneration: int64('The metadata.generation of the pod the kubelet has acted on.'),
  phase: string(
    'Pending until all containers are set up; Running; Succeeded when all ended well and stay ended; Failed when all ended and one badly; Unknown is no longer used.',
    { enum: ['Failed', 'Pending', 'Running', 'Succeeded', 'Unknown'] },
  ),
  podIP: string('Address of the pod. Empty until it has one.'),
  podIPs: list(PodIP, 'Addresses of the pod, at most one per IP family; the first is podIP.', {
    'x-kubernetes-list-map-keys': ['ip'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'ip',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  qosClass: string(
    'Guaranteed if every container has equal requests and limits for cpu and memory, BestEffort if none has any, else Burstable. Fixed at creation.',
    { enum: ['BestEffort', 'Burstable', 'Guaranteed'] },
  ),
  reason: string('Why the pod is in this state, as one word such as Evicted.'),
  resize: string('Deprecated: how far a resize has come. Replaced by the conditions PodResizePending and PodResizeInProgress.'),
  resourceClaimStatuses: list(PodResourceClaimStatus, 'The ResourceClaims behind the entries of spec.resourceClaims.', {
    'x-kubernetes-list-map-keys': ['name'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'name',
    'x-kubernetes-patch-strategy': 'merge,retainKeys',
  }),
  resources: field(ResourceRequirements, 'Requests and limits of the pod as a whole that are in force now.'),
  startTime: time('When the kubelet took the pod, before it pulled any image.'),
})
export type PodStatus = FromSchema<typeof PodStatus>

export const Pod = object('io.k8s.api.core.v1.Pod', 'Containers that run together on one node and share network and volumes.', {
  ...objectHead,
  spec: field(PodSpec, 'The wanted state.', { default: {} }),
  status: field(PodStatus, 'The state as reported last; written by the system only.', { default: {} }),
})
export type Pod = FromSchema<typeof Pod>

export const PodTemplate = object('io.k8s.api.core.v1.PodTemplate', 'A pod to copy, stored by itself.', {
  ...objectHead,
  template: field(PodTemplateSpec, 'The pod.', { default: {} }),
})
export type PodTemplate = FromSchema<typeof PodTemplate>
