import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, int64, list, map, object, quantity, string, time } from '../schema.ts'
import { objectHead } from './meta.ts'
import { PersistentVolumeSpec } from './persistentvolume.ts'
import { LabelSelector, TopologySelectorTerm } from './selector.ts'

export const TokenRequest = object(
  'io.k8s.api.storage.v1.TokenRequest',
  'A token a driver wants with a volume.',
  {
    audience: string('Whom the token is for. Empty means the API server.'),
    expirationSeconds: int64('Seconds the token should be valid, at least 600. Unset takes the default of token requests.'),
  },
  ['audience'],
)
export type TokenRequest = FromSchema<typeof TokenRequest>

export const CSIDriverSpec = object('io.k8s.api.storage.v1.CSIDriverSpec', 'What a CSI driver needs and can do.', {
  attachRequired: boolean(
    'Whether volumes must be attached before they are mounted. True by default; false skips it. It cannot be changed.',
    { default: true },
  ),
  fsGroupPolicy: string(
    'Whether the owner of a volume follows fsGroup: None never, File always, ReadWriteOnceWithFSType, the default, if it has an fsType and that access mode.',
    { default: 'ReadWriteOnceWithFSType' },
  ),
  nodeAllocatableUpdatePeriodSeconds: int64(
    'Seconds between updates of how many volumes a node can take, at least 10. Unset means no updates.',
  ),
  podInfoOnMount: boolean('If true, the driver is told the name, namespace, uid and account of the pod when it mounts. False by default.', {
    default: false,
  }),
  preventPodSchedulingIfMissing: boolean(
    'If true, pods with volumes of the driver are not placed on nodes that lack it. False by default.',
  ),
  requiresRepublish: boolean('If true, the driver is asked again and again to refresh mounted volumes. False by default.', {
    default: false,
  }),
  seLinuxMount: boolean('If true, volumes can be mounted with an SELinux label. False by default.', { default: false }),
  serviceAccountTokenInSecrets: boolean(
    'If true, tokens are passed to the driver as secrets rather than in the volume context. Only with tokenRequests; false by default.',
  ),
  storageCapacity: boolean('If true, the scheduler heeds the CSIStorageCapacity objects of the driver. False by default.', {
    default: false,
  }),
  tokenRequests: list(TokenRequest, "Tokens of the pod's account to pass when a volume is mounted, one per audience.", {
    'x-kubernetes-list-type': 'atomic',
  }),
  volumeLifecycleModes: list(
    string(''),
    'Persistent, the default, serves claims; Ephemeral serves volumes written into the pod. It cannot be changed.',
    { 'x-kubernetes-list-type': 'set', default: ['Persistent'] },
  ),
})
export type CSIDriverSpec = FromSchema<typeof CSIDriverSpec>

export const CSIDriver = object(
  'io.k8s.api.storage.v1.CSIDriver',
  'A storage driver known to the cluster. Its name is the name the driver gives itself.',
  {
    ...objectHead,
    spec: field(CSIDriverSpec, 'What it needs and can do.', { default: {} }),
  },
  ['spec'],
)
export type CSIDriver = FromSchema<typeof CSIDriver>

export const VolumeNodeResources = object('io.k8s.api.storage.v1.VolumeNodeResources', 'How many volumes a node can take.', {
  count: int32('Most volumes of the driver in use on the node at once. Unset means no bound.'),
})
export type VolumeNodeResources = FromSchema<typeof VolumeNodeResources>

