// Volumes: one source each, which stays; how large, how mounted, and from where.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../../errors.ts'
import { driverNameErrors } from '../../../rules/csidriver.ts'
import { goForm } from '../../../rules/goform.ts'
import { contentErrors } from '../../../rules/metadata.ts'
import type { PersistentVolumeSpec } from '../../../schemas/persistentvolume.ts'
import { unifiedDiff } from '../../../values/diff.ts'
import { deepEqual } from '../../../values/equal.ts'
import { compareQuantities, quantityToNumber } from '../../../values/quantity.ts'
import { dnsSubdomain, noBacksteps, oneOf } from '../pod/validation/fields.ts'
import { validateNodeSelector } from '../pod/validation/scheduling.ts'
import { validateSource } from '../pod/validation/sources.ts'
import type { PersistentVolume } from './index.ts'

/** In the order in which a second one is refused. */
const sources = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'local',
  'storageos',
  'csi',
] as const
type Source = (typeof sources)[number]

const reclaimPolicies = ['Delete', 'Recycle', 'Retain']
const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']

export const validatePersistentVolume = ({ spec }: PersistentVolume): FieldError[] => [
  ...modeErrors(spec.accessModes ?? [], 'spec.accessModes'),
  ...capacityErrors(spec.capacity),
  ...oneOf('spec.persistentVolumeReclaimPolicy', spec.persistentVolumeReclaimPolicy || undefined, reclaimPolicies),
  ...affinityErrors(spec),
  ...sourceErrors(spec, 'spec'),
  ...recyclingErrors(spec),
  ...(spec.storageClassName ? dnsSubdomain('spec.storageClassName', spec.storageClassName) : []),
  ...oneOf('spec.volumeMode', spec.volumeMode, ['Block', 'Filesystem']),
  ...attributesErrors(spec),
]

/** A volume without an object of its own, in an attachment. */
export function validateInlineVolume(spec: PersistentVolumeSpec, path: string): FieldError[] {
  const why = 'may not be specified in the context of inline volumes'
  const given = (['claimRef', 'capacity'] as const).filter(field => spec[field] !== undefined)
  const later = (['persistentVolumeReclaimPolicy', 'nodeAffinity', 'storageClassName', 'volumeMode'] as const).filter(field => spec[field])
  return [
    ...given.map(field => forbidden(`${path}.${field}`, why)),
    ...(spec.csi ? [] : [required(`${path}.csi`, 'has to be specified in the context of inline volumes')]),
    ...modeErrors(spec.accessModes ?? [], `${path}.accessModes`),
    ...later.map(field => forbidden(`${path}.${field}`, why)),
    ...sourceErrors(spec, path),
  ]
}

export function validatePersistentVolumeUpdate(next: PersistentVolume, old: PersistentVolume): FieldError[] {
  // Upstream validates the whole twice on an update.
  const whole = validatePersistentVolume(next)
  const errors = [...contentErrors(next.metadata, 'metadata'), ...whole, ...whole]
  const [now, before] = [sourceAsGo(next.spec, old.spec), sourceAsGo(old.spec, old.spec)]
  if (!deepEqual(now, before)) {
    const difference = unifiedDiff(JSON.stringify(before, null, 1), JSON.stringify(now, null, 1))
    errors.push(forbidden('spec.persistentvolumesource', `spec.persistentvolumesource is immutable after creation\n${difference}`))
  }
  if (next.spec.volumeMode !== old.spec.volumeMode) errors.push(invalid('volumeMode', next.spec.volumeMode, 'field is immutable'))
  if (old.spec.nodeAffinity && !deepEqual(next.spec.nodeAffinity, old.spec.nodeAffinity))
    errors.push(invalid('nodeAffinity', goForm('@core.v1.VolumeNodeAffinity', next.spec.nodeAffinity), 'field is immutable'))
  if (old.spec.volumeAttributesClassName !== undefined && next.spec.volumeAttributesClassName === undefined)
    errors.push(forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'))
  return errors
}

/** The secret for expansion may be added later. */
function sourceAsGo(spec: PersistentVolumeSpec, old: PersistentVolumeSpec): unknown {
  if (!spec.csi?.controllerExpandSecretRef || old.csi?.controllerExpandSecretRef) return goForm('@core.v1.PersistentVolumeSource', spec)
  return goForm('@core.v1.PersistentVolumeSource', { ...spec, csi: { ...spec.csi, controllerExpandSecretRef: undefined } })
}

function modeErrors(modes: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = modes.length === 0 ? [required(path)] : []
  for (const mode of modes) if (!accessModes.includes(mode)) errors.push(notSupported(path, mode, accessModes))
  if (modes.includes('ReadWriteOncePod') && modes.some(mode => mode !== 'ReadWriteOncePod'))
    errors.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'))
  return errors
}

function capacityErrors(capacity: PersistentVolumeSpec['capacity']): FieldError[] {
  const path = 'spec.capacity'
  const amounts = Object.entries(capacity ?? {})
  const errors: FieldError[] = amounts.length === 0 ? [required(path)] : []
  if (amounts.length > 1 || capacity?.storage === undefined) errors.push(notSupported(path, sorted(capacity), ['storage']))
  for (const [name, amount] of amounts) {
    errors.push(...basicAmountErrors(`${path}[${name}]`, amount))
    if (compareQuantities(amount, '0') <= 0) errors.push(invalid(`${path}[${name}]`, amount, 'must be greater than zero'))
  }
  return errors
}

/** As Go prints a map. */
const sorted = (map: Readonly<Record<string, string>> | undefined) =>
  map && Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))

