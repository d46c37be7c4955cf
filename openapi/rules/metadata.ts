// What every object's metadata must look like, on create and on update. Order of the errors as upstream's ValidateObjectMeta.
import { type FieldError, forbidden, invalid, required, tooLong } from '../errors.ts'
import type { Kind, KubeObject } from '../kind.ts'
import { deepEqual } from '../values/equal.ts'
import { forPrefix, isDns1123Label, isDns1123Subdomain, isLabelValue, isQualifiedName } from '../values/names.ts'

const annotationsLimit = 256 * 1024
const anyName = forPrefix(isDns1123Subdomain)
type Meta = KubeObject['metadata']

export function validateMetadata(kind: Kind, { metadata }: KubeObject): FieldError[] {
  const path = 'metadata'
  const errors: FieldError[] = []
  const check = kind.validateName ?? anyName
  if (metadata.generateName)
    for (const why of check(metadata.generateName, true)) errors.push(invalid(`${path}.generateName`, metadata.generateName, why))
  if (!metadata.name) errors.push(required(`${path}.name`, 'name or generateName is required'))
  else for (const why of check(metadata.name, false)) errors.push(invalid(`${path}.name`, metadata.name, why))
  errors.push(...namespaceErrors(kind, metadata))
  return [...errors, ...commonErrors(metadata, path), ...finalizerErrors(metadata.finalizers ?? [], `${path}.finalizers`, kind)]
}

/** For a template's metadata too, which has no name to check. */
export const contentErrors = (metadata: Partial<Meta>, path: string): FieldError[] => [
  ...commonErrors(metadata, path),
  ...finalizerErrors(metadata.finalizers ?? [], `${path}.finalizers`),
]

/** What upstream finds wrong each time it looks at metadata, which is often; finalizers it looks at once. */
export function commonErrors(metadata: Partial<Meta>, path: string): FieldError[] {
  const errors: FieldError[] = []
  if ((metadata.generation ?? 0) < 0) errors.push(invalid(`${path}.generation`, metadata.generation, 'must be greater than or equal to 0'))
  errors.push(...labelErrors(metadata.labels, `${path}.labels`), ...annotationErrors(metadata.annotations, `${path}.annotations`))
  errors.push(...ownerErrors(metadata.ownerReferences ?? [], `${path}.ownerReferences`))
  return [...errors, ...managerErrors(metadata, path)]
}

function namespaceErrors(kind: Kind, { namespace }: Meta): FieldError[] {
  const path = 'metadata.namespace'
  if (kind.scope === 'Cluster') return namespace ? [forbidden(path, 'not allowed on this type')] : []
  if (!namespace) return [required(path)]
  return isDns1123Label(namespace).map(why => invalid(path, namespace, why))
}

export function labelErrors(labels: Meta['labels'], path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [key, value] of Object.entries(labels ?? {})) {
    for (const why of isQualifiedName(key)) errors.push(invalid(path, key, why.replace(/^a qualified name/, 'a valid label key')))
    for (const why of isLabelValue(value)) errors.push(invalid(path, value, why))
  }
  return errors
}

export function annotationErrors(annotations: Meta['annotations'], path: string): FieldError[] {
  const errors: FieldError[] = []
  let size = 0
  for (const [key, value] of Object.entries(annotations ?? {})) {
    // Keys are compared without case, so upper case is fine here.
    for (const why of isQualifiedName(key.toLowerCase())) errors.push(invalid(path, key, why))
    size += key.length + value.length
  }
  if (size > annotationsLimit) errors.push(tooLong(path, annotationsLimit))
  return errors
}

function ownerErrors(owners: NonNullable<Meta['ownerReferences']>, path: string): FieldError[] {
  const errors: FieldError[] = []
  let controller: (typeof owners)[number] | undefined
  for (const owner of owners) {
    const parts = owner.apiVersion.split('/')
    if (owner.apiVersion === '' || parts.length > 2 || parts.at(-1) === '')
      errors.push(invalid(`${path}.apiVersion`, owner.apiVersion, 'version must not be empty'))
    for (const field of ['kind', 'name', 'uid'] as const)
      if (!owner[field]) errors.push(invalid(`${path}.${field}`, owner[field], 'must not be empty'))
    if (owner.kind === 'Event' && owner.apiVersion === 'v1')
      errors.push(invalid(path, owner, '/v1, Kind=Event is disallowed from being an owner'))
    if (!owner.controller) continue
    if (controller)
      errors.push(
        invalid(
          path,
          owners,
          `Only one reference can have Controller set to true. Found "true" in references for ${controller.kind}/${controller.name} and ${owner.kind}/${owner.name}`,
        ),
      )
    controller ??= owner
  }
  return errors
}

const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])

/** Kinds that come from elsewhere take any qualified name, with or without a domain. */
const isLenient = ({ group, custom }: Pick<Kind, 'group' | 'custom'>): boolean =>
  custom !== undefined || group === 'apiextensions.k8s.io' || group === 'apiregistration.k8s.io'

/** Without a kind: as core kinds have it. */
export function finalizerErrors(finalizers: readonly string[], path: string, kind?: Pick<Kind, 'group' | 'custom'>): FieldError[] {
  const lenient = kind !== undefined && isLenient(kind)
  const errors: FieldError[] = []
  for (const [index, name] of finalizers.entries()) {
    for (const why of isQualifiedName(name)) errors.push(invalid(path, name, why))
    if (!lenient && !standardFinalizers.has(name) && !name.includes('/'))
      errors.push(invalid(`${path}[${index}]`, name, 'name is neither a standard finalizer name nor is it fully qualified'))
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
    errors.push(invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'))
  return errors
}

function managerErrors(metadata: Partial<Meta>, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [index, entry] of (metadata.managedFields ?? []).entries()) {
    const at = `${path}.managedFields[${index}]`
    if (entry.operation !== 'Apply' && entry.operation !== 'Update')
      errors.push(invalid(`${at}.operation`, entry.operation ?? '', 'must be `Apply` or `Update`'))
    if (entry.fieldsType && entry.fieldsType !== 'FieldsV1')
      errors.push(invalid(`${at}.fieldsType`, entry.fieldsType, 'must be `FieldsV1`'))
  }
  return errors
}

export function validateMetadataUpdate(next: KubeObject, old: KubeObject): FieldError[] {
  const path = 'metadata'
  const errors: FieldError[] = []
  const immutable = (field: keyof Meta) => {
    if (!deepEqual(next.metadata[field], old.metadata[field]))
      errors.push(invalid(`${path}.${field}`, next.metadata[field] ?? '', 'field is immutable'))
  }
  errors.push(...addedFinalizers(next.metadata, old.metadata))
  for (const field of ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const)
    immutable(field)
  if ((next.metadata.generation ?? 0) < (old.metadata.generation ?? 0))
    errors.push(invalid(`${path}.generation`, next.metadata.generation, 'must not be decremented'))
  return [...errors, ...commonErrors(next.metadata, path)]
}

function addedFinalizers(next: Meta, old: Meta): FieldError[] {
  if (!old.deletionTimestamp) return []
  const before = new Set(old.finalizers ?? [])
  const added = (next.finalizers ?? []).filter(f => !before.has(f))
  if (added.length === 0) return []
  const shown = `[]string{${added.map(f => JSON.stringify(f)).join(', ')}}`
  return [forbidden('metadata.finalizers', `no new finalizers can be added if the object is being deleted, found new finalizers ${shown}`)]
}
