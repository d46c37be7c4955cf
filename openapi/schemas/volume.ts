import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, int64, list, map, object, quantity, string } from '../schema.ts'
import { PersistentVolumeClaimTemplate } from './claim.ts'
import { LocalObjectReference, ObjectFieldSelector, ResourceFieldSelector } from './reference.ts'
import { LabelSelector } from './selector.ts'

export const AWSElasticBlockStoreVolumeSource = object(
  'io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource',
  'An AWS EBS volume, in the same zone as its node. Handled by the driver ebs.csi.aws.com.',
  {
    fsType: string('Type of the file system; ext4 if unset. The volume is formatted with it when it is blank.'),
    partition: int32('Number of the partition to mount. Unset or 0 mounts the whole device.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    volumeID: string('Identifier of the volume at AWS.'),
  },
  ['volumeID'],
)
export type AWSElasticBlockStoreVolumeSource = FromSchema<typeof AWSElasticBlockStoreVolumeSource>

export const AzureDiskVolumeSource = object(
  'io.k8s.api.core.v1.AzureDiskVolumeSource',
  'An Azure data disk. Handled by the driver disk.csi.azure.com.',
  {
    cachingMode: string('Caching at the host: None, ReadOnly, or ReadWrite, the default.', {
      enum: ['None', 'ReadOnly', 'ReadWrite'],
      default: 'ReadWrite',
    }),
    diskName: string('Name of the disk.'),
    diskURI: string('URI of the disk: of the blob for the kinds Shared and Dedicated, the resource id for Managed.'),
    fsType: string('Type of the file system; ext4 by default.', { default: 'ext4' }),
    kind: string('Shared, the default: several blob disks per storage account; Dedicated: one; Managed: a managed disk.', {
      enum: ['Dedicated', 'Managed', 'Shared'],
      default: 'Shared',
    }),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.', { default: false }),
  },
  ['diskName', 'diskURI'],
)
export type AzureDiskVolumeSource = FromSchema<typeof AzureDiskVolumeSource>

export const AzureFileVolumeSource = object(
  'io.k8s.api.core.v1.AzureFileVolumeSource',
  'An Azure file share. Handled by the driver file.csi.azure.com.',
  {
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretName: string('Secret with the name and key of the storage account.'),
    shareName: string('Name of the share.'),
  },
  ['secretName', 'shareName'],
)
export type AzureFileVolumeSource = FromSchema<typeof AzureFileVolumeSource>

export const CephFSVolumeSource = object(
  'io.k8s.api.core.v1.CephFSVolumeSource',
  'A CephFS directory. No longer supported.',
  {
    monitors: list(string(''), 'Addresses of Ceph monitors.', { 'x-kubernetes-list-type': 'atomic' }),
    path: string('Directory to mount; / if unset.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretFile: string('File on the node with the key; /etc/ceph/user.secret if unset.'),
    secretRef: field(LocalObjectReference, 'Secret with the key; wins over secretFile.'),
    user: string('Ceph user; admin if unset.'),
  },
  ['monitors'],
)
export type CephFSVolumeSource = FromSchema<typeof CephFSVolumeSource>

export const CinderVolumeSource = object(
  'io.k8s.api.core.v1.CinderVolumeSource',
  'An OpenStack volume. Handled by the driver cinder.csi.openstack.org.',
  {
    fsType: string('Type of the file system; ext4 if unset. The volume is formatted with it when it is blank.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretRef: field(LocalObjectReference, 'Secret with the credentials for OpenStack.'),
    volumeID: string('Identifier of the volume in Cinder.'),
  },
  ['volumeID'],
)
export type CinderVolumeSource = FromSchema<typeof CinderVolumeSource>

export const KeyToPath = object(
  'io.k8s.api.core.v1.KeyToPath',
  'A key and the file it goes to.',
  {
    key: string('The key.'),
    mode: int32('Permission bits of the file, from 0 to 0777 octal; JSON takes them in decimal. Unset takes defaultMode.'),
    path: string('Path of the file in the volume, relative and without two dots.'),
  },
  ['key', 'path'],
)
export type KeyToPath = FromSchema<typeof KeyToPath>

export const ConfigMapVolumeSource = object(
  'io.k8s.api.core.v1.ConfigMapVolumeSource',
  'Files made of the entries of a ConfigMap. Changes reach the files after a while.',
  {
    defaultMode: int32('Permission bits of the files, from 0 to 0777 octal; JSON takes them in decimal. 0644 by default.', {
      default: 420,
    }),
    items: list(
      KeyToPath,
      'Which keys become files, and where. Empty makes one file of each key, named after it; a listed key must exist unless optional.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    name: string('Name of the ConfigMap in the namespace of the pod.'),
    optional: boolean('If true, the ConfigMap or its keys may be missing. By default the pod then does not start.'),
  },
)
export type ConfigMapVolumeSource = FromSchema<typeof ConfigMapVolumeSource>

export const CSIVolumeSource = object(
  'io.k8s.api.core.v1.CSIVolumeSource',
  'A volume made by a CSI driver for this pod, that lives and dies with it.',
  {
    driver: string('Name of the driver; it must offer ephemeral volumes.'),
    fsType: string('Type of the file system. Unset leaves it to the driver.'),
    nodePublishSecretRef: field(LocalObjectReference, 'Secret in the namespace of the pod, passed to the driver when it mounts.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    volumeAttributes: map(string(''), 'Settings for the driver, which alone knows their meaning.'),
  },
  ['driver'],
)
export type CSIVolumeSource = FromSchema<typeof CSIVolumeSource>

export const DownwardAPIVolumeFile = object(
  'io.k8s.api.core.v1.DownwardAPIVolumeFile',
  'A file with a fact about the pod. Exactly one source is set.',
  {
    fieldRef: field(ObjectFieldSelector, 'A field of the pod: its name, namespace, uid, labels or annotations.'),
    mode: int32('Permission bits of the file, from 0 to 0777 octal; JSON takes them in decimal. Unset takes defaultMode.'),
    path: string('Path of the file in the volume, relative and without two dots.'),
    resourceFieldRef: field(ResourceFieldSelector, 'A resource request or limit of a container; containerName is needed.'),
  },
  ['path'],
)
export type DownwardAPIVolumeFile = FromSchema<typeof DownwardAPIVolumeFile>

export const DownwardAPIVolumeSource = object('io.k8s.api.core.v1.DownwardAPIVolumeSource', 'Files with facts about the pod.', {
  defaultMode: int32('Permission bits of the files, from 0 to 0777 octal; JSON takes them in decimal. 0644 by default.', { default: 420 }),
  items: list(DownwardAPIVolumeFile, 'The files.', { 'x-kubernetes-list-type': 'atomic' }),
})
export type DownwardAPIVolumeSource = FromSchema<typeof DownwardAPIVolumeSource>

export const EmptyDirVolumeSource = object(
  'io.k8s.api.core.v1.EmptyDirVolumeSource',
  'A directory that is empty when the pod starts and gone when the pod is.',
  {
    medium: string('Empty, the default, takes disk of the node; Memory takes memory; HugePages or HugePages-size takes huge pages.'),
    sizeLimit: quantity('Most it may hold; a pod that exceeds it on disk is evicted. Unset means no limit of its own.'),
  },
)
export type EmptyDirVolumeSource = FromSchema<typeof EmptyDirVolumeSource>

export const EphemeralVolumeSource = object(
  'io.k8s.api.core.v1.EphemeralVolumeSource',
  'A volume with a claim made for this pod alone, that is deleted with it.',
  {
    volumeClaimTemplate: field(
      PersistentVolumeClaimTemplate,
      'The claim to make. It is named pod-volume after the two and owned by the pod; an existing claim of another owner is not used.',
    ),
  },
)
export type EphemeralVolumeSource = FromSchema<typeof EphemeralVolumeSource>

export const FCVolumeSource = object('io.k8s.api.core.v1.FCVolumeSource', 'A Fibre Channel disk, found by WWNs and lun or by wwids.', {
  fsType: string('Type of the file system; ext4 if unset. The volume is formatted with it when it is blank.'),
  lun: int32('Number of the logical unit at the target, from 0 to 255. Goes with targetWWNs.'),
  readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
  targetWWNs: list(string(''), 'World wide names of the targets.', { 'x-kubernetes-list-type': 'atomic' }),
  wwids: list(string(''), 'World wide identifiers of the disk. Either these or targetWWNs with lun.', {
    'x-kubernetes-list-type': 'atomic',
  }),
})
export type FCVolumeSource = FromSchema<typeof FCVolumeSource>

export const FlexVolumeSource = object(
  'io.k8s.api.core.v1.FlexVolumeSource',
  'A volume handled by an executable on the node. Deprecated in favour of CSI.',
  {
    driver: string('Name of the driver.'),
    fsType: string('Type of the file system. Unset leaves it to the driver.'),
    options: map(string(''), 'Further settings for the driver.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretRef: field(LocalObjectReference, 'Secret passed to the driver.'),
  },
  ['driver'],
)
export type FlexVolumeSource = FromSchema<typeof FlexVolumeSource>

export const FlockerVolumeSource = object('io.k8s.api.core.v1.FlockerVolumeSource', 'A Flocker dataset. No longer supported.', {
  datasetName: string('Name of the dataset. Deprecated in favour of datasetUUID; one of both.'),
  datasetUUID: string('Identifier of the dataset.'),
})
export type FlockerVolumeSource = FromSchema<typeof FlockerVolumeSource>

export const GCEPersistentDiskVolumeSource = object(
  'io.k8s.api.core.v1.GCEPersistentDiskVolumeSource',
  'A Google Compute Engine disk, in the same zone as its node. Handled by the driver pd.csi.storage.gke.io.',
  {
    fsType: string('Type of the file system; ext4 if unset. The volume is formatted with it when it is blank.'),
    partition: int32('Number of the partition to mount. Unset or 0 mounts the whole device.'),
    pdName: string('Name of the disk.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
  },
  ['pdName'],
)
export type GCEPersistentDiskVolumeSource = FromSchema<typeof GCEPersistentDiskVolumeSource>

export const GitRepoVolumeSource = object(
  'io.k8s.api.core.v1.GitRepoVolumeSource',
  'A clone of a git repository. Deprecated and disabled; an init container and an emptyDir can do the same.',
  {
    directory: string('Directory to clone into; . is the volume itself, unset takes one named after the repository.'),
    repository: string('URL of the repository.'),
    revision: string('Commit to check out.'),
  },
  ['repository'],
)
export type GitRepoVolumeSource = FromSchema<typeof GitRepoVolumeSource>

export const GlusterfsVolumeSource = object(
  'io.k8s.api.core.v1.GlusterfsVolumeSource',
  'A Glusterfs volume. No longer supported.',
  {
    endpoints: string('Name of the Endpoints with the servers.'),
    path: string('Name of the volume.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
  },
  ['endpoints', 'path'],
)
export type GlusterfsVolumeSource = FromSchema<typeof GlusterfsVolumeSource>

export const HostPathVolumeSource = object(
  'io.k8s.api.core.v1.HostPathVolumeSource',
  'A file or directory of the node itself. It opens the node to the pod, and is another one on each node.',
  {
    path: string('Path on the node; links are followed.'),
    type: string(
      'What must be there: empty, the default, checks nothing; Directory, File, Socket, CharDevice and BlockDevice must exist; DirectoryOrCreate and FileOrCreate are made if missing.',
      {
        enum: ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'],
        default: '',
      },
    ),
  },
  ['path'],
)
export type HostPathVolumeSource = FromSchema<typeof HostPathVolumeSource>

export const ImageVolumeSource = object('io.k8s.api.core.v1.ImageVolumeSource', 'The content of an OCI image or artifact, read-only.', {
  pullPolicy: string('When to pull it: Always, Never, or IfNotPresent. By default Always for the tag latest, else IfNotPresent.', {
    enum: ['Always', 'IfNotPresent', 'Never'],
  }),
  reference: string('Name of the image or artifact, with a tag or digest.'),
})
export type ImageVolumeSource = FromSchema<typeof ImageVolumeSource>

export const ISCSIVolumeSource = object(
  'io.k8s.api.core.v1.ISCSIVolumeSource',
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
    secretRef: field(LocalObjectReference, 'Secret for CHAP, at the target and at the initiator.'),
    targetPortal: string('Portal of the target, as address or address:port; port 3260 if none is given.'),
  },
  ['targetPortal', 'iqn', 'lun'],
)
export type ISCSIVolumeSource = FromSchema<typeof ISCSIVolumeSource>

export const NFSVolumeSource = object(
  'io.k8s.api.core.v1.NFSVolumeSource',
  'A directory of an NFS server.',
  {
    path: string('Path the server exports, absolute.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    server: string('Host name or address of the server.'),
  },
  ['server', 'path'],
)
export type NFSVolumeSource = FromSchema<typeof NFSVolumeSource>

export const PersistentVolumeClaimVolumeSource = object(
  'io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource',
  'A claim in the namespace of the pod, and the volume it is bound to.',
  {
    claimName: string('Name of the claim.'),
    readOnly: boolean('If true, all mounts of it are read-only. False by default.'),
  },
  ['claimName'],
)
export type PersistentVolumeClaimVolumeSource = FromSchema<typeof PersistentVolumeClaimVolumeSource>

export const PhotonPersistentDiskVolumeSource = object(
  'io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource',
  'A Photon disk. No longer supported.',
  {
    fsType: string('Type of the file system; ext4 if unset. The volume is formatted with it when it is blank.'),
    pdID: string('Identifier of the disk.'),
  },
  ['pdID'],
)
export type PhotonPersistentDiskVolumeSource = FromSchema<typeof PhotonPersistentDiskVolumeSource>

export const PortworxVolumeSource = object(
  'io.k8s.api.core.v1.PortworxVolumeSource',
  'A Portworx volume. Handled by the driver pxd.portworx.com.',
  {
    fsType: string('Type of the file system; ext4 if unset. The volume is formatted with it when it is blank.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    volumeID: string('Identifier of the volume.'),
  },
  ['volumeID'],
)
export type PortworxVolumeSource = FromSchema<typeof PortworxVolumeSource>

export const ClusterTrustBundleProjection = object(
  'io.k8s.api.core.v1.ClusterTrustBundleProjection',
  'A file of trusted certificates, taken from ClusterTrustBundles.',
  {
    labelSelector: field(LabelSelector, 'Labels of the bundles to take, with signerName. Unset takes none, empty takes all.'),
    name: string('Name of a single bundle. Not with signerName.'),
    optional: boolean('If true, no bundle need exist and the file is empty. By default the pod then does not start.'),
    path: string('Path of the file in the volume.'),
    signerName: string('Takes all bundles of this signer that the labels match. Not with name.'),
  },
  ['path'],
)
export type ClusterTrustBundleProjection = FromSchema<typeof ClusterTrustBundleProjection>

export const ConfigMapProjection = object(
  'io.k8s.api.core.v1.ConfigMapProjection',
  'Files made of the entries of a ConfigMap, as part of a projected volume.',
  {
    items: list(
      KeyToPath,
      'Which keys become files, and where. Empty makes one file of each key, named after it; a listed key must exist unless optional.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    name: string('Name of the ConfigMap in the namespace of the pod.'),
    optional: boolean('If true, the ConfigMap or its keys may be missing. By default the pod then does not start.'),
  },
)
export type ConfigMapProjection = FromSchema<typeof ConfigMapProjection>

export const DownwardAPIProjection = object(
  'io.k8s.api.core.v1.DownwardAPIProjection',
  'Files with facts about the pod, as part of a projected volume.',
  {
    items: list(DownwardAPIVolumeFile, 'The files.', { 'x-kubernetes-list-type': 'atomic' }),
  },
)
export type DownwardAPIProjection = FromSchema<typeof DownwardAPIProjection>

export const PodCertificateProjection = object(
  'io.k8s.api.core.v1.PodCertificateProjection',
  'A private key and a certificate for the pod, renewed before they run out.',
  {
    certificateChainPath: string('File for the certificate chain alone. credentialBundlePath is easier to read consistently.'),
    credentialBundlePath: string('File for both, PEM: first the private key, then the certificate chain.'),
    keyPath: string('File for the private key alone.'),
    keyType: string('Kind of key to make: RSA3072, RSA4096, ECDSAP256, ECDSAP384, ECDSAP521 or ED25519.'),
    maxExpirationSeconds: int32(
      'Most seconds the certificate may be valid, from 3600 to 7862400; signers of kubernetes.io give at most 86400. 86400 if unset.',
    ),
    signerName: string('The signer to ask.'),
    userAnnotations: map(
      string(''),
      'Further data for the signer, in the form of annotations. Signers may require keys or refuse unknown ones.',
    ),
  },
  ['signerName', 'keyType'],
)
export type PodCertificateProjection = FromSchema<typeof PodCertificateProjection>

export const SecretProjection = object(
  'io.k8s.api.core.v1.SecretProjection',
  'Files made of the entries of a Secret, as part of a projected volume.',
  {
    items: list(
      KeyToPath,
      'Which keys become files, and where. Empty makes one file of each key, named after it; a listed key must exist unless optional.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    name: string('Name of the Secret in the namespace of the pod.'),
    optional: boolean('If true, the Secret or its keys may be missing. By default the pod then does not start.'),
  },
)
export type SecretProjection = FromSchema<typeof SecretProjection>

export const ServiceAccountTokenProjection = object(
  'io.k8s.api.core.v1.ServiceAccountTokenProjection',
  "A file with a token of the pod's ServiceAccount, renewed before it runs out.",
  {
    audience: string('Whom the token is for. Unset means the API server.'),
    expirationSeconds: int64('Seconds the token should be valid, at least 600. 3600 by default.', { default: 3600 }),
    path: string('Path of the file in the volume.'),
  },
  ['path'],
)
export type ServiceAccountTokenProjection = FromSchema<typeof ServiceAccountTokenProjection>

export const VolumeProjection = object(
  'io.k8s.api.core.v1.VolumeProjection',
  'One part of a projected volume. Exactly one source is set.',
  {
    clusterTrustBundle: field(ClusterTrustBundleProjection, 'Trusted certificates.'),
    configMap: field(ConfigMapProjection, 'Entries of a ConfigMap.'),
    downwardAPI: field(DownwardAPIProjection, 'Facts about the pod.'),
    podCertificate: field(PodCertificateProjection, 'A private key and a certificate for the pod.'),
    secret: field(SecretProjection, 'Entries of a Secret.'),
    serviceAccountToken: field(ServiceAccountTokenProjection, "A token of the pod's ServiceAccount."),
  },
)
export type VolumeProjection = FromSchema<typeof VolumeProjection>

export const ProjectedVolumeSource = object('io.k8s.api.core.v1.ProjectedVolumeSource', 'Several sources in one directory.', {
  defaultMode: int32('Permission bits of the files, from 0 to 0777 octal; JSON takes them in decimal. 0644 by default.', { default: 420 }),
  sources: list(VolumeProjection, 'The sources. Two may not write the same path.', { 'x-kubernetes-list-type': 'atomic' }),
})
export type ProjectedVolumeSource = FromSchema<typeof ProjectedVolumeSource>

export const QuobyteVolumeSource = object(
  'io.k8s.api.core.v1.QuobyteVolumeSource',
  'A Quobyte volume. No longer supported.',
  {
    group: string('Group to access it as. Unset means no group.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    registry: string('Quobyte registries, as host:port with commas between.'),
    tenant: string('Tenant that owns the volume.'),
    user: string('User to access it as; the one of the service account if unset.'),
    volume: string('Name of the volume.'),
  },
  ['registry', 'volume'],
)
export type QuobyteVolumeSource = FromSchema<typeof QuobyteVolumeSource>

export const RBDVolumeSource = object(
  'io.k8s.api.core.v1.RBDVolumeSource',
  'A Ceph block device image. No longer supported.',
  {
    fsType: string('Type of the file system; ext4 if unset. The volume is formatted with it when it is blank.'),
    image: string('Name of the image.'),
    keyring: string('File on the node with the key ring; /etc/ceph/keyring by default.', { default: '/etc/ceph/keyring' }),
    monitors: list(string(''), 'Addresses of Ceph monitors.', { 'x-kubernetes-list-type': 'atomic' }),
    pool: string('Pool of the image; rbd by default.', { default: 'rbd' }),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretRef: field(LocalObjectReference, 'Secret with the key; wins over keyring.'),
    user: string('Ceph user; admin by default.', { default: 'admin' }),
  },
  ['monitors', 'image'],
)
export type RBDVolumeSource = FromSchema<typeof RBDVolumeSource>

export const ScaleIOVolumeSource = object(
  'io.k8s.api.core.v1.ScaleIOVolumeSource',
  'A ScaleIO volume. No longer supported.',
  {
    fsType: string('Type of the file system; xfs by default.', { default: 'xfs' }),
    gateway: string('Address of the API gateway.'),
    protectionDomain: string('Protection domain of the storage.'),
    readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
    secretRef: field(LocalObjectReference, 'Secret with the credentials.'),
    sslEnabled: boolean('If true, the gateway is reached over TLS. False by default.'),
    storageMode: string('ThickProvisioned or ThinProvisioned, the default.', { default: 'ThinProvisioned' }),
    storagePool: string('Storage pool in the protection domain.'),
    system: string('Name of the storage system.'),
    volumeName: string('Name of a volume that exists there.'),
  },
  ['gateway', 'system', 'secretRef'],
)
export type ScaleIOVolumeSource = FromSchema<typeof ScaleIOVolumeSource>

export const SecretVolumeSource = object(
  'io.k8s.api.core.v1.SecretVolumeSource',
  'Files made of the entries of a Secret, kept in memory. Changes reach the files after a while.',
  {
    defaultMode: int32('Permission bits of the files, from 0 to 0777 octal; JSON takes them in decimal. 0644 by default.', {
      default: 420,
    }),
    items: list(
      KeyToPath,
      'Which keys become files, and where. Empty makes one file of each key, named after it; a listed key must exist unless optional.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    optional: boolean('If true, the Secret or its keys may be missing. By default the pod then does not start.'),
    secretName: string('Name of the Secret in the namespace of the pod.'),
  },
)
export type SecretVolumeSource = FromSchema<typeof SecretVolumeSource>

export const StorageOSVolumeSource = object('io.k8s.api.core.v1.StorageOSVolumeSource', 'A StorageOS volume. No longer supported.', {
  fsType: string('Type of the file system; ext4 if unset. The volume is formatted with it when it is blank.'),
  readOnly: boolean('If true, the volume is mounted read-only. False by default.'),
  secretRef: field(LocalObjectReference, 'Secret with the credentials for StorageOS. Unset takes defaults.'),
  volumeName: string('Name of the volume, unique in its namespace.'),
  volumeNamespace: string('Namespace of the volume in StorageOS. Unset takes that of the pod; default takes none.'),
})
export type StorageOSVolumeSource = FromSchema<typeof StorageOSVolumeSource>

export const VsphereVirtualDiskVolumeSource = object(
  'io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource',
  'A vSphere disk. Handled by the driver csi.vsphere.vmware.com.',
  {
    fsType: string('Type of the file system; ext4 if unset. The volume is formatted with it when it is blank.'),
    storagePolicyID: string('Identifier of the storage policy that storagePolicyName names.'),
    storagePolicyName: string('Name of the storage policy.'),
    volumePath: string('Path of the disk file.'),
  },
  ['volumePath'],
)
export type VsphereVirtualDiskVolumeSource = FromSchema<typeof VsphereVirtualDiskVolumeSource>

export const Volume = object(
  'io.k8s.api.core.v1.Volume',
  'A volume of a pod: a name and exactly one source. Without any it is an emptyDir.',
  {
    awsElasticBlockStore: field(AWSElasticBlockStoreVolumeSource, 'An AWS EBS volume.'),
    azureDisk: field(AzureDiskVolumeSource, 'An Azure data disk.'),
    azureFile: field(AzureFileVolumeSource, 'An Azure file share.'),
    cephfs: field(CephFSVolumeSource, 'A CephFS directory. No longer supported.'),
    cinder: field(CinderVolumeSource, 'An OpenStack volume.'),
    configMap: field(ConfigMapVolumeSource, 'Entries of a ConfigMap as files.'),
    csi: field(CSIVolumeSource, 'A volume a CSI driver makes for this pod.'),
    downwardAPI: field(DownwardAPIVolumeSource, 'Facts about the pod as files.'),
    emptyDir: field(EmptyDirVolumeSource, 'A directory that is empty at first and lives as long as the pod on its node.'),
    ephemeral: field(EphemeralVolumeSource, 'A volume with a claim of its own, made and deleted with the pod.'),
    fc: field(FCVolumeSource, 'A Fibre Channel disk.'),
    flexVolume: field(FlexVolumeSource, 'A volume handled by an executable on the node. Deprecated.'),
    flocker: field(FlockerVolumeSource, 'A Flocker dataset. No longer supported.'),
    gcePersistentDisk: field(GCEPersistentDiskVolumeSource, 'A Google Compute Engine disk.'),
    gitRepo: field(GitRepoVolumeSource, 'A clone of a git repository. Deprecated and disabled.'),
    glusterfs: field(GlusterfsVolumeSource, 'A Glusterfs volume. No longer supported.'),
    hostPath: field(HostPathVolumeSource, 'A file or directory of the node.'),
    image: field(ImageVolumeSource, 'The content of an OCI image or artifact.'),
    iscsi: field(ISCSIVolumeSource, 'An iSCSI disk.'),
    name: string('Name of the volume, unique in the pod, a DNS label. Mounts refer to it.'),
    nfs: field(NFSVolumeSource, 'A directory of an NFS server.'),
    persistentVolumeClaim: field(PersistentVolumeClaimVolumeSource, 'A claim in the namespace of the pod.'),
    photonPersistentDisk: field(PhotonPersistentDiskVolumeSource, 'A Photon disk. No longer supported.'),
    portworxVolume: field(PortworxVolumeSource, 'A Portworx volume.'),
    projected: field(ProjectedVolumeSource, 'Several sources in one directory.'),
    quobyte: field(QuobyteVolumeSource, 'A Quobyte volume. No longer supported.'),
    rbd: field(RBDVolumeSource, 'A Ceph block device image. No longer supported.'),
    scaleIO: field(ScaleIOVolumeSource, 'A ScaleIO volume. No longer supported.'),
    secret: field(SecretVolumeSource, 'Entries of a Secret as files.'),
    storageos: field(StorageOSVolumeSource, 'A StorageOS volume. No longer supported.'),
    vsphereVolume: field(VsphereVirtualDiskVolumeSource, 'A vSphere disk.'),
  },
  ['name'],
)
export type Volume = FromSchema<typeof Volume>

export const LocalVolumeSource = object(
  'io.k8s.api.core.v1.LocalVolumeSource',
  'A disk, partition or directory of one node. The volume needs a nodeAffinity that leads there.',
  {
    fsType: string('Type of the file system, for block devices only. Unset takes what the device has, else a fitting one.'),
    path: string('Path on the node: a directory, a mount point or a block device.'),
  },
  ['path'],
)
export type LocalVolumeSource = FromSchema<typeof LocalVolumeSource>
