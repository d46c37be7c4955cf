import type { FromSchema } from 'json-schema-to-ts'
import { boolean, bytes, field, int32, list, map, microTime, object, quantity, string, time } from '../schema.ts'
import { ObjectMeta } from './meta.ts'
import { LocalObjectReference, ObjectReference } from './reference.ts'

export const Sysctl = object(
  'io.k8s.api.core.v1.Sysctl',
  '',
  {
    name: string(''),
    value: string(''),
  },
  ['name', 'value'],
)
export type Sysctl = FromSchema<typeof Sysctl>

export const Binding = object(
  'io.k8s.api.core.v1.Binding',
  '',
  {
    apiVersion: string(''),
    kind: string(''),
    metadata: field(ObjectMeta, '', { default: {} }),
    target: field(ObjectReference, '', { default: {} }),
  },
  ['target'],
)
export type Binding = FromSchema<typeof Binding>

export const ComponentCondition = object(
  'io.k8s.api.core.v1.ComponentCondition',
  '',
  {
    error: string(''),
    message: string(''),
    status: string(''),
    type: string(''),
  },
  ['type', 'status'],
)
export type ComponentCondition = FromSchema<typeof ComponentCondition>

export const ComponentStatus = object('io.k8s.api.core.v1.ComponentStatus', '', {
  apiVersion: string(''),
  conditions: list(ComponentCondition, '', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
})
export type ComponentStatus = FromSchema<typeof ComponentStatus>

export const ConfigMap = object('io.k8s.api.core.v1.ConfigMap', '', {
  apiVersion: string(''),
  binaryData: map(bytes(''), ''),
  data: map(string(''), ''),
  immutable: boolean(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
})
export type ConfigMap = FromSchema<typeof ConfigMap>

export const ImageVolumeStatus = object(
  'io.k8s.api.core.v1.ImageVolumeStatus',
  '',
  {
    imageRef: string(''),
  },
  ['imageRef'],
)
export type ImageVolumeStatus = FromSchema<typeof ImageVolumeStatus>

export const VolumeStatus = object('io.k8s.api.core.v1.VolumeStatus', '', {
  image: field(ImageVolumeStatus, ''),
})
export type VolumeStatus = FromSchema<typeof VolumeStatus>

export const EventSeries = object('io.k8s.api.core.v1.EventSeries', '', {
  count: int32(''),
  lastObservedTime: microTime(''),
})
export type EventSeries = FromSchema<typeof EventSeries>

export const EventSource = object('io.k8s.api.core.v1.EventSource', '', {
  component: string(''),
  host: string(''),
})
export type EventSource = FromSchema<typeof EventSource>

export const Event = object(
  'io.k8s.api.core.v1.Event',
  '',
  {
    action: string(''),
    apiVersion: string(''),
    count: int32(''),
    eventTime: microTime(''),
    firstTimestamp: time(''),
    involvedObject: field(ObjectReference, '', { default: {} }),
    kind: string(''),
    lastTimestamp: time(''),
    message: string(''),
    metadata: field(ObjectMeta, '', { default: {} }),
    reason: string(''),
    related: field(ObjectReference, ''),
    reportingComponent: string(''),
    reportingInstance: string(''),
    series: field(EventSeries, ''),
    source: field(EventSource, '', { default: {} }),
    type: string(''),
  },
  ['metadata', 'involvedObject'],
)
export type Event = FromSchema<typeof Event>

export const LimitRangeItem = object(
  'io.k8s.api.core.v1.LimitRangeItem',
  '',
  {
    default: map(quantity(''), ''),
    defaultRequest: map(quantity(''), ''),
    max: map(quantity(''), ''),
    maxLimitRequestRatio: map(quantity(''), ''),
    min: map(quantity(''), ''),
    type: string(''),
  },
  ['type'],
)
export type LimitRangeItem = FromSchema<typeof LimitRangeItem>

export const LimitRangeSpec = object(
  'io.k8s.api.core.v1.LimitRangeSpec',
  '',
  {
    limits: list(LimitRangeItem, '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['limits'],
)
export type LimitRangeSpec = FromSchema<typeof LimitRangeSpec>

export const LimitRange = object('io.k8s.api.core.v1.LimitRange', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(LimitRangeSpec, '', { default: {} }),
})
export type LimitRange = FromSchema<typeof LimitRange>

export const NamespaceSpec = object('io.k8s.api.core.v1.NamespaceSpec', '', {
  finalizers: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type NamespaceSpec = FromSchema<typeof NamespaceSpec>

export const NamespaceCondition = object(
  'io.k8s.api.core.v1.NamespaceCondition',
  '',
  {
    lastTransitionTime: time(''),
    message: string(''),
    reason: string(''),
    status: string(''),
    type: string(''),
  },
  ['type', 'status'],
)
export type NamespaceCondition = FromSchema<typeof NamespaceCondition>

export const NamespaceStatus = object('io.k8s.api.core.v1.NamespaceStatus', '', {
  conditions: list(NamespaceCondition, '', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  phase: string('', { enum: ['Active', 'Terminating'] }),
})
export type NamespaceStatus = FromSchema<typeof NamespaceStatus>

export const Namespace = object('io.k8s.api.core.v1.Namespace', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(NamespaceSpec, '', { default: {} }),
  status: field(NamespaceStatus, '', { default: {} }),
})
export type Namespace = FromSchema<typeof Namespace>

export const ScopedResourceSelectorRequirement = object(
  'io.k8s.api.core.v1.ScopedResourceSelectorRequirement',
  '',
  {
    operator: string('', { enum: ['DoesNotExist', 'Exists', 'In', 'NotIn'] }),
    scopeName: string('', {
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
    values: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['scopeName', 'operator'],
)
export type ScopedResourceSelectorRequirement = FromSchema<typeof ScopedResourceSelectorRequirement>

export const ScopeSelector = object(
  'io.k8s.api.core.v1.ScopeSelector',
  '',
  {
    matchExpressions: list(ScopedResourceSelectorRequirement, '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type ScopeSelector = FromSchema<typeof ScopeSelector>

export const ResourceQuotaSpec = object('io.k8s.api.core.v1.ResourceQuotaSpec', '', {
  hard: map(quantity(''), ''),
  scopeSelector: field(ScopeSelector, ''),
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
    '',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
})
export type ResourceQuotaSpec = FromSchema<typeof ResourceQuotaSpec>

export const ResourceQuotaStatus = object('io.k8s.api.core.v1.ResourceQuotaStatus', '', {
  hard: map(quantity(''), ''),
  used: map(quantity(''), ''),
})
export type ResourceQuotaStatus = FromSchema<typeof ResourceQuotaStatus>

export const ResourceQuota = object('io.k8s.api.core.v1.ResourceQuota', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(ResourceQuotaSpec, '', { default: {} }),
  status: field(ResourceQuotaStatus, '', { default: {} }),
})
export type ResourceQuota = FromSchema<typeof ResourceQuota>

export const Secret = object('io.k8s.api.core.v1.Secret', '', {
  apiVersion: string(''),
  data: map(bytes(''), ''),
  immutable: boolean(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  stringData: map(string(''), ''),
  type: string('', { default: 'Opaque' }),
})
export type Secret = FromSchema<typeof Secret>

export const ServiceAccount = object('io.k8s.api.core.v1.ServiceAccount', '', {
  apiVersion: string(''),
  automountServiceAccountToken: boolean(''),
  imagePullSecrets: list(LocalObjectReference, '', { 'x-kubernetes-list-type': 'atomic' }),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  secrets: list(ObjectReference, '', {
    'x-kubernetes-list-map-keys': ['name'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'name',
    'x-kubernetes-patch-strategy': 'merge',
  }),
})
export type ServiceAccount = FromSchema<typeof ServiceAccount>
