// A request in the words of authorization: its verb, and what it is about.
import type { Attributes } from '../auth/attributes.ts'
import { refusal } from '../auth/authorize.ts'
import type { Api } from './api.ts'
import type { Exchange } from './exchange.ts'

type Asked = Pick<Exchange, 'method' | 'info' | 'query'>

const verbs: Readonly<Record<string, string>> = { GET: 'get', HEAD: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }

/** The verb authorization sees. */
export function verbOf({ method, info, query }: Asked): string {
  if (!info.resourceRequest) return method.toLowerCase()
  const verb = verbs[method] ?? ''
  if (verb === 'get' && info.watchPath) return 'watch'
  if (info.name !== '') return verb
  if (verb === 'delete') return 'deletecollection'
  if (verb !== 'get') return verb
  return query.has('watch') && query.get('watch') !== 'false' && query.get('watch') !== '0' ? 'watch' : 'list'
}

export function attributesOf(exchange: Asked & Pick<Exchange, 'user'>): Attributes {
  const { info, user } = exchange
  const { resourceRequest, path, group, resource, subresource, namespace } = info
  const name = info.name || selectedName(exchange)
  return { user, verb: verbOf(exchange), resourceRequest, path, group, resource, subresource, namespace, name }
}

/** A list of one name is about that name. */
function selectedName({ method, query }: Asked): string {
  if (method !== 'GET' && method !== 'HEAD') return ''
  const name = /(?:^|,)metadata\.name==?([^,=]+)(?:,|$)/.exec(query.get('fieldSelector') ?? '')?.[1] ?? ''
  return /[/%]|^\.\.?$/.test(name) ? '' : name
}

/** Throws 403: an update that would create needs the right to do so too. */
export function mustBeAllowedToCreate({ authorizer }: Api, exchange: Exchange): void {
  const refused = refusal(authorizer, { ...attributesOf(exchange), verb: 'create' })
  if (refused) throw refused
}
