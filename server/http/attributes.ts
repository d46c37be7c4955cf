// A request in the words of authorization: its verb, and what it is about.
import { type Attributes, exactFields } from '../auth/attributes.ts'
import { refusal } from '../auth/authorize.ts'
import type { Api } from './api.ts'
import type { Exchange } from './exchange.ts'

type Asked = Pick<Exchange, 'method' | 'info' | 'query'>

const verbs: Readonly<Record<string, string>> = { GET: 'get', HEAD: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }

/** Of these, answers stay open for as long as somebody has something to say. */
export const longSubresources: ReadonlySet<string> = new Set(['attach', 'exec', 'proxy', 'log', 'portforward'])

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
  const { resourceRequest, path, group, version, resource, subresource, namespace } = info
  const fields = info.name === '' ? selectedFields(exchange) : undefined
  // A list of one name is about that name.
  const selected = fields?.['metadata.name'] ?? ''
  const name = info.name || (/[/%]|^\.\.?$/.test(selected) ? '' : selected)
  return { user, verb: verbOf(exchange), resourceRequest, path, group, version, resource, subresource, namespace, name, fields }
}

/** Those that must have one value; a selector that cannot be read is refused later. */
function selectedFields({ method, query }: Asked): Record<string, string> | undefined {
  const selector = query.get('fieldSelector')
  return selector && (method === 'GET' || method === 'HEAD') ? exactFields(selector) : undefined
}

/** Throws 403: an update that would create needs the right to do so too. */
export async function mustBeAllowedToCreate({ authorizer }: Api, exchange: Exchange): Promise<void> {
  const refused = await refusal(authorizer, { ...attributesOf(exchange), verb: 'create' })
  if (refused) throw refused
}
