import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, list, map, object, quantity, string, time } from '../schema.ts'
import { objectHead } from './meta.ts'
import { ObjectReference, SecretReference } from './reference.ts'
import { NodeSelector } from './selector.ts'
import {
  AWSElasticBlockStoreVolumeSource,
  AzureDiskVolumeSource,
  FCVolumeSource,
  FlockerVolumeSource,
  GCEPersistentDiskVolumeSource,
  HostPathVolumeSource,
  LocalVolumeSource,
  NFSVolumeSource,
  PhotonPersistentDiskVolumeSource,
  PortworxVolumeSource,
  QuobyteVolumeSource,
  VsphereVirtualDiskVolumeSource,
} from './volume.ts'

export const AzureFilePersistentVolumeSource = object(
  'io.k8s.api.core.v1.AzureFilePersistentVolumeSource',
  'An Azure file share. Handled by the driver file.csi.azure.com.',
  {
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretName: string('Secret with the name and key of the storage account.'),
    secretNamespace: string('Namespace of the Secret. Unset takes that of the claim.'),
    shareName: string('Name of the share.'),
  },
  ['secretName', 'shareName'],
)
export type AzureFilePersistentVolumeSource = FromSchema<typeof AzureFilePersistentVolumeSource>

export const CSIPersistentVolumeSource = object(
  'io.k8s.api.core.v1.CSIPersistentVolumeSource',
  'A volume kept by a CSI driver.',
  {
    controllerExpandSecretRef: field(SecretReference, 'Secret passed to the driver when its controller expands the volume.'),
    controllerPublishSecretRef: field(SecretReference, 'Secret passed to the driver when its controller attaches or detaches the volume.'),
    driver: string('Name of the driver.'),
    fsType: string('Type of the file system. Unset leaves it to the driver.'),
    nodeExpandSecretRef: field(SecretReference, 'Secret passed to the driver when the node expands the volume.'),
    nodePublishSecretRef: field(SecretReference, 'Secret passed to the driver when the node mounts the volume for a pod.'),
    nodeStageSecretRef: field(SecretReference, 'Secret passed to the driver when the node makes the volume ready for mounts.'),
    readOnly: boolean('If true, the driver is told to mount it read-only. False by default.'),
    volumeAttributes: map(string(''), 'What the driver answered when it made the volume.'),
    volumeHandle: string('Identifier of the volume at the driver. It cannot be changed.'),
  },
  ['driver', 'volumeHandle'],
)
export type CSIPersistentVolumeSource = FromSchema<typeof CSIPersistentVolumeSource>

