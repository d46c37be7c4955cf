// Which verb of which kind (or which page) answers a request. 404 and 405 are decided here.
import {
  badRequest,
  methodNotAllowed,
  notFound,
  type StatusError,
  unknownPath,
  verbNotSupported,
  watchNotSupported,
} from '../../openapi/errors.ts'
import type { Kind } from '../../openapi/kind.ts'
import { answering } from '../aggregation/aggregation.ts'
import type { Api } from './api.ts'
import { type Answer, type Exchange, pageNotFound, textAnswer } from './exchange.ts'
import { flag } from './query.ts'
import { execRequest } from './streams/exec.ts'
import { portForwardRequest } from './streams/portforward.ts'
import { create } from './verbs/create.ts'
import { deleteCollection, deleteObject } from './verbs/delete.ts'
import { get } from './verbs/get.ts'
import { list } from './verbs/list.ts'
import { logs } from './verbs/logs.ts'
import { patch } from './verbs/patch.ts'
import { proxy } from './verbs/proxy.ts'
import { patchScale, readScale, writeScale } from './verbs/scale.ts'
import { callSubresource } from './verbs/subresource.ts'
import { update } from './verbs/update.ts'
import { watch } from './verbs/watch.ts'

/** What is not a resource: discovery, documents, health, the control API. undefined: no such page. */
export interface Pages {
  answer(exchange: Exchange): Promise<Answer | undefined>
}

/** undefined: the answer was streamed. */
export async function route(api: Api, pages: Pages, exchange: Exchange): Promise<Answer | undefined> {
  const { info } = exchange
  const remote = answering(api.aggregation, info)
  if (remote) return (await import('./aggregated.ts')).forward(api, exchange, remote)
  if (!info.resourceRequest) return (await pages.answer(exchange)) ?? notThere(api, exchange)
  const kind = api.registry.find(info.group, info.version, info.resource)
  if (!kind) return notThere(api, exchange)
  exchange.kind = kind
  if (!isInScope(kind, exchange)) {
    if (kind.custom) return pageNotFound()
    throw unknownPath()
  }
  checkName(exchange)
  if (info.subresource !== '') return subresource(api, kind, exchange)
  return info.name === '' ? collection(api, kind, exchange) : object(api, kind, exchange)
}

/** Inside a group we serve: a Status. Elsewhere: plain text. */
function notThere(api: Api, { info }: Exchange): Answer {
  const parts = info.path.split('/')
  if (/^\/(api\/v1|apis\/[^/]+\/[^/]+)\/watch\/?$/.test(info.path)) return noRequestInfo(info.path)
  const ours = parts[1] === 'api' ? parts.length > 2 : parts[1] === 'apis' && api.registry.hasBuiltin(info.group)
  if (ours || (parts[1] === 'version' && parts.length > 2)) throw unknownPath()
  return pageNotFound()
}

/** Before anything that would add to the answer. */
function noRequestInfo(path: string): Answer {
  const why = `failed to create RequestInfo: unable to determine kind and namespace from url, ${path}`
  const answer = textAnswer(500, `Internal Server Error: ${JSON.stringify(path)}: ${why}\n`)
  return { ...answer, headers: { ...answer.headers, 'cache-control': '' } }
}

function isInScope(kind: Kind, { info }: Exchange): boolean {
  if (kind.scope === 'Cluster' && info.namespaced) return false
  if (kind.scope === 'Namespaced' && !info.namespaced && info.name !== '') return false
  return !info.name.includes('/') && !info.namespace.includes('/') && (info.tail === '' || info.subresource === 'proxy')
}