export const basicAmountErrors = (path: string, amount: string): FieldError[] =>
  compareQuantities(amount, '0') < 0 ? [invalid(path, -quantityToNumber(amount.slice(1)), 'must be a valid resource quantity')] : []

function affinityErrors({ nodeAffinity }: PersistentVolumeSpec): FieldError[] {
  if (!nodeAffinity) return []
  const path = 'spec.nodeAffinity.required'
  return nodeAffinity.required
    ? validateNodeSelector(nodeAffinity.required, path)
    : [required(path, 'must specify required node constraints')]
}

function sourceErrors(spec: PersistentVolumeSpec, path: string): FieldError[] {
  const given = sources.filter(source => spec[source] !== undefined)
  if (given.length === 0) return [required(path, 'must specify a volume type')]
  return given.flatMap((source, index) =>
    index === 0 ? contentErrorsOf(spec, source, path) : [forbidden(`${path}.${source}`, 'may not specify more than 1 volume type')],
  )
}

function contentErrorsOf(spec: PersistentVolumeSpec, source: Source, path: string): FieldError[] {
  const at = `${path}.${source}`
  if (source === 'csi') return csiErrors(spec.csi, at)
  if (source !== 'local') return validateSource({ ...spec, name: '' }, source, at)
  const directory = spec.local?.path ?? ''
  return [
    ...(directory ? noBacksteps(`${at}.path`, directory) : [required(`${at}.path`)]),
    ...(spec.nodeAffinity?.required ? [] : [required(`${path}.nodeAffinity`, 'Local volume requires node affinity')]),
  ]
}

const secrets = ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef'] as const

function csiErrors(csi: PersistentVolumeSpec['csi'], path: string): FieldError[] {
  return [
    ...driverNameErrors(csi?.driver, `${path}.driver`),
    ...(csi?.volumeHandle ? [] : [required(`${path}.volumeHandle`)]),
    ...secrets.flatMap(field => {
      const secret = csi?.[field]
      return secret ? (['name', 'namespace'] as const).flatMap(part => (secret[part] ? [] : [required(`${path}.${field}.${part}`)])) : []
    }),
  ]
}

const recyclingErrors = ({ hostPath, persistentVolumeReclaimPolicy }: PersistentVolumeSpec): FieldError[] =>
  hostPath && /^\/[/.]*$/.test(hostPath.path) && persistentVolumeReclaimPolicy === 'Recycle'
    ? [forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'")]
    : []

function attributesErrors({ volumeAttributesClassName: name, csi }: PersistentVolumeSpec): FieldError[] {
  if (name === undefined) return []
  const path = 'spec.volumeAttributesClassName'
  return [
    ...(name ? dnsSubdomain(path, name) : [required(path, 'an empty string is disallowed')]),
    ...(csi ? [] : [required('spec.csi', 'has to be specified when using volumeAttributesClassName')]),
  ]
}
