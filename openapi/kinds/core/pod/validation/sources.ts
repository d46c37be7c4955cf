// What each volume source must have.
import { type FieldError, forbidden, invalid, required } from '../../../../errors.ts'
import type { Volume } from '../../../../schemas/volume.ts'
import { compareQuantities } from '../../../../values/quantity.ts'
import { validateClaimTemplate } from './claim.ts'
import { between, descendingPath, dnsSubdomain, noBacksteps, oneOf, requiredText } from './fields.ts'
import { validateDownwardItem, validateItems, validateMode, validateProjected } from './projected.ts'

/** In the order in which a second one is refused. */
export const sourceNames = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
] as const
type SourceName = (typeof sourceNames)[number]
type Source<N extends SourceName> = NonNullable<Volume[N]>

/** Sources of which only some texts are required. */
const requiredTexts: { readonly [N in SourceName]?: readonly (keyof Source<N> & string)[] } = {
  gcePersistentDisk: ['pdName'],
  awsElasticBlockStore: ['volumeID'],
  glusterfs: ['endpoints', 'path'],
  persistentVolumeClaim: ['claimName'],
  cinder: ['volumeID'],
  flexVolume: ['driver'],
  azureFile: ['secretName', 'shareName'],
  vsphereVolume: ['volumePath'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  azureDisk: ['diskName', 'diskURI'],
  storageos: ['volumeName'],
  quobyte: ['registry', 'volume'],
  scaleIO: ['gateway', 'system', 'volumeName'],
}

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket']

type Checks = { readonly [N in SourceName]?: (source: Source<N>, path: string) => FieldError[] }

const checks: Checks = {
  emptyDir: ({ sizeLimit }, path) =>
    sizeLimit !== undefined && compareQuantities(sizeLimit, '0') < 0
      ? [forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
      : [],
  hostPath: ({ path: directory, type }, path) =>
    directory ? [...noBacksteps(`${path}.path`, directory), ...oneOf(`${path}.type`, type, hostPathTypes)] : [required(`${path}.path`)],
  gitRepo: ({ repository, directory }, path) => [
    ...requiredText(`${path}.repository`, repository),
    ...descendingPath(`${path}.directory`, directory ?? ''),
  ],
  nfs: ({ server, path: directory = '' }, path) => [
    ...requiredText(`${path}.server`, server),
    ...requiredText(`${path}.path`, directory),
    ...(directory.startsWith('/') ? [] : [invalid(`${path}.path`, directory, 'must be an absolute path')]),
  ],
  iscsi: validateIscsi,
  rbd: ({ monitors, image }, path) => [
    ...(monitors?.length ? [] : [required(`${path}.monitors`)]),
    ...requiredText(`${path}.image`, image),
  ],
  cephfs: ({ monitors }, path) => (monitors?.length ? [] : [required(`${path}.monitors`)]),
  flocker: ({ datasetName, datasetUUID }, path) =>
    datasetName || datasetUUID ? [] : [required(path, 'one of datasetName and datasetUUID is required')],
  fc: ({ targetWWNs = [], wwids = [], lun }, path) => {
    if (targetWWNs.length === 0 && wwids.length === 0)
      return [required(`${path}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both')]
    if (targetWWNs.length > 0 && wwids.length > 0)
      return [invalid(`${path}.targetWWNs`, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously')]
    if (targetWWNs.length === 0) return []
    return lun === undefined
      ? [required(`${path}.lun`, 'lun is required if targetWWNs is specified')]
      : between(`${path}.lun`, lun, [0, 255])
  },
  secret: ({ secretName, defaultMode, items }, path) => [
    ...requiredText(`${path}.secretName`, secretName),
    ...validateMode(defaultMode, `${path}.defaultMode`),
    ...validateItems(items ?? [], `${path}.items`),
  ],
  configMap: ({ name, defaultMode, items }, path) => [
    ...requiredText(`${path}.name`, name),
    ...validateMode(defaultMode, `${path}.defaultMode`),
    ...validateItems(items ?? [], `${path}.items`),
  ],
  downwardAPI: ({ defaultMode, items }, path) => [
    ...validateMode(defaultMode, `${path}.defaultMode`),
    ...(items ?? []).flatMap(item => validateDownwardItem(item, path)),
  ],
  projected: validateProjected,
  csi: ({ driver, nodePublishSecretRef }, path) => [
    ...(driver ? dnsSubdomain(`${path}.driver`, driver.toLowerCase()) : [required(`${path}.driver`)]),
    ...(nodePublishSecretRef ? requiredText(`${path}.nodePublishSecretRef.name`, nodePublishSecretRef.name) : []),
  ],
  ephemeral: ({ volumeClaimTemplate }, path) =>
    volumeClaimTemplate
      ? validateClaimTemplate(volumeClaimTemplate, `${path}.volumeClaimTemplate`)
      : [required(`${path}.volumeClaimTemplate`)],
  image: ({ reference, pullPolicy }, path) => [
    ...requiredText(`${path}.reference`, reference),
    ...oneOf(`${path}.pullPolicy`, pullPolicy, ['Always', 'IfNotPresent', 'Never']),
  ],
}

export function validateSource(volume: Volume, name: SourceName, path: string): FieldError[] {
  const source = volume[name]
  const fields = (requiredTexts[name] ?? []) as readonly string[]
  const missing = fields.flatMap(field => requiredText(`${path}.${field}`, (source as Readonly<Record<string, string>>)[field]))
  const check = checks[name] as ((source: unknown, path: string) => FieldError[]) | undefined
  return check ? [...missing, ...check(source, path)] : missing
}

function validateIscsi(source: Source<'iscsi'>, path: string): FieldError[] {
  const { targetPortal, iqn, lun, chapAuthDiscovery, chapAuthSession, secretRef } = source
  const errors = [...requiredText(`${path}.targetPortal`, targetPortal), ...requiredText(`${path}.iqn`, iqn)]
  if (iqn && !/^(iqn|eui|naa)\./.test(iqn)) errors.push(invalid(`${path}.iqn`, iqn, 'must be valid format starting with iqn, eui, or naa'))
  errors.push(...between(`${path}.lun`, lun, [0, 255]))
  if ((chapAuthDiscovery || chapAuthSession) && !secretRef) errors.push(required(`${path}.secretRef`))
  return errors
}
