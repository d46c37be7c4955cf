import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, int64, list, map, object, quantity, string } from '../schema.ts'
import { PersistentVolumeClaimTemplate } from './claim.ts'
import { LocalObjectReference, ObjectFieldSelector, ResourceFieldSelector } from './reference.ts'
import { LabelSelector } from './selector.ts'

export const AWSElasticBlockStoreVolumeSource = object(
  'io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource',
  '',
  {
    fsType: string(''),
    partition: int32(''),
    readOnly: boolean(''),
    volumeID: string(''),
  },
  ['volumeID'],
)
export type AWSElasticBlockStoreVolumeSource = FromSchema<typeof AWSElasticBlockStoreVolumeSource>

export const AzureDiskVolumeSource = object(
  'io.k8s.api.core.v1.AzureDiskVolumeSource',
  '',
  {
    cachingMode: string('', { enum: ['None', 'ReadOnly', 'ReadWrite'], default: 'ReadWrite' }),
    diskName: string(''),
    diskURI: string(''),
    fsType: string('', { default: 'ext4' }),
    kind: string('', { enum: ['Dedicated', 'Managed', 'Shared'], default: 'Shared' }),
    readOnly: boolean('', { default: false }),
  },
  ['diskName', 'diskURI'],
)
export type AzureDiskVolumeSource = FromSchema<typeof AzureDiskVolumeSource>

export const AzureFileVolumeSource = object(
  'io.k8s.api.core.v1.AzureFileVolumeSource',
  '',
  {
    readOnly: boolean(''),
    secretName: string(''),
    shareName: string(''),
  },
  ['secretName', 'shareName'],
)
export type AzureFileVolumeSource = FromSchema<typeof AzureFileVolumeSource>

export const CephFSVolumeSource = object(
  'io.k8s.api.core.v1.CephFSVolumeSource',
  '',
  {
    monitors: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    path: string(''),
    readOnly: boolean(''),
    secretFile: string(''),
    secretRef: field(LocalObjectReference, ''),
    user: string(''),
  },
  ['monitors'],
)
export type CephFSVolumeSource = FromSchema<typeof CephFSVolumeSource>

export const CinderVolumeSource = object(
  'io.k8s.api.core.v1.CinderVolumeSource',
  '',
  {
    fsType: string(''),
    readOnly: boolean(''),
    secretRef: field(LocalObjectReference, ''),
    volumeID: string(''),
  },
  ['volumeID'],
)
export type CinderVolumeSource = FromSchema<typeof CinderVolumeSource>

export const KeyToPath = object(
  'io.k8s.api.core.v1.KeyToPath',
  '',
  {
    key: string(''),
    mode: int32(''),
    path: string(''),
  },
  ['key', 'path'],
)
export type KeyToPath = FromSchema<typeof KeyToPath>

export const ConfigMapVolumeSource = object('io.k8s.api.core.v1.ConfigMapVolumeSource', '', {
  defaultMode: int32('', { default: 420 }),
  items: list(KeyToPath, '', { 'x-kubernetes-list-type': 'atomic' }),
  name: string(''),
  optional: boolean(''),
})
export type ConfigMapVolumeSource = FromSchema<typeof ConfigMapVolumeSource>

export const CSIVolumeSource = object(
  'io.k8s.api.core.v1.CSIVolumeSource',
  '',
  {
    driver: string(''),
    fsType: string(''),
    nodePublishSecretRef: field(LocalObjectReference, ''),
    readOnly: boolean(''),
    volumeAttributes: map(string(''), ''),
  },
  ['driver'],
)
export type CSIVolumeSource = FromSchema<typeof CSIVolumeSource>

export const DownwardAPIVolumeFile = object(
  'io.k8s.api.core.v1.DownwardAPIVolumeFile',
  '',
  {
    fieldRef: field(ObjectFieldSelector, ''),
    mode: int32(''),
    path: string(''),
    resourceFieldRef: field(ResourceFieldSelector, ''),
  },
  ['path'],
)
export type DownwardAPIVolumeFile = FromSchema<typeof DownwardAPIVolumeFile>

