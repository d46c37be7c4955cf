// GET of a collection. The plain JSON form is joined from bytes that are kept per object.

import { groupName } from '../../../openapi/documents/operations.ts'
import { badRequest, notAcceptable } from '../../../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeObject } from '../../../openapi/kind.ts'
import { partialMetadata, table, tableJson } from '../../codec/table.ts'
import { tooLarge } from '../../registry/list.ts'
import type { ListPage, Selection } from '../../registry/request.ts'
import type { Api } from '../api.ts'
import { type Answer, answerObject, type Exchange, representation, requestContext } from '../exchange.ts'
import { mediaTypes, type Representation } from '../negotiate.ts'
import { type ListOptions, listOptions, parseVersion } from '../query.ts'
import { includeObject } from './get.ts'
import { selectionOf } from './selection.ts'

export async function list(api: Api, kind: Kind, exchange: Exchange): Promise<Answer> {
  const as = representation(exchange, { views: true, list: true })
  const options = listOptions(exchange.query, false)
  const selection = listSelection(api, kind, options)
  const page = await api.registry.store(kind).list(requestContext(exchange), selection)
  return answerPage(api, kind, page, { as, query: exchange.query })
}

/** Shared with deletecollection: which objects, of which state. */
export function listSelection(api: Api, kind: Kind, options: ListOptions): Selection {
  const selection: Selection = { ...selectionOf(kind, options), limit: options.limit }
  const version = parseVersion(options.resourceVersion, message => badRequest(`invalid resource version: ${message}`))
  if (options.continue !== '') {
    if (version) throw badRequest('specifying resource version is not allowed when using continue')
    return { ...selection, ...(version === 0 ? { limit: undefined } : {}), continue: options.continue }
  }
  // Any version will do: upstream answers from its cache, all at once.
  if (version === 0) return { ...selection, limit: undefined }
  if (version === undefined) return selection
  const current = api.storage.revision()
  if (version > current) throw tooLarge(version, current)
  // Exact, or the old rule that a limit with a version means that very version.
  const exact = options.resourceVersionMatch === 'Exact' || (options.resourceVersionMatch === '' && options.limit !== undefined)
  return exact ? { ...selection, at: version } : selection
}

export interface Shown {
  as: Representation
  query: URLSearchParams
}

export function answerPage(api: Api, kind: Kind, page: ListPage<KubeObject>, { as, query }: Shown): Answer {
  const metadata = {
    resourceVersion: String(page.revision),
    ...(page.continue ? { continue: page.continue } : as.view === 'object' && kind.custom ? { continue: '' } : {}),
    ...(page.remaining ? { remainingItemCount: page.remaining } : {}),
  }
  if (as.view === 'Table') {
    const view = { include: includeObject(query), now: api.clock.now(), version: as.metaVersion }
    const items = kind.rowOrder ? [...page.items].sort(kind.rowOrder) : page.items
    if (as.encoding !== 'json' || as.pretty || view.include !== 'Metadata') return answerObject(200, table(kind, items, metadata, view), as)
    const body = tableJson(table(kind, [], metadata, view), kind, items, { now: view.now, encodings: api.encodings })
    return { code: 200, headers: { 'content-type': mediaTypes.json }, body, object: () => table(kind, items, metadata, view) }
  }
  if (as.view === 'PartialObjectMetadata')
    throw notAcceptable(
      `you requested PartialObjectMetadata, but the requested object is a list (*${groupName(kind.group)}.${kind.kind}List)`,
    )
  if (as.view === 'PartialObjectMetadataList') {
    const list = {
      kind: 'PartialObjectMetadataList',
      apiVersion: `meta.k8s.io/${as.metaVersion}`,
      metadata,
      items: page.items.map(partialMetadata),
    }
    return answerObject(200, list, as)
  }
  const whole = () => ({ ...typeOf(kind), metadata, items: items(api, kind, page) })
  if (as.encoding === 'protobuf' && page.items.length > 0) {
    const { body, gzip } = api.encodings.protobufList(typeOf(kind), metadata, page.items)
    const answer = { code: 200, headers: { 'content-type': mediaTypes.protobuf }, body, object: whole }
    return page.items.length > manyObjects ? { ...answer, gzip } : answer
  }
  if (as.encoding !== 'json' || as.pretty) return answerObject(200, whole(), as)
  const body = joined(api, kind, page, metadata)
  const [first, ...others] = page.items
  const answer = { code: 200, headers: { 'content-type': mediaTypes.json }, body, object: whole }
  if (!first || others.length < manyObjects) return answer
  const head = Buffer.concat(body.slice(0, body.indexOf(comma)))
  return { ...answer, gzip: () => api.encodings.gzippedList(head, others, end, api.isCustom(kind) ? 'typed' : 'plain') }
}

/** Fewer are compressed as they come. */
const manyObjects = 100

const typeOf = (kind: Kind) => ({ kind: kind.custom?.listKind ?? `${kind.kind}List`, apiVersion: apiVersionOf(kind) })

function items(api: Api, kind: Kind, page: ListPage<KubeObject>): object[] {
  if (api.isCustom(kind)) return [...page.items]
  return page.items.map(({ kind: _kind, apiVersion: _version, ...rest }) => rest)
}

const open = Buffer.from('{')
const comma = Buffer.from(',{')
const end = Buffer.from(']}\n')

function joined(api: Api, kind: Kind, page: ListPage<KubeObject>, metadata: object): Buffer[] {
  const { kind: listKind, apiVersion } = typeOf(kind)
  const parts: Buffer[] = [
    Buffer.from(`{"kind":"${listKind}","apiVersion":"${apiVersion}","metadata":${JSON.stringify(metadata)},"items":[`),
  ]
  const withType = api.isCustom(kind)
  for (const [index, item] of page.items.entries()) parts.push(index === 0 ? open : comma, api.encodings.jsonItem(item, withType))
  parts.push(end)
  return parts
}
