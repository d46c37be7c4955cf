// OpenAPI v3 in its binary form: the messages openapi.v3.* of the gnostic project, as far as our documents use them.
import { Writer } from './protobuf/wire.ts'

type Json = { readonly [key: string]: unknown }
type Encode = (writer: Writer, id: number, value: unknown) => void
/** By field of the JSON form: its number and how its value is written. */
type Message = Readonly<Record<string, readonly [id: number, encode: Encode]>>

const text: Encode = (writer, id, value) => writer.string(id, value as string)
const bool: Encode = (writer, id, value) => value === true && writer.int(id, 1)
const integer: Encode = (writer, id, value) => writer.int(id, value as number)
const double: Encode = (writer, id, value) => writer.double(id, value as number)
/** Any value, as YAML, of which JSON is a part. */
const any: Encode = (writer, id, value) => writer.message(id, inner => inner.string(2, `${JSON.stringify(value)}\n`))

const each =
  (encode: Encode): Encode =>
  (writer, id, values) => {
    for (const value of values as readonly unknown[]) encode(writer, id, value)
  }

const message =
  (fields: () => Message): Encode =>
  (writer, id, value) =>
    writer.message(id, inner => write(inner, fields(), value as Json))

/** A map: pairs of a name and a value, the pairs being field `pairs` of a message of their own. */
const map =
  (pairs: number, encode: Encode): Encode =>
  (writer, id, value) =>
    writer.message(id, inner => namedPairs(inner, pairs, encode, value))

/** Or a reference to it. */
const orReference =
  (fields: () => Message): Encode =>
  (writer, id, value) =>
    writer.message(id, inner => {
      const { $ref } = value as { $ref?: string }
      if ($ref) inner.message(2, reference => reference.string(1, $ref))
      else inner.message(1, own => write(own, fields(), value as Json))
    })

function namedPairs(writer: Writer, id: number, encode: Encode, value: unknown): void {
  for (const [name, content] of Object.entries(value as Json))
    writer.message(id, pair => {
      pair.string(1, name)
      encode(pair, 2, content)
    })
}

function write(writer: Writer, fields: Message, value: Json): void {
  for (const [name, [id, encode]] of Object.entries(fields)) {
    if (name === extensions) {
      const own = Object.entries(value).filter(([key]) => key.startsWith('x-'))
      namedPairs(writer, id, any, Object.fromEntries(own))
    } else if (value[name] !== undefined) encode(writer, id, value[name])
  }
}
const extensions = 'x-'

/** DefaultType is a scalar; of an object or a list gnostic keeps the text. */
const defaultValue: Encode = (writer, id, value) =>
  writer.message(id, inner => {
    if (typeof value === 'number') inner.double(1, value)
    else if (typeof value === 'boolean') inner.int(2, value ? 1 : 0)
    else inner.string(3, typeof value === 'string' ? value : JSON.stringify(value))
  })

const additional: Encode = (writer, id, value) =>
  writer.message(id, inner => (typeof value === 'boolean' ? inner.int(2, value ? 1 : 0) : orReference(schema)(inner, 1, value)))

const schema = (): Message => ({
  title: [9, text],
  maximum: [11, double],
  minimum: [13, double],
  maxLength: [15, integer],
  minLength: [16, integer],
  pattern: [17, text],
  maxItems: [18, integer],
  minItems: [19, integer],
  uniqueItems: [20, bool],
  required: [23, each(text)],
  enum: [24, each(any)],
  type: [25, text],
  allOf: [26, each(orReference(schema))],
  oneOf: [27, each(orReference(schema))],
  anyOf: [28, each(orReference(schema))],
  items: [30, (writer, id, value) => writer.message(id, inner => orReference(schema)(inner, 1, value))],
  properties: [31, map(1, orReference(schema))],
  additionalProperties: [32, additional],
  default: [33, defaultValue],
  description: [34, text],
  format: [35, text],
  [extensions]: [36, any],
})

const mediaType = (): Message => ({ schema: [1, orReference(schema)] })
const content: Encode = map(1, message(mediaType))
const parameter = (): Message => ({
  name: [1, text],
  in: [2, text],
  description: [3, text],
  required: [4, bool],
  schema: [10, orReference(schema)],
})
const parameters: Encode = each(orReference(parameter))
const requestBody = (): Message => ({ description: [1, text], content: [2, content], required: [3, bool] })
const response = (): Message => ({ description: [1, text], content: [3, content] })
const operation = (): Message => ({
  tags: [1, each(text)],
  description: [3, text],
  operationId: [5, text],
  parameters: [6, parameters],
  requestBody: [7, orReference(requestBody)],
  responses: [8, map(2, orReference(response))],
  deprecated: [10, bool],
  [extensions]: [13, any],
})
const methods = { get: 4, put: 5, post: 6, delete: 7, options: 8, head: 9, patch: 10 }
const pathItem = (): Message => ({
  ...Object.fromEntries(Object.entries(methods).map(([method, id]) => [method, [id, message(operation)] as const])),
  parameters: [13, parameters],
})
const securityScheme = (): Message => ({ type: [1, text], description: [2, text], name: [3, text], in: [4, text] })
const document: Message = {
  openapi: [1, text],
  info: [2, message(() => ({ title: [1, text], version: [6, text] }))],
  paths: [4, map(1, message(pathItem))],
  components: [
    5,
    message(() => ({ schemas: [1, map(1, orReference(schema))], securitySchemes: [7, map(1, orReference(securityScheme))] })),
  ],
}

export function encodeOpenApiV3(value: Json): Uint8Array {
  const writer = new Writer()
  write(writer, document, value)
  return writer.finish()
}
