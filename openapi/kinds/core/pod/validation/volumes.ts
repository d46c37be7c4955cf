// A pod's volumes: each has a unique name and one source. The sources with structure of their own are in sources.ts.
import { duplicate, type FieldError, forbidden, required } from '../../../../errors.ts'
import type { Volume } from '../../../../schemas/volume.ts'
import { dnsLabel } from './fields.ts'
import type { Volumes } from './mounts.ts'
import { sourceNames, validateSource } from './sources.ts'

export function validateVolumes(volumes: readonly Volume[], path: string): { valid: Volumes; errors: FieldError[] } {
  const valid = new Map<string, Volume>()
  const errors = volumes.flatMap((volume, index) => {
    const at = `${path}[${index}]`
    const found = validateVolume(volume, at)
    if (volume.name && valid.has(volume.name)) found.push(duplicate(`${at}.name`, volume.name))
    if (found.length === 0) valid.set(volume.name, volume)
    return found
  })
  return { valid, errors }
}

function validateVolume(volume: Volume, path: string): FieldError[] {
  const given = sourceNames.filter(name => volume[name] !== undefined)
  const errors = given.flatMap((name, index) =>
    index === 0
      ? validateSource(volume, name, `${path}.${name}`)
      : [forbidden(`${path}.${name}`, 'may not specify more than 1 volume type')],
  )
  if (given.length === 0) errors.push(required(path, 'must specify a volume type'))
  return [...errors, ...(volume.name ? dnsLabel(`${path}.name`, volume.name) : [required(`${path}.name`)])]
}
