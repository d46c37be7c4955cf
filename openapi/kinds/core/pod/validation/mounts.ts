// Where a container mounts volumes and which of them it sees as block devices.
import { type FieldError, fieldNotFound, forbidden, invalid, notSupported, required } from '../../../../errors.ts'
import type { Container, VolumeDevice, VolumeMount } from '../../../../schemas/container.ts'
import type { Volume } from '../../../../schemas/volume.ts'
import { descendingPath, noBacksteps } from './fields.ts'

/** The volumes that are valid, by name. */
export type Volumes = ReadonlyMap<string, Volume>

export function validateVolumeMounts(
  container: Pick<Container, 'volumeMounts' | 'volumeDevices' | 'securityContext'>,
  volumes: Volumes,
  path: string,
): FieldError[] {
  const devices = container.volumeDevices ?? []
  const privileged = container.securityContext?.privileged === true
  const seen = new Set<string>()
  return (container.volumeMounts ?? []).flatMap((mount, index) => {
    const at = `${path}[${index}]`
    const { name = '', mountPath = '' } = mount
    const errors: FieldError[] = []
    if (name === '') errors.push(required(`${at}.name`))
    if (!volumes.has(name)) errors.push(fieldNotFound(`${at}.name`, name))
    if (mountPath === '') errors.push(required(`${at}.mountPath`))
    if (seen.has(mountPath)) errors.push(invalid(`${at}.mountPath`, mountPath, 'must be unique'))
    seen.add(mountPath)
    if (devices.some(d => d.name === name)) errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeDevices'))
    if (devices.some(d => d.devicePath === mountPath))
      errors.push(invalid(`${at}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'))
    // Upstream leaves the index out of the paths below.
    return [...errors, ...validateSubPath(mount, at, path), ...validateModes(mount, privileged, path)]
  })
}

function validateSubPath({ subPath, subPathExpr }: VolumeMount, at: string, path: string): FieldError[] {
  const errors = subPath ? descendingPath(`${path}.subPath`, subPath) : []
  if (!subPathExpr) return errors
  if (subPath) errors.push(invalid(`${at}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'))
  return [...errors, ...descendingPath(`${path}.subPathExpr`, subPathExpr)]
}

const propagations = ['Bidirectional', 'HostToContainer', 'None']
const recursions = ['Disabled', 'Enabled', 'IfPossible']

function validateModes({ mountPropagation, recursiveReadOnly, readOnly }: VolumeMount, privileged: boolean, path: string): FieldError[] {
  const errors: FieldError[] = []
  const propagationPath = `${path}.mountPropagation`
  if (mountPropagation !== undefined && !propagations.includes(mountPropagation))
    errors.push(notSupported(propagationPath, mountPropagation, propagations))
  if (mountPropagation === 'Bidirectional' && !privileged)
    errors.push(forbidden(propagationPath, 'Bidirectional mount propagation is available only to privileged containers'))
  if (recursiveReadOnly === undefined || recursiveReadOnly === 'Disabled') return errors
  const recursionPath = `${path}.recursiveReadOnly`
  if (!recursions.includes(recursiveReadOnly)) return [...errors, notSupported(recursionPath, recursiveReadOnly, recursions)]
  if (!readOnly) errors.push(forbidden(recursionPath, 'may only be specified when readOnly is true'))
  if (mountPropagation !== undefined && mountPropagation !== 'None')
    errors.push(forbidden(recursionPath, 'may only be specified when mountPropagation is None or not specified'))
  return errors
}

export function validateVolumeDevices(
  devices: readonly VolumeDevice[],
  mounts: readonly VolumeMount[],
  volumes: Volumes,
  path: string,
): FieldError[] {
  const names = new Set<string>()
  const paths = new Set<string>()
  return devices.flatMap(({ name = '', devicePath = '' }, index) => {
    const at = `${path}[${index}]`
    const errors: FieldError[] = []
    const volume = volumes.get(name)
    if (name === '') errors.push(required(`${at}.name`))
    if (names.has(name)) errors.push(invalid(`${at}.name`, name, 'must be unique'))
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral)
      errors.push(invalid(`${at}.name`, name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'))
    if (!volume) errors.push(fieldNotFound(`${at}.name`, name))
    if (devicePath === '') errors.push(required(`${at}.devicePath`))
    if (paths.has(devicePath)) errors.push(invalid(`${at}.devicePath`, devicePath, 'must be unique'))
    errors.push(...noBacksteps(`${at}.devicePath`, devicePath))
    if (mounts.some(m => m.name === name)) errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeMounts'))
    if (mounts.some(m => m.mountPath === devicePath))
      errors.push(invalid(`${at}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts'))
    names.add(name)
    paths.add(devicePath)
    return errors
  })
}
