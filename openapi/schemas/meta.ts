import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, fieldsV1, int32, int64, list, map, object, rawJson, string, time } from '../schema.ts'

export const ManagedFieldsEntry = object('io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry', '', {
  apiVersion: string(''),
  fieldsType: string(''),
  fieldsV1: fieldsV1(''),
  manager: string(''),
  operation: string(''),
  subresource: string(''),
  time: time(''),
})
export type ManagedFieldsEntry = FromSchema<typeof ManagedFieldsEntry>

export const OwnerReference = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference',
  '',
  {
    apiVersion: string(''),
    blockOwnerDeletion: boolean(''),
    controller: boolean(''),
    kind: string(''),
    name: string(''),
    uid: string(''),
  },
  ['apiVersion', 'kind', 'name', 'uid'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type OwnerReference = FromSchema<typeof OwnerReference>

export const ObjectMeta = object('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', '', {
  annotations: map(string(''), ''),
  creationTimestamp: time(''),
  deletionGracePeriodSeconds: int64(''),
  deletionTimestamp: time(''),
  finalizers: list(string(''), '', { 'x-kubernetes-list-type': 'set', 'x-kubernetes-patch-strategy': 'merge' }),
  generateName: string(''),
  generation: int64(''),
  labels: map(string(''), ''),
  managedFields: list(ManagedFieldsEntry, '', { 'x-kubernetes-list-type': 'atomic' }),
  name: string(''),
  namespace: string(''),
  ownerReferences: list(OwnerReference, '', {
    'x-kubernetes-list-map-keys': ['uid'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'uid',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  resourceVersion: string(''),
  selfLink: string(''),
  uid: string(''),
})
export type ObjectMeta = FromSchema<typeof ObjectMeta>

export const Condition = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.Condition',
  '',
  {
    lastTransitionTime: time(''),
    message: string(''),
    observedGeneration: int64(''),
    reason: string(''),
    status: string(''),
    type: string(''),
  },
  ['type', 'status', 'lastTransitionTime', 'reason', 'message'],
)
export type Condition = FromSchema<typeof Condition>

export const Preconditions = object('io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions', '', {
  resourceVersion: string(''),
  uid: string(''),
})
export type Preconditions = FromSchema<typeof Preconditions>

export const DeleteOptions = object('io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions', '', {
  apiVersion: string(''),
  dryRun: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  gracePeriodSeconds: int64(''),
  ignoreStoreReadErrorWithClusterBreakingPotential: boolean(''),
  kind: string(''),
  orphanDependents: boolean(''),
  preconditions: field(Preconditions, ''),
  propagationPolicy: string(''),
})
export type DeleteOptions = FromSchema<typeof DeleteOptions>

export const GroupVersionForDiscovery = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery',
  '',
  {
    groupVersion: string(''),
    version: string(''),
  },
  ['groupVersion', 'version'],
)
export type GroupVersionForDiscovery = FromSchema<typeof GroupVersionForDiscovery>

export const ServerAddressByClientCIDR = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR',
  '',
  {
    clientCIDR: string(''),
    serverAddress: string(''),
  },
  ['clientCIDR', 'serverAddress'],
)
export type ServerAddressByClientCIDR = FromSchema<typeof ServerAddressByClientCIDR>

export const APIGroup = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup',
  '',
  {
    apiVersion: string(''),
    kind: string(''),
    name: string(''),
    preferredVersion: field(GroupVersionForDiscovery, '', { default: {} }),
    serverAddressByClientCIDRs: list(ServerAddressByClientCIDR, '', { 'x-kubernetes-list-type': 'atomic' }),
    versions: list(GroupVersionForDiscovery, '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['name', 'versions'],
)
export type APIGroup = FromSchema<typeof APIGroup>

export const APIResource = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.APIResource',
  '',
  {
    categories: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    group: string(''),
    kind: string(''),
    name: string(''),
    namespaced: boolean(''),
    shortNames: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    singularName: string(''),
    storageVersionHash: string(''),
    verbs: list(string(''), '', { default: {} }),
    version: string(''),
  },
  ['name', 'singularName', 'namespaced', 'kind', 'verbs'],
)
export type APIResource = FromSchema<typeof APIResource>

export const APIResourceList = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList',
  '',
  {
    apiVersion: string(''),
    groupVersion: string(''),
    kind: string(''),
    resources: list(APIResource, '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['groupVersion', 'resources'],
)
export type APIResourceList = FromSchema<typeof APIResourceList>

export const APIVersions = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions',
  '',
  {
    apiVersion: string(''),
    kind: string(''),
    serverAddressByClientCIDRs: list(ServerAddressByClientCIDR, '', { 'x-kubernetes-list-type': 'atomic' }),
    versions: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['versions', 'serverAddressByClientCIDRs'],
)
export type APIVersions = FromSchema<typeof APIVersions>

export const FieldSelectorRequirement = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement',
  '',
  {
    key: string(''),
    operator: string(''),
    values: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['key', 'operator'],
)
export type FieldSelectorRequirement = FromSchema<typeof FieldSelectorRequirement>

export const ShardInfo = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.ShardInfo',
  '',
  {
    selector: string(''),
  },
  ['selector'],
)
export type ShardInfo = FromSchema<typeof ShardInfo>

export const ListMeta = object('io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta', '', {
  continue: string(''),
  remainingItemCount: int64(''),
  resourceVersion: string(''),
  selfLink: string(''),
  shardInfo: field(ShardInfo, ''),
})
export type ListMeta = FromSchema<typeof ListMeta>

export const Patch = object('io.k8s.apimachinery.pkg.apis.meta.v1.Patch', '', {})
export type Patch = FromSchema<typeof Patch>

export const StatusCause = object('io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause', '', {
  field: string(''),
  message: string(''),
  reason: string(''),
})
export type StatusCause = FromSchema<typeof StatusCause>

export const StatusDetails = object('io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails', '', {
  causes: list(StatusCause, '', { 'x-kubernetes-list-type': 'atomic' }),
  group: string(''),
  kind: string(''),
  name: string(''),
  retryAfterSeconds: int32(''),
  uid: string(''),
})
export type StatusDetails = FromSchema<typeof StatusDetails>

export const Status = object('io.k8s.apimachinery.pkg.apis.meta.v1.Status', '', {
  apiVersion: string(''),
  code: int32(''),
  details: field(StatusDetails, ''),
  kind: string(''),
  message: string(''),
  metadata: field(ListMeta, '', { default: {} }),
  reason: string(''),
  status: string(''),
})
export type Status = FromSchema<typeof Status>

export const WatchEvent = object('io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent', '', { object: rawJson(''), type: string('') }, [
  'type',
  'object',
])
export type WatchEvent = FromSchema<typeof WatchEvent>
