import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, int64, list, map, object, quantity, string, time } from '../schema.ts'
import { ObjectMeta } from './meta.ts'
import { PersistentVolumeSpec } from './persistentvolume.ts'
import { LabelSelector, TopologySelectorTerm } from './selector.ts'

export const TokenRequest = object(
  'io.k8s.api.storage.v1.TokenRequest',
  '',
  {
    audience: string(''),
    expirationSeconds: int64(''),
  },
  ['audience'],
)
export type TokenRequest = FromSchema<typeof TokenRequest>

export const CSIDriverSpec = object('io.k8s.api.storage.v1.CSIDriverSpec', '', {
  attachRequired: boolean('', { default: true }),
  fsGroupPolicy: string('', { default: 'ReadWriteOnceWithFSType' }),
  nodeAllocatableUpdatePeriodSeconds: int64(''),
  podInfoOnMount: boolean('', { default: false }),
  preventPodSchedulingIfMissing: boolean(''),
  requiresRepublish: boolean('', { default: false }),
  seLinuxMount: boolean('', { default: false }),
  serviceAccountTokenInSecrets: boolean(''),
  storageCapacity: boolean('', { default: false }),
  tokenRequests: list(TokenRequest, '', { 'x-kubernetes-list-type': 'atomic' }),
  volumeLifecycleModes: list(string(''), '', { 'x-kubernetes-list-type': 'set', default: ['Persistent'] }),
})
export type CSIDriverSpec = FromSchema<typeof CSIDriverSpec>

export const CSIDriver = object(
  'io.k8s.api.storage.v1.CSIDriver',
  '',
  {
    apiVersion: string(''),
    kind: string(''),
    metadata: field(ObjectMeta, '', { default: {} }),
    spec: field(CSIDriverSpec, '', { default: {} }),
  },
  ['spec'],
)
export type CSIDriver = FromSchema<typeof CSIDriver>

export const VolumeNodeResources = object('io.k8s.api.storage.v1.VolumeNodeResources', '', {
  count: int32(''),
})
export type VolumeNodeResources = FromSchema<typeof VolumeNodeResources>

export const CSINodeDriver = object(
  'io.k8s.api.storage.v1.CSINodeDriver',
  '',
  {
    allocatable: field(VolumeNodeResources, ''),
    name: string(''),
    nodeID: string(''),
    topologyKeys: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['name', 'nodeID'],
)
export type CSINodeDriver = FromSchema<typeof CSINodeDriver>

export const CSINodeSpec = object(
  'io.k8s.api.storage.v1.CSINodeSpec',
  '',
  {
    drivers: list(CSINodeDriver, '', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
  },
  ['drivers'],
)
export type CSINodeSpec = FromSchema<typeof CSINodeSpec>

export const CSINode = object(
  'io.k8s.api.storage.v1.CSINode',
  '',
  {
    apiVersion: string(''),
    kind: string(''),
    metadata: field(ObjectMeta, '', { default: {} }),
    spec: field(CSINodeSpec, '', { default: {} }),
  },
  ['spec'],
)
export type CSINode = FromSchema<typeof CSINode>

export const CSIStorageCapacity = object(
  'io.k8s.api.storage.v1.CSIStorageCapacity',
  '',
  {
    apiVersion: string(''),
    capacity: quantity(''),
    kind: string(''),
    maximumVolumeSize: quantity(''),
    metadata: field(ObjectMeta, '', { default: {} }),
    nodeTopology: field(LabelSelector, ''),
    storageClassName: string(''),
  },
  ['storageClassName'],
)
export type CSIStorageCapacity = FromSchema<typeof CSIStorageCapacity>

export const StorageClass = object(
  'io.k8s.api.storage.v1.StorageClass',
  '',
  {
    allowVolumeExpansion: boolean(''),
    allowedTopologies: list(TopologySelectorTerm, '', { 'x-kubernetes-list-type': 'atomic' }),
    apiVersion: string(''),
    kind: string(''),
    metadata: field(ObjectMeta, '', { default: {} }),
    mountOptions: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    parameters: map(string(''), ''),
    provisioner: string(''),
    reclaimPolicy: string('', { enum: ['Delete', 'Recycle', 'Retain'], default: 'Delete' }),
    volumeBindingMode: string('', { enum: ['Immediate', 'WaitForFirstConsumer'], default: 'Immediate' }),
  },
  ['provisioner'],
)
export type StorageClass = FromSchema<typeof StorageClass>

export const VolumeAttachmentSource = object('io.k8s.api.storage.v1.VolumeAttachmentSource', '', {
  inlineVolumeSpec: field(PersistentVolumeSpec, ''),
  persistentVolumeName: string(''),
})
export type VolumeAttachmentSource = FromSchema<typeof VolumeAttachmentSource>

export const VolumeAttachmentSpec = object(
  'io.k8s.api.storage.v1.VolumeAttachmentSpec',
  '',
  {
    attacher: string(''),
    nodeName: string(''),
    source: field(VolumeAttachmentSource, '', { default: {} }),
  },
  ['attacher', 'source', 'nodeName'],
)
export type VolumeAttachmentSpec = FromSchema<typeof VolumeAttachmentSpec>

export const VolumeError = object('io.k8s.api.storage.v1.VolumeError', '', {
  errorCode: int32(''),
  message: string(''),
  time: time(''),
})
export type VolumeError = FromSchema<typeof VolumeError>

export const VolumeAttachmentStatus = object(
  'io.k8s.api.storage.v1.VolumeAttachmentStatus',
  '',
  {
    attachError: field(VolumeError, ''),
    attached: boolean(''),
    attachmentMetadata: map(string(''), ''),
    detachError: field(VolumeError, ''),
  },
  ['attached'],
)
export type VolumeAttachmentStatus = FromSchema<typeof VolumeAttachmentStatus>

export const VolumeAttachment = object(
  'io.k8s.api.storage.v1.VolumeAttachment',
  '',
  {
    apiVersion: string(''),
    kind: string(''),
    metadata: field(ObjectMeta, '', { default: {} }),
    spec: field(VolumeAttachmentSpec, '', { default: {} }),
    status: field(VolumeAttachmentStatus, '', { default: {} }),
  },
  ['spec'],
)
export type VolumeAttachment = FromSchema<typeof VolumeAttachment>

export const VolumeAttributesClass = object(
  'io.k8s.api.storage.v1.VolumeAttributesClass',
  '',
  {
    apiVersion: string(''),
    driverName: string(''),
    kind: string(''),
    metadata: field(ObjectMeta, '', { default: {} }),
    parameters: map(string(''), ''),
  },
  ['driverName'],
)
export type VolumeAttributesClass = FromSchema<typeof VolumeAttributesClass>
