// Paths and operations of the kinds of one version, with upstream's ids, parameters and media types.
import type { JsonSchema, Kind } from '../kind.ts'
import { capital } from '../values/names.ts'
import { gvk, pathOf } from './definitions.ts'
import { allVerbs, type Subresource, subresourcesOf } from './discovery.ts'

export interface Operation {
  path: string
  method: 'get' | 'put' | 'post' | 'delete' | 'patch' | 'head' | 'options'
  operationId: string
  action: string
  gvk: { group: string; version: string; kind: string }
  /** Names of parameters below, path parameters among them. */
  parameters: readonly string[]
  /** A definition, or 'string'. */
  body?: string
  consumes?: readonly string[]
  produces: readonly string[]
  responses: Readonly<Record<string, string>>
}

const json = 'application/json'
export const plainTypes = [json, 'application/yaml', 'application/vnd.kubernetes.protobuf']
const watching = [
  json,
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf',
  'application/vnd.kubernetes.protobuf;stream=watch',
  'application/yaml',
]
const patches = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]

const listing = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'shardSelector',
  'timeoutSeconds',
  'watch',
]
const writing = ['dryRun', 'fieldManager', 'fieldValidation']
const deleting = [
  'dryRun',
  'gracePeriodSeconds',
  'ignoreStoreReadErrorWithClusterBreakingPotential',
  'orphanDependents',
  'propagationPolicy',
]
const collecting = [...deleting, ...listing.filter(p => p !== 'allowWatchBookmarks' && p !== 'watch')]

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.'
export const metaTitles = {
  patch: `${meta}Patch`,
  status: `${meta}Status`,
  deleteOptions: `${meta}DeleteOptions`,
  watchEvent: `${meta}WatchEvent`,
}

/** 'Core', 'Apps', 'Storage', 'Coordination'. */
export const groupName = (group: string): string => (group === '' ? 'core' : (group.split('.')[0] ?? ''))
/** 'core', 'apps', 'rbacAuthorization': all of the group but the end that groups share. */
export const groupWords = (group: string): string =>
  group === ''
    ? 'core'
    : group
        .replace(/\.k8s\.io$/, '')
        .split('.')
        .map((part, index) => (index === 0 ? part : capital(part)))
        .join('')
/** The names of the query parameters; those of the path stand in it. A path may be in both. */
export const queryParameters = ({ parameters, path }: Operation): string[] =>
  parameters.filter(name => !name.startsWith('{') && (name === 'path' || !path.includes(`{${name}}`)))

const titleOf = (schema: JsonSchema): string => schema.title as string

/** All operations of a kind and its subresources. `titles`: definitions of subresource kinds. */
export function operationsOf(kind: Kind, titles: Readonly<Record<string, string>>): Operation[] {
  const verbs = kind.verbs ?? allVerbs
  return [
    ...collectionOperations(kind, verbs),
    ...objectOperations(kind, verbs),
    ...watchOperations(kind, verbs),
    ...subresourcesOf(kind).flatMap(s => subresourceOperations(kind, s, titles)),
  ]
}

interface Names {
  id(verb: string, rest?: string): string
  collection: string
  object: string
  scope: readonly string[]
  scoped: string
}

function namesOf(kind: Kind): Names {
  const namespaced = kind.scope === 'Namespaced'
  const root = pathOf(kind.group, kind.version)
  const collection = namespaced ? `${root}/namespaces/{namespace}/${kind.names.plural}` : `${root}/${kind.names.plural}`
  const version = capital(groupWords(kind.group)) + capital(kind.version)
  const scoped = namespaced ? 'Namespaced' : ''
  return {
    id: (verb, rest = '') => `${verb}${version}${rest}`,
    collection,
    object: `${collection}/{name}`,
    scope: namespaced ? ['namespace'] : [],
    scoped,
  }
}

const writes = (title: string, codes: readonly string[]): Record<string, string> => ({
  ...Object.fromEntries(codes.map(code => [code, title])),
  '401': '',
})

