import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, list, map, object, quantity, string, time } from '../schema.ts'
import { ObjectMeta } from './meta.ts'
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
  '',
  {
    readOnly: boolean(''),
    secretName: string(''),
    secretNamespace: string(''),
    shareName: string(''),
  },
  ['secretName', 'shareName'],
)
export type AzureFilePersistentVolumeSource = FromSchema<typeof AzureFilePersistentVolumeSource>

export const CSIPersistentVolumeSource = object(
  'io.k8s.api.core.v1.CSIPersistentVolumeSource',
  '',
  {
    controllerExpandSecretRef: field(SecretReference, ''),
    controllerPublishSecretRef: field(SecretReference, ''),
    driver: string(''),
    fsType: string(''),
    nodeExpandSecretRef: field(SecretReference, ''),
    nodePublishSecretRef: field(SecretReference, ''),
    nodeStageSecretRef: field(SecretReference, ''),
    readOnly: boolean(''),
    volumeAttributes: map(string(''), ''),
    volumeHandle: string(''),
  },
  ['driver', 'volumeHandle'],
)
export type CSIPersistentVolumeSource = FromSchema<typeof CSIPersistentVolumeSource>

export const CephFSPersistentVolumeSource = object(
  'io.k8s.api.core.v1.CephFSPersistentVolumeSource',
  '',
  {
    monitors: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    path: string(''),
    readOnly: boolean(''),
    secretFile: string(''),
    secretRef: field(SecretReference, ''),
    user: string(''),
  },
  ['monitors'],
)
export type CephFSPersistentVolumeSource = FromSchema<typeof CephFSPersistentVolumeSource>

export const CinderPersistentVolumeSource = object(
  'io.k8s.api.core.v1.CinderPersistentVolumeSource',
  '',
  {
    fsType: string(''),
    readOnly: boolean(''),
    secretRef: field(SecretReference, ''),
    volumeID: string(''),
  },
  ['volumeID'],
)
export type CinderPersistentVolumeSource = FromSchema<typeof CinderPersistentVolumeSource>

export const FlexPersistentVolumeSource = object(
  'io.k8s.api.core.v1.FlexPersistentVolumeSource',
  '',
  {
    driver: string(''),
    fsType: string(''),
    options: map(string(''), ''),
    readOnly: boolean(''),
    secretRef: field(SecretReference, ''),
  },
  ['driver'],
)
export type FlexPersistentVolumeSource = FromSchema<typeof FlexPersistentVolumeSource>

export const GlusterfsPersistentVolumeSource = object(
  'io.k8s.api.core.v1.GlusterfsPersistentVolumeSource',
  '',
  {
    endpoints: string(''),
    endpointsNamespace: string(''),
    path: string(''),
    readOnly: boolean(''),
  },
  ['endpoints', 'path'],
)
export type GlusterfsPersistentVolumeSource = FromSchema<typeof GlusterfsPersistentVolumeSource>

export const ISCSIPersistentVolumeSource = object(
  'io.k8s.api.core.v1.ISCSIPersistentVolumeSource',
  '',
  {
    chapAuthDiscovery: boolean(''),
    chapAuthSession: boolean(''),
    fsType: string(''),
    initiatorName: string(''),
    iqn: string(''),
    iscsiInterface: string('', { default: 'default' }),
    lun: int32(''),
    portals: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    readOnly: boolean(''),
    secretRef: field(SecretReference, ''),
    targetPortal: string(''),
  },
  ['targetPortal', 'iqn', 'lun'],
)
export type ISCSIPersistentVolumeSource = FromSchema<typeof ISCSIPersistentVolumeSource>

export const VolumeNodeAffinity = object('io.k8s.api.core.v1.VolumeNodeAffinity', '', {
  required: field(NodeSelector, ''),
})
export type VolumeNodeAffinity = FromSchema<typeof VolumeNodeAffinity>

export const RBDPersistentVolumeSource = object(
  'io.k8s.api.core.v1.RBDPersistentVolumeSource',
  '',
  {
    fsType: string(''),
    image: string(''),
    keyring: string('', { default: '/etc/ceph/keyring' }),
    monitors: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    pool: string('', { default: 'rbd' }),
    readOnly: boolean(''),
    secretRef: field(SecretReference, ''),
    user: string('', { default: 'admin' }),
  },
  ['monitors', 'image'],
)
export type RBDPersistentVolumeSource = FromSchema<typeof RBDPersistentVolumeSource>