export const DownwardAPIVolumeSource = object('io.k8s.api.core.v1.DownwardAPIVolumeSource', '', {
  defaultMode: int32('', { default: 420 }),
  items: list(DownwardAPIVolumeFile, '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type DownwardAPIVolumeSource = FromSchema<typeof DownwardAPIVolumeSource>

export const EmptyDirVolumeSource = object('io.k8s.api.core.v1.EmptyDirVolumeSource', '', {
  medium: string(''),
  sizeLimit: quantity(''),
})
export type EmptyDirVolumeSource = FromSchema<typeof EmptyDirVolumeSource>

export const EphemeralVolumeSource = object('io.k8s.api.core.v1.EphemeralVolumeSource', '', {
  volumeClaimTemplate: field(PersistentVolumeClaimTemplate, ''),
})
export type EphemeralVolumeSource = FromSchema<typeof EphemeralVolumeSource>

export const FCVolumeSource = object('io.k8s.api.core.v1.FCVolumeSource', '', {
  fsType: string(''),
  lun: int32(''),
  readOnly: boolean(''),
  targetWWNs: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  wwids: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type FCVolumeSource = FromSchema<typeof FCVolumeSource>

export const FlexVolumeSource = object(
  'io.k8s.api.core.v1.FlexVolumeSource',
  '',
  {
    driver: string(''),
    fsType: string(''),
    options: map(string(''), ''),
    readOnly: boolean(''),
    secretRef: field(LocalObjectReference, ''),
  },
  ['driver'],
)
export type FlexVolumeSource = FromSchema<typeof FlexVolumeSource>

export const FlockerVolumeSource = object('io.k8s.api.core.v1.FlockerVolumeSource', '', {
  datasetName: string(''),
  datasetUUID: string(''),
})
export type FlockerVolumeSource = FromSchema<typeof FlockerVolumeSource>

export const GCEPersistentDiskVolumeSource = object(
  'io.k8s.api.core.v1.GCEPersistentDiskVolumeSource',
  '',
  {
    fsType: string(''),
    partition: int32(''),
    pdName: string(''),
    readOnly: boolean(''),
  },
  ['pdName'],
)
export type GCEPersistentDiskVolumeSource = FromSchema<typeof GCEPersistentDiskVolumeSource>

export const GitRepoVolumeSource = object(
  'io.k8s.api.core.v1.GitRepoVolumeSource',
  '',
  {
    directory: string(''),
    repository: string(''),
    revision: string(''),
  },
  ['repository'],
)
export type GitRepoVolumeSource = FromSchema<typeof GitRepoVolumeSource>

export const GlusterfsVolumeSource = object(
  'io.k8s.api.core.v1.GlusterfsVolumeSource',
  '',
  {
    endpoints: string(''),
    path: string(''),
    readOnly: boolean(''),
  },
  ['endpoints', 'path'],
)
export type GlusterfsVolumeSource = FromSchema<typeof GlusterfsVolumeSource>

export const HostPathVolumeSource = object(
  'io.k8s.api.core.v1.HostPathVolumeSource',
  '',
  {
    path: string(''),
    type: string('', {
      enum: ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'],
      default: '',
    }),
  },
  ['path'],
)
export type HostPathVolumeSource = FromSchema<typeof HostPathVolumeSource>

export const ImageVolumeSource = object('io.k8s.api.core.v1.ImageVolumeSource', '', {
  pullPolicy: string('', { enum: ['Always', 'IfNotPresent', 'Never'] }),
  reference: string(''),
})
export type ImageVolumeSource = FromSchema<typeof ImageVolumeSource>

export const ISCSIVolumeSource = object(
  'io.k8s.api.core.v1.ISCSIVolumeSource',
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
    secretRef: field(LocalObjectReference, ''),
    targetPortal: string(''),
  },
  ['targetPortal', 'iqn', 'lun'],
)
export type ISCSIVolumeSource = FromSchema<typeof ISCSIVolumeSource>

export const NFSVolumeSource = object(
  'io.k8s.api.core.v1.NFSVolumeSource',
  '',
  {
    path: string(''),
    readOnly: boolean(''),
    server: string(''),
  },
  ['server', 'path'],
)
export type NFSVolumeSource = FromSchema<typeof NFSVolumeSource>

export const PersistentVolumeClaimVolumeSource = object(
  'io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource',
  '',
  {
    claimName: string(''),
    readOnly: boolean(''),
  },
  ['claimName'],
)
export type PersistentVolumeClaimVolumeSource = FromSchema<typeof PersistentVolumeClaimVolumeSource>

export const PhotonPersistentDiskVolumeSource = object(
  'io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource',
  '',
  {
    fsType: string(''),
    pdID: string(''),
  },
  ['pdID'],
)
export type PhotonPersistentDiskVolumeSource = FromSchema<typeof PhotonPersistentDiskVolumeSource>

export const PortworxVolumeSource = object(
  'io.k8s.api.core.v1.PortworxVolumeSource',
  '',
  {
    fsType: string(''),
    readOnly: boolean(''),
    volumeID: string(''),
  },
  ['volumeID'],
)
export type PortworxVolumeSource = FromSchema<typeof PortworxVolumeSource>

export const ClusterTrustBundleProjection = object(
  'io.k8s.api.core.v1.ClusterTrustBundleProjection',
  '',
  {
    labelSelector: field(LabelSelector, ''),
    name: string(''),
    optional: boolean(''),
    path: string(''),
    signerName: string(''),
  },
  ['path'],
)
export type ClusterTrustBundleProjection = FromSchema<typeof ClusterTrustBundleProjection>

export const ConfigMapProjection = object('io.k8s.api.core.v1.ConfigMapProjection', '', {
  items: list(KeyToPath, '', { 'x-kubernetes-list-type': 'atomic' }),
  name: string(''),
  optional: boolean(''),
})
export type ConfigMapProjection = FromSchema<typeof ConfigMapProjection>

export const DownwardAPIProjection = object('io.k8s.api.core.v1.DownwardAPIProjection', '', {
  items: list(DownwardAPIVolumeFile, '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type DownwardAPIProjection = FromSchema<typeof DownwardAPIProjection>

export const PodCertificateProjection = object(
  'io.k8s.api.core.v1.PodCertificateProjection',
  '',
  {
    certificateChainPath: string(''),
    credentialBundlePath: string(''),
    keyPath: string(''),
    keyType: string(''),
    maxExpirationSeconds: int32(''),
    signerName: string(''),
    userAnnotations: map(string(''), ''),
  },
  ['signerName', 'keyType'],
)
export type PodCertificateProjection = FromSchema<typeof PodCertificateProjection>

export const SecretProjection = object('io.k8s.api.core.v1.SecretProjection', '', {
  items: list(KeyToPath, '', { 'x-kubernetes-list-type': 'atomic' }),
  name: string(''),
  optional: boolean(''),
})
export type SecretProjection = FromSchema<typeof SecretProjection>

export const ServiceAccountTokenProjection = object(
  'io.k8s.api.core.v1.ServiceAccountTokenProjection',
  '',
  {
    audience: string(''),
    expirationSeconds: int64('', { default: 3600 }),
    path: string(''),
  },
  ['path'],
)
export type ServiceAccountTokenProjection = FromSchema<typeof ServiceAccountTokenProjection>

export const VolumeProjection = object('io.k8s.api.core.v1.VolumeProjection', '', {
  clusterTrustBundle: field(ClusterTrustBundleProjection, ''),
  configMap: field(ConfigMapProjection, ''),
  downwardAPI: field(DownwardAPIProjection, ''),
  podCertificate: field(PodCertificateProjection, ''),
  secret: field(SecretProjection, ''),
  serviceAccountToken: field(ServiceAccountTokenProjection, ''),
})
export type VolumeProjection = FromSchema<typeof VolumeProjection>

export const ProjectedVolumeSource = object('io.k8s.api.core.v1.ProjectedVolumeSource', '', {
  defaultMode: int32('', { default: 420 }),
  sources: list(VolumeProjection, '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type ProjectedVolumeSource = FromSchema<typeof ProjectedVolumeSource>

export const QuobyteVolumeSource = object(
  'io.k8s.api.core.v1.QuobyteVolumeSource',
  '',
  {
    group: string(''),
    readOnly: boolean(''),
    registry: string(''),
    tenant: string(''),
    user: string(''),
    volume: string(''),
  },
  ['registry', 'volume'],
)
export type QuobyteVolumeSource = FromSchema<typeof QuobyteVolumeSource>

export const RBDVolumeSource = object(
  'io.k8s.api.core.v1.RBDVolumeSource',
  '',
  {
    fsType: string(''),
    image: string(''),
    keyring: string('', { default: '/etc/ceph/keyring' }),
    monitors: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    pool: string('', { default: 'rbd' }),
    readOnly: boolean(''),
    secretRef: field(LocalObjectReference, ''),
    user: string('', { default: 'admin' }),
  },
  ['monitors', 'image'],
)
export type RBDVolumeSource = FromSchema<typeof RBDVolumeSource>

export const ScaleIOVolumeSource = object(
  'io.k8s.api.core.v1.ScaleIOVolumeSource',
  '',
  {
    fsType: string('', { default: 'xfs' }),
    gateway: string(''),
    protectionDomain: string(''),
    readOnly: boolean(''),
    secretRef: field(LocalObjectReference, ''),
    sslEnabled: boolean(''),
    storageMode: string('', { default: 'ThinProvisioned' }),
    storagePool: string(''),
    system: string(''),
    volumeName: string(''),
  },
  ['gateway', 'system', 'secretRef'],
)
export type ScaleIOVolumeSource = FromSchema<typeof ScaleIOVolumeSource>

export const SecretVolumeSource = object('io.k8s.api.core.v1.SecretVolumeSource', '', {
  defaultMode: int32('', { default: 420 }),
  items: list(KeyToPath, '', { 'x-kubernetes-list-type': 'atomic' }),
  optional: boolean(''),
  secretName: string(''),
})
export type SecretVolumeSource = FromSchema<typeof SecretVolumeSource>

export const StorageOSVolumeSource = object('io.k8s.api.core.v1.StorageOSVolumeSource', '', {
  fsType: string(''),
  readOnly: boolean(''),
  secretRef: field(LocalObjectReference, ''),
  volumeName: string(''),
  volumeNamespace: string(''),
})
export type StorageOSVolumeSource = FromSchema<typeof StorageOSVolumeSource>

export const VsphereVirtualDiskVolumeSource = object(
  'io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource',
  '',
  {
    fsType: string(''),
    storagePolicyID: string(''),
    storagePolicyName: string(''),
    volumePath: string(''),
  },
  ['volumePath'],
)
export type VsphereVirtualDiskVolumeSource = FromSchema<typeof VsphereVirtualDiskVolumeSource>

export const Volume = object(
  'io.k8s.api.core.v1.Volume',
  '',
  {
    awsElasticBlockStore: field(AWSElasticBlockStoreVolumeSource, ''),
    azureDisk: field(AzureDiskVolumeSource, ''),
    azureFile: field(AzureFileVolumeSource, ''),
    cephfs: field(CephFSVolumeSource, ''),
    cinder: field(CinderVolumeSource, ''),
    configMap: field(ConfigMapVolumeSource, ''),
    csi: field(CSIVolumeSource, ''),
    downwardAPI: field(DownwardAPIVolumeSource, ''),
    emptyDir: field(EmptyDirVolumeSource, ''),
    ephemeral: field(EphemeralVolumeSource, ''),
    fc: field(FCVolumeSource, ''),
    flexVolume: field(FlexVolumeSource, ''),
    flocker: field(FlockerVolumeSource, ''),
    gcePersistentDisk: field(GCEPersistentDiskVolumeSource, ''),
    gitRepo: field(GitRepoVolumeSource, ''),
    glusterfs: field(GlusterfsVolumeSource, ''),
    hostPath: field(HostPathVolumeSource, ''),
    image: field(ImageVolumeSource, ''),
    iscsi: field(ISCSIVolumeSource, ''),
    name: string(''),
    nfs: field(NFSVolumeSource, ''),
    persistentVolumeClaim: field(PersistentVolumeClaimVolumeSource, ''),
    photonPersistentDisk: field(PhotonPersistentDiskVolumeSource, ''),
    portworxVolume: field(PortworxVolumeSource, ''),
    projected: field(ProjectedVolumeSource, ''),
    quobyte: field(QuobyteVolumeSource, ''),
    rbd: field(RBDVolumeSource, ''),
    scaleIO: field(ScaleIOVolumeSource, ''),
    secret: field(SecretVolumeSource, ''),
    storageos: field(StorageOSVolumeSource, ''),
    vsphereVolume: field(VsphereVirtualDiskVolumeSource, ''),
  },
  ['name'],
)
export type Volume = FromSchema<typeof Volume>

export const LocalVolumeSource = object(
  'io.k8s.api.core.v1.LocalVolumeSource',
  '',
  {
    fsType: string(''),
    path: string(''),
  },
  ['path'],
)
export type LocalVolumeSource = FromSchema<typeof LocalVolumeSource>
