// What the documents say of custom resources: their schemas as their definitions give them, and paths in the form upstream builds for them.
import { isEmbedded, isIntOrString, preserves, type Structural } from '../custom/structural.ts'
import { definitionName } from '../custom/versions.ts'
import type { Kind } from '../kind.ts'
import { ListMeta, ObjectMeta } from '../schemas/meta.ts'
import { capital } from '../values/names.ts'
import type { Definitions, Dialect } from './definitions.ts'
import { gvk, pathOf } from './definitions.ts'
import { subresourcesOf } from './discovery.ts'
import { metaTitles, type Operation } from './operations.ts'

type Definition = Record<string, unknown>

const media = ['application/json', 'application/yaml']
const listing =
  'allowWatchBookmarks continue fieldSelector labelSelector limit resourceVersion resourceVersionMatch sendInitialEvents shardSelector timeoutSeconds watch'.split(
    ' ',
  )
const writing = ['dryRun', 'fieldManager', 'fieldValidation']
const deleting = 'dryRun gracePeriodSeconds ignoreStoreReadErrorWithClusterBreakingPotential orphanDependents propagationPolicy'.split(' ')
const patches = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json']
const scaleTitle = 'io.k8s.api.autoscaling.v1.Scale'

/** 'stable.my-group.com' is StableMyGroupCom. */
const camel = (group: string): string => group.split(/[.-]/).map(capital).join('')

/** How the operations of a group and version are grouped. */
export const customTag = ({ group, version }: Pick<Kind, 'group' | 'version'>): string =>
  `${camel(group).replace(/^./, c => c.toLowerCase())}_${version}`

const titleOf = ({ group, version, kind }: Kind): string => definitionName(group, version, kind)
const listTitleOf = ({ group, version, custom }: Kind): string => definitionName(group, version, custom?.listKind ?? '')

interface Names {
  id(verb: string, rest: string): string
  collection: string
}

function namesOf({ group, version, names, scope }: Kind): Names {
  const root = pathOf(group, version)
  const prefix = camel(group) + capital(version)
  return {
    id: (verb, rest) => `${verb}${prefix}${rest}`,
    collection: scope === 'Namespaced' ? `${root}/namespaces/{namespace}/${names.plural}` : `${root}/${names.plural}`,
  }
}

const scoped = (kind: Kind): string => (kind.scope === 'Namespaced' ? 'Namespaced' : '')

export function customOperationsOf(kind: Kind): Operation[] {
  const { id, collection } = namesOf(kind)
  const [title, list, name] = [titleOf(kind), listTitleOf(kind), scoped(kind) + kind.kind]
  const at = (path: string) => ({ path, gvk: gvk(kind), produces: media })
  const all = listOperation(kind, `${pathOf(kind.group, kind.version)}/${kind.names.plural}`, list)
  const operations: Operation[] = [
    { ...at(collection), ...listOperation(kind, collection, list) },
    {
      ...at(collection),
      method: 'post',
      operationId: id('create', name),
      action: 'post',
      parameters: writing,
      body: title,
      consumes: media,
      responses: { '200': title, '201': title, '202': title, '401': '' },
    },
    {
      ...at(collection),
      method: 'delete',
      operationId: id('delete', `Collection${name}`),
      action: 'deletecollection',
      parameters: listing,
      responses: { '200': metaTitles.status, '401': '' },
    },
    ...objectOperations(kind, { id: verb => id(verb, name), path: `${collection}/{name}`, title }),
    {
      ...at(`${collection}/{name}`),
      method: 'delete',
      operationId: id('delete', name),
      action: 'delete',
      parameters: deleting,
      body: metaTitles.deleteOptions,
      consumes: media,
      responses: { '200': metaTitles.status, '202': metaTitles.status, '401': '' },
    },
  ]
  const below = subresourcesOf(kind).flatMap(({ name: sub }) =>
    objectOperations(kind, {
      id: verb => id(verb, name + capital(sub)),
      path: `${collection}/{name}/${sub}`,
      title: sub === 'scale' ? scaleTitle : title,
    }),
  )
  return [...operations, ...below, ...(kind.scope === 'Namespaced' ? [all] : [])]
}

function listOperation(kind: Kind, path: string, list: string): Operation {
  const { id, collection } = namesOf(kind)
  return {
    path,
    gvk: gvk(kind),
    produces: media,
    method: 'get',
    operationId: path === collection ? id('list', scoped(kind) + kind.kind) : id('list', `${kind.kind}ForAllNamespaces`),
    action: 'list',
    parameters: listing,
    responses: { '200': list, '401': '' },
  }
}

