// OpenAPI v2: everything in one document.
import type { Kind } from '../kind.ts'
import { addCustomDefinitions, customOperationsOf, customTag } from './custom.ts'
import { Definitions } from './definitions.ts'
import { type Operation, operationsOf, queryParameters } from './operations.ts'
import { parameterTypes } from './parameters.ts'
import { addDefinitions, subresourceTitles, tagOf } from './v3.ts'

export function openApiV2(kinds: readonly Kind[]): object {
  const definitions = new Definitions('v2', kinds)
  const builtin = kinds.filter(kind => !kind.custom)
  const custom = kinds.filter(kind => kind.custom)
  const tagged = [
    ...builtin.map(kind => ({ tag: tagOf(kind.group, kind.version), operations: operationsOf(kind, subresourceTitles) })),
    ...custom.map(kind => ({ tag: customTag(kind), operations: customOperationsOf(kind) })),
  ]
  const operations = tagged.flatMap(({ operations }) => operations)
  addDefinitions(definitions, builtin, operations)
  for (const kind of custom) addCustomDefinitions(definitions, kind)
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: '1.36' },
    paths: Object.assign({}, ...tagged.map(({ tag, operations }) => paths(operations, definitions, tag))),
    definitions: definitions.all(),
    securityDefinitions: { BearerToken: { description: 'Bearer token', type: 'apiKey', name: 'authorization', in: 'header' } },
    security: [{ BearerToken: [] }],
  }
}

function paths(operations: readonly Operation[], definitions: Definitions, tag: string): Record<string, Record<string, unknown>> {
  const result: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    const path = result[operation.path] ?? {}
    path[operation.method] = describe(operation, definitions, tag)
    result[operation.path] = path
  }
  for (const [path, methods] of Object.entries(result))
    methods.parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => parameter(name, 'path'))
  return result
}

function parameter(name: string, where: 'path' | 'query'): object {
  const { type, description } = parameterTypes[name] ?? { type: 'string', description: name }
  return { name, in: where, description, ...(where === 'path' ? { required: true } : {}), type, uniqueItems: true }
}

function describe(operation: Operation, definitions: Definitions, tag: string): object {
  const schema = (title: string) => (title === 'string' ? { type: 'string' } : definitions.reference(title))
  const body = operation.body
    ? [{ name: 'body', in: 'body', ...(operation.action.startsWith('delete') ? {} : { required: true }), schema: schema(operation.body) }]
    : []
  return {
    tags: [tag],
    description: `${operation.action} ${operation.gvk.kind}`,
    operationId: operation.operationId,
    consumes: operation.consumes ?? ['*/*'],
    produces: operation.produces,
    schemes: ['https'],
    parameters: [...body, ...queryParameters(operation).map(name => parameter(name, 'query'))],
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([code, title]) => [
        code,
        title === ''
          ? { description: 'Unauthorized' }
          : { description: code === '200' ? 'OK' : code === '201' ? 'Created' : 'Accepted', schema: schema(title) },
      ]),
    ),
    'x-kubernetes-action': operation.action,
    'x-kubernetes-group-version-kind': operation.gvk,
  }
}
