// An OpenAPI v2 document as one of v3, in the way of kube-openapi's conversion: with what that loses, but without references that lead nowhere. Pure.
import { inlined } from './swagger.ts'

type Json = Record<string, unknown>

interface Swagger {
  info?: object
  externalDocs?: object
  paths?: unknown
  definitions?: unknown
  responses?: unknown
  securityDefinitions?: unknown
  produces?: unknown
}

export function convertV2ToV3(document: object): object {
  const { info, externalDocs, paths, definitions, responses, securityDefinitions, produces } = inlined(document) as Swagger
  return present({
    openapi: '3.0.0',
    info,
    externalDocs,
    paths: each(paths, pathItem),
    components: present({
      schemas: each(definitions, schema),
      responses: each(responses, answer => response(answer, texts(produces))),
      securitySchemes: each(securityDefinitions, securityScheme),
    }),
  })
}

/** Without what is undefined. */
const present = (fields: Json): Json => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** What has not the form is left out. */
const each = (all: unknown, convert: (value: Json) => unknown): Json | undefined =>
  isObject(all)
    ? Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (isObject(value) ? [[name, convert(value)]] : [])))
    : undefined
const objects = (all: unknown): Json[] => (Array.isArray(all) ? all.filter(isObject) : [])
const texts = (all: unknown): string[] | undefined => (Array.isArray(all) ? all.map(String) : undefined)

const extensions = (value: Json): Json => Object.fromEntries(Object.entries(value).filter(([name]) => name.startsWith('x-')))

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const maps = new Set(['properties', 'patternProperties'])
const children = new Set(['items', 'additionalProperties', 'additionalItems', 'allOf', 'anyOf', 'oneOf', 'not'])

/** A reference stands alone: what is said beside it goes around it. */
function schema(value: Json): Json {
  const { $ref, ...rest } = value
  const converted = Object.fromEntries(
    Object.entries(rest).map(([name, child]) => {
      if (maps.has(name)) return [name, each(child, schema)]
      if (!children.has(name)) return [name, child]
      if (Array.isArray(child)) return [name, child.map(one => (isObject(one) ? schema(one) : one))]
      return [name, isObject(child) ? schema(child) : child]
    }),
  )
  if (typeof $ref !== 'string') return converted
  const reference = { $ref: $ref.replace('#/definitions/', '#/components/schemas/') }
  return Object.keys(converted).length === 0 ? reference : { ...converted, allOf: [reference] }
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const

const pathItem = (item: Json): Json =>
  present({
    ...Object.fromEntries(methods.map(method => [method, isObject(item[method]) ? operation(item[method]) : undefined])),
    parameters: parameters(objects(item.parameters)),
    ...extensions(item),
  })

const isBody = ({ name, schema: typed }: Json): boolean => name === 'body' && isObject(typed)

function operation(value: Json): Json {
  const { description, externalDocs, tags, summary, deprecated, operationId, consumes, produces } = value
  const given = objects(value.parameters)
  const body = given.find(isBody)
  return present({
    ...{ description, externalDocs, tags, summary, deprecated, operationId },
    parameters: parameters(given.filter(one => !isBody(one))),
    requestBody: body && present({ content: content(body.schema as Json, texts(consumes)) }),
    responses: each(value.responses ?? {}, answer => response(answer, texts(produces))),
    ...extensions(value),
  })
}

const parameters = (all: readonly Json[]): Json[] | undefined => (all.length > 0 ? all.map(parameter) : undefined)

function parameter(value: Json): Json {
  const { name, description, in: place, required, allowEmptyValue, type, format, uniqueItems } = value
  const typed = isObject(value.schema) ? schema(value.schema) : present({ type, format, uniqueItems })
  return present({ name, description, in: place, required, allowEmptyValue, schema: typed, ...extensions(value) })
}

const content = (of: Json, types: readonly string[] | undefined): Json | undefined =>
  types && Object.fromEntries(types.map(type => [type, { schema: schema(of) }]))

function response(value: Json, produces: readonly string[] | undefined): Json {
  if (typeof value.$ref === 'string') return { $ref: value.$ref.replace('#/responses/', '#/components/responses/') }
  const shown = isObject(value.schema) ? content(value.schema, produces) : undefined
  return present({ description: value.description, content: shown, ...extensions(value) })
}

function securityScheme(value: Json): Json {
  const { description, type, name, in: place, flow, authorizationUrl, tokenUrl, scopes } = value
  const flows = typeof flow === 'string' ? { [flow]: present({ authorizationUrl, tokenUrl, scopes }) } : undefined
  return present({ description, type, name, in: place, flows, ...extensions(value) })
}
