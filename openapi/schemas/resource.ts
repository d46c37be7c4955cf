import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int64, list, map, object, quantity, rawJson, string, time } from '../schema.ts'
import { Condition, ObjectMeta, objectHead } from './meta.ts'
import { NodeSelector } from './selector.ts'

export const OpaqueDeviceConfiguration = object(
  'io.k8s.api.resource.v1.OpaqueDeviceConfiguration',
  'Parameters that only a driver understands.',
  {
    driver: string('The driver they are for, by its DNS name.'),
    parameters: rawJson('The parameters, as an object of any form. Drivers should expect apiVersion and kind in it. At most 10 KiB.'),
  },
  ['driver', 'parameters'],
)
export type OpaqueDeviceConfiguration = FromSchema<typeof OpaqueDeviceConfiguration>

export const DeviceClassConfiguration = object(
  'io.k8s.api.resource.v1.DeviceClassConfiguration',
  'Configuration that devices of a class get.',
  {
    opaque: field(OpaqueDeviceConfiguration, 'Parameters for one driver.'),
  },
)
export type DeviceClassConfiguration = FromSchema<typeof DeviceClassConfiguration>

export const CELDeviceSelector = object(
  'io.k8s.api.resource.v1.CELDeviceSelector',
  'Chooses devices by an expression.',
  {
    expression: string(
      'A CEL expression over `device` (its driver, attributes, capacity and whether it may be allocated several times) that is true for devices that fit. At most 10 KiB.',
    ),
  },
  ['expression'],
)
export type CELDeviceSelector = FromSchema<typeof CELDeviceSelector>

export const DeviceSelector = object(
  'io.k8s.api.resource.v1.DeviceSelector',
  'A rule that a device must satisfy. Exactly one field is set.',
  {
    cel: field(CELDeviceSelector, 'A rule as a CEL expression.'),
  },
)
export type DeviceSelector = FromSchema<typeof DeviceSelector>

export const DeviceClassSpec = object('io.k8s.api.resource.v1.DeviceClassSpec', 'What the devices of a class are.', {
  config: list(DeviceClassConfiguration, 'Configuration that applies to each device that is claimed through the class.', {
    'x-kubernetes-list-type': 'atomic',
  }),
  extendedResourceName: string(
    'Extended resource that the devices of this class stand for in requests of containers. Only one class may have the name.',
  ),
  selectors: list(DeviceSelector, 'Rules that a device must satisfy, all of them.', { 'x-kubernetes-list-type': 'atomic' }),
})
export type DeviceClassSpec = FromSchema<typeof DeviceClassSpec>

export const DeviceClass = object(
  'io.k8s.api.resource.v1.DeviceClass',
  'A class of devices that administrators prepare and claims ask for by name.',
  {
    ...objectHead,
    spec: field(DeviceClassSpec, 'What the devices are and how they are configured.', { default: {} }),
  },
  ['spec'],
)
export type DeviceClass = FromSchema<typeof DeviceClass>

export const DeviceClaimConfiguration = object('io.k8s.api.resource.v1.DeviceClaimConfiguration', 'Configuration that a claim brings.', {
  opaque: field(OpaqueDeviceConfiguration, 'Parameters for one driver.'),
  requests: list(string(''), 'Requests it is for, by name or as request/subrequest. None means all.', {
    'x-kubernetes-list-type': 'atomic',
  }),
})
export type DeviceClaimConfiguration = FromSchema<typeof DeviceClaimConfiguration>

export const DeviceConstraint = object('io.k8s.api.resource.v1.DeviceConstraint', 'A rule about several devices together.', {
  distinctAttribute: string('Attribute that must differ between all of them.'),
  matchAttribute: string('Attribute that must have the same value in all of them. A device without it does not fit.'),
  requests: list(string(''), 'Requests whose devices are meant, by name or as request/subrequest. None means all.', {
    'x-kubernetes-list-type': 'atomic',
  }),
})
export type DeviceConstraint = FromSchema<typeof DeviceConstraint>

export const CapacityRequirements = object(
  'io.k8s.api.resource.v1.CapacityRequirements',
  'How much of the capacities of a device is wanted.',
  {
    requests: map(
      quantity(''),
      'Amount of each capacity, by its name. A capacity that is not named is taken as its policy says, or whole.',
    ),
  },
)
export type CapacityRequirements = FromSchema<typeof CapacityRequirements>