function collectionOperations(kind: Kind, verbs: readonly string[]): Operation[] {
  const { id, collection, scope, scoped } = namesOf(kind)
  const title = titleOf(kind.schema)
  const common = { path: collection, gvk: gvk(kind) }
  const operations: Operation[] = []
  if (verbs.includes('list'))
    operations.push({
      ...common,
      method: 'get',
      operationId: id('list', scoped + kind.kind),
      action: 'list',
      parameters: [...scope, 'pretty', ...listing],
      produces: verbs.includes('watch') ? watching : watching,
      responses: { '200': `${title}List`, '401': '' },
    })
  if (verbs.includes('create'))
    operations.push({
      ...common,
      method: 'post',
      operationId: id('create', scoped + kind.kind),
      action: 'post',
      parameters: [...scope, 'pretty', ...writing],
      body: title,
      consumes: ['*/*'],
      produces: plainTypes,
      responses: writes(title, ['200', '201', '202']),
    })
  if (verbs.includes('deletecollection'))
    operations.push({
      ...common,
      method: 'delete',
      operationId: id('delete', `Collection${scoped}${kind.kind}`),
      action: 'deletecollection',
      parameters: [...scope, 'pretty', ...collecting],
      body: metaTitles.deleteOptions,
      consumes: ['*/*'],
      produces: plainTypes,
      responses: { '200': metaTitles.status, '401': '' },
    })
  if (verbs.includes('list') && kind.scope === 'Namespaced')
    operations.push({
      path: `${pathOf(kind.group, kind.version)}/${kind.names.plural}`,
      gvk: gvk(kind),
      method: 'get',
      operationId: id('list', `${kind.kind}ForAllNamespaces`),
      action: 'list',
      parameters: ['pretty', ...listing],
      produces: watching,
      responses: { '200': `${title}List`, '401': '' },
    })
  return operations
}

function objectOperations(kind: Kind, verbs: readonly string[]): Operation[] {
  const { id, object, scope, scoped } = namesOf(kind)
  const title = titleOf(kind.schema)
  const path = ['name', ...scope, 'pretty']
  const common = { path: object, gvk: gvk(kind) }
  const operations: Operation[] = []
  if (verbs.includes('get'))
    operations.push({
      ...common,
      method: 'get',
      operationId: id('read', scoped + kind.kind),
      action: 'get',
      parameters: path,
      produces: plainTypes,
      responses: { '200': title, '401': '' },
    })
  if (verbs.includes('update'))
    operations.push({
      ...common,
      method: 'put',
      operationId: id('replace', scoped + kind.kind),
      action: 'put',
      parameters: [...path, ...writing],
      body: title,
      consumes: ['*/*'],
      produces: plainTypes,
      responses: writes(title, ['200', '201']),
    })
  if (verbs.includes('delete')) {
    const answer = kind.returnsDeletedObject ? title : metaTitles.status
    operations.push({
      ...common,
      method: 'delete',
      operationId: id('delete', scoped + kind.kind),
      action: 'delete',
      parameters: [...path, ...deleting],
      body: metaTitles.deleteOptions,
      consumes: ['*/*'],
      produces: plainTypes,
      responses: writes(answer, ['200', '202']),
    })
  }
  if (verbs.includes('patch'))
    operations.push({
      ...common,
      method: 'patch',
      operationId: id('patch', scoped + kind.kind),
      action: 'patch',
      parameters: [...path, ...writing, 'force'],
      body: metaTitles.patch,
      consumes: patches,
      produces: plainTypes,
      responses: writes(title, ['200', '201']),
    })
  return operations
}

function watchOperations(kind: Kind, verbs: readonly string[]): Operation[] {
  if (!verbs.includes('watch')) return []
  const { id, scope, scoped } = namesOf(kind)
  const root = `${pathOf(kind.group, kind.version)}/watch`
  const within = scope.length > 0 ? `${root}/namespaces/{namespace}/${kind.names.plural}` : `${root}/${kind.names.plural}`
  const common = { method: 'get' as const, gvk: gvk(kind), produces: watching, responses: { '200': metaTitles.watchEvent, '401': '' } }
  const all = ['pretty', ...listing]
  return [
    { ...common, path: within, operationId: id('watch', `${scoped}${kind.kind}List`), action: 'watchlist', parameters: [...scope, ...all] },
    {
      ...common,
      path: `${within}/{name}`,
      operationId: id('watch', scoped + kind.kind),
      action: 'watch',
      parameters: ['name', ...scope, ...all],
    },
    ...(scope.length > 0
      ? [
          {
            ...common,
            path: `${root}/${kind.names.plural}`,
            operationId: id('watch', `${kind.kind}ListForAllNamespaces`),
            action: 'watchlist',
            parameters: all,
          },
        ]
      : []),
  ]
}

