// Volumes whose files come from the API: items of secrets and config maps, downward API files, and all of them projected together.
import { type FieldError, forbidden, invalid, required } from '../../../../errors.ts'
import type { DownwardAPIVolumeFile, KeyToPath, ProjectedVolumeSource, VolumeProjection } from '../../../../schemas/volume.ts'
import { validateFieldRef, validateResourceRef } from './env.ts'
import { descendingPath, oneOf, requiredText } from './fields.ts'

const fileFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid']
const minTokenSeconds = 600

export const validateMode = (mode: number | undefined, path: string): FieldError[] =>
  mode !== undefined && (mode < 0 || mode > 0o777)
    ? [invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')]
    : []

/** A path inside the volume; names with two leading dots are the kubelet's own. */
const localPath = (path: string, value: string): FieldError[] => [
  ...descendingPath(path, value),
  ...(value.startsWith('..') && !value.startsWith('../') ? [invalid(path, value, "must not start with '..'")] : []),
]

export const validateItems = (items: readonly KeyToPath[], path: string): FieldError[] =>
  items.flatMap(({ key, path: file, mode }, index) => {
    const at = `${path}[${index}]`
    return [
      ...requiredText(`${at}.key`, key),
      ...requiredText(`${at}.path`, file),
      ...localPath(`${at}.path`, file ?? ''),
      ...validateMode(mode, `${at}.mode`),
    ]
  })

/** Upstream names the volume, not the item, in the paths. */
export function validateDownwardItem({ path: file, fieldRef, resourceFieldRef, mode }: DownwardAPIVolumeFile, path: string): FieldError[] {
  const errors = [...requiredText(`${path}.path`, file), ...localPath(`${path}.path`, file ?? '')]
  if (fieldRef) {
    errors.push(...validateFieldRef(fieldRef, fileFields, `${path}.fieldRef`))
    if (resourceFieldRef) errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'))
  } else if (!resourceFieldRef) errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'))
  else if (!resourceFieldRef.containerName) errors.push(required(`${path}.resourceFieldRef.containerName`))
  else errors.push(...validateResourceRef(resourceFieldRef, `${path}.resourceFieldRef`))
  return [...errors, ...validateMode(mode, `${path}.mode`)]
}

export function validateProjected({ defaultMode, sources }: ProjectedVolumeSource, path: string): FieldError[] {
  const files = new Set<string>()
  const errors = (sources ?? []).flatMap((source, index) => [
    ...validateProjection(source, path, `${path}.sources[${index}]`),
    ...takenPaths(source, files, path),
  ])
  return [...errors, ...validateMode(defaultMode, `${path}.defaultMode`)]
}

function validateProjection(source: VolumeProjection, path: string, at: string): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = source
  const errors: FieldError[] = []
  for (const [field, reference] of Object.entries({ secret, configMap }))
    if (reference)
      errors.push(...requiredText(`${at}.${field}.name`, reference.name), ...validateItems(reference.items ?? [], `${at}.${field}.items`))
  for (const item of downwardAPI?.items ?? []) errors.push(...validateDownwardItem(item, `${at}.downwardAPI`))
  if (serviceAccountToken) errors.push(...validateToken(serviceAccountToken, path, `${at}.serviceAccountToken`))
  if (clusterTrustBundle) errors.push(...requiredText(`${at}.clusterTrustBundle.path`, clusterTrustBundle.path))
  if (podCertificate)
    errors.push(
      ...requiredText(`${at}.podCertificate.signerName`, podCertificate.signerName),
      ...(podCertificate.keyType
        ? oneOf(`${at}.podCertificate.keyType`, podCertificate.keyType, [
            'RSA3072',
            'RSA4096',
            'ECDSAP256',
            'ECDSAP384',
            'ECDSAP521',
            'ED25519',
          ])
        : [required(`${at}.podCertificate.keyType`)]),
    )
  if (Object.values(source).filter(s => s !== undefined).length > 1)
    errors.push(forbidden(at, 'may not specify more than 1 volume type per source'))
  return errors
}

function validateToken(
  { path: file, expirationSeconds = minTokenSeconds }: NonNullable<VolumeProjection['serviceAccountToken']>,
  path: string,
  at: string,
): FieldError[] {
  const errors: FieldError[] = []
  const expiryPath = `${at}.expirationSeconds`
  if (expirationSeconds < minTokenSeconds)
    errors.push(invalid(expiryPath, expirationSeconds, 'may not specify a duration less than 10 minutes'))
  if (expirationSeconds > 2 ** 32)
    errors.push(invalid(expiryPath, expirationSeconds, 'may not specify a duration larger than 2^32 seconds'))
  return [...errors, ...(file ? localPath(`${path}.path`, file) : [required(`${path}.path`)])]
}

/** Two sources may not write one file; the message names the later source. */
function takenPaths(source: VolumeProjection, files: Set<string>, path: string): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source
  const wanted: [string, string][] = [
    ...(secret?.items ?? []).map((item): [string, string] => [item.path, secret?.name ?? '']),
    ...(configMap?.items ?? []).map((item): [string, string] => [item.path, configMap?.name ?? '']),
    ...(downwardAPI?.items ?? []).map((item): [string, string] => [item.path, item.path]),
    ...(serviceAccountToken ? [[serviceAccountToken.path, serviceAccountToken.path] as [string, string]] : []),
  ]
  return wanted.flatMap(([file, owner]) => {
    if (!file) return []
    if (files.has(file)) return [invalid(path, owner, 'conflicting duplicate paths')]
    files.add(file)
    return []
  })
}