export const DeviceToleration = object(
  'io.k8s.api.resource.v1.DeviceToleration',
  'Lets devices with a matching taint be allocated and kept.',
  {
    effect: string('Effect of the taints that are tolerated. Empty means all.', { enum: ['NoExecute', 'NoSchedule', 'None'] }),
    key: string('Key of the taints that are tolerated. Empty means all, and the operator must be Exists then.'),
    operator: string('How the value is compared: Equal (default), or Exists, which takes any value.', {
      enum: ['Equal', 'Exists'],
      default: 'Equal',
    }),
    tolerationSeconds: int64('How long a taint with effect NoExecute is tolerated. None means for ever; zero or less ends it at once.'),
    value: string('Value of the taint. Must be empty with Exists.'),
  },
)
export type DeviceToleration = FromSchema<typeof DeviceToleration>

export const ExactDeviceRequest = object(
  'io.k8s.api.resource.v1.ExactDeviceRequest',
  'A request for devices of one class.',
  {
    adminAccess: boolean(
      'Whether access for administrators is asked for, which ignores that a device is in use. The namespace must be labelled for it.',
    ),
    allocationMode: string('ExactCount (default) for a certain number of devices, All for every one that fits.', {
      enum: ['All', 'ExactCount'],
    }),
    capacity: field(CapacityRequirements, 'How much of a shared device is wanted.'),
    count: int64('How many, with ExactCount. Left out it is one.'),
    deviceClassName: string('The DeviceClass, which may bring rules and configuration of its own.'),
    selectors: list(DeviceSelector, 'Rules that a device must satisfy besides those of the class.', { 'x-kubernetes-list-type': 'atomic' }),
    tolerations: list(DeviceToleration, 'Taints of devices that are tolerated.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['deviceClassName'],
)
export type ExactDeviceRequest = FromSchema<typeof ExactDeviceRequest>

export const DeviceSubRequest = object(
  'io.k8s.api.resource.v1.DeviceSubRequest',
  'One of several alternatives of a request.',
  {
    allocationMode: string('ExactCount (default) for a certain number of devices, All for every one that fits.', {
      enum: ['All', 'ExactCount'],
    }),
    capacity: field(CapacityRequirements, 'How much of a shared device is wanted.'),
    count: int64('How many, with ExactCount. Left out it is one.'),
    deviceClassName: string('The DeviceClass of this alternative.'),
    name: string('Name of the alternative, by which constraints and configuration refer to it.'),
    selectors: list(DeviceSelector, 'Rules that a device must satisfy besides those of the class.', { 'x-kubernetes-list-type': 'atomic' }),
    tolerations: list(DeviceToleration, 'Taints of devices that are tolerated.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['name', 'deviceClassName'],
)
export type DeviceSubRequest = FromSchema<typeof DeviceSubRequest>

export const DeviceRequest = object(
  'io.k8s.api.resource.v1.DeviceRequest',
  'A request for devices: exactly one kind, or the first of several that can be had.',
  {
    exactly: field(ExactDeviceRequest, 'The devices that are wanted. Not beside firstAvailable.'),
    firstAvailable: list(DeviceSubRequest, 'Alternatives in order of preference. Not beside exactly.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    name: string('Name of the request, by which containers, constraints and configuration refer to it. A DNS label.'),
  },
  ['name'],
)
export type DeviceRequest = FromSchema<typeof DeviceRequest>

export const DeviceClaim = object('io.k8s.api.resource.v1.DeviceClaim', 'The devices that a claim asks for.', {
  config: list(DeviceClaimConfiguration, 'Configuration for the drivers of the devices.', { 'x-kubernetes-list-type': 'atomic' }),
  constraints: list(DeviceConstraint, 'Rules about several devices together.', { 'x-kubernetes-list-type': 'atomic' }),
  requests: list(DeviceRequest, 'The requests, each for one or more devices. None means that there is nothing to allocate.', {
    'x-kubernetes-list-type': 'atomic',
  }),
})
export type DeviceClaim = FromSchema<typeof DeviceClaim>

export const ResourceClaimSpec = object('io.k8s.api.resource.v1.ResourceClaimSpec', 'What is claimed. Cannot be changed.', {
  devices: field(DeviceClaim, 'The devices that are asked for.', { default: {} }),
})
export type ResourceClaimSpec = FromSchema<typeof ResourceClaimSpec>

export const DeviceAllocationConfiguration = object(
  'io.k8s.api.resource.v1.DeviceAllocationConfiguration',
  'Configuration of an allocation, with its source.',
  {
    opaque: field(OpaqueDeviceConfiguration, 'Parameters for one driver.'),
    requests: list(string(''), 'Requests it is for, by name or as request/subrequest. None means all.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    source: string('Whether it came FromClass or FromClaim.', { enum: ['FromClaim', 'FromClass'] }),
  },
  ['source'],
)
export type DeviceAllocationConfiguration = FromSchema<typeof DeviceAllocationConfiguration>

export const DeviceRequestAllocationResult = object(
  'io.k8s.api.resource.v1.DeviceRequestAllocationResult',
  'One device that was allocated.',
  {
    adminAccess: boolean('Whether it was allocated for access by an administrator.'),
    bindingConditions: list(string(''), 'Conditions that must be true before a pod is bound.', { 'x-kubernetes-list-type': 'atomic' }),
    bindingFailureConditions: list(string(''), 'Conditions of which any that is true stops the binding.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    consumedCapacity: map(quantity(''), 'How much of each capacity of a shared device this claim takes.'),
    device: string('Name of the device in its pool.'),
    driver: string('The driver that serves it.'),
    pool: string('The pool it comes from.'),
    request: string('The request it satisfies, or request/subrequest.'),
    shareID: string('Tells one share of a device from the others.'),
    tolerations: list(DeviceToleration, 'Tolerations of the request at the time.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['request', 'driver', 'pool', 'device'],
)
export type DeviceRequestAllocationResult = FromSchema<typeof DeviceRequestAllocationResult>

export const DeviceAllocationResult = object(
  'io.k8s.api.resource.v1.DeviceAllocationResult',
  'The devices that were allocated, and their configuration.',
  {
    config: list(DeviceAllocationConfiguration, 'Configuration from the claim and from the classes, in the order in which it applies.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    results: list(DeviceRequestAllocationResult, 'The devices.', { 'x-kubernetes-list-type': 'atomic' }),
  },
)
export type DeviceAllocationResult = FromSchema<typeof DeviceAllocationResult>

export const AllocationResult = object('io.k8s.api.resource.v1.AllocationResult', 'What a claim got.', {
  allocationTimestamp: time('When it was allocated.'),
  devices: field(DeviceAllocationResult, 'The devices.', { default: {} }),
  nodeSelector: field(NodeSelector, 'Nodes that can reach the devices. None means all of them.'),
})
export type AllocationResult = FromSchema<typeof AllocationResult>

export const NetworkDeviceData = object('io.k8s.api.resource.v1.NetworkDeviceData', 'Facts about a network device.', {
  hardwareAddress: string('Hardware address, such as a MAC address. At most 128 characters.'),
  interfaceName: string('Name of the interface in the network namespace of the pod. At most 256 characters.'),
  ips: list(string(''), 'Addresses of the interface, with the length of their prefix. At most 16.', { 'x-kubernetes-list-type': 'atomic' }),
})
export type NetworkDeviceData = FromSchema<typeof NetworkDeviceData>

export const AllocatedDeviceStatus = object(
  'io.k8s.api.resource.v1.AllocatedDeviceStatus',
  'What a driver reports of a device that was allocated.',
  {
    conditions: list(Condition, 'State of the device. At most eight.', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
    }),
    data: rawJson('Facts that only the driver understands. At most 10 KiB.'),
    device: string('Name of the device in its pool.'),
    driver: string('The driver that serves it.'),
    networkData: field(NetworkDeviceData, 'Facts about a network device.'),
    pool: string('The pool it comes from.'),
    shareID: string('Tells one share of a device from the others.'),
  },
  ['driver', 'pool', 'device'],
)
export type AllocatedDeviceStatus = FromSchema<typeof AllocatedDeviceStatus>

export const ResourceClaimConsumerReference = object(
  'io.k8s.api.resource.v1.ResourceClaimConsumerReference',
  'Who may use a claim.',
  {
    apiGroup: string('Group of the consumer. Empty for the core group.'),
    name: string('Name of the consumer.'),
    resource: string('Resource of the consumer, such as pods.'),
    uid: string('Identity of the consumer.'),
  },
  ['resource', 'name', 'uid'],
)
export type ResourceClaimConsumerReference = FromSchema<typeof ResourceClaimConsumerReference>

export const ResourceClaimStatus = object('io.k8s.api.resource.v1.ResourceClaimStatus', 'What became of a claim.', {
  allocation: field(AllocationResult, 'What was allocated, once it was.'),
  devices: list(AllocatedDeviceStatus, 'What the drivers report of the devices.', {
    'x-kubernetes-list-map-keys': ['driver', 'device', 'pool', 'shareID'],
    'x-kubernetes-list-type': 'map',
  }),
  reservedFor: list(ResourceClaimConsumerReference, 'Who may use the claim: at most 256. A claim without any may be deallocated.', {
    'x-kubernetes-list-map-keys': ['uid'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'uid',
    'x-kubernetes-patch-strategy': 'merge',
  }),
})
export type ResourceClaimStatus = FromSchema<typeof ResourceClaimStatus>

export const ResourceClaim = object(
  'io.k8s.api.resource.v1.ResourceClaim',
  'A request for devices, and what it got.',
  {
    ...objectHead,
    spec: field(ResourceClaimSpec, 'What is claimed. Cannot be changed.', { default: {} }),
    status: field(ResourceClaimStatus, 'Whether it can be used, and what was allocated.', { default: {} }),
  },
  ['spec'],
)
export type ResourceClaim = FromSchema<typeof ResourceClaim>

export const ResourceClaimTemplateSpec = object(
  'io.k8s.api.resource.v1.ResourceClaimTemplateSpec',
  'The claims that are made from a template.',
  {
    metadata: field(ObjectMeta, 'Labels and annotations that the claims get. Other fields are refused.', { default: {} }),
    spec: field(ResourceClaimSpec, 'What the claims ask for.', { default: {} }),
  },
  ['spec'],
)
export type ResourceClaimTemplateSpec = FromSchema<typeof ResourceClaimTemplateSpec>

export const ResourceClaimTemplate = object(
  'io.k8s.api.resource.v1.ResourceClaimTemplate',
  'A form from which claims are made, one for each pod.',
  {
    ...objectHead,
    spec: field(ResourceClaimTemplateSpec, 'The claims that are made. Cannot be changed.', { default: {} }),
  },
  ['spec'],
)
export type ResourceClaimTemplate = FromSchema<typeof ResourceClaimTemplate>

export const DeviceAttribute = object('io.k8s.api.resource.v1.DeviceAttribute', 'The value of an attribute. Exactly one field is set.', {
  bool: boolean('A truth value.'),
  bools: list(boolean(''), 'Several truth values.', { 'x-kubernetes-list-type': 'atomic' }),
  int: int64('A number.'),
  ints: list(int64(''), 'Several numbers.', { 'x-kubernetes-list-type': 'atomic' }),
  string: string('A text of at most 64 characters.'),
  strings: list(string(''), 'Several texts.', { 'x-kubernetes-list-type': 'atomic' }),
  version: string('A version in the form of semver.org 2.0.0, of at most 64 characters.'),
  versions: list(string(''), 'Several versions.', { 'x-kubernetes-list-type': 'atomic' }),
})
export type DeviceAttribute = FromSchema<typeof DeviceAttribute>

export const CapacityRequestPolicyRange = object(
  'io.k8s.api.resource.v1.CapacityRequestPolicyRange',
  'Amounts that may be requested, as a range.',
  {
    max: quantity('The largest amount.'),
    min: quantity('The smallest amount.'),
    step: quantity('Distance between two amounts, counted from the smallest.'),
  },
  ['min'],
)
export type CapacityRequestPolicyRange = FromSchema<typeof CapacityRequestPolicyRange>

export const CapacityRequestPolicy = object(
  'io.k8s.api.resource.v1.CapacityRequestPolicy',
  'Which amounts of a capacity may be requested.',
  {
    default: quantity('What a request takes that does not name the capacity.'),
    validRange: field(CapacityRequestPolicyRange, 'The amounts as a range. Not beside validValues.'),
    validValues: list(quantity(''), 'The amounts one by one, in rising order. Not beside validRange.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
)
export type CapacityRequestPolicy = FromSchema<typeof CapacityRequestPolicy>

export const DeviceCapacity = object(
  'io.k8s.api.resource.v1.DeviceCapacity',
  'A quantity that a device has.',
  {
    requestPolicy: field(CapacityRequestPolicy, 'Which amounts of it may be requested, for devices that are shared.'),
    value: quantity('How much there is.'),
  },
  ['value'],
)
export type DeviceCapacity = FromSchema<typeof DeviceCapacity>

export const Counter = object(
  'io.k8s.api.resource.v1.Counter',
  'A quantity that several devices share.',
  {
    value: quantity('How much there is.'),
  },
  ['value'],
)
export type Counter = FromSchema<typeof Counter>

export const DeviceCounterConsumption = object(
  'io.k8s.api.resource.v1.DeviceCounterConsumption',
  'What a device takes of a set of counters.',
  {
    counterSet: string('Name of the set.'),
    counters: map(Counter, 'Amount of each counter that it takes.'),
  },
  ['counterSet', 'counters'],
)
export type DeviceCounterConsumption = FromSchema<typeof DeviceCounterConsumption>

export const NodeAllocatableResourceMapping = object(
  'io.k8s.api.resource.v1.NodeAllocatableResourceMapping',
  'How a device counts against a resource of the node.',
  {
    allocationMultiplier: quantity('How much of the resource each unit of the capacity, or each device, takes.'),
    capacityKey: string('Capacity of the device that is counted.'),
  },
)
export type NodeAllocatableResourceMapping = FromSchema<typeof NodeAllocatableResourceMapping>

export const DeviceTaint = object(
  'io.k8s.api.resource.v1.DeviceTaint',
  'Keeps claims without a matching toleration from a device.',
  {
    effect: string('What it does: None, NoSchedule, or NoExecute, which ends pods as well.', { enum: ['NoExecute', 'NoSchedule', 'None'] }),
    key: string('Key of the taint, a label name.'),
    timeAdded: time('When it was added. The server fills it in.'),
    value: string('Value of the taint, a label value.'),
  },
  ['key', 'effect'],
)
export type DeviceTaint = FromSchema<typeof DeviceTaint>

export const Device = object(
  'io.k8s.api.resource.v1.Device',
  'One device of a pool.',
  {
    allNodes: boolean('Whether all nodes can reach it. For slices with perDeviceNodeSelection.'),
    allowMultipleAllocations: boolean('Whether several claims may share it.'),
    attributes: map(DeviceAttribute, 'Facts about it, by name, with an optional domain.'),
    bindingConditions: list(string(''), 'Conditions that must be true before a pod is bound. At most four.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    bindingFailureConditions: list(string(''), 'Conditions of which any that is true stops the binding. At most four.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    bindsToNode: boolean('Whether its allocation ties the claim to the node that was chosen.'),
    capacity: map(DeviceCapacity, 'Quantities it has, by name, with an optional domain.'),
    consumesCounters: list(DeviceCounterConsumption, 'What it takes of the shared counters of the pool.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    name: string('Name of the device, once in its pool. A DNS label.'),
    nodeAllocatableResourceMappings: map(NodeAllocatableResourceMapping, 'How it counts against the resources of the node.'),
    nodeName: string('The node that can reach it. For slices with perDeviceNodeSelection.'),
    nodeSelector: field(NodeSelector, 'Nodes that can reach it. For slices with perDeviceNodeSelection.'),
    taints: list(DeviceTaint, 'Taints of the device.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['name'],
)
export type Device = FromSchema<typeof Device>

export const ResourcePool = object(
  'io.k8s.api.resource.v1.ResourcePool',
  'The pool that the devices of a slice belong to.',
  {
    generation: int64('Raised whenever the pool changes; slices of older generations do not count.'),
    name: string('Name of the pool: one or more DNS subdomains between slashes.'),
    resourceSliceCount: int64('How many slices the pool has in this generation.'),
  },
  ['name', 'generation', 'resourceSliceCount'],
)
export type ResourcePool = FromSchema<typeof ResourcePool>

export const CounterSet = object(
  'io.k8s.api.resource.v1.CounterSet',
  'Counters that devices of a pool share.',
  {
    counters: map(Counter, 'The counters, by name.'),
    name: string('Name of the set, a DNS label.'),
  },
  ['name', 'counters'],
)
export type CounterSet = FromSchema<typeof CounterSet>

export const ResourceSliceSpec = object(
  'io.k8s.api.resource.v1.ResourceSliceSpec',
  'The devices of a driver on one node or on many.',
  {
    allNodes: boolean('Whether all nodes can reach the devices.'),
    devices: list(Device, 'The devices. At most 128, and 64 if they use taints or counters.', { 'x-kubernetes-list-type': 'atomic' }),
    driver: string('The driver that serves them, by its DNS name. Cannot be changed.'),
    nodeName: string('The node that can reach the devices. Cannot be changed.'),
    nodeSelector: field(NodeSelector, 'Nodes that can reach the devices. Exactly one term.'),
    perDeviceNodeSelection: boolean('Whether each device says for itself which nodes can reach it.'),
    pool: field(ResourcePool, 'The pool that the devices belong to.', { default: {} }),
    sharedCounters: list(CounterSet, 'Counters that the devices of the pool share.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['driver', 'pool'],
)
export type ResourceSliceSpec = FromSchema<typeof ResourceSliceSpec>

export const ResourceSlice = object(
  'io.k8s.api.resource.v1.ResourceSlice',
  'What a driver says of its devices. A pool may be spread over several slices.',
  {
    ...objectHead,
    spec: field(ResourceSliceSpec, 'The devices.', { default: {} }),
  },
  ['spec'],
)
export type ResourceSlice = FromSchema<typeof ResourceSlice>
