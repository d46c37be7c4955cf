// The OpenAPI schema of a version: what must not be used, and what the extensions of lists, maps and objects need.
import { cel } from '../../../../cel/load.ts'
import { hasRules } from '../../../../cel/schema.ts'
import { itemsOf, type Structural, valuesOf } from '../../../../custom/structural.ts'
import { type FieldError, forbidden, invalid, notSupported, required } from '../../../../errors.ts'
import { goForm } from '../../../../rules/goform.ts'
import { capital } from '../../../../values/names.ts'
import { defaultsErrors } from './defaults.ts'
import { ruleErrors } from './rules.ts'
import { structuralErrors, unsupported } from './structural.ts'

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']

export function openApiErrors(schema: Structural, path: string, { hasStatus }: { hasStatus: boolean }): FieldError[] {
  const errors: FieldError[] = hasStatus ? rootErrors(schema, path) : []
  if (schema.nullable) errors.push(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'))
  const problem = unsupported(schema)
  if (problem === '') {
    const structural = structuralErrors(schema, path)
    errors.push(...(structural.length > 0 ? structural : defaultsErrors(schema, path)))
  }
  errors.push(...schemaErrors(schema, path, { isRoot: true, insideMeta: false }))
  // Rules are read when their schema makes sense.
  if (errors.length === 0 && problem === '' && hasRules(schema)) errors.push(...cel().ruleFindings(schema, path).errors)
  return errors.length === 0 && problem !== '' ? [invalid(path, '', problem)] : errors
}

/** By Go name, in the order a message lists them. */
const allowedAtRoot =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations'

/** With a status of its own, the root may only say what stays true of the parts. */
function rootErrors(schema: Structural, path: string): FieldError[] {
  const allowed = allowedAtRoot.split(' ')
  for (const name of Object.keys(schema)) {
    if (name === 'type') {
      if (schema.type !== 'object')
        return [
          invalid(
            `${path}.type`,
            schema.type,
            'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
          ),
        ]
    } else if (!allowed.includes(goName(name)))
      return [
        invalid(
          path,
          goForm('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps', schema),
          `only [${allowedAtRoot}] fields are allowed at the root of the schema if the status subresource is enabled`,
        ),
      ]
  }
  return []
}

/** x-kubernetes-list-type is XListType. */
const goName = (name: string): string =>
  name.startsWith('x-kubernetes-')
    ? `X${name.slice('x-kubernetes-'.length).split('-').map(capital).join('')}`
    : name.replace(/^\$?(.)/, (_whole, first: string) => first.toUpperCase())

interface Place {
  isRoot: boolean
  /** Below the apiVersion, kind or metadata of an object. */
  insideMeta: boolean
  /** Why nothing may have a default here. */
  noDefaults?: string
}

function schemaErrors(schema: Structural, path: string, place: Place): FieldError[] {
  const errors = keywordErrors(schema, path, place)
  if (schema.uniqueItems)
    errors.push(forbidden(`${path}.uniqueItems`, 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'))
  errors.push(...nestedErrors(schema, path, place))
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'))
  errors.push(
    ...mapTypeErrors(schema, path),
    ...listTypeErrors(schema, path),
    ...listKeyErrors(schema, path),
    ...listItemErrors(schema, path),
  )
  return [...errors, ...ruleErrors(schema, path)]
}

function keywordErrors(schema: Structural, path: string, { insideMeta, noDefaults }: Place): FieldError[] {
  const { type = '' } = schema
  const errors: FieldError[] = []
  if (type !== '' && !types.includes(type)) errors.push(notSupported(`${path}.type`, type, types))
  if (schema.default !== undefined && noDefaults) errors.push(forbidden(`${path}.default`, `must not be set ${noDefaults}`))
  const absent = (name: string, there: boolean) => {
    if (there) errors.push(forbidden(`${path}.${name}`, `${name} is not supported`))
  }
  absent('id', Boolean(schema.id))
  absent('additionalItems', schema.additionalItems !== undefined)
  absent('patternProperties', schema.patternProperties !== undefined)
  absent('definitions', schema.definitions !== undefined)
  absent('dependencies', schema.dependencies !== undefined)
  absent('$ref', schema.$ref !== undefined)
  if (type === 'null') errors.push(forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'))
  if (Array.isArray(schema.items) && schema.items.length > 0)
    errors.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'))
  if (insideMeta && schema['x-kubernetes-embedded-resource'])
    errors.push(forbidden(`${path}.x-kubernetes-embedded-resource`, 'must not be used inside of resource meta'))
  return errors
}

const metaFields: readonly string[] = ['metadata', 'kind', 'apiVersion']

function nestedErrors(schema: Structural, path: string, place: Place): FieldError[] {
  const { properties = {}, additionalProperties, not, allOf = [], oneOf = [], anyOf = [] } = schema
  const below: Place = { ...place, isRoot: false }
  const errors: FieldError[] = []
  if (additionalProperties !== undefined && additionalProperties !== true && Object.keys(properties).length > 0)
    errors.push(forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'))
  const values = valuesOf(schema)
  const inMeta = 'inside additionalProperties applying to object metadata'
  if (values)
    errors.push(...schemaErrors(values, `${path}.additionalProperties`, place.insideMeta ? { ...below, noDefaults: inMeta } : below))
  for (const [name, property] of Object.entries(properties)) {
    const ofMeta = (place.isRoot || schema['x-kubernetes-embedded-resource'] === true) && metaFields.includes(name)
    const there: Place = {
      ...below,
      ...(ofMeta ? { insideMeta: true } : {}),
      ...(ofMeta && place.isRoot ? { noDefaults: `in top-level ${name}` } : {}),
    }
    errors.push(...schemaErrors(property, `${path}.properties[${name}]`, there))
  }
  if (not) errors.push(...schemaErrors(not, `${path}.not`, below))
  for (const [name, schemas] of Object.entries({ allOf, oneOf, anyOf }))
    for (const [i, each] of schemas.entries()) errors.push(...schemaErrors(each, `${path}.${name}[${i}]`, below))
  const items = itemsOf(schema)
  if (items) errors.push(...schemaErrors(items, `${path}.items`, below))
  return errors
}

function mapTypeErrors(schema: Structural, path: string): FieldError[] {
  const mapType = schema['x-kubernetes-map-type']
  if (mapType === undefined) return []
  const errors = mustBe(schema, path, { type: 'object', extension: 'x-kubernetes-map-type' })
  const known = ['atomic', 'granular']
  return known.includes(mapType) ? errors : [...errors, notSupported(`${path}.x-kubernetes-map-type`, mapType, known)]
}

function mustBe({ type = '' }: Structural, path: string, wanted: { type: string; extension: string }): FieldError[] {
  if (type === wanted.type) return []
  const why = `must be ${wanted.type} if ${wanted.extension} is specified`
  return [type === '' ? required(`${path}.type`, why) : invalid(`${path}.type`, type, why)]
}

function listTypeErrors(schema: Structural, path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type']
  if (listType === undefined) return []
  const errors = mustBe(schema, path, { type: 'array', extension: 'x-kubernetes-list-type' })
  const items = itemsOf(schema)
  if (errors.length === 0 && listType === 'set' && items) errors.push(...setItemErrors(items, `${path}.items`))
  const known = ['atomic', 'set', 'map']
  return known.includes(listType) ? errors : [...errors, notSupported(`${path}.x-kubernetes-list-type`, listType, known)]
}

/** Both messages show the list type of the item, as upstream's do. */
function setItemErrors(items: Structural, path: string): FieldError[] {
  const why = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  const shown = items['x-kubernetes-list-type'] ?? null
  if (items.type === 'array' && shown !== null && shown !== 'atomic') return [invalid(`${path}.x-kubernetes-list-type`, shown, why)]
  if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') return [invalid(`${path}.x-kubernetes-map-type`, shown, why)]
  return []
}

function listKeyErrors(schema: Structural, path: string): FieldError[] {
  const errors: FieldError[] = []
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const listType = schema['x-kubernetes-list-type']
  const [typeField, keysField] = [`${path}.x-kubernetes-list-type`, `${path}.x-kubernetes-list-map-keys`]
  const mustBeMap = 'must be map if x-kubernetes-list-map-keys is non-empty'
  if (keys.length > 0 && listType === undefined) errors.push(required(typeField, mustBeMap))
  else if (keys.length > 0 && listType !== 'map') errors.push(invalid(typeField, listType, mustBeMap))
  if (listType !== 'map') return errors
  if (keys.length === 0) errors.push(required(keysField, 'must not be empty if x-kubernetes-list-type is map'))
  const items = itemsOf(schema)
  if (schema.items === undefined) errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'))
  else if (!items) errors.push(invalid(`${path}.items`, schema.items, 'must only have a single schema if x-kubernetes-list-type is map'))
  else if (items.type !== 'object')
    errors.push(invalid(`${path}.items.type`, items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map"))
  else
    for (const [i, key] of keys.entries()) {
      const property = items.properties?.[key]
      if (!property) errors.push(invalid(keysField, keys, 'entries must all be names of item properties'))
      else if (property.type === 'array' || property.type === 'object')
        errors.push(
          invalid(
            `${path}.items.properties[${key}].type`,
            items.type,
            "must be a scalar type if parent array's x-kubernetes-list-type is map",
          ),
        )
      if (keys.indexOf(key) < i) errors.push(invalid(keysField, keys, 'must not contain duplicate entries'))
    }
  return errors
}

/** Items that are told apart must all say who they are. */
function listItemErrors(schema: Structural, path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type']
  const items = itemsOf(schema)
  if (!items || (listType !== 'set' && listType !== 'map')) return []
  const errors: FieldError[] = []
  if (items.nullable) errors.push(forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`))
  if (listType === 'set') return errors
  const why = 'this property is in x-kubernetes-list-map-keys, so it'
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const property = items.properties?.[key]
    if (!property) continue
    const field = `${path}.items.properties[${key}]`
    if (!items.required?.includes(key) && property.default === undefined)
      errors.push(required(`${field}.default`, `${why} must have a default or be a required property`))
    if (property.nullable) errors.push(forbidden(`${field}.nullable`, `${why} cannot be nullable`))
  }
  return errors
}
