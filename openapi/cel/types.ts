// The types of a schema, as the library checks them.
import type { Environment } from '@marcbachmann/cel-js'
import { isEmbedded, isIntOrString, itemsOf, type Structural, valuesOf } from '../custom/structural.ts'
import { escapeName } from './names.ts'
import { objectSchema, typed } from './values.ts'

export function declareSelf(environment: Environment, schema: Structural, optionalOldSelf: boolean): Environment {
  const self = declareType(environment, schema)
  environment.registerVariable('self', self)
  environment.registerVariable('oldSelf', optionalOldSelf ? `optional<${self}>` : self)
  return environment
}

/** Variables that are objects of a type, or null. */
export function declareObjects(environment: Environment, schemas: Readonly<Record<string, Structural>>): void {
  const types = new Map<Structural, string>()
  for (const [name, schema] of Object.entries(schemas)) {
    const type = types.get(schema) ?? declareType(environment, schema, types.size * 10_000)
    types.set(schema, type)
    environment.registerVariable(name, type)
  }
}

/** The name of the type. */
function declareType(environment: Environment, schema: Structural, from = 0): string {
  let count = from
  const declare = (each: Structural): string => {
    const type = typeOf(each, declare)
    if (typeof type === 'string') return type
    const name = `Self${count++}`
    environment.registerType(name, { fields: type })
    environment.registerOperator(`${name} == ${name}`, () => true)
    environment.registerOperator(`${name} == null`, () => false)
    return name
  }
  return declare(schema)
}

const formats: Readonly<Record<string, string>> = {
  byte: 'bytes',
  date: 'google.protobuf.Timestamp',
  'date-time': 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
}
const scalars: Readonly<Record<string, string>> = { boolean: 'bool', integer: 'int', number: 'double' }

function typeOf(schema: Structural, declare: (schema: Structural) => string): string | Record<string, string> {
  if (isIntOrString(schema)) return 'dyn'
  const { type = '', format = '' } = schema
  if (type === 'string') return formats[format] ?? 'string'
  const scalar = scalars[type]
  if (scalar) return scalar
  const [items, values] = [itemsOf(schema), valuesOf(schema)]
  if (type === 'array') return items ? `list<${declare(items)}>` : 'dyn'
  if (type !== 'object') return 'dyn'
  if (values) return `map<string, ${declare(values)}>`
  const { properties } = isEmbedded(schema) ? objectSchema(schema) : schema
  const fields: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [name, property] of Object.entries(properties ?? {})) {
    const escaped = escapeName(name)
    if (escaped !== undefined && typed(property)) fields[escaped] = declare(property)
  }
  return fields
}