const connectParameters: Readonly<Record<string, readonly string[]>> = {
  exec: ['command', 'container', 'stderr', 'stdin', 'stdout', 'tty'],
  attach: ['container', 'stderr', 'stdin', 'stdout', 'tty'],
  portforward: ['ports'],
  proxy: ['path'],
}
const logParameters = [
  'container',
  'follow',
  'insecureSkipTLSVerifyBackend',
  'limitBytes',
  'previous',
  'sinceSeconds',
  'stream',
  'tailLines',
  'timestamps',
]

function subresourceOperations(kind: Kind, subresource: Subresource, titles: Readonly<Record<string, string>>): Operation[] {
  const { id, object, scope, scoped } = namesOf(kind)
  const { name } = subresource
  const title = subresource.kind === kind.kind ? titleOf(kind.schema) : (titles[subresource.kind] ?? 'string')
  const own = { group: subresource.group ?? kind.group, version: subresource.version ?? kind.version, kind: subresource.kind }
  const suffix = `${scoped}${kind.kind}${capital(name)}`
  const base = { path: `${object}/${name}`, gvk: own }
  const path = ['name', ...scope, 'pretty']
  if (connectParameters[name]) return connectOperations(kind, subresource, { base, suffix, scope })
  if (name === 'log')
    return [
      {
        ...base,
        method: 'get',
        operationId: id('read', suffix),
        action: 'get',
        parameters: [...path, ...logParameters],
        produces: ['text/plain', ...plainTypes],
        responses: { '200': 'string', '401': '' },
      },
    ]
  const operations: Operation[] = []
  if (subresource.verbs.includes('get'))
    operations.push({
      ...base,
      method: 'get',
      operationId: id('read', suffix),
      action: 'get',
      parameters: path,
      produces: plainTypes,
      responses: { '200': title, '401': '' },
    })
  if (subresource.verbs.includes('update'))
    operations.push({
      ...base,
      method: 'put',
      operationId: id('replace', suffix),
      action: 'put',
      parameters: [...path, ...writing],
      body: title,
      consumes: ['*/*'],
      produces: plainTypes,
      responses: writes(title, ['200', '201']),
    })
  if (subresource.verbs.includes('create'))
    operations.push({
      ...base,
      method: 'post',
      operationId: id('create', suffix),
      action: 'post',
      parameters: [...path, ...writing],
      body: title,
      consumes: ['*/*'],
      produces: plainTypes,
      responses: writes(title, ['200', '201', '202']),
    })
  if (subresource.verbs.includes('patch'))
    operations.push({
      ...base,
      method: 'patch',
      operationId: id('patch', suffix),
      action: 'patch',
      parameters: [...path, ...writing, 'force'],
      body: metaTitles.patch,
      consumes: patches,
      produces: plainTypes,
      responses: writes(title, ['200', '201']),
    })
  return operations
}

const proxyMethods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const

function connectOperations(
  kind: Kind,
  { name }: Subresource,
  { base, suffix, scope }: { base: Pick<Operation, 'path' | 'gvk'>; suffix: string; scope: readonly string[] },
): Operation[] {
  const { id } = namesOf(kind)
  const methods = name === 'proxy' ? proxyMethods : (['get', 'post'] as const)
  const operation = (method: Operation['method'], tail: string, more: readonly string[]): Operation => ({
    ...base,
    path: base.path + tail,
    method,
    operationId: `${id('connect', capital(method) + suffix)}${tail ? 'WithPath' : ''}`,
    action: 'connect',
    parameters: ['name', ...scope, ...(connectParameters[name] ?? []), ...more],
    produces: ['*/*'],
    responses: { '200': 'string', '401': '' },
  })
  const plainOnes = methods.map(method => operation(method, '', []))
  return name === 'proxy' ? [...plainOnes, ...methods.map(method => operation(method, '/{path}', ['{path}']))] : plainOnes
}
