// OpenAPI v2 in its binary form: the messages openapi.v2.* of the gnostic project, whose field numbers these are.
import { Writer } from './protobuf/wire.ts'

type Json = { readonly [key: string]: unknown }

export function encodeOpenApiV2(document: Json): Uint8Array {
  const writer = new Writer()
  writer.string(1, document.swagger as string)
  writer.message(2, info => {
    const { title, version } = document.info as { title: string; version: string }
    info.string(1, title)
    info.string(2, version)
  })
  writer.message(8, paths => {
    for (const [path, item] of entries(document.paths))
      paths.message(2, named => {
        named.string(1, path)
        named.message(2, value => pathItem(value, item as Json))
      })
  })
  writer.message(9, definitions => namedSchemas(definitions, document.definitions))
  return writer.finish()
}

const entries = (value: unknown): [string, unknown][] => Object.entries((value ?? {}) as object)

const methods: Readonly<Record<string, number>> = { get: 2, put: 3, post: 4, delete: 5, options: 6, head: 7, patch: 8 }

function pathItem(writer: Writer, item: Json): void {
  for (const [method, id] of Object.entries(methods)) if (item[method]) writer.message(id, value => operation(value, item[method] as Json))
  for (const parameter of (item.parameters ?? []) as Json[]) writer.message(9, items => parametersItem(items, parameter))
}

function operation(writer: Writer, value: Json): void {
  for (const tag of (value.tags ?? []) as string[]) writer.string(1, tag)
  if (value.description) writer.string(3, value.description as string)
  if (value.operationId) writer.string(5, value.operationId as string)
  for (const type of (value.produces ?? []) as string[]) writer.string(6, type)
  for (const type of (value.consumes ?? []) as string[]) writer.string(7, type)
  for (const parameter of (value.parameters ?? []) as Json[]) writer.message(8, items => parametersItem(items, parameter))
  writer.message(9, responses => {
    for (const [code, response] of entries(value.responses))
      responses.message(1, named => {
        named.string(1, code)
        named.message(2, holder => holder.message(1, body => responseBody(body, response as Json)))
      })
  })
  for (const scheme of (value.schemes ?? []) as string[]) writer.string(10, scheme)
  extensions(writer, 13, value)
}

function responseBody(writer: Writer, response: Json): void {
  writer.string(1, (response.description as string) ?? '')
  if (response.schema) writer.message(2, item => item.message(1, value => schema(value, response.schema as Json)))
}

/** NonBodyParameter's. */
const places: Readonly<Record<string, number>> = { header: 1, formData: 2, query: 3, path: 4 }

/** parametersItem.parameter = 1; parameter.bodyParameter = 1, nonBodyParameter = 2. */
function parametersItem(writer: Writer, parameter: Json): void {
  writer.message(1, value => {
    if (parameter.in === 'body') {
      value.message(1, body => {
        body.string(2, (parameter.name as string) ?? 'body')
        body.string(3, 'body')
        if (parameter.required) body.int(4, 1)
        body.message(5, inner => schema(inner, parameter.schema as Json))
      })
      return
    }
    const place = places[parameter.in as string] ?? 3
    const path = place === places.path || place === places.header
    value.message(2, nonBody =>
      nonBody.message(place, inner => {
        if (parameter.required) inner.int(1, 1)
        inner.string(2, parameter.in as string)
        inner.string(3, (parameter.description as string) ?? '')
        inner.string(4, parameter.name as string)
        inner.string(path ? 5 : 6, (parameter.type as string) ?? 'string')
        if (parameter.uniqueItems) inner.int(path ? 18 : 19, 1)
      }),
    )
  })
}

function namedSchemas(writer: Writer, schemas: unknown): void {
  for (const [name, value] of entries(schemas))
    writer.message(1, named => {
      named.string(1, name)
      named.message(2, inner => schema(inner, value as Json))
    })
}

/** openapi.v2.Schema. */
function schema(writer: Writer, value: Json): void {
  if (value.$ref) writer.string(1, value.$ref as string)
  if (value.format) writer.string(2, value.format as string)
  if (value.description) writer.string(4, value.description as string)
  for (const name of (value.required ?? []) as string[]) writer.string(19, name)
  for (const item of (value.enum ?? []) as string[]) writer.message(20, any => any.string(2, `${JSON.stringify(item)}\n`))
  if (typeof value.additionalProperties === 'object' && value.additionalProperties)
    writer.message(21, item => item.message(1, inner => schema(inner, value.additionalProperties as Json)))
  if (value.type)
    writer.message(22, type => {
      for (const name of [value.type].flat()) type.string(1, name as string)
    })
  if (value.items) writer.message(23, items => items.message(1, inner => schema(inner, value.items as Json)))
  if (value.properties) writer.message(25, properties => namedSchemas(properties, value.properties))
  extensions(writer, 31, value)
}

/** Vendor extensions travel as YAML text, of which JSON is a part. */
function extensions(writer: Writer, id: number, value: Json): void {
  for (const [name, content] of Object.entries(value))
    if (name.startsWith('x-'))
      writer.message(id, named => {
        named.string(1, name)
        named.message(2, any => any.string(2, `${JSON.stringify(content)}\n`))
      })
}
