// The claim that an ephemeral volume or a StatefulSet's template asks for.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../../../errors.ts'
import { validateLabelSelector } from '../../../../rules/labelselector.ts'
import { contentErrors } from '../../../../rules/metadata.ts'
import type { PersistentVolumeClaimSpec, PersistentVolumeClaimTemplate } from '../../../../schemas/claim.ts'
import { compareQuantities } from '../../../../values/quantity.ts'
import { dnsSubdomain, oneOf } from './fields.ts'

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']

export const validateClaimTemplate = ({ metadata, spec }: PersistentVolumeClaimTemplate, path: string): FieldError[] => [
  ...contentErrors(metadata ?? {}, `${path}.metadata`),
  ...validateClaimRequest(spec, `${path}.spec`),
]

/** What a claim that is not bound yet may ask for. */
export function validateClaimRequest(spec: PersistentVolumeClaimSpec, path: string): FieldError[] {
  const modes: readonly string[] = spec.accessModes ?? []
  const errors: FieldError[] = modes.length === 0 ? [required(`${path}.accessModes`, 'at least 1 access mode is required')] : []
  errors.push(...validateLabelSelector(spec.selector, `${path}.selector`))
  for (const mode of modes) if (!accessModes.includes(mode)) errors.push(notSupported(`${path}.accessModes`, mode, accessModes))
  if (modes.length > 1 && modes.includes('ReadWriteOncePod'))
    errors.push(forbidden(`${path}.accessModes`, 'may not use ReadWriteOncePod with other access modes'))
  const size = spec.resources?.requests?.storage
  const sizePath = `${path}.resources[storage]`
  if (size === undefined) errors.push(required(sizePath))
  else if (compareQuantities(size, '0') <= 0) errors.push(invalid(sizePath, size, 'must be greater than zero'))
  if (spec.storageClassName) errors.push(...dnsSubdomain(`${path}.storageClassName`, spec.storageClassName))
  return [...errors, ...oneOf(`${path}.volumeMode`, spec.volumeMode, ['Block', 'Filesystem'])]
}
