// OpenAPI v3: one document for each group version.
import type { Kind } from '../kind.ts'
import { TokenRequest } from '../schemas/authentication.ts'
import { Scale } from '../schemas/autoscaling.ts'
import { Binding } from '../schemas/core.ts'
import { APIResourceList, DeleteOptions, ListMeta, Patch, Status, WatchEvent } from '../schemas/meta.ts'
import { Eviction } from '../schemas/policy.ts'
import { capital } from '../values/names.ts'
import { addCustomDefinitions, customOperationsOf, customTag } from './custom.ts'
import { Definitions, pathOf } from './definitions.ts'
import { groupsOf } from './discovery.ts'
import { groupWords, type Operation, operationsOf, plainTypes, queryParameters } from './operations.ts'
import { parameterTypes } from './parameters.ts'

/** Bodies of subresources, by kind. */
const subresourceSchemas = {
  Scale: { schema: Scale, gvk: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
  Eviction: { schema: Eviction, gvk: { group: 'policy', version: 'v1', kind: 'Eviction' } },
  TokenRequest: { schema: TokenRequest, gvk: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' } },
  Binding: { schema: Binding, gvk: { group: '', version: 'v1', kind: 'Binding' } },
} as const
export const subresourceTitles = Object.fromEntries(Object.entries(subresourceSchemas).map(([kind, { schema }]) => [kind, schema.title]))

/** 'api/v1', 'apis/apps/v1': the paths the index lists. */
export const documentPaths = (kinds: readonly Kind[]): string[] =>
  groupsOf(kinds).flatMap(({ name, versions }) => versions.map(version => pathOf(name, version).slice(1)))

export function openApiV3(kinds: readonly Kind[], group: string, version: string): object {
  const all = kinds.filter(kind => kind.group === group && kind.version === version)
  const own = all.filter(kind => !kind.custom)
  const custom = all.filter(kind => kind.custom)
  if (custom.length > 0 && own.length === 0) return customDocument(custom)
  const definitions = new Definitions('v3', kinds)
  const operations = own.flatMap(kind => operationsOf(kind, subresourceTitles))
  addDefinitions(definitions, own, operations, { group, version })
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: '1.36' },
    paths: {
      [`${pathOf(group, version)}/`]: resourcesPath(group, version, definitions),
      ...paths(operations, definitions, tagOf(group, version)),
    },
    components: {
      schemas: definitions.all(),
      securitySchemes: { BearerToken: { type: 'apiKey', description: 'Bearer token', name: 'authorization', in: 'header' } },
    },
  }
}

/** As upstream builds it for custom resources alone. */
function customDocument(kinds: readonly Kind[]): object {
  const definitions = new Definitions('v3', kinds)
  const operations = kinds.map(kind => ({ tag: customTag(kind), operations: customOperationsOf(kind) }))
  for (const kind of kinds) addCustomDefinitions(definitions, kind)
  const named = operations.flatMap(each => each.operations)
  addNamed(definitions, named, [{ group: '', version: 'v1' }, ...kinds.slice(0, 1)])
  const described = operations.map(({ operations: some, tag }) => paths(some, definitions, tag))
  for (const item of described.flatMap(each => Object.values(each)))
    item.parameters = [...(item.parameters as object[]), parameter('pretty', 'query')]
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' },
    paths: Object.assign({}, ...described),
    components: { schemas: definitions.all() },
  }
}

/** What the operations speak of, and everything below. */
export function addDefinitions(
  definitions: Definitions,
  kinds: readonly Kind[],
  operations: readonly Operation[],
  only?: { group: string; version: string },
): void {
  for (const kind of kinds) {
    definitions.add(kind.schema, [{ group: kind.group, version: kind.version, kind: kind.kind }])
    if (!kind.verbs || kind.verbs.includes('list')) definitions.addList(kind, ListMeta)
  }
  addNamed(definitions, operations, only ? [{ group: '', version: 'v1' }, ...(only.group === '' ? [] : [only])] : [])
  definitions.add(APIResourceList, [{ group: '', version: 'v1', kind: 'APIResourceList' }])
}

/** What is no kind of its own. `groups`: where options and events belong. */
export function addNamed(
  definitions: Definitions,
  operations: readonly Operation[],
  groups: readonly { group: string; version: string }[],
): void {
  const named = new Set(operations.flatMap(o => [o.body, ...Object.values(o.responses)]))
  for (const { schema, gvk } of Object.values(subresourceSchemas)) if (named.has(schema.title)) definitions.add(schema, [gvk])
  const everywhere = (kind: string) => groups.map(g => ({ group: g.group, version: g.version, kind }))
  if (named.has(DeleteOptions.title)) definitions.add(DeleteOptions, everywhere('DeleteOptions'))
  if (named.has(WatchEvent.title)) definitions.add(WatchEvent, everywhere('WatchEvent'))
  if (named.has(Status.title)) definitions.add(Status, [{ group: '', version: 'v1', kind: 'Status' }])
  if (named.has(Patch.title)) definitions.add(Patch)
}

const resourcesPath = (group: string, version: string, definitions: Definitions): object => ({
  get: {
    tags: [tagOf(group, version)],
    description: 'The resources of this version.',
    operationId: `get${capital(groupWords(group))}${capital(version)}APIResources`,
    responses: {
      '200': { description: 'OK', content: content(plainTypes, definitions.reference(APIResourceList.title)) },
      '401': { description: 'Unauthorized' },
    },
  },
})

export const tagOf = (group: string, version: string): string => `${groupWords(group)}_${version}`

const content = (media: readonly string[], schema: object): object => Object.fromEntries(media.map(type => [type, { schema }]))

function paths(operations: readonly Operation[], definitions: Definitions, tag: string): Record<string, Record<string, unknown>> {
  const result: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    const path = result[operation.path] ?? {}
    path[operation.method] = describe(operation, definitions, tag)
    result[operation.path] = path
  }
  for (const [path, methods] of Object.entries(result)) methods.parameters = pathParameters(path)
  return result
}

const pathParameters = (path: string): object[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => parameter(name, 'path'))

function parameter(name: string, where: 'path' | 'query'): object {
  const { type, description } = parameterTypes[name] ?? { type: 'string', description: name }
  return { name, in: where, description, ...(where === 'path' ? { required: true } : {}), schema: { type, uniqueItems: true } }
}

function describe(operation: Operation, definitions: Definitions, tag: string): object {
  const schema = (title: string) => (title === 'string' ? { type: 'string' } : definitions.reference(title))
  return {
    tags: [tag],
    description: `${operation.action} ${operation.gvk.kind}`,
    operationId: operation.operationId,
    parameters: queryParameters(operation).map(name => parameter(name, 'query')),
    ...(operation.body
      ? {
          requestBody: {
            content: content(operation.consumes ?? ['*/*'], schema(operation.body)),
            ...(operation.action === 'delete' || operation.action === 'deletecollection' ? {} : { required: true }),
          },
        }
      : {}),
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([code, title]) => [
        code,
        title === ''
          ? { description: 'Unauthorized' }
          : { description: words[code] ?? 'OK', content: content(operation.produces, schema(title)) },
      ]),
    ),
    'x-kubernetes-action': operation.action,
    'x-kubernetes-group-version-kind': operation.gvk,
  }
}

const words: Readonly<Record<string, string>> = { '200': 'OK', '201': 'Created', '202': 'Accepted' }
