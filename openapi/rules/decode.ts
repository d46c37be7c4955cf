// What a typed API does to JSON on its way in: unknown fields go (and are named), wrong types are refused in Go's words, null means
// absent, zero values that Go would not print go, and those it always prints come. The result is a fresh, mutable object.
import { type MessageField, messageFields, messageOf } from '../protobuf.ts'
import { deepCopy } from '../values/copy.ts'
import { lazy } from '../values/lazy.ts'
import { canonicalQuantity, quantityError } from '../values/quantity.ts'
import { parseTime, printTime } from '../values/time.ts'

type Schema = { readonly [keyword: string]: unknown }

/** The text the apiserver prints after "cannot be handled as a KIND: ". */
export class DecodeError extends Error {
  /** The same in the words of the conversion that follows a strategic merge patch. */
  readonly converting: string
  constructor(message: string, converting = message) {
    super(message)
    this.converting = converting
  }
}

export interface Decoded {
  object: Record<string, unknown>
  /** 'unknown field "spec.foo"', in document order. */
  strictErrors: string[]
}

interface Place {
  /** Innermost struct, for Go's message. */
  struct: string
  /** JSON path without indices, for Go's message. */
  names: string
  /** JSON path with indices, for unknown fields. */
  path: string
}

interface Context {
  strictErrors: string[]
}

type Decoder = (value: unknown, place: Place, context: Context) => unknown
interface Node {
  decode: Decoder
  /** How Go calls the type. */
  goType: string
  /** What an absent field of this type prints as, when it is printed. */
  zero: () => unknown
  isZero(value: unknown): boolean
  /** Structs are printed even when empty. */
  struct: boolean
}

const nodes = new WeakMap<Schema, Node>()

/** Throws DecodeError. `path`: what unknown fields are called below. */
export function decode(schema: Schema, value: unknown, path = ''): Decoded {
  const context: Context = { strictErrors: [] }
  const node = nodeOf(schema)
  const object = value === null || value === undefined ? node.zero() : node.decode(value, { struct: '', names: '', path }, context)
  return { object: object as Record<string, unknown>, strictErrors: context.strictErrors }
}

/** A body of this type: custom resources decode themselves. */
export const decodeBy = (type: { schema: Schema; decode?(value: unknown): Decoded }, value: unknown): Decoded =>
  type.decode ? type.decode(value) : decode(type.schema, value)

function nodeOf(schema: Schema): Node {
  const known = nodes.get(schema)
  if (known) return known
  const node = build(schema)
  nodes.set(schema, node)
  return node
}

function build(schema: Schema): Node {
  const title = typeof schema.title === 'string' ? schema.title : ''
  if (title.endsWith('.Time') || title.endsWith('.MicroTime')) return timeNode(title.endsWith('.MicroTime'))
  if (title.endsWith('.Quantity')) return quantityNode
  if (title.endsWith('.IntOrString')) return intOrStringNode
  if (title.endsWith('.RawExtension') || title.endsWith('.FieldsV1')) return rawNode
  const special = title.startsWith('io.k8s.apiextensions-apiserver.') ? jsonNodes[title.split('.').at(-1) ?? ''] : undefined
  if (special) return special(schema)
  if (schema.type === 'array') return listNode(schema.items as Schema)
  if (schema.type === 'object')
    return schema.properties ? structNode(schema, title) : mapNode(schema.additionalProperties as Schema | undefined)
  return scalarNode(schema)
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value)

function wrongType(value: unknown, place: Place, goType: string): DecodeError {
  const what = typeof value === 'number' && /^u?int/.test(goType) ? `number ${value}` : kindOf(value)
  const where = place.struct === '' ? `Go value of type ${goType}` : `Go struct field ${place.struct}.${place.names} of type ${goType}`
  return new DecodeError(`json: cannot unmarshal ${what} into ${where}`, converting(value, goType))
}

function converting(value: unknown, goType: string): string {
  const from = Array.isArray(value)
    ? 'slice'
    : typeof value === 'object'
      ? 'map'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value === 'number'
          ? Number.isInteger(value)
            ? 'int64'
            : 'float64'
          : 'string'
  if (goType.startsWith('[]')) return `cannot restore slice from ${from}`
  if (goType.startsWith('map[')) return `cannot restore map from ${from}`
  if (goType.includes('.')) return `cannot restore struct from: ${from}`
  return from === 'int64' && goType === 'string' ? 'cannot convert int64 to string' : `unrecognized type: ${goType}`
}

