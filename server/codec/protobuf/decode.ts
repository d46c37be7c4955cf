// A message -> the JSON form of its object, by the table of fields.
import { type MessageField, messageFields } from '../../../openapi/protobuf.ts'
import { JsonError, parseJson } from '../../../openapi/values/json.ts'
import { ProtobufError, Reader } from './wire.ts'

type Value = Record<string, unknown>
type Decode = (reader: Reader, wire: number) => unknown

interface Plan {
  byId: Map<number, { field: MessageField; decode: Decode }>
}
const plans = new Map<string, Plan>()

export function decodeMessage(message: string, bytes: Uint8Array): unknown {
  const special = specials[message]
  return special ? special(bytes) : decodeFields(planOf(message), new Reader(bytes))
}

function decodeFields({ byId }: Plan, reader: Reader, into: Value = {}): Value {
  while (!reader.done()) {
    const { id, wire } = reader.tag()
    const known = byId.get(id)
    if (!known) reader.skip(wire)
    else store(into, known.field, known.decode(reader, wire))
  }
  return into
}

function store(into: Value, field: MessageField, value: unknown): void {
  if (field.inline) Object.assign(into, value)
  else if (field.mapKey !== undefined) {
    const [key, item] = value as [string, unknown]
    into[field.name] ??= {}
    Object.defineProperty(into[field.name], key, { value: item, enumerable: true, configurable: true, writable: true })
  } else if (field.repeated) {
    into[field.name] ??= []
    ;(into[field.name] as unknown[]).push(value)
  } else into[field.name] = value
}

function planOf(message: string): Plan {
  const known = plans.get(message)
  if (known) return known
  const fields = messageFields(message)
  if (!fields) throw new ProtobufError(`unknown message ${message}`)
  const plan: Plan = { byId: new Map(fields.map(field => [field.id, { field, decode: decoderOf(field) }])) }
  plans.set(message, plan)
  return plan
}

function decoderOf(field: MessageField): Decode {
  const decode = scalarDecoder(field.type)
  return field.mapKey === undefined ? decode : reader => mapEntry(reader.bytes(), decode)
}

function mapEntry(bytes: Uint8Array, decode: Decode): [string, unknown] {
  const reader = new Reader(bytes)
  let key = ''
  let value: unknown
  while (!reader.done()) {
    const { id, wire } = reader.tag()
    if (id === 1) key = reader.text()
    else if (id === 2) value = decode(reader, wire)
    else reader.skip(wire)
  }
  return [key, value ?? '']
}

function scalarDecoder(type: string): Decode {
  switch (type) {
    case 'string':
      return reader => reader.text()
    case 'bytes':
      return reader => Buffer.from(reader.bytes()).toString('base64')
    case 'bool':
      return reader => reader.int() !== 0
    case 'double':
      return reader => reader.double()
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64':
      return reader => reader.int()
    default:
      return messageDecoder(type)
  }
}

/** What the type is read by is looked up once: types may hold themselves, so not before it is needed. */
function messageDecoder(type: string): Decode {
  const special = specials[type]
  if (special) return reader => special(reader.bytes())
  let plan: Plan | undefined
  return reader => {
    plan ??= planOf(type)
    return decodeFields(plan, reader.message())
  }
}

/** Where the schemas of custom resources live. */
const schemas = 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.'

const specials: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  '~api.resource.Quantity': bytes => String(plainFields(bytes)[1] ?? ''),
  '~apis.meta.v1.Time': bytes => timeText(bytes, false),
  '~apis.meta.v1.MicroTime': bytes => timeText(bytes, true),
  '~util.intstr.IntOrString': bytes => {
    const fields = plainFields(bytes)
    return fields[1] === 1 ? String(fields[3] ?? '') : (fields[2] ?? 0)
  },
  '~runtime.RawExtension': bytes => (bytes.length === 0 ? null : json(bytes)),
  '~apis.meta.v1.FieldsV1': bytes => json(bytes),
  '~apis.meta.v1.Duration': bytes => plainFields(bytes)[1] ?? 0,
  '@authentication.v1.ExtraValue': bytes => strings(bytes),
  '@authorization.v1.ExtraValue': bytes => strings(bytes),
  '@certificates.v1.ExtraValue': bytes => strings(bytes),
  [`${schemas}JSON`]: bytes => json(bytes),
  [`${schemas}JSONSchemaPropsOrBool`]: bytes => alternative(bytes, { schema: 2 }),
  [`${schemas}JSONSchemaPropsOrArray`]: bytes => alternative(bytes, { schema: 1, list: 2, item: part => schema(part) }),
  [`${schemas}JSONSchemaPropsOrStringArray`]: bytes =>
    alternative(bytes, { schema: 1, list: 2, item: part => new TextDecoder().decode(part) }),
}

function strings(bytes: Uint8Array): string[] {
  const reader = new Reader(bytes)
  const found: string[] = []
  while (!reader.done()) {
    const { id, wire } = reader.tag()
    if (id === 1) found.push(reader.text())
    else reader.skip(wire)
  }
  return found
}

const schema = (bytes: Uint8Array): unknown => decodeMessage(`${schemas}JSONSchemaProps`, bytes)

/** A schema, or what may stand in its place: a list, or whether anything is allowed. */
function alternative(bytes: Uint8Array, ids: { schema: number; list?: number; item?(bytes: Uint8Array): unknown }): unknown {
  const reader = new Reader(bytes)
  const list: unknown[] = []
  let found: unknown
  let allows = false
  while (!reader.done()) {
    const { id, wire } = reader.tag()
    if (id === ids.schema && wire === 2) found = schema(reader.bytes())
    else if (id === ids.list && wire === 2) list.push(ids.item?.(reader.bytes()))
    else if (id === 1 && wire === 0) allows = reader.int() !== 0
    else reader.skip(wire)
  }
  return list.length > 0 ? list : (found ?? (ids.list === undefined ? allows : null))
}

function plainFields(bytes: Uint8Array): Record<number, string | number> {
  const reader = new Reader(bytes)
  const found: Record<number, string | number> = {}
  while (!reader.done()) {
    const { id, wire } = reader.tag()
    if (wire === 0) found[id] = reader.int()
    else if (wire === 2) found[id] = reader.text()
    else reader.skip(wire)
  }
  return found
}

function timeText(bytes: Uint8Array, micro: boolean): string | null {
  const fields = plainFields(bytes)
  if (fields[1] === undefined && fields[2] === undefined) return null
  const date = new Date(Number(fields[1] ?? 0) * 1000)
  if (Number.isNaN(date.getTime())) throw new ProtobufError('time out of range')
  const text = date.toISOString().slice(0, 19)
  return micro ? `${text}.${String(Math.floor(Number(fields[2] ?? 0) / 1000)).padStart(6, '0')}Z` : `${text}Z`
}

function json(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes)
  while (!reader.done()) {
    const { id, wire } = reader.tag()
    if (id === 1) {
      const text = reader.text()
      try {
        return text === '' ? null : parseJson(text).value
      } catch (error) {
        if (!(error instanceof JsonError)) throw error
        throw new ProtobufError(error.message)
      }
    }
    reader.skip(wire)
  }
  return null
}