export const CephFSPersistentVolumeSource = object(
  'io.k8s.api.core.v1.CephFSPersistentVolumeSource',
  'A CephFS directory. No longer supported.',
  {
    monitors: list(string(''), 'Addresses of Ceph monitors.', { 'x-kubernetes-list-type': 'atomic' }),
    path: string('Directory to mount; / if unset.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretFile: string('File on the node with the key; /etc/ceph/user.secret if unset.'),
    secretRef: field(SecretReference, 'Secret with the key; wins over secretFile.'),
    user: string('Ceph user; admin if unset.'),
  },
  ['monitors'],
)
export type CephFSPersistentVolumeSource = FromSchema<typeof CephFSPersistentVolumeSource>

export const CinderPersistentVolumeSource = object(
  'io.k8s.api.core.v1.CinderPersistentVolumeSource',
  'An OpenStack volume. Handled by the driver cinder.csi.openstack.org.',
  {
    fsType: string('Type of the file system; ext4 if unset. The volume is formatted with it when it is blank.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretRef: field(SecretReference, 'Secret with the credentials for OpenStack.'),
    volumeID: string('Identifier of the volume in Cinder.'),
  },
  ['volumeID'],
)
export type CinderPersistentVolumeSource = FromSchema<typeof CinderPersistentVolumeSource>

export const FlexPersistentVolumeSource = object(
  'io.k8s.api.core.v1.FlexPersistentVolumeSource',
  'A volume handled by an executable on the node. Deprecated in favour of CSI.',
  {
    driver: string('Name of the driver.'),
    fsType: string('Type of the file system. Unset leaves it to the driver.'),
    options: map(string(''), 'Further settings for the driver.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretRef: field(SecretReference, 'Secret passed to the driver.'),
  },
  ['driver'],
)
export type FlexPersistentVolumeSource = FromSchema<typeof FlexPersistentVolumeSource>

export const GlusterfsPersistentVolumeSource = object(
  'io.k8s.api.core.v1.GlusterfsPersistentVolumeSource',
  'A Glusterfs volume. No longer supported.',
  {
    endpoints: string('Name of the Endpoints with the servers.'),
    endpointsNamespace: string('Namespace of the Endpoints. Unset takes that of the claim.'),
    path: string('Name of the volume.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
  },
  ['endpoints', 'path'],
)
export type GlusterfsPersistentVolumeSource = FromSchema<typeof GlusterfsPersistentVolumeSource>

export const ISCSIPersistentVolumeSource = object(
  'io.k8s.api.core.v1.ISCSIPersistentVolumeSource',
  'An iSCSI disk. It can be mounted for writing by one node at a time.',
  {
    chapAuthDiscovery: boolean('If true, discovery uses CHAP authentication.'),
    chapAuthSession: boolean('If true, the session uses CHAP authentication.'),
    fsType: string('Type of the file system; ext4 if unset. The volume is formatted with it when it is blank.'),
    initiatorName: string('Initiator to use instead of the one of the node. With it an interface of its own is made.'),
    iqn: string('Qualified name of the target.'),
    iscsiInterface: string('Interface to use; default, the default, is TCP.', { default: 'default' }),
    lun: int32('Number of the logical unit at the target.'),
    portals: list(string(''), 'Further portals of the target, as address or address:port.', { 'x-kubernetes-list-type': 'atomic' }),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretRef: field(SecretReference, 'Secret for CHAP, at the target and at the initiator.'),
    targetPortal: string('Portal of the target, as address or address:port; port 3260 if none is given.'),
  },
  ['targetPortal', 'iqn', 'lun'],
)
export type ISCSIPersistentVolumeSource = FromSchema<typeof ISCSIPersistentVolumeSource>

export const VolumeNodeAffinity = object('io.k8s.api.core.v1.VolumeNodeAffinity', 'From which nodes a volume can be reached.', {
  required: field(NodeSelector, 'The nodes that can reach it; pods that use it go there.'),
})
export type VolumeNodeAffinity = FromSchema<typeof VolumeNodeAffinity>

export const RBDPersistentVolumeSource = object(
  'io.k8s.api.core.v1.RBDPersistentVolumeSource',
  'A Ceph block device image. No longer supported.',
  {
    fsType: string('Type of the file system; ext4 if unset. The volume is formatted with it when it is blank.'),
    image: string('Name of the image.'),
    keyring: string('File on the node with the key ring; /etc/ceph/keyring by default.', { default: '/etc/ceph/keyring' }),
    monitors: list(string(''), 'Addresses of Ceph monitors.', { 'x-kubernetes-list-type': 'atomic' }),
    pool: string('Pool of the image; rbd by default.', { default: 'rbd' }),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretRef: field(SecretReference, 'Secret with the key; wins over keyring.'),
    user: string('Ceph user; admin by default.', { default: 'admin' }),
  },
  ['monitors', 'image'],
)
export type RBDPersistentVolumeSource = FromSchema<typeof RBDPersistentVolumeSource>

export const ScaleIOPersistentVolumeSource = object(
  'io.k8s.api.core.v1.ScaleIOPersistentVolumeSource',
  'A ScaleIO volume. No longer supported.',
  {
    fsType: string('Type of the file system; xfs by default.', { default: 'xfs' }),
    gateway: string('Address of the API gateway.'),
    protectionDomain: string('Protection domain of the storage.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretRef: field(SecretReference, 'Secret with the credentials.'),
    sslEnabled: boolean('If true, the gateway is reached over TLS. False by default.'),
    storageMode: string('ThickProvisioned or ThinProvisioned, the default.', { default: 'ThinProvisioned' }),
    storagePool: string('Storage pool in the protection domain.'),
    system: string('Name of the storage system.'),
    volumeName: string('Name of a volume that exists there.'),
  },
  ['gateway', 'system', 'secretRef'],
)
export type ScaleIOPersistentVolumeSource = FromSchema<typeof ScaleIOPersistentVolumeSource>

export const StorageOSPersistentVolumeSource = object(
  'io.k8s.api.core.v1.StorageOSPersistentVolumeSource',
  'A StorageOS volume. No longer supported.',
  {
    fsType: string('Type of the file system; ext4 if unset. The volume is formatted with it when it is blank.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretRef: field(ObjectReference, 'Secret with the credentials for StorageOS. Unset takes defaults.'),
    volumeName: string('Name of the volume, unique in its namespace.'),
    volumeNamespace: string('Namespace of the volume in StorageOS. Unset takes that of the claim; default takes none.'),
  },
)
export type StorageOSPersistentVolumeSource = FromSchema<typeof StorageOSPersistentVolumeSource>

export const PersistentVolumeSpec = object(
  'io.k8s.api.core.v1.PersistentVolumeSpec',
  'What a volume is, and how it is used. Exactly one source is set.',
  {
    accessModes: list(
      string('', { enum: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'] }),
      'How the volume may be mounted: ReadWriteOnce by one node, ReadWriteOncePod by one pod, ReadOnlyMany and ReadWriteMany by many nodes.',
      {
        'x-kubernetes-list-type': 'atomic',
      },
    ),
    awsElasticBlockStore: field(AWSElasticBlockStoreVolumeSource, 'An AWS EBS volume.'),
    azureDisk: field(AzureDiskVolumeSource, 'An Azure data disk.'),
    azureFile: field(AzureFilePersistentVolumeSource, 'An Azure file share.'),
    capacity: map(quantity(''), 'Size of the volume, under the key storage.'),
    cephfs: field(CephFSPersistentVolumeSource, 'A CephFS directory. No longer supported.'),
    cinder: field(CinderPersistentVolumeSource, 'An OpenStack volume.'),
    claimRef: field(
      ObjectReference,
      'The claim the volume is bound to, or kept for. A reference without uid waits for a claim of that name.',
      { 'x-kubernetes-map-type': 'granular' },
    ),
    csi: field(CSIPersistentVolumeSource, 'A volume kept by a CSI driver.'),
    fc: field(FCVolumeSource, 'A Fibre Channel disk.'),
    flexVolume: field(FlexPersistentVolumeSource, 'A volume handled by an executable on the node. Deprecated.'),
    flocker: field(FlockerVolumeSource, 'A Flocker dataset. No longer supported.'),
    gcePersistentDisk: field(GCEPersistentDiskVolumeSource, 'A Google Compute Engine disk.'),
    glusterfs: field(GlusterfsPersistentVolumeSource, 'A Glusterfs volume. No longer supported.'),
    hostPath: field(HostPathVolumeSource, 'A directory of the node, for tests on a single node only.'),
    iscsi: field(ISCSIPersistentVolumeSource, 'An iSCSI disk.'),
    local: field(LocalVolumeSource, 'A disk, partition or directory of one node.'),
    mountOptions: list(string(''), 'Mount options. They are not checked; a wrong one fails the mount.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    nfs: field(NFSVolumeSource, 'A directory of an NFS server.'),
    nodeAffinity: field(VolumeNodeAffinity, 'From which nodes it can be reached. Unset means from all.'),
    persistentVolumeReclaimPolicy: string(
      'What becomes of it when its claim is gone: Retain keeps it for somebody to look after, Delete deletes it, Recycle, deprecated, empties it. Retain by default; made volumes take it from their class.',
      { enum: ['Delete', 'Recycle', 'Retain'], default: 'Retain' },
    ),
    photonPersistentDisk: field(PhotonPersistentDiskVolumeSource, 'A Photon disk. No longer supported.'),
    portworxVolume: field(PortworxVolumeSource, 'A Portworx volume.'),
    quobyte: field(QuobyteVolumeSource, 'A Quobyte volume. No longer supported.'),
    rbd: field(RBDPersistentVolumeSource, 'A Ceph block device image. No longer supported.'),
    scaleIO: field(ScaleIOPersistentVolumeSource, 'A ScaleIO volume. No longer supported.'),
    storageClassName: string('Name of the StorageClass. Empty means none.'),
    storageos: field(StorageOSPersistentVolumeSource, 'A StorageOS volume. No longer supported.'),
    volumeAttributesClassName: string('Name of the VolumeAttributesClass whose settings it has. Follows the claim.'),
    volumeMode: string('Filesystem, the default, is mounted as a directory; Block is a bare device.', {
      enum: ['Block', 'Filesystem'],
      default: 'Filesystem',
    }),
    vsphereVolume: field(VsphereVirtualDiskVolumeSource, 'A vSphere disk.'),
  },
)
export type PersistentVolumeSpec = FromSchema<typeof PersistentVolumeSpec>

export const PersistentVolumeStatus = object('io.k8s.api.core.v1.PersistentVolumeStatus', 'Where a volume stands.', {
  lastPhaseTransitionTime: time('When phase took its present value.'),
  message: string('Why the volume is in this phase, in words for people.'),
  phase: string(
    'Pending before it can be used, Available for claims, Bound to one, Released when its claim is gone, Failed if reclaiming it failed.',
    { enum: ['Available', 'Bound', 'Failed', 'Pending', 'Released'] },
  ),
  reason: string('Why the volume failed, as one CamelCase word.'),
})
export type PersistentVolumeStatus = FromSchema<typeof PersistentVolumeStatus>

export const PersistentVolume = object(
  'io.k8s.api.core.v1.PersistentVolume',
  'A piece of storage of the cluster, made by an administrator or by a StorageClass. Claims are bound to it.',
  {
    ...objectHead,
    spec: field(PersistentVolumeSpec, 'What it is, and how it is used.', { default: {} }),
    status: field(PersistentVolumeStatus, 'Where it stands; written by the system only.', { default: {} }),
  },
)
export type PersistentVolume = FromSchema<typeof PersistentVolume>
