// The JSON form of an object -> its message, by the table of fields. Go writes every field that is not a nil pointer, nil slice or nil map.
import { type MessageField, messageFields } from '../../../openapi/protobuf.ts'
import { ProtobufError, type Writer } from './wire.ts'

type Value = Readonly<Record<string, unknown>>
type Write = (writer: Writer, object: Value) => void
const plans = new Map<string, readonly Write[]>()

export function encodeMessage(message: string, value: unknown, writer: Writer): void {
  const special = specials[message]
  if (special) special(value, writer)
  else for (const write of planOf(message)) write(writer, (value ?? {}) as Value)
}

function planOf(message: string): readonly Write[] {
  const known = plans.get(message)
  if (known) return known
  const fields = messageFields(message)
  if (!fields) throw new ProtobufError(`unknown message ${message}`)
  const plan = [...fields].sort((a, b) => a.id - b.id).map(fieldWriter)
  plans.set(message, plan)
  return plan
}

function fieldWriter(field: MessageField): Write {
  const { id, name, type } = field
  const write = valueWriter(type)
  if (field.inline) return (writer, object) => writer.message(id, nested => encodeMessage(type, object, nested))
  if (field.mapKey !== undefined)
    return (writer, object) => {
      const map = (object[name] ?? {}) as Value
      for (const key of Object.keys(map).sort())
        writer.message(id, entry => {
          entry.string(1, key)
          write(entry, 2, map[key])
        })
    }
  if (field.repeated)
    return (writer, object) => {
      for (const item of (object[name] ?? []) as unknown[]) write(writer, id, item)
    }
  const zero = field.pointer || type === 'bytes' ? undefined : zeroOf(type)
  return (writer, object) => {
    const value = object[name] ?? zero
    if (value !== undefined) write(writer, id, value)
  }
}

const scalars: Readonly<Record<string, unknown>> = { string: '', bool: false, int32: 0, int64: 0, uint32: 0, uint64: 0, double: 0 }
/** What an absent field writes; null stands for an empty message. */
const zeroOf = (type: string): unknown => (type in scalars ? scalars[type] : type === '~api.resource.Quantity' ? '0' : null)

function valueWriter(type: string): (writer: Writer, id: number, value: unknown) => void {
  switch (type) {
    case 'string':
      return (writer, id, value) => writer.string(id, String(value ?? ''))
    case 'bytes':
      return (writer, id, value) => writer.bytes(id, Buffer.from(String(value ?? ''), 'base64'))
    case 'bool':
      return (writer, id, value) => writer.int(id, value ? 1 : 0)
    case 'double':
      return (writer, id, value) => writer.double(id, Number(value))
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64':
      return (writer, id, value) => writer.int(id, Number(value ?? 0))
    default:
      return messageWriter(type)
  }
}

/** What the type is written by is looked up once: types may hold themselves, so not before it is needed. */
function messageWriter(type: string): (writer: Writer, id: number, value: unknown) => void {
  const special = specials[type]
  let plan: readonly Write[] | undefined
  return (writer, id, value) => {
    const start = writer.begin(id)
    if (special) special(value, writer)
    else {
      plan ??= planOf(type)
      for (const write of plan) write(writer, (value ?? {}) as Value)
    }
    writer.end(start)
  }
}

/** Where the schemas of custom resources live. */
const schemas = 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.'

const specials: Readonly<Record<string, (value: unknown, writer: Writer) => void>> = {
  '~api.resource.Quantity': (value, writer) => writer.string(1, String(typeof value === 'object' ? '0' : value)),
  '~apis.meta.v1.Time': (value, writer) => time(value, writer),
  '~apis.meta.v1.MicroTime': (value, writer) => time(value, writer),
  '~util.intstr.IntOrString': (value, writer) => {
    writer.int(1, typeof value === 'string' ? 1 : 0)
    writer.int(2, typeof value === 'number' ? value : 0)
    writer.string(3, typeof value === 'string' ? value : '')
  },
  '~runtime.RawExtension': (value, writer) => raw(value, writer),
  '~apis.meta.v1.FieldsV1': (value, writer) => fields(value, writer),
  '~apis.meta.v1.Duration': (value, writer) => writer.int(1, Number(value ?? 0)),
  '@authentication.v1.ExtraValue': (value, writer) => strings(value, writer),
  '@authorization.v1.ExtraValue': (value, writer) => strings(value, writer),
  '@certificates.v1.ExtraValue': (value, writer) => strings(value, writer),
  [`${schemas}JSON`]: (value, writer) => raw(value, writer),
  [`${schemas}JSONSchemaPropsOrBool`]: (value, writer) => {
    writer.int(1, value === false ? 0 : 1)
    if (typeof value === 'object') schema(value, writer, 2)
  },
  [`${schemas}JSONSchemaPropsOrArray`]: (value, writer) => {
    if (Array.isArray(value)) for (const each of value) schema(each, writer, 2)
    else if (value !== null) schema(value, writer, 1)
  },
  [`${schemas}JSONSchemaPropsOrStringArray`]: (value, writer) => {
    if (Array.isArray(value)) for (const each of value) writer.string(2, String(each))
    else if (value !== null) schema(value, writer, 1)
  },
}

/** A list that is the value of a map: a message of its own. */
function strings(value: unknown, writer: Writer): void {
  for (const item of (value ?? []) as readonly string[]) writer.string(1, item)
}

const schema = (value: unknown, writer: Writer, id: number): void =>
  writer.message(id, nested => encodeMessage(`${schemas}JSONSchemaProps`, value, nested))

function raw(value: unknown, writer: Writer): void {
  if (value !== null && value !== undefined) writer.bytes(1, Buffer.from(JSON.stringify(value)))
}

const printedFields = new WeakMap<object, Buffer>()

/** Most objects of a kind share theirs. */
function fields(value: unknown, writer: Writer): void {
  if (typeof value !== 'object' || value === null) return
  const bytes = printedFields.get(value) ?? Buffer.from(JSON.stringify(value))
  if (Object.isFrozen(value)) printedFields.set(value, bytes)
  writer.bytes(1, bytes)
}

/** A zero time is an empty message. */
function time(value: unknown, writer: Writer): void {
  if (typeof value !== 'string') return
  const fraction = value.includes('.') ? (/\.(\d+)/.exec(value)?.[1] ?? '') : ''
  writer.int(1, Math.floor(Date.parse(value) / 1000))
  writer.int(2, Number(fraction.padEnd(9, '0').slice(0, 9)))
}
