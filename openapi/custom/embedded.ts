// Objects inside a custom resource (x-kubernetes-embedded-resource): their metadata is read as that of any object, and checked.
import { type FieldError, invalid, required } from '../errors.ts'
import { DecodeError, decode } from '../rules/decode.ts'
import { commonErrors, finalizerErrors } from '../rules/metadata.ts'
import { ObjectMeta } from '../schemas/meta.ts'
import { isDns1035Label, isDns1123Label, isPathSegmentName } from '../values/names.ts'
import { mapFields } from './prune.ts'
import { type Fields, isEmbedded, isObject, itemsOf, join, own, type Structural, valuesOf } from './structural.ts'

/** The metadata of each embedded object without unknown fields, whose paths are collected. Throws DecodeError. */
export function coerceEmbedded(
  schema: Structural | undefined,
  value: unknown,
  { path, unknown }: { path: string; unknown: string[] },
): unknown {
  if (!schema) return value
  if (Array.isArray(value)) {
    const items = value.map((item, i) => coerceEmbedded(itemsOf(schema), item, { path: `${path}[${i}]`, unknown }))
    return items.every((item, i) => item === value[i]) ? value : items
  }
  if (!isObject(value)) return value
  return mapFields(value, (item, name) => {
    const below = join(path, name)
    if (isEmbedded(schema) && name === 'metadata' && item !== null) return coerceMetadata(item, below, unknown)
    if (isEmbedded(schema) && (name === 'apiVersion' || name === 'kind') && typeof item !== 'string')
      throw new DecodeError(`${below}: Invalid value: ${JSON.stringify(item)}: must be a string`)
    return coerceEmbedded(own(schema.properties, name) ?? valuesOf(schema), item, { path: below, unknown })
  })
}

/** Throws DecodeError. */
export function coerceMetadata(metadata: unknown, path: string, unknown: string[]): object {
  const { object, strictErrors } = decode(ObjectMeta, metadata, path)
  for (const text of strictErrors) unknown.push(JSON.parse(text.slice('unknown field '.length)) as string)
  return object
}

/** What is wrong with the type and metadata of embedded objects. */
export function embeddedErrors(schema: Structural | undefined, value: unknown, path: string): FieldError[] {
  if (!schema) return []
  if (Array.isArray(value)) return value.flatMap((item, i) => embeddedErrors(itemsOf(schema), item, `${path}[${i}]`))
  if (!isObject(value)) return []
  const mine = isEmbedded(schema) ? objectErrors(value, path) : []
  const theirs = Object.entries(value).flatMap(([name, item]) => {
    const property = own(schema.properties, name)
    return property ? embeddedErrors(property, item, join(path, name)) : embeddedErrors(valuesOf(schema), item, `${path}[${name}]`)
  })
  return [...mine, ...theirs]
}

function objectErrors(object: Fields, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const name of ['apiVersion', 'kind'] as const) if (!(name in object)) errors.push(required(join(path, name)))
  for (const [name, value] of Object.entries(object)) {
    const field = join(path, name)
    if (name === 'apiVersion') errors.push(...apiVersionErrors(value, field))
    else if (name === 'kind') errors.push(...kindErrors(value, field))
    else if (name === 'metadata' && isObject(value)) errors.push(...metadataErrors(value, field))
  }
  return errors
}

function apiVersionErrors(value: unknown, field: string): FieldError[] {
  if (typeof value !== 'string') return [invalid(field, value, 'must be a string')]
  if (value === '') return [invalid(field, value, 'must not be empty')]
  return value.split('/').length > 2 ? [invalid(field, value, `unexpected GroupVersion string: ${value}`)] : []
}

function kindErrors(value: unknown, field: string): FieldError[] {
  if (typeof value !== 'string') return [invalid(field, value, 'must be a string')]
  if (value === '') return [invalid(field, value, 'must not be empty')]
  return isDns1035Label(value.toLowerCase()).map(why => invalid(field, value, `may have mixed case, but should otherwise match: ${why}`))
}

/** A name there need only do as a part of a path. */
function metadataErrors(metadata: Fields, field: string): FieldError[] {
  const { name, generateName, namespace } = metadata as { name?: string; generateName?: string; namespace?: string }
  const errors: FieldError[] = []
  if (generateName) errors.push(...segmentErrors(generateName, `${field}.generateName`, true))
  if (name) errors.push(...segmentErrors(name, `${field}.name`, false))
  if (namespace) errors.push(...isDns1123Label(namespace).map(why => invalid(`${field}.namespace`, namespace, why)))
  const content = metadata as Parameters<typeof commonErrors>[0]
  return [
    ...errors,
    ...commonErrors(content, field),
    ...finalizerErrors(content.finalizers ?? [], `${field}.finalizers`, { group: '', custom: {} as never }),
  ]
}

const segmentErrors = (name: string, field: string, prefix: boolean): FieldError[] =>
  isPathSegmentName(name, prefix).map(why => invalid(field, name, why))
