// /openapi/v2 and /openapi/v3: documents built when first asked for, with hashes by which clients cache them.
import { createHash } from 'node:crypto'
import { pathOf } from '../../openapi/documents/definitions.ts'
import { openApiV2 } from '../../openapi/documents/v2.ts'
import { documentPaths, openApiV3 } from '../../openapi/documents/v3.ts'
import type { Kind } from '../../openapi/kind.ts'
import { type Aggregated, type Aggregation, documentOf } from '../aggregation/aggregation.ts'
import { mergeSwagger } from '../aggregation/swagger.ts'
import { encodeOpenApiV2 } from '../codec/gnostic.ts'
import { encodeOpenApiV3 } from '../codec/gnosticv3.ts'
import type { Answer, Exchange } from './exchange.ts'
import { parseAccept } from './negotiate.ts'
import type { Pages } from './route.ts'

const yearMs = 365 * 86_400_000
const protobufV2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
const protobufV3 = 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf'

interface Document {
  body: Buffer
  hash: string
}

export interface Documented {
  kinds(): readonly Kind[]
  aggregation(): Aggregation
  now(): Date
}

/** `now` stamps Last-Modified; documents follow the kinds, and what is aggregated, as they come and go. */
export function createOpenApi({ kinds, aggregation, now }: Documented): Pages {
  const started = now().toUTCString()
  const known = new Map<string, { all: readonly Kind[]; own: readonly Kind[]; beside: readonly Aggregated[]; document: Document }>()
  const document = (path: string, build: (all: readonly Kind[]) => object | Uint8Array): Document => {
    const all = kinds()
    const beside = path.startsWith('v2') ? aggregation().all() : nobody
    const found = known.get(path)
    // The same lists while nothing comes or goes.
    if (found?.all === all && found.beside === beside) return found.document
    // A document changes only with its own kinds, of which there are few among many.
    const prefix = `/${path.replace(/\.pb$/, '')}`
    const own = path.startsWith('v2') ? all : all.filter(kind => pathOf(kind.group, kind.version) === prefix)
    if (found && found.beside === beside && own.length === found.own.length && own.every((kind, i) => kind === found.own[i])) {
      found.all = all
      return found.document
    }
    const built = made(build(all))
    known.set(path, { all, own, beside, document: built })
    return built
  }
  const v3 = (path: string) => theirs(aggregation(), path)?.json ?? document(path, all => openApiV3(all, ...groupAndVersion(path)))
  const binaryV3 = (path: string) =>
    theirs(aggregation(), path)?.binary() ??
    document(`${path}.pb`, all => encodeOpenApiV3(openApiV3(all, ...groupAndVersion(path)) as never))
  return {
    async answer(exchange) {
      const { path } = exchange.info
      if (path === '/openapi/v3') return index({ kinds: kinds(), beside: aggregation().all() }, v3, started)
      if (path === '/openapi/v2') return v2(exchange, document, { started, whole: all => merged(all, aggregation().all()) })
      if (!path.startsWith('/openapi/v3/')) return undefined
      const name = path.slice('/openapi/v3/'.length)
      if (!documentPaths(kinds()).includes(name) && !theirs(aggregation(), name)) return { code: 404, headers: {}, body: '' }
      const type = offered(exchange, 'application/json', protobufV3, protobufV3.replace('v3.v1', 'v3@v1'))
      if (!type) return notAcceptable
      if (type === 'application/json') return one(exchange, path, v3(name), { type, started, now: now() })
      // The hash that the index tells is that of the JSON, whatever the form.
      return one(exchange, path, { body: binaryV3(name).body, hash: v3(name).hash }, { type: protobufV3, started, now: now() })
    },
  }
}

function made(built: object | Uint8Array): Document {
  const body = built instanceof Uint8Array ? Buffer.from(built) : Buffer.from(JSON.stringify(built))
  return { body, hash: createHash('sha512').update(body).digest('hex').toUpperCase() }
}

interface Converted {
  json: Document
  binary(): Document
}

/** Once for each document. */
const ofConverted = new WeakMap<object, Converted>()

/** Of an extension server that has no document of v3 itself. */
function theirs(aggregation: Aggregation, name: string): Converted | undefined {
  const converted = aggregation.all().find(each => documentOf(each) === name)?.documents.converted
  if (!converted) return undefined
  const found = ofConverted.get(converted) ?? { json: made(converted), binary: () => made(encodeOpenApiV3(converted as never)) }
  ofConverted.set(converted, found)
  return found
}