function scalarNode(schema: Schema): Node {
  if (schema.format === 'byte') return bytesNode
  if (schema.type === 'string') return plain('string', '', value => typeof value === 'string')
  if (schema.type === 'boolean') return plain('bool', false, value => typeof value === 'boolean')
  if (schema.type === 'number') return plain('float64', 0, value => typeof value === 'number')
  const goType = typeof schema.format === 'string' ? schema.format : 'int64'
  const limit = goType === 'int32' ? 2 ** 31 : 2 ** 63
  return plain(goType, 0, value => typeof value === 'number' && Number.isInteger(value) && value < limit && value >= -limit)
}

const plain = (goType: string, zero: unknown, accepts: (value: unknown) => boolean): Node => ({
  goType,
  struct: false,
  zero: () => zero,
  isZero: value => value === zero,
  decode(value, place) {
    if (!accepts(value)) throw wrongType(value, place, goType)
    return value
  },
})

const bytesNode: Node = {
  ...plain('[]uint8', '', value => typeof value === 'string'),
  decode(value, place) {
    if (typeof value !== 'string') throw wrongType(value, place, '[]uint8')
    const bad = value.replace(/[\r\n]/g, '')
    const at =
      /[^A-Za-z0-9+/=]/.exec(bad)?.index ??
      (bad.length % 4 === 0 && /^[^=]*={0,2}$/.test(bad)
        ? -1
        : Math.max(0, bad.replace(/=+$/, '').length - (bad.replace(/=+$/, '').length % 4)))
    if (at >= 0) throw new DecodeError(`illegal base64 data at input byte ${at}`)
    return bad
  },
}

const timeNode = (micro: boolean): Node => ({
  goType: micro ? 'v1.MicroTime' : 'v1.Time',
  struct: true,
  zero: () => null,
  isZero: value => value === null || value === '',
  decode(value, place) {
    if (typeof value !== 'string') throw wrongType(value, place, 'string')
    const date = parseTime(value)
    const layout = micro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00'
    if (!date)
      throw new DecodeError(
        `parsing time ${JSON.stringify(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(value)} as "2006"`,
      )
    if (!micro) return printTime(date)
    const fraction = /\.(\d+)/.exec(value)?.[1]
    const rest = value.slice(19)
    if (fraction === undefined)
      throw new DecodeError(
        `parsing time ${JSON.stringify(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ".000000"`,
      )
    return `${date.toISOString().slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}Z`
  },
})

const quantityNode: Node = {
  goType: 'resource.Quantity',
  struct: true,
  zero: () => '0',
  isZero: () => false,
  decode(value) {
    if (typeof value !== 'string' && typeof value !== 'number') throw new DecodeError(quantityError)
    const canonical = canonicalQuantity(String(value))
    if (canonical === undefined) throw new DecodeError(quantityError)
    return canonical
  },
}

const intOrStringNode: Node = {
  goType: 'intstr.IntOrString',
  struct: true,
  zero: () => 0,
  isZero: () => false,
  decode(value, place) {
    if (typeof value === 'string') return value
    if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value
    throw wrongType(value, place, 'int32')
  },
}

const rawNode: Node = {
  goType: 'runtime.RawExtension',
  struct: true,
  zero: () => null,
  isZero: value => value === null,
  // What comes from the store is frozen and may be shared.
  decode: value => (Object.isFrozen(value) ? value : deepCopy(value)),
}

/** A schema, or something simple in its place: Go's own readers for these do not look at unknown fields below them. */
const alternative =
  (simple: (value: unknown) => unknown) =>
  (schema: Schema): Node => {
    const nested = lazy(() => nodeOf(schema['x-nested'] as Schema))
    return {
      ...rawNode,
      decode(value, place) {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return simple(value)
        return nested().decode(value, place, { strictErrors: [] })
      },
    }
  }

const jsonNodes: Readonly<Record<string, (schema: Schema) => Node>> = {
  JSON: () => rawNode,
  JSONSchemaPropsOrBool: alternative(value => {
    if (typeof value !== 'boolean') throw new DecodeError('boolean or JSON schema expected')
    return value
  }),
  JSONSchemaPropsOrArray: schema => {
    const nested = lazy(() => nodeOf(schema['x-nested'] as Schema))
    return {
      ...alternative(() => null)(schema),
      decode(value, place) {
        const one = (item: unknown) => (item === null ? nested().zero() : nested().decode(item, place, { strictErrors: [] }))
        return Array.isArray(value) ? value.map(one) : typeof value === 'object' ? one(value) : null
      },
    }
  },
  JSONSchemaPropsOrStringArray: alternative(value => (Array.isArray(value) ? value.map(String) : null)),
}

