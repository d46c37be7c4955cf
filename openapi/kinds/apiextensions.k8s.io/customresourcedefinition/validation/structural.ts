// Structural schemas: what a value is stands outside of allOf, anyOf, oneOf and not, so that pruning and defaults know it.
import { isEmbedded, isIntOrString, itemsOf, preserves, type Structural, valuesOf } from '../../../../custom/structural.ts'
import { type FieldError, forbidden, invalid, required } from '../../../../errors.ts'
import { deepEqual } from '../../../../values/equal.ts'
import { patternProblem } from '../../../../values/pattern.ts'

type Level = 'root' | 'item' | 'field'

/** Sorted, as upstream's are. */
export function structuralErrors(schema: Structural, path: string): FieldError[] {
  const text = ({ field, message }: FieldError) => `${field}: ${message}`
  return [...invariantErrors(schema, path, 'root'), ...completenessErrors(schema, path)].sort((a, b) => (text(a) < text(b) ? -1 : 1))
}

/** What has no structural form at all; '' when nothing has. The errors of the OpenAPI rules say it better. */
export function unsupported(schema: Structural): string {
  if (schema.id) return "OpenAPIV3Schema 'id' is not supported"
  if (schema.$schema) return "OpenAPIV3Schema 'schema' is not supported"
  if (schema.$ref !== undefined) return "OpenAPIV3Schema '$ref' is not supported"
  if (schema.patternProperties) return "OpenAPIV3Schema 'patternProperties' is not supported"
  if (schema.dependencies) return "OpenAPIV3Schema 'dependencies' is not supported"
  if (schema.additionalItems !== undefined) return "OpenAPIV3Schema 'additionalItems' is not supported"
  if (schema.definitions) return "OpenAPIV3Schema 'definitions' is not supported"
  if (Array.isArray(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array"
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined"
  for (const child of everyChild(schema)) {
    const problem = unsupported(child)
    if (problem) return problem
  }
  return ''
}

function* everyChild(schema: Structural): Generator<Structural> {
  const { allOf = [], anyOf = [], oneOf = [], not, properties = {} } = schema
  yield* [...allOf, ...anyOf, ...oneOf, ...Object.values(properties)]
  for (const child of [not, itemsOf(schema), valuesOf(schema)]) if (child) yield child
}

function invariantErrors(schema: Structural, path: string, level: Level): FieldError[] {
  const errors: FieldError[] = []
  const [items, values] = [itemsOf(schema), valuesOf(schema)]
  if (schema.type === 'array' && !items) errors.push(required(`${path}.items`, 'must be specified'))
  if (items) errors.push(...invariantErrors(items, `${path}.items`, 'item'))
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    errors.push(...invariantErrors(property, `${path}.properties[${name}]`, 'field'))
  if (schema.additionalProperties !== undefined && level === 'root')
    errors.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'))
  if (values) errors.push(...invariantErrors(values, `${path}.additionalProperties`, 'field'))
  errors.push(...extensionErrors(schema, path))
  const int = isIntOrString(schema)
  errors.push(
    ...junctorErrors(schema, path, {
      anyOf: int && isIntOrStringPair(schema.anyOf),
      allOf: int && isIntOrStringPair(schema.allOf?.[0]?.anyOf),
    }),
  )
  return [...errors, ...typeErrors(schema, path, level), ...metadataErrors(schema, path, level)]
}

const isIntOrStringPair = (schemas: readonly Structural[] | undefined): boolean =>
  deepEqual(schemas, [{ type: 'integer' }, { type: 'string' }])

function extensionErrors(schema: Structural, path: string): FieldError[] {
  if (!isIntOrString(schema)) return []
  const why = 'must be false if x-kubernetes-int-or-string is true'
  return [
    ...(preserves(schema) ? [invalid(`${path}.x-kubernetes-preserve-unknown-fields`, true, why)] : []),
    ...(isEmbedded(schema) ? [invalid(`${path}.x-kubernetes-embedded-resource`, true, why)] : []),
  ]
}

const emptyAt: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}

function typeErrors(schema: Structural, path: string, level: Level): FieldError[] {
  const errors: FieldError[] = []
  const { type = '' } = schema
  const embedded = isEmbedded(schema)
  const field = `${path}.type`
  if (embedded && type !== 'object') {
    const why = 'must be object if x-kubernetes-embedded-resource is true'
    errors.push(type === '' ? required(field, why) : invalid(field, type, why))
  } else if (type === '' && !isIntOrString(schema) && !preserves(schema)) errors.push(required(field, emptyAt[level]))
  if (embedded && schema.additionalProperties !== undefined)
    errors.push(forbidden(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'))
  if (level === 'root' && type !== '' && type !== 'object') errors.push(invalid(field, type, 'must be object at the root'))
  return errors
}

function metadataErrors(schema: Structural, path: string, level: Level): FieldError[] {
  const errors: FieldError[] = []
  const { properties = {} } = schema
  const checked = level === 'root' || isEmbedded(schema)
  for (const name of ['kind', 'apiVersion'] as const) {
    const property = properties[name]
    if (checked && property && property.type !== 'string')
      errors.push(invalid(`${path}.properties[${name}].type`, property.type ?? '', 'must be string'))
  }
  const { metadata } = properties
  if (metadata && checked && metadata.type !== 'object')
    errors.push(invalid(`${path}.properties[metadata].type`, metadata.type ?? '', 'must be object'))
  if (metadata && level === 'root' && !saysOnlyNames(metadata))
    errors.push(
      forbidden(
        `${path}.properties[metadata]`,
        'must not specify anything other than name and generateName, but metadata is implicitly specified',
      ),
    )
  if (isEmbedded(schema) && !preserves(schema) && Object.keys(properties).length === 0)
    errors.push(
      required(
        `${path}.properties`,
        'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      ),
    )
  return errors
}

/** Validation of the whole, such as required, counts as something else too. */
function saysOnlyNames({ type: _type, default: _default, properties = {}, ...rest }: Structural): boolean {
  return Object.keys(rest).length === 0 && Object.keys(properties).every(name => name === 'name' || name === 'generateName')
}

interface Skipped {
  /** These two are how an int-or-string used to be written. */
  anyOf: boolean
  allOf: boolean
}

function junctorErrors(schema: Structural, path: string, skipped: Skipped): FieldError[] {
  const { anyOf = [], allOf = [], oneOf = [], not, pattern } = schema
  const nothing = { anyOf: false, allOf: false }
  const problem = pattern ? patternProblem(pattern) : ''
  return [
    ...(skipped.anyOf ? [] : anyOf.flatMap((each, i) => nestedErrors(each, `${path}.anyOf[${i}]`, nothing))),
    ...allOf.flatMap((each, i) => nestedErrors(each, `${path}.allOf[${i}]`, { anyOf: skipped.allOf && i === 0, allOf: false })),
    ...oneOf.flatMap((each, i) => nestedErrors(each, `${path}.oneOf[${i}]`, nothing)),
    ...(not ? nestedErrors(not, `${path}.not`, nothing) : []),
    ...(problem ? [invalid(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${problem}`)] : []),
  ]
}

/** Keywords that say what a value is, and how an error calls their absence. */
const structuralOnly: readonly (readonly [name: keyof Structural, absent: 'empty' | 'undefined' | 'false'])[] = [
  ['type', 'empty'],
  ['additionalProperties', 'undefined'],
  ['default', 'undefined'],
  ['title', 'empty'],
  ['description', 'empty'],
  ['nullable', 'false'],
  ['x-kubernetes-preserve-unknown-fields', 'false'],
  ['x-kubernetes-embedded-resource', 'false'],
  ['x-kubernetes-int-or-string', 'false'],
  ['x-kubernetes-list-map-keys', 'empty'],
  ['x-kubernetes-list-type', 'undefined'],
  ['x-kubernetes-map-type', 'undefined'],
  ['x-kubernetes-validations', 'empty'],
]

function nestedErrors(schema: Structural, path: string, skipped: Skipped): FieldError[] {
  const errors = junctorErrors(schema, path, skipped)
  const items = itemsOf(schema)
  if (items) errors.push(...nestedErrors(items, `${path}.items`, { anyOf: false, allOf: false }))
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    errors.push(...nestedErrors(property, `${path}.properties[${name}]`, { anyOf: false, allOf: false }))
  for (const [name, absent] of structuralOnly) {
    const value = schema[name]
    if (value !== undefined && value !== '' && value !== false)
      errors.push(forbidden(`${path}.${name}`, `must be ${absent} to be structural`))
  }
  if (schema.properties?.metadata) errors.push(forbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context'))
  return errors
}

/** What the alternatives of the root speak of must be listed outside of them. Further down nobody looks. */
const completenessErrors = (schema: Structural, path: string): FieldError[] =>
  junctors(schema, path).flatMap(([each, at]) => incomplete(each, schema, { path, at }))

function junctors({ not, allOf = [], anyOf = [], oneOf = [] }: Structural, at: string): [Structural, string][] {
  return [
    ...(not ? [[not, `${at}.not`] as [Structural, string]] : []),
    ...allOf.map((each, i): [Structural, string] => [each, `${at}.allOf[${i}]`]),
    ...anyOf.map((each, i): [Structural, string] => [each, `${at}.anyOf[${i}]`]),
    ...oneOf.map((each, i): [Structural, string] => [each, `${at}.oneOf[${i}]`]),
  ]
}

function incomplete(nested: Structural, outside: Structural | undefined, { path, at }: { path: string; at: string }): FieldError[] {
  if (!outside) return [required(path, `because it is defined in ${at}`)]
  const errors = junctors(nested, at).flatMap(([each, below]) => incomplete(each, outside, { path, at: below }))
  const items = itemsOf(nested)
  if (items) errors.push(...incomplete(items, itemsOf(outside), { path: `${path}.items`, at: `${at}.items` }))
  for (const [name, property] of Object.entries(nested.properties ?? {})) {
    const places = { path: `${path}.properties[${name}]`, at: `${at}.properties[${name}]` }
    errors.push(...incomplete(property, outside.properties?.[name], places))
  }
  return errors
}