function checkName({ info: { name } }: Exchange): void {
  if (name === '.' || name === '..') throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: may not be '${name}'`)
}

const allowed = (kind: Kind, verb: string): boolean => !kind.verbs || kind.verbs.includes(verb)

/** There is such a route; who takes it hears that the kind is deprecated. */
function must(kind: Kind, verb: string, exchange: Exchange): void {
  if (!allowed(kind, verb)) throw refused(kind, exchange)
  tellDeprecated(kind, exchange)
}

function tellDeprecated({ deprecation }: Kind, exchange: Exchange): void {
  if (!deprecation) return
  exchange.warnings.push(deprecation)
  exchange.deprecated = true
  exchange.audit?.annotate('k8s.io/deprecated', 'true')
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }

function refused(kind: Kind, { method, info }: Exchange): StatusError {
  if (!kind.custom) return methodNotAllowed()
  const verb = verbs[method] ?? (info.name === '' ? 'list' : 'get')
  return verbNotSupported(kind, verb === 'delete' && info.name === '' ? 'deletecollection' : verb)
}

async function collection(api: Api, kind: Kind, exchange: Exchange): Promise<Answer | undefined> {
  const { method, info } = exchange
  const inScope = kind.scope === 'Cluster' || (info.namespaced && info.namespace !== '')
  if (method === 'GET') {
    must(kind, 'list', exchange)
    if (!info.watchPath && !flag(exchange.query, 'watch')) return list(api, kind, exchange)
    if (!allowed(kind, 'watch')) throw watchNotSupported(kind)
    await watch(api, kind, exchange)
    return undefined
  }
  if (!inScope) throw refused(kind, exchange)
  if (method === 'POST') {
    must(kind, 'create', exchange)
    const special = api.subresources.find(kind, '')
    return special ? callSubresource(kind, special, exchange) : create(api, kind, exchange)
  }
  if (method !== 'DELETE') throw refused(kind, exchange)
  must(kind, 'deletecollection', exchange)
  return deleteCollection(api, kind, exchange)
}

const objectVerbs = ['get', 'update', 'patch', 'delete']

async function object(api: Api, kind: Kind, exchange: Exchange): Promise<Answer | undefined> {
  const { method, info } = exchange
  // What is only answered has no objects to name.
  if (!objectVerbs.some(verb => allowed(kind, verb))) throw unknownPath()
  if (method === 'GET') {
    must(kind, 'get', exchange)
    if (!info.watchPath) return get(api, kind, exchange)
    await watch(api, kind, exchange, info.name)
    return undefined
  }
  if (method === 'PUT') must(kind, 'update', exchange)
  if (method === 'PATCH') must(kind, 'patch', exchange)
  if (method === 'DELETE') must(kind, 'delete', exchange)
  if (method === 'PUT') return update(api, kind, exchange)
  if (method === 'PATCH') return patch(api, kind, exchange)
  if (method === 'DELETE') return deleteObject(api, kind, exchange)
  throw refused(kind, exchange)
}

export const notYet: readonly string[] = ['networkpolicies']

async function subresource(api: Api, kind: Kind, exchange: Exchange): Promise<Answer | undefined> {
  const { method, info } = exchange
  tellDeprecated(kind, exchange)
  const name = info.subresource
  const views = kind.subresources
  if ((name === 'status' && views?.status) || kind.views?.[name]) {
    if (method === 'GET') return get(api, kind, exchange)
    if (method === 'PUT') return update(api, kind, exchange)
    if (method === 'PATCH') return patch(api, kind, exchange)
    throw refused(kind, exchange)
  }
  if (name === 'scale' && views?.scale) {
    if (method === 'GET') return readScale(api, kind, exchange)
    if (method === 'PUT') return writeScale(api, kind, exchange)
    if (method === 'PATCH') return patchScale(api, kind, exchange)
    throw refused(kind, exchange)
  }
  if (!views?.connect?.includes(name)) throw kind.custom ? notFound(kind, info.name) : unknownPath()
  if (name === 'log') {
    if (method !== 'GET') throw refused(kind, exchange)
    return logs(api, exchange)
  }
  const special = api.subresources.find(kind, name)
  if (special) {
    if (method !== (special.method ?? 'POST')) throw refused(kind, exchange)
    return callSubresource(kind, special, exchange)
  }
  if (name === 'proxy') return proxy(api, kind, exchange)
  if (name !== 'exec' && name !== 'attach' && name !== 'portforward') throw unknownPath()
  if (method !== 'GET' && method !== 'POST') throw refused(kind, exchange)
  await (name === 'portforward' ? portForwardRequest(api, exchange) : execRequest(api, exchange))
  throw badRequest('Upgrade request required')
}