function groupAndVersion(path: string): [string, string] {
  const parts = path.split('/')
  return parts[0] === 'api' ? ['', parts[1] ?? ''] : [parts[1] ?? '', parts[2] ?? '']
}

const nobody: readonly Aggregated[] = []

function merged(kinds: readonly Kind[], beside: readonly Aggregated[]): object {
  const parts = beside.flatMap(({ documents }) => documents.openApiV2 ?? [])
  return parts.length === 0 ? openApiV2(kinds) : mergeSwagger(openApiV2(kinds), parts)
}

interface Lists {
  kinds: readonly Kind[]
  beside: readonly Aggregated[]
}

/** Extension servers say for themselves where their documents are: below the same paths. */
function index({ kinds, beside }: Lists, v3: (path: string) => Document, started: string): Answer {
  const theirs = new Map(beside.map(each => [documentOf(each), each.documents.openApiV3]))
  const converted = beside.filter(({ documents }) => documents.converted).map(documentOf)
  const ours = [...documentPaths(kinds).filter(path => !theirs.has(path)), ...converted]
  const paths = {
    ...Object.fromEntries(ours.map(path => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${v3(path).hash}` }])),
    ...Object.fromEntries([...theirs].flatMap(([path, serverRelativeURL]) => (serverRelativeURL ? [[path, { serverRelativeURL }]] : []))),
  }
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'accept-ranges': 'bytes', 'last-modified': started }
  return { code: 200, headers, body: JSON.stringify({ paths }) }
}

const notAcceptable: Answer = { code: 406, headers: { vary: 'Accept' }, body: '' }

/** The first type of an Accept that is on offer; JSON for whoever does not say. */
const offered = (exchange: Exchange, ...types: readonly string[]): string | undefined =>
  parseAccept(exchange.headers.accept || '*/*').flatMap(({ type }) =>
    type === '*/*' ? ['application/json'] : types.filter(t => t === type),
  )[0]

const isKnown = ({ headers }: Exchange, etag: string, started: string): boolean =>
  headers['if-none-match'] === undefined
    ? Date.parse(headers['if-modified-since'] ?? '') >= Date.parse(started)
    : headers['if-none-match'] === etag

function one(
  exchange: Exchange,
  path: string,
  { body, hash }: Document,
  { type, started, now }: { type: string; started: string; now: Date },
): Answer {
  const etag = `"${hash}"`
  const asked = exchange.query.get('hash')
  const common = { etag, vary: 'Accept' }
  if (asked && asked !== hash) {
    const headers = { ...common, 'content-type': type, location: `${path}?hash=${hash}` }
    return { code: 301, headers, body: '' }
  }
  const caching: Record<string, string> = asked
    ? { 'cache-control': 'public, immutable', expires: new Date(now.getTime() + yearMs).toUTCString() }
    : {}
  if (isKnown(exchange, etag, started)) return { code: 304, headers: { ...common, ...caching }, body: '' }
  const headers = { ...common, ...caching, 'content-type': type, 'accept-ranges': 'bytes', 'last-modified': started }
  return { code: 200, headers, body }
}

type Find = (path: string, build: (all: readonly Kind[]) => object | Uint8Array) => Document

interface Whole {
  started: string
  whole(kinds: readonly Kind[]): object
}

function v2(exchange: Exchange, document: Find, { started, whole }: Whole): Answer {
  const type = offered(exchange, 'application/json', protobufV2, 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf')
  if (!type) return notAcceptable
  const wantsProtobuf = type !== 'application/json'
  const { body, hash } = wantsProtobuf ? document('v2.pb', all => encodeOpenApiV2(whole(all) as never)) : document('v2', whole)
  const etag = `"${hash}"`
  if (isKnown(exchange, etag, started)) return { code: 304, headers: { etag, vary: 'Accept' }, body: '' }
  const headers = {
    'content-type': wantsProtobuf ? protobufV2 : 'application/json',
    etag,
    vary: 'Accept',
    'accept-ranges': 'bytes',
    'last-modified': started,
  }
  return { code: 200, headers, body, compress: 'large' }
}
