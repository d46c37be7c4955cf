// A value as Go prints the API's internal type of it: fields by their Go names, in declaration order, absent ones as null or zero.
// A few messages quote values this way, and the refusal of a pod update shows the difference of two specs in it.
import { type MessageField, messageFields } from '../protobuf.ts'

type Fields = Readonly<Record<string, unknown>>

/** Where the plain rule (first letter upper case) does not give the Go name. */
const goNames: Readonly<Record<string, string>> = {
  apiGroup: 'APIGroup',
  apiVersion: 'APIVersion',
  awsElasticBlockStore: 'AWSElasticBlockStore',
  cephfs: 'CephFS',
  chapAuthDiscovery: 'DiscoveryCHAPAuth',
  chapAuthSession: 'SessionCHAPAuth',
  csi: 'CSI',
  dnsConfig: 'DNSConfig',
  dnsPolicy: 'DNSPolicy',
  fc: 'FC',
  fsGroup: 'FSGroup',
  fsGroupChangePolicy: 'FSGroupChangePolicy',
  fsType: 'FSType',
  gcePersistentDisk: 'GCEPersistentDisk',
  gmsaCredentialSpec: 'GMSACredentialSpec',
  gmsaCredentialSpecName: 'GMSACredentialSpecName',
  grpc: 'GRPC',
  httpGet: 'HTTPGet',
  httpHeaders: 'HTTPHeaders',
  ip: 'IP',
  iqn: 'IQN',
  iscsi: 'ISCSI',
  nfs: 'NFS',
  os: 'OS',
  pdName: 'PDName',
  rbd: 'RBD',
  seLinuxChangePolicy: 'SELinuxChangePolicy',
  seLinuxOptions: 'SELinuxOptions',
  sslEnabled: 'SSLEnabled',
  storageos: 'StorageOS',
  tcpSocket: 'TCPSocket',
  tty: 'TTY',
  uid: 'UID',
}

/** Internal types whose fields stand in another order than in v1. */
const orders: Readonly<Record<string, readonly string[]>> = {
  '@core.v1.PodSpec': (
    'volumes initContainers containers ephemeralContainers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy ' +
    'nodeSelector serviceAccountName automountServiceAccountToken nodeName securityContext imagePullSecrets hostname subdomain ' +
    'setHostnameAsFQDN affinity schedulerName tolerations hostAliases priorityClassName priority preemptionPolicy dnsConfig ' +
    'readinessGates runtimeClassName overhead enableServiceLinks topologySpreadConstraints os schedulingGates resourceClaims ' +
    'resources hostnameOverride schedulingGroup'
  ).split(' '),
  '@core.v1.PodSecurityContext': (
    'seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups supplementalGroupsPolicy fsGroup ' +
    'fsGroupChangePolicy sysctls seccompProfile appArmorProfile seLinuxChangePolicy'
  ).split(' '),
  '@core.v1.PersistentVolumeSource': (
    'gcePersistentDisk awsElasticBlockStore hostPath glusterfs nfs rbd quobyte iscsi flexVolume cinder cephfs fc flocker azureFile ' +
    'vsphereVolume azureDisk photonPersistentDisk portworxVolume scaleIO local storageos csi'
  ).split(' '),
  '@core.v1.VolumeSource': (
    'hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi glusterfs persistentVolumeClaim rbd quobyte ' +
    'flexVolume cinder cephfs flocker downwardAPI fc azureFile configMap vsphereVolume azureDisk photonPersistentDisk projected ' +
    'portworxVolume scaleIO storageos csi ephemeral image'
  ).split(' '),
}

/** `message` as protobuf.json names it: '@core.v1.Container'. Put the result through JSON.stringify or printValue. */
export function goForm(message: string, value: unknown): unknown {
  const fields = messageFields(message)
  if (!fields || message.startsWith('~') || typeof value !== 'object' || value === null) return value
  const result: Record<string, unknown> = {}
  fill(result, message, value as Fields)
  return result
}

function fill(result: Record<string, unknown>, message: string, value: Fields): void {
  for (const field of ordered(message)) {
    if (field.inline) fill(result, field.type, value)
    else result[goNames[field.name] ?? field.name.replace(/^./, c => c.toUpperCase())] = goValue(field, value[field.name])
  }
}

function ordered(message: string): readonly MessageField[] {
  const fields = messageFields(message) ?? []
  const order = orders[message]
  return order ? order.flatMap(name => fields.find(f => f.name === name) ?? []) : fields
}

function goValue(field: MessageField, value: unknown): unknown {
  if (value === undefined || value === null) return zero(field)
  if (field.repeated) return Array.isArray(value) ? value.map(item => goForm(field.type, item)) : value
  return field.mapKey ? value : goForm(field.type, value)
}

function zero({ pointer, repeated, mapKey, type }: MessageField): unknown {
  if (pointer || repeated || mapKey) return null
  if (type === 'string') return ''
  if (type === 'bool') return false
  if (/^u?int|^double|^float/.test(type)) return 0
  if (type.endsWith('.Quantity')) return '0'
  return type === 'bytes' || type.endsWith('.Time') ? null : goForm(type, {})
}
