// One request on its way through the pipeline, and the ways to answer it.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { StatusError } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { goBoolean } from '../../openapi/values/boolean.ts'
import type { AuditRecord } from '../audit/record.ts'
import type { Encodings } from '../codec/encode.ts'
import { encodeProtobuf } from '../codec/protobuf.ts'
import { printYaml } from '../codec/yaml.ts'
import type { RequestContext, User } from '../registry/request.ts'
import { accepts, type Encoding, mediaTypes, negotiate, type Offer, type Representation } from './negotiate.ts'
import type { RequestInfo } from './requestinfo.ts'
import type { EventSink } from './streams/sink.ts'

export interface Exchange {
  method: string
  info: RequestInfo
  /** What the request is about, once that is known. */
  kind?: Kind
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
  user: User
  /** Known once it is served. */
  auditId?: string
  warnings: string[]
  /** It is about a kind that is deprecated. */
  deprecated?: true
  /** What is told of it, when something is. */
  audit?: AuditRecord
  /** The raw pair, for streams. */
  request: IncomingMessage
  response: ServerResponse
  /** Gives its seat back; a second call does nothing. */
  leave?(): void
  /** Where a watch goes when not to the response. */
  sink?: EventSink
}

export interface Answer {
  code: number
  /** An empty cache-control: none. */
  headers: Record<string, string>
  body: Buffer | string | readonly Buffer[]
  /** What the body says; for the audit log. */
  object?: object | (() => object)
  /** Compressed for clients that can. Absent: when it is a large answer of a resource. */
  compress?: 'always' | 'large'
  /** The same body as gzip, when it is known how to come by it cheaper than by compressing. */
  gzip?(): Promise<readonly Buffer[]>
}

/** Answers larger than this are compressed when the client can. */
const gzipFrom = 128 * 1024
const compress = promisify(gzip)

export const requestContext = (exchange: Exchange, more: Partial<RequestContext> = {}): RequestContext => ({
  user: exchange.user,
  namespace: exchange.info.resource === 'namespaces' && !exchange.info.namespaced ? '' : exchange.info.namespace,
  dryRun: false,
  fieldManager: 'unknown',
  warn: text => exchange.warnings.push(text),
  ...(exchange.audit ? { annotate: exchange.audit.annotate } : {}),
  ...more,
})

export function representation(exchange: Exchange, offer: Offer): Representation {
  const accept = exchange.headers.accept
  const chosen = negotiate(accept, exchange.kind?.custom ? { ...offer, noProtobuf: true } : offer)
  return {
    encoding: chosen.encoding,
    view: chosen.view,
    metaVersion: chosen.metaVersion,
    pretty: chosen.asksPretty || wantsPretty(exchange),
  }
}

/** `?pretty`, or a person's tool. */
function wantsPretty({ query, headers }: Exchange): boolean {
  const asked = query.get('pretty')
  if (asked) return goBoolean(asked) ?? false
  return /^(curl|Wget|Mozilla)\//.test(headers['user-agent'] ?? '')
}

/** Any value in the encoding chosen; `bytes` are the kept JSON of it, used when nothing else is wanted. */
export function answerObject(code: number, object: object, as: Pick<Representation, 'encoding' | 'pretty'>, encodings?: Encodings): Answer {
  return { code, headers: { 'content-type': mediaTypes[as.encoding] }, body: encode(object, as, encodings), object }
}

function encode(
  object: object,
  as: Pick<Representation, 'encoding' | 'pretty'>,
  encodings?: Encodings,
): Buffer | string | readonly Buffer[] {
  if (as.encoding === 'yaml') return printYaml(object)
  if (as.encoding === 'protobuf') return encodings ? encodings.protobuf(object as KubeObject) : encodeProtobuf(object as KubeObject)
  if (as.pretty) return JSON.stringify(inOrder(object), null, 2)
  return encodings ? [encodings.json(object as KubeObject), newline] : `${JSON.stringify(object)}\n`
}
/** kind, apiVersion and metadata first, as Go prints. */
const inOrder = (object: object): object => {
  const { kind, apiVersion, metadata, ...rest } = object as Partial<KubeObject>
  return { kind, apiVersion, metadata, ...rest }
}
const newline = Buffer.from('\n')

/** A Status for an error; in JSON when the client's Accept has nothing we speak. */
export function answerError(error: StatusError, exchange: Exchange): Answer {
  const as: { encoding: Encoding; pretty: boolean } = { encoding: 'json', pretty: true }
  // Otherwise upstream's last resort, which is indented: the error itself may be that the Accept cannot be met.
  const accept = exchange.headers.accept?.replaceAll('application/*', mediaTypes.json)
  if (accepts(accept, { views: true })) {
    as.encoding = negotiate(accept, { views: true }).encoding
    as.pretty = wantsPretty(exchange)
  }
  const retry = error.status.details?.retryAfterSeconds
  const answer = answerObject(error.code, error.status, as)
  if (retry) answer.headers['retry-after'] = String(retry)
  return answer
}

export const textAnswer = (code: number, text: string): Answer => ({
  code,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body: text,
})
export const pageNotFound = (): Answer => textAnswer(404, '404 page not found\n')

/** Compresses when it pays, and adds what every answer carries. */
export async function finish(answer: Answer, exchange: Exchange, auditId: string): Promise<Answer> {
  const headers: Record<string, string> = { 'audit-id': auditId, 'cache-control': 'no-cache, private', ...answer.headers }
  if (headers['cache-control'] === '') delete headers['cache-control']
  let body = answer.body
  if (worthCompressing(answer, exchange)) {
    body = (await answer.gzip?.()) ?? (await compressed(body))
    headers['content-encoding'] = 'gzip'
    headers.vary = headers.vary ? `Accept-Encoding, ${headers.vary}` : 'Accept-Encoding'
  }
  return { code: answer.code, headers, body }
}

const compressed = (body: Answer['body']): Promise<Buffer> =>
  compress(Buffer.isBuffer(body) ? body : Array.isArray(body) ? Buffer.concat(body) : Buffer.from(body as string), { level: 1 })

function worthCompressing({ body, compress }: Answer, { headers, info }: Exchange): boolean {
  if (!acceptsGzip(headers['accept-encoding'])) return false
  if (compress === 'always') return true
  // Upstream leaves Tables as they are.
  const table = headers.accept?.includes('as=Table') ?? false
  return bodyLength(body) > gzipFrom && (compress === 'large' || (info.resourceRequest && !table))
}

export const bodyLength = (body: Answer['body']): number =>
  Array.isArray(body) ? (body as readonly Buffer[]).reduce((sum, part) => sum + part.length, 0) : Buffer.byteLength(body as Buffer | string)

const acceptsGzip = (header: string | string[] | undefined): boolean =>
  String(header ?? '')
    .split(',')
    .some(part => {
      const [name = '', quality] = part.split(';')
      return name.trim() === 'gzip' && quality?.trim() !== 'q=0'
    })

/** RFC 7234 warn-text as clients parse it; control characters are dropped. Node takes a header's bytes as Latin-1 letters. */
export function warningHeader(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these may not appear in a header
  const plain = text.replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/[\\"]/g, '\\$&')
  return `299 - "${Buffer.from(plain).toString('latin1')}"`
}