export const ScaleIOPersistentVolumeSource = object(
  'io.k8s.api.core.v1.ScaleIOPersistentVolumeSource',
  '',
  {
    fsType: string('', { default: 'xfs' }),
    gateway: string(''),
    protectionDomain: string(''),
    readOnly: boolean(''),
    secretRef: field(SecretReference, ''),
    sslEnabled: boolean(''),
    storageMode: string('', { default: 'ThinProvisioned' }),
    storagePool: string(''),
    system: string(''),
    volumeName: string(''),
  },
  ['gateway', 'system', 'secretRef'],
)
export type ScaleIOPersistentVolumeSource = FromSchema<typeof ScaleIOPersistentVolumeSource>

export const StorageOSPersistentVolumeSource = object('io.k8s.api.core.v1.StorageOSPersistentVolumeSource', '', {
  fsType: string(''),
  readOnly: boolean(''),
  secretRef: field(ObjectReference, ''),
  volumeName: string(''),
  volumeNamespace: string(''),
})
export type StorageOSPersistentVolumeSource = FromSchema<typeof StorageOSPersistentVolumeSource>

export const PersistentVolumeSpec = object('io.k8s.api.core.v1.PersistentVolumeSpec', '', {
  accessModes: list(string('', { enum: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'] }), '', {
    'x-kubernetes-list-type': 'atomic',
  }),
  awsElasticBlockStore: field(AWSElasticBlockStoreVolumeSource, ''),
  azureDisk: field(AzureDiskVolumeSource, ''),
  azureFile: field(AzureFilePersistentVolumeSource, ''),
  capacity: map(quantity(''), ''),
  cephfs: field(CephFSPersistentVolumeSource, ''),
  cinder: field(CinderPersistentVolumeSource, ''),
  claimRef: field(ObjectReference, '', { 'x-kubernetes-map-type': 'granular' }),
  csi: field(CSIPersistentVolumeSource, ''),
  fc: field(FCVolumeSource, ''),
  flexVolume: field(FlexPersistentVolumeSource, ''),
  flocker: field(FlockerVolumeSource, ''),
  gcePersistentDisk: field(GCEPersistentDiskVolumeSource, ''),
  glusterfs: field(GlusterfsPersistentVolumeSource, ''),
  hostPath: field(HostPathVolumeSource, ''),
  iscsi: field(ISCSIPersistentVolumeSource, ''),
  local: field(LocalVolumeSource, ''),
  mountOptions: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  nfs: field(NFSVolumeSource, ''),
  nodeAffinity: field(VolumeNodeAffinity, ''),
  persistentVolumeReclaimPolicy: string('', { enum: ['Delete', 'Recycle', 'Retain'], default: 'Retain' }),
  photonPersistentDisk: field(PhotonPersistentDiskVolumeSource, ''),
  portworxVolume: field(PortworxVolumeSource, ''),
  quobyte: field(QuobyteVolumeSource, ''),
  rbd: field(RBDPersistentVolumeSource, ''),
  scaleIO: field(ScaleIOPersistentVolumeSource, ''),
  storageClassName: string(''),
  storageos: field(StorageOSPersistentVolumeSource, ''),
  volumeAttributesClassName: string(''),
  volumeMode: string('', { enum: ['Block', 'Filesystem'], default: 'Filesystem' }),
  vsphereVolume: field(VsphereVirtualDiskVolumeSource, ''),
})
export type PersistentVolumeSpec = FromSchema<typeof PersistentVolumeSpec>

export const PersistentVolumeStatus = object('io.k8s.api.core.v1.PersistentVolumeStatus', '', {
  lastPhaseTransitionTime: time(''),
  message: string(''),
  phase: string('', { enum: ['Available', 'Bound', 'Failed', 'Pending', 'Released'] }),
  reason: string(''),
})
export type PersistentVolumeStatus = FromSchema<typeof PersistentVolumeStatus>

export const PersistentVolume = object('io.k8s.api.core.v1.PersistentVolume', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(PersistentVolumeSpec, '', { default: {} }),
  status: field(PersistentVolumeStatus, '', { default: {} }),
})
export type PersistentVolume = FromSchema<typeof PersistentVolume>
