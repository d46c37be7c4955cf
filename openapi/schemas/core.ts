import type { FromSchema } from 'json-schema-to-ts'
import { boolean, bytes, field, int32, list, map, microTime, object, quantity, string, time } from '../schema.ts'
import { ObjectMeta, objectHead } from './meta.ts'
import { LocalObjectReference, ObjectReference } from './reference.ts'

export const Sysctl = object(
  'io.k8s.api.core.v1.Sysctl',
  'A kernel parameter.',
  {
    name: string('Name of the parameter, such as net.ipv4.ip_local_port_range.'),
    value: string('Value to set.'),
  },
  ['name', 'value'],
)
export type Sysctl = FromSchema<typeof Sysctl>

export const Binding = object(
  'io.k8s.api.core.v1.Binding',
  'Assigns a pod to a node. Schedulers create it on the pod; it is not stored.',
  {
    ...objectHead,
    target: field(ObjectReference, 'The node, with kind Node and its name.', { default: {} }),
  },
  ['target'],
)
export type Binding = FromSchema<typeof Binding>

export const ComponentCondition = object(
  'io.k8s.api.core.v1.ComponentCondition',
  'Whether a component is healthy.',
  {
    error: string('Error of the health check, if there was one.'),
    message: string('Answer of the health check.'),
    status: string('True, False or Unknown.'),
    type: string('Name of the condition. The only one there is: Healthy.'),
  },
  ['type', 'status'],
)
export type ComponentCondition = FromSchema<typeof ComponentCondition>

