// Values as rules see them: whole numbers are BigInt, objects are maps of the fields their schema lists, texts with a format are what
// they stand for.
import { Duration } from '@marcbachmann/cel-js/evaluator'
import { isEmbedded, isIntOrString, isObject, itemsOf, own, type Structural, valuesOf } from '../custom/structural.ts'
import { parseDuration } from '../values/time.ts'
import { identified } from './libraries/sets.ts'
import { escapeName } from './names.ts'

const text: Structural = { type: 'string' }
const objectMeta: Structural = { type: 'object', properties: { name: text, generateName: text } }

/** With what every object has. */
export const objectSchema = (schema: Structural): Structural => ({
  ...schema,
  properties: { ...schema.properties, apiVersion: text, kind: text, metadata: objectMeta },
})

export function toCel(schema: Structural, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (isIntOrString(schema)) return typeof value === 'number' ? BigInt(value) : value
  if (Array.isArray(value)) {
    const items = itemsOf(schema)
    return items
      ? listOf(
          schema,
          value.map(each => toCel(items, each)),
        )
      : []
  }
  if (isObject(value)) return mapOf(schema, value)
  if (typeof value === 'number') return schema.type === 'integer' && Number.isInteger(value) ? BigInt(value) : value
  return typeof value === 'string' ? textOf(schema.format, value) : value
}

function listOf(schema: Structural, list: unknown[]): unknown[] {
  const type = schema['x-kubernetes-list-type']
  if (type === 'set') return identified(list, undefined)
  return type === 'map'
    ? identified(
        list,
        (schema['x-kubernetes-list-map-keys'] ?? []).map(key => escapeName(key) ?? key),
      )
    : list
}

function mapOf(schema: Structural, value: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const values = valuesOf(schema)
  if (values) return new Map(Object.entries(value).map(([name, each]) => [name, toCel(values, each)]))
  const { properties } = isEmbedded(schema) ? objectSchema(schema) : schema
  const fields = new Map<string, unknown>()
  for (const [name, each] of Object.entries(value)) {
    const property = own(properties, name)
    const escaped = property && typed(property) ? escapeName(name) : undefined
    // A field that is null is none for rules.
    if (property && escaped !== undefined && each !== null) fields.set(escaped, toCel(property, each))
  }
  return fields
}

/** Fields whose type is not said are not there for rules. */
export const typed = (schema: Structural): boolean => Boolean(schema.type) || isIntOrString(schema)

function textOf(format: string | undefined, value: string): unknown {
  if (format === 'byte') return Buffer.from(value, 'base64')
  if (format === 'date-time' || format === 'date') return new Date(value)
  if (format !== 'duration') return value
  const ms = parseDuration(value)
  return ms === undefined ? value : Duration.fromMilliseconds(ms)
}
