// Groups of the community (*.k8s.io, *.kubernetes.io) are protected: a definition there says who approved of it.
import { type FieldError, invalid, required } from '../../../../errors.ts'
import type { CustomResourceDefinition } from '../index.ts'

const annotation = 'api-approved.kubernetes.io'
const path = `metadata.annotations[${annotation}]`
const see = 'see https://github.com/kubernetes/enhancements/pull/1111'

type Approval = 'missing' | 'invalid' | 'unapproved' | 'approved'

export const isProtected = (group: string): boolean => /(^|\.)(k8s|kubernetes)\.io$/.test(group)

/** What the annotation says: an address, or unapproved with a reason. */
export function approvalOf({ metadata }: CustomResourceDefinition): Approval {
  const value = metadata.annotations?.[annotation]
  if (!value) return 'missing'
  if (value.startsWith('unapproved')) return 'unapproved'
  return URL.canParse(value) && new URL(value).host !== '' ? 'approved' : 'invalid'
}

export function approvalErrors(definition: CustomResourceDefinition, old?: CustomResourceDefinition): FieldError[] {
  if (!isProtected(definition.spec.group)) return []
  const approval = approvalOf(definition)
  const value = definition.metadata.annotations?.[annotation] ?? ''
  // What was so before may stay.
  if (old && approvalOf(old) === approval && old.metadata.annotations?.[annotation] === definition.metadata.annotations?.[annotation])
    return []
  if (approval === 'missing')
    return [required(path, `protected groups must have approval annotation ${JSON.stringify(annotation)}, ${see}`)]
  return approval === 'invalid'
    ? [
        invalid(
          path,
          value,
          `protected groups must have approval annotation ${JSON.stringify(annotation)} with either a URL or a reason starting with "unapproved", ${see}`,
        ),
      ]
    : []
}