export const CSINodeDriver = object(
  'io.k8s.api.storage.v1.CSINodeDriver',
  'A driver installed on a node.',
  {
    allocatable: field(VolumeNodeResources, 'How many volumes the node can take.'),
    name: string('Name of the driver.'),
    nodeID: string('Name of the node as the driver knows it; it may differ from the one in the cluster.'),
    topologyKeys: list(string(''), 'Labels of the node the driver sets to tell where its volumes can be reached.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  ['name', 'nodeID'],
)
export type CSINodeDriver = FromSchema<typeof CSINodeDriver>

export const CSINodeSpec = object(
  'io.k8s.api.storage.v1.CSINodeSpec',
  'The drivers of a node.',
  {
    drivers: list(CSINodeDriver, 'The drivers installed on the node, unique by name.', {
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
  'Which storage drivers a node has. It bears the name of the node, and the kubelet writes it.',
  {
    ...objectHead,
    spec: field(CSINodeSpec, 'The drivers of the node.', { default: {} }),
  },
  ['spec'],
)
export type CSINode = FromSchema<typeof CSINode>

export const CSIStorageCapacity = object(
  'io.k8s.api.storage.v1.CSIStorageCapacity',
  'How much storage of a class is left in one place.',
  {
    apiVersion: objectHead.apiVersion,
    capacity: quantity('Storage left. Unset means unknown, and the place counts as full.'),
    kind: objectHead.kind,
    maximumVolumeSize: quantity('Largest volume that can be made there, if it is less than capacity. Unset means not known.'),
    metadata: objectHead.metadata,
    nodeTopology: field(
      LabelSelector,
      'Labels of the nodes that make the place. Unset means none has access, empty means all. It cannot be changed.',
    ),
    storageClassName: string('Name of the StorageClass. It cannot be changed.'),
  },
  ['storageClassName'],
)
export type CSIStorageCapacity = FromSchema<typeof CSIStorageCapacity>

export const StorageClass = object(
  'io.k8s.api.storage.v1.StorageClass',
  'A kind of storage to ask for, and how volumes of it are made. Cluster-wide; most of it cannot be changed.',
  {
    allowVolumeExpansion: boolean('Whether claims of this class can be made larger later. False if unset.'),
    allowedTopologies: list(
      TopologySelectorTerm,
      'Places where volumes may be made. Empty means everywhere; it counts only with provisioners that know about places.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    ...objectHead,
    mountOptions: list(string(''), 'Mount options for the volumes that are made. They are not checked; a wrong one fails the mount.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    parameters: map(string(''), 'Settings for the provisioner, which alone knows their meaning.'),
    provisioner: string('Name of the driver that makes the volumes; kubernetes.io/no-provisioner makes none.'),
    reclaimPolicy: string('What becomes of a made volume when its claim is gone: Delete, the default, or Retain.', {
      enum: ['Delete', 'Recycle', 'Retain'],
      default: 'Delete',
    }),
    volumeBindingMode: string(
      'Immediate, the default, binds a claim at once; WaitForFirstConsumer waits for a pod that uses it, so that the volume is made where that pod can run.',
      { enum: ['Immediate', 'WaitForFirstConsumer'], default: 'Immediate' },
    ),
  },
  ['provisioner'],
)
export type StorageClass = FromSchema<typeof StorageClass>

export const VolumeAttachmentSource = object('io.k8s.api.storage.v1.VolumeAttachmentSource', 'The volume to attach. Exactly one is set.', {
  inlineVolumeSpec: field(
    PersistentVolumeSpec,
    'A volume that is not stored as a PersistentVolume, as old in-tree volumes in pods are translated.',
  ),
  persistentVolumeName: string('Name of the PersistentVolume.'),
})
export type VolumeAttachmentSource = FromSchema<typeof VolumeAttachmentSource>

export const VolumeAttachmentSpec = object(
  'io.k8s.api.storage.v1.VolumeAttachmentSpec',
  'Which volume to attach to which node.',
  {
    attacher: string('Name of the driver that has to do it.'),
    nodeName: string('Name of the node.'),
    source: field(VolumeAttachmentSource, 'The volume.', { default: {} }),
  },
  ['attacher', 'source', 'nodeName'],
)
export type VolumeAttachmentSpec = FromSchema<typeof VolumeAttachmentSpec>

export const VolumeError = object('io.k8s.api.storage.v1.VolumeError', 'An error of a volume operation.', {
  errorCode: int32('gRPC code of the error, if there was one.'),
  message: string('What went wrong. It may be logged, so it holds nothing secret.'),
  time: time('When it went wrong.'),
})
export type VolumeError = FromSchema<typeof VolumeError>

export const VolumeAttachmentStatus = object(
  'io.k8s.api.storage.v1.VolumeAttachmentStatus',
  'How an attachment stands.',
  {
    attachError: field(VolumeError, 'The last error of attaching, if any.'),
    attached: boolean('Whether the volume is attached. Set by the driver side alone.'),
    attachmentMetadata: map(string(''), 'What the driver answered on attaching; handed on to the mount.'),
    detachError: field(VolumeError, 'The last error of detaching, if any.'),
  },
  ['attached'],
)
export type VolumeAttachmentStatus = FromSchema<typeof VolumeAttachmentStatus>

export const VolumeAttachment = object(
  'io.k8s.api.storage.v1.VolumeAttachment',
  'The intent to attach a volume to a node. It is detached when this object is deleted.',
  {
    ...objectHead,
    spec: field(VolumeAttachmentSpec, 'What to attach where; it cannot be changed.', { default: {} }),
    status: field(VolumeAttachmentStatus, 'How it stands; written by the driver side.', { default: {} }),
  },
  ['spec'],
)
export type VolumeAttachment = FromSchema<typeof VolumeAttachment>

export const VolumeAttributesClass = object(
  'io.k8s.api.storage.v1.VolumeAttributesClass',
  'Settings of volumes that can be changed while they are in use, such as performance.',
  {
    apiVersion: objectHead.apiVersion,
    driverName: string('Name of the driver the settings are for. It cannot be changed.'),
    kind: objectHead.kind,
    metadata: objectHead.metadata,
    parameters: map(string(''), 'Settings for the driver, which alone knows their meaning. They cannot be changed.'),
  },
  ['driverName'],
)
export type VolumeAttributesClass = FromSchema<typeof VolumeAttributesClass>