function listNode(items: Schema): Node {
  const item = lazy(() => nodeOf(items))
  return {
    get goType() {
      return `[]${item().goType}`
    },
    struct: false,
    zero: () => null,
    isZero: value => value === null || (Array.isArray(value) && value.length === 0),
    decode(value, place, context) {
      if (!Array.isArray(value)) throw wrongType(value, place, `[]${item().goType}`)
      const { decode, zero } = item()
      return value.map((v, i) => (v === null ? zero() : decode(v, { ...place, path: `${place.path}[${i}]` }, context)))
    },
  }
}

function mapNode(values: Schema | undefined): Node {
  const item = values ? lazy(() => nodeOf(values)) : undefined
  const goType = () => `map[string]${item ? item().goType : 'interface {}'}`
  return {
    get goType() {
      return goType()
    },
    struct: false,
    zero: () => null,
    isZero: value => value === null || (typeof value === 'object' && Object.keys(value).length === 0),
    decode(value, place, context) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(value, place, goType())
      const result: Record<string, unknown> = {}
      for (const [key, v] of Object.entries(value))
        set(
          result,
          key,
          v === null ? item?.().zero() : item ? item().decode(v, { ...place, path: `${place.path}.${key}` }, context) : deepCopy(v),
        )
      return result
    },
  }
}

/** Names from outside may be __proto__. */
function set(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

interface Field {
  name: string
  node: Node
  /** A zero value is left out. */
  dropZero: boolean
  /** Printed even when absent. */
  always: boolean
}

function structNode(schema: Schema, title: string): Node {
  const goName = title.split('.').at(-1) ?? ''
  const goType = `${title.split('.').at(-2) ?? ''}.${goName}`
  const fields = lazy(() => fieldsOf(schema, title))
  const always = lazy(() => [...fields().values()].filter(f => f.always))
  const complete = (result: Record<string, unknown>) => {
    for (const { name, node } of always()) if (result[name] === undefined) result[name] = node.zero()
    return result
  }
  return {
    goType,
    struct: true,
    zero: () => complete({}),
    isZero: value => typeof value === 'object' && value !== null && Object.keys(value).length === 0,
    decode(value, place, context) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(value, place, goType)
      const result: Record<string, unknown> = {}
      const known = fields()
      const names = place.names === '' ? '' : `${place.names}.`
      const path = place.path === '' ? '' : `${place.path}.`
      for (const key in value) {
        const field = known.get(key)
        if (!field) {
          context.strictErrors.push(`unknown field ${JSON.stringify(path + key)}`)
          continue
        }
        const given = (value as Record<string, unknown>)[key]
        if (given === null || given === undefined) continue
        const decoded = field.node.decode(given, { struct: goName, names: names + key, path: path + key }, context)
        // An empty list of managers is a wish of its own.
        if (key === 'managedFields' || !(field.dropZero && field.node.isZero(decoded))) result[key] = decoded
      }
      return complete(result)
    },
  }
}

function fieldsOf(schema: Schema, title: string): Map<string, Field> {
  const presence = new Map<string, MessageField>()
  collect(messageOf(title), presence)
  const fields = new Map<string, Field>()
  for (const [name, property] of Object.entries(schema.properties as Record<string, Schema>)) {
    const node = nodeOf(property)
    const fact = presence.get(name)
    // apiVersion and kind (TypeMeta) are not in the table, and are plain omitempty strings.
    const { pointer, omitempty, omitzero } = fact ?? { pointer: false, omitempty: true, omitzero: false }
    const droppable = omitempty && !pointer && !node.struct && property['x-keeps-empty'] !== true
    fields.set(name, {
      name,
      node,
      dropZero: droppable || omitzero,
      always: fact !== undefined && !pointer && !omitzero && (node.struct || !omitempty),
    })
  }
  return fields
}

/** A message's fields by JSON name, those of inline messages among them. */
function collect(message: string, into: Map<string, MessageField>): void {
  for (const field of messageFields(message) ?? [])
    if (field.inline) collect(field.type, into)
    else into.set(field.name, field)
}