export const ComponentStatus = object(
  'io.k8s.api.core.v1.ComponentStatus',
  'Health of a part of the control plane. Deprecated since v1.19.',
  {
    apiVersion: objectHead.apiVersion,
    conditions: list(ComponentCondition, 'What the health check gave.', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    kind: objectHead.kind,
    metadata: objectHead.metadata,
  },
)
export type ComponentStatus = FromSchema<typeof ComponentStatus>

export const ConfigMap = object('io.k8s.api.core.v1.ConfigMap', 'Configuration as key and value pairs, for pods to read.', {
  apiVersion: objectHead.apiVersion,
  binaryData: map(bytes(''), 'Entries that are not UTF-8 text, encoded as base64. Keys may not also be in data.'),
  data: map(string(''), 'Entries of UTF-8 text. Keys consist of letters, digits, dashes, underscores and dots.'),
  immutable: boolean('If true, the data can never be changed and this cannot be taken back. False by default.'),
  kind: objectHead.kind,
  metadata: objectHead.metadata,
})
export type ConfigMap = FromSchema<typeof ConfigMap>

export const ImageVolumeStatus = object(
  'io.k8s.api.core.v1.ImageVolumeStatus',
  'State of a volume made from an image.',
  {
    imageRef: string('Identifier of the image that is mounted, with its digest.'),
  },
  ['imageRef'],
)
export type ImageVolumeStatus = FromSchema<typeof ImageVolumeStatus>

export const VolumeStatus = object('io.k8s.api.core.v1.VolumeStatus', 'State of a mounted volume, by its type.', {
  image: field(ImageVolumeStatus, 'Set for image volumes.'),
})
export type VolumeStatus = FromSchema<typeof VolumeStatus>

export const EventSeries = object('io.k8s.api.core.v1.EventSeries', 'Repetitions of an event.', {
  count: int32('How often it has happened so far.'),
  lastObservedTime: microTime('When it happened last.'),
})
export type EventSeries = FromSchema<typeof EventSeries>

export const EventSource = object('io.k8s.api.core.v1.EventSource', 'Who reported an event.', {
  component: string('The component, such as kubelet.'),
  host: string('Name of the node it runs on, if that matters.'),
})
export type EventSource = FromSchema<typeof EventSource>

export const Event = object(
  'io.k8s.api.core.v1.Event',
  'Something that happened to an object. Events go after an hour and may be lost, so nothing should depend on them.',
  {
    action: string('What was done or failed, as one CamelCase word; set by newer reporters.'),
    apiVersion: objectHead.apiVersion,
    count: int32('How often it happened; repetitions raise this number instead of making new events.'),
    eventTime: microTime('When it happened first, to the microsecond; set by newer reporters.'),
    firstTimestamp: time('When it happened first.'),
    involvedObject: field(ObjectReference, 'The object it happened to.', { default: {} }),
    kind: objectHead.kind,
    lastTimestamp: time('When it happened last.'),
    message: string('What happened, in words for people.'),
    metadata: field(ObjectMeta, 'Name, namespace and the other facts of the event itself. It lives in the namespace of its object.', {
      default: {},
    }),
    reason: string('Why, as one CamelCase word for programs, such as FailedScheduling.'),
    related: field(ObjectReference, 'A second object that has part in it.'),
    reportingComponent: string('Name of the controller that reports, such as kubernetes.io/kubelet.'),
    reportingInstance: string('Which instance of the controller reports.'),
    series: field(EventSeries, 'Repetitions, as newer reporters count them. Unset for an event that happened once.'),
    source: field(EventSource, 'The component that reports.', { default: {} }),
    type: string('Normal or Warning.'),
  },
  ['metadata', 'involvedObject'],
)
export type Event = FromSchema<typeof Event>

export const LimitRangeItem = object(
  'io.k8s.api.core.v1.LimitRangeItem',
  'Bounds and defaults for one type of thing.',
  {
    default: map(quantity(''), 'Limits for containers that set none, by resource. Unset takes max.'),
    defaultRequest: map(quantity(''), 'Requests for containers that set none, by resource. Unset takes default, else min.'),
    max: map(quantity(''), 'Most that is allowed, by resource.'),
    maxLimitRequestRatio: map(quantity(''), 'How many times the request a limit may be, by resource; both must be set then, and not zero.'),
    min: map(quantity(''), 'Least that is allowed, by resource.'),
    type: string('What is bounded: Container, Pod or PersistentVolumeClaim.'),
  },
  ['type'],
)
export type LimitRangeItem = FromSchema<typeof LimitRangeItem>

export const LimitRangeSpec = object(
  'io.k8s.api.core.v1.LimitRangeSpec',
  'The bounds of a namespace.',
  {
    limits: list(LimitRangeItem, 'Bounds and defaults, one entry for each type of thing.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['limits'],
)
export type LimitRangeSpec = FromSchema<typeof LimitRangeSpec>

export const LimitRange = object(
  'io.k8s.api.core.v1.LimitRange',
  'Bounds and defaults for the resources of single pods, containers and claims of a namespace.',
  {
    ...objectHead,
    spec: field(LimitRangeSpec, 'The bounds.', { default: {} }),
  },
)
export type LimitRange = FromSchema<typeof LimitRange>

export const NamespaceSpec = object('io.k8s.api.core.v1.NamespaceSpec', 'What must happen before a namespace can go.', {
  finalizers: list(string(''), 'Who must still clean up before the namespace is removed. The server adds kubernetes to each.', {
    'x-kubernetes-list-type': 'atomic',
  }),
})
export type NamespaceSpec = FromSchema<typeof NamespaceSpec>

export const NamespaceCondition = object(
  'io.k8s.api.core.v1.NamespaceCondition',
  'One aspect of the deletion of a namespace.',
  {
    lastTransitionTime: time('When status took its present value.'),
    message: string('Explanation for people.'),
    reason: string('Why the status is as it is, as one CamelCase word.'),
    status: string('True, False or Unknown.'),
    type: string(
      'What hinders or fails: content or finalizers remaining, or failures of discovery, of parsing group versions or of deleting content.',
    ),
  },
  ['type', 'status'],
)
export type NamespaceCondition = FromSchema<typeof NamespaceCondition>

export const NamespaceStatus = object('io.k8s.api.core.v1.NamespaceStatus', 'Where a namespace stands in its life.', {
  conditions: list(NamespaceCondition, 'How its deletion goes, one entry per type.', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  phase: string('Active, or Terminating while its deletion is under way and nothing new can be created in it.', {
    enum: ['Active', 'Terminating'],
  }),
})
export type NamespaceStatus = FromSchema<typeof NamespaceStatus>

export const Namespace = object(
  'io.k8s.api.core.v1.Namespace',
  'A room for names: objects in different namespaces may have the same name.',
  {
    ...objectHead,
    spec: field(NamespaceSpec, 'Who must clean up.', { default: {} }),
    status: field(NamespaceStatus, 'Where it stands; written by the system only.', { default: {} }),
  },
)
export type Namespace = FromSchema<typeof Namespace>

export const ScopedResourceSelectorRequirement = object(
  'io.k8s.api.core.v1.ScopedResourceSelectorRequirement',
  'A test on one scope of an object.',
  {
    operator: string(
      'In and NotIn compare with values, Exists and DoesNotExist only look for the scope. Only PriorityClass and VolumeAttributesClass take all four.',
      { enum: ['DoesNotExist', 'Exists', 'In', 'NotIn'] },
    ),
    scopeName: string('The scope to look at.', {
      enum: [
        'BestEffort',
        'CrossNamespacePodAffinity',
        'NotBestEffort',
        'NotTerminating',
        'PriorityClass',
        'Terminating',
        'VolumeAttributesClass',
      ],
    }),
    values: list(string(''), 'One value at least for In and NotIn; must be empty for Exists and DoesNotExist.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  ['scopeName', 'operator'],
)
export type ScopedResourceSelectorRequirement = FromSchema<typeof ScopedResourceSelectorRequirement>

export const ScopeSelector = object(
  'io.k8s.api.core.v1.ScopeSelector',
  'Picks the objects a quota counts.',
  {
    matchExpressions: list(ScopedResourceSelectorRequirement, 'Tests on scopes, all of which must hold.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type ScopeSelector = FromSchema<typeof ScopeSelector>

export const ResourceQuotaSpec = object('io.k8s.api.core.v1.ResourceQuotaSpec', 'The quota of a namespace.', {
  hard: map(
    quantity(''),
    'Most that all objects together may use or number, by resource, such as requests.cpu, pods or count/deployments.apps.',
  ),
  scopeSelector: field(ScopeSelector, 'Counts only objects that pass these tests, which can compare values.'),
  scopes: list(
    string('', {
      enum: [
        'BestEffort',
        'CrossNamespacePodAffinity',
        'NotBestEffort',
        'NotTerminating',
        'PriorityClass',
        'Terminating',
        'VolumeAttributesClass',
      ],
    }),
    'Counts only objects in all of these scopes, such as Terminating pods with a deadline or BestEffort pods without requests. Empty counts all.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
})
export type ResourceQuotaSpec = FromSchema<typeof ResourceQuotaSpec>

export const ResourceQuotaStatus = object('io.k8s.api.core.v1.ResourceQuotaStatus', 'The quota in force and how much of it is used.', {
  hard: map(quantity(''), 'The limits in force, by resource.'),
  used: map(quantity(''), 'What is used now, by resource.'),
})
export type ResourceQuotaStatus = FromSchema<typeof ResourceQuotaStatus>

export const ResourceQuota = object('io.k8s.api.core.v1.ResourceQuota', 'A limit on what all objects of a namespace may use together.', {
  ...objectHead,
  spec: field(ResourceQuotaSpec, 'The wanted limits.', { default: {} }),
  status: field(ResourceQuotaStatus, 'The limits in force and the use; written by the system only.', { default: {} }),
})
export type ResourceQuota = FromSchema<typeof ResourceQuota>

export const Secret = object('io.k8s.api.core.v1.Secret', 'Confidential data as key and value pairs, for pods and controllers.', {
  apiVersion: objectHead.apiVersion,
  data: map(
    bytes(''),
    'Entries, encoded as base64. Keys consist of letters, digits, dashes, underscores and dots; all together may take 1 MiB.',
  ),
  immutable: boolean('If true, the data can never be changed and this cannot be taken back. False by default.'),
  kind: objectHead.kind,
  metadata: objectHead.metadata,
  stringData: map(string(''), 'Entries as plain text, merged into data on a write and winning over it. Never read back.'),
  type: string(
    'What the Secret is for, such as kubernetes.io/tls, which decides what keys it must have. Opaque by default; it cannot be changed.',
    { default: 'Opaque' },
  ),
})
export type Secret = FromSchema<typeof Secret>

export const ServiceAccount = object('io.k8s.api.core.v1.ServiceAccount', 'An identity for processes in pods.', {
  apiVersion: objectHead.apiVersion,
  automountServiceAccountToken: boolean('Whether pods of this account get its token mounted. True if unset; a pod may say otherwise.'),
  imagePullSecrets: list(LocalObjectReference, 'Secrets for pulling images, given to pods of this account that name none themselves.', {
    'x-kubernetes-list-type': 'atomic',
  }),
  kind: objectHead.kind,
  metadata: objectHead.metadata,
  secrets: list(ObjectReference, 'Secrets that pods of this account may use, if that is enforced. Tokens are not listed here any more.', {
    'x-kubernetes-list-map-keys': ['name'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'name',
    'x-kubernetes-patch-strategy': 'merge',
  }),
})
export type ServiceAccount = FromSchema<typeof ServiceAccount>