function objectOperations(kind: Kind, { id, path, title }: { id(verb: string): string; path: string; title: string }): Operation[] {
  const common = { path, gvk: gvk(kind), produces: media }
  return [
    {
      ...common,
      method: 'get',
      operationId: id('read'),
      action: 'get',
      parameters: ['resourceVersion'],
      responses: { '200': title, '401': '' },
    },
    {
      ...common,
      method: 'put',
      operationId: id('replace'),
      action: 'put',
      parameters: writing,
      body: title,
      consumes: media,
      responses: { '200': title, '201': title, '401': '' },
    },
    {
      ...common,
      method: 'patch',
      operationId: id('patch'),
      action: 'patch',
      parameters: [...writing, 'force'],
      body: metaTitles.patch,
      consumes: patches,
      responses: { '200': title, '401': '' },
    },
  ]
}

/** The kind and its list. */
export function addCustomDefinitions(definitions: Definitions, kind: Kind): void {
  const schema = kind.custom?.schema ?? {}
  const [title, listTitle] = [titleOf(kind), listTitleOf(kind)]
  const published = publish(schema, definitions, true)
  definitions.put(title, { ...published, 'x-kubernetes-group-version-kind': [gvk(kind)] })
  const listMeta = named(definitions, definitions.reference(definitions.add(ListMeta)))
  definitions.put(listTitle, {
    type: 'object',
    description: `A list of ${kind.kind} objects.`,
    required: ['items'],
    properties: {
      apiVersion: { type: 'string', description: 'Group and version of this representation.' },
      items: { type: 'array', description: 'The objects.', items: definitions.reference(title) },
      kind: { type: 'string', description: 'Name of the kind.' },
      metadata: { ...listMeta, description: 'Version of the list, and how to go on.' },
    },
    'x-kubernetes-group-version-kind': [{ ...gvk(kind), kind: kind.custom?.listKind }],
  })
}

const named = ({ dialect }: { dialect: Dialect }, reference: { $ref: string }): Definition =>
  dialect === 'v3' ? { allOf: [reference] } : reference

/** What v2 has no words for. */
const onlyV3: readonly string[] = ['oneOf', 'anyOf', 'allOf', 'not', 'nullable', 'default', 'x-kubernetes-validations']

function publish(schema: Structural, definitions: Definitions, isRoot = false): Definition {
  const result: Definition = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (definitions.dialect === 'v2' && onlyV3.includes(keyword)) continue
    result[keyword] = publishKeyword(keyword, value, definitions)
  }
  if (definitions.dialect === 'v2') simplify(result, schema)
  return isRoot || isEmbedded(schema) ? withTypeMeta(result, definitions) : result
}

function publishKeyword(keyword: string, value: unknown, definitions: Definitions): unknown {
  if (keyword === 'properties')
    return Object.fromEntries(Object.entries(value as Record<string, Structural>).map(([name, s]) => [name, publish(s, definitions)]))
  if (keyword === 'items' || keyword === 'not') return publish(value as Structural, definitions)
  if (keyword === 'additionalProperties' && typeof value === 'object') return publish(value as Structural, definitions)
  if (keyword === 'allOf' || keyword === 'anyOf' || keyword === 'oneOf')
    return (value as Structural[]).map(each => publish(each, definitions))
  return value
}

/** Clients of v2 would refuse what the types say too strictly: nothing is said then. */
function simplify(result: Definition, schema: Structural): void {
  if (schema.nullable || isIntOrString(schema)) {
    delete result.type
    delete result.items
    delete result.properties
    delete result.additionalProperties
  }
  if (preserves(schema)) {
    delete result.items
    delete result.properties
    delete result.additionalProperties
    if (schema.type !== 'object') delete result.type
  }
}

function withTypeMeta(result: Definition, definitions: Definitions): Definition {
  const { properties, ...rest } = result
  const meta = named(definitions, definitions.reference(definitions.add(ObjectMeta)))
  return {
    ...rest,
    type: 'object',
    properties: {
      ...(properties as object | undefined),
      apiVersion: { type: 'string', description: 'Group and version of this representation.' },
      kind: { type: 'string', description: 'Name of the type.' },
      metadata: { ...meta, description: 'Name, namespace, labels and the other facts every stored object carries.' },
    },
  }
}
