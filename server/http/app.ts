// The request pipeline, top to bottom: requestinfo, authenticate, authorize, route, decode, registry, encode. Nothing calls back upwards.
import { type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { errorText, internalError, methodNotAllowed, StatusError, unauthorized } from '../../openapi/errors.ts'
import { answering } from '../aggregation/aggregation.ts'
import type { Auditor } from '../audit/index.ts'
import type { Authenticator } from '../auth/authenticate.ts'
import { forbiddenTo, refusal } from '../auth/authorize.ts'
import { distinctHeaders, impersonate } from '../auth/impersonate.ts'
import type { Flow, FlowControl } from '../flowcontrol/flowcontrol.ts'
import { allowPartialChains } from '../trust.ts'
import type { Api } from './api.ts'
import { attributesOf, longSubresources, verbOf } from './attributes.ts'
import { beginAudit, endAudit } from './audit.ts'
import { guardConnections } from './connections.ts'
import { type Answer, answerError, answerObject, bodyLength, type Exchange, finish, textAnswer } from './exchange.ts'
import { checkTimeout } from './query.ts'
import { send } from './reply.ts'
import { requestInfo, targetOf } from './requestinfo.ts'
import { type Pages, route } from './route.ts'
import { subprotocolsOf } from './streams/subprotocols.ts'
import { tokenOf, Upgrades, writeAnswer } from './streams/upgrade.ts'
import { requestOf } from './unknownmethod.ts'
import { seatsOf } from './width.ts'

export interface AppOptions {
  api: Api
  authenticator: Authenticator
  flowControl: FlowControl
  auditor: Auditor | undefined
  pages: Pages
  /** PEM. */
  tls: { key: string; cert: string; ca: string }
  /** A fresh uuid for each request that brings none. */
  auditId(): string
  /** One line per broken invariant, with its stack. */
  logError(error: unknown): void
}

/** Stands for any content type until the body is read: what it may be is not the framework's to say. */
const anyType = 'any/any'
/** The same for a body that is not read here: it goes on to another server as it comes. */
const unreadType = 'any/unread'
/** Where the client's own is kept meanwhile. */
const givenType = Symbol('content-type')
type WithGivenType = IncomingMessage & { [givenType]?: string }

const bodyLimit = 3 * 1024 * 1024
/** Go's. */
const headerLimit = 1024 * 1024

export function createApp(options: AppOptions): FastifyInstance {
  const app = Fastify({
    http2: true,
    https: { ...options.tls, allowHTTP1: true, requestCert: true, rejectUnauthorized: false },
    http2SessionTimeout: 0,
    bodyLimit,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 4096, ignoreDuplicateSlashes: false, caseSensitive: true },
    logger: false,
    clientErrorHandler: (error: { code?: string; rawPacket?: Buffer }, socket: Socket) => {
      const request = requestOf(error, socket)
      if (!request) return refuseConnection(error, socket)
      void serveApart(options, request, { socket, answer: exchange => route(options.api, options.pages, exchange) })
    },
    // What Go's HTTP server answers to a path it cannot read.
    frameworkErrors: (_error: unknown, _request: FastifyRequest, reply: FastifyReply) =>
      reply.code(400).header('content-type', plainText).send('400 Bad Request'),
  } as never) as unknown as FastifyInstance
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(unreadType, (_request, _body, done) => done(null))
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  // Over HTTP/2 a body may come with neither type nor length; fastify would not read it.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) return noHost(reply)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      ;(request.raw as WithGivenType)[givenType] = request.raw.headers['content-type'] ?? ''
      request.raw.headers['content-type'] = isForwarded(options.api, request.raw) ? unreadType : anyType
    }
    done()
  })
  app.setErrorHandler((error: { code?: string }, request, reply) => fail(options, error, { request, reply }))
  app.setNotFoundHandler((request, reply) => serve(options, request, reply))
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'],
    url: '*',
    handler: (request, reply) => serve(options, request, reply),
  })
  const server = app.server as unknown as Server
  allowPartialChains(server)
  // No option of a server that speaks both versions, but read all the same.
  Object.assign(server, { maxHeaderSize: headerLimit })
  const endConnections = guardConnections(server)
  app.addHook('preClose', done => {
    void afterLastWords().then(endConnections)
    done()
  })
  server.on('tlsClientError', () => options.api.metrics.handshakeFailed())
  server.on('connect', (_request, socket) =>
    writeAnswer(socket, answerObject(405, methodNotAllowed().status, { encoding: 'json', pretty: false })),
  )
  const upgrades = new Upgrades(options.api)
  server.on('upgrade', (request, socket, head) => {
    const answer = (exchange: Exchange) => upgrades.serve(exchange, { socket, head }, e => route(options.api, options.pages, e))
    void serveApart(options, request, { socket: socket as Socket, answer })
  })
  return app
}

const isForwarded = ({ aggregation }: Api, request: IncomingMessage): boolean =>
  aggregation.all().length > 0 && answering(aggregation, requestInfo(urlOf(request)[0])) !== undefined

/** Path, and query without its question mark. */
function urlOf(request: IncomingMessage): [path: string, query: string] {
  const url = targetOf(request) || '/'
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}

/** What streams still had to say when the cluster began to close: HTTP/2 takes a few turns to write it. */
async function afterLastWords(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
}

async function serve(options: AppOptions, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const exchange = openExchange(request, reply)
  const { metrics } = options.api
  const started = metrics.begin(exchange)
  const auditId = String(request.headers['audit-id'] ?? options.auditId())
  exchange.auditId = auditId
  let answer: Answer | undefined
  try {
    answer = await admitted(options, exchange, { auditId, authorization: request.headers.authorization })
    answer ??= await route(options.api, options.pages, exchange)
  } catch (error) {
    answer = await failed(options, error, exchange)
  }
  exchange.leave?.()
  if (exchange.audit) await endAudit(exchange.audit, answer ?? { code: codeOf(exchange.response) })
  // A watch has written its own answer.
  if (!answer) return metrics.end(exchange, started, { code: exchange.response.statusCode })
  const final = await finish(answer, exchange, auditId)
  metrics.end(exchange, started, { code: final.code, bytes: bodyLength(final.body) })
  await deliver(options, reply, exchange, final)
}

/** An answer for what went wrong. A failure of our own is told as such. */
async function failed(options: AppOptions, error: unknown, exchange: Exchange): Promise<Answer> {
  const status = toStatusError(options, error)
  if (!(error instanceof StatusError)) {
    await exchange.audit?.panicked(status.message)
    delete exchange.audit
  }
  return answerError(status, exchange)
}

/** Of an answer that was streamed. */
const codeOf = ({ headersSent, statusCode }: ServerResponse): number => (headersSent ? statusCode : 101)

async function deliver({ logError }: AppOptions, reply: FastifyReply, exchange: Exchange, answer: Answer): Promise<void> {
  reply.hijack()
  try {
    await send(exchange.response, exchange, answer)
  } catch (error) {
    logError(error)
    exchange.response.destroy()
  }
}

interface Apart {
  socket: Socket
  answer(exchange: Exchange): Promise<Answer | undefined>
}

/** The same pipeline for a request that the framework does not see: one that wants another protocol, or has a method nobody knows. */
async function serveApart(options: AppOptions, request: IncomingMessage, { socket, answer: serveIt }: Apart): Promise<void> {
  socket.on('error', () => socket.destroy())
  const exchange = newExchange(request, responseOn(request, socket), Buffer.alloc(0))
  const started = options.api.metrics.begin(exchange)
  const auditId = String(request.headers['audit-id'] ?? options.auditId())
  exchange.auditId = auditId
  let answer: Answer | undefined
  try {
    const token = tokenOf(exchange)
    if (!token && subprotocolsOf(exchange).some(name => name.startsWith('base64url.bearer.'))) throw unauthorized()
    answer = await admitted(options, exchange, { auditId, authorization: token ?? request.headers.authorization })
    answer ??= (await upgradeNotAllowed(options.api, exchange)) ?? (await serveIt(exchange))
  } catch (error) {
    answer = await failed(options, error, exchange)
  }
  exchange.leave?.()
  if (exchange.audit) await endAudit(exchange.audit, answer ?? { code: codeOf(exchange.response) })
  const code = answer?.code ?? codeOf(exchange.response)
  options.api.metrics.end(exchange, started, { code })
  if (!answer) return
  const { headers, ...final } = await finish(answer, exchange, auditId)
  writeAnswer(socket, { ...final, headers: { ...flowHeaders(flowOf(options, exchange)), ...headers } })
}

/** For answers that are streamed to a client that also asked for a protocol we do not change to. */
function responseOn(request: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.once('finish', () => socket.end())
  // An answer to an earlier request is still on its way: no client asks for a change in the middle of it.
  if ((socket as { _httpMessage?: object })._httpMessage) socket.destroy()
  else response.assignSocket(socket)
  return response
}

interface Asking {
  auditId: string
  authorization: string | undefined
}

interface Unknown {
  auditId: string
  received: Date
  error: unknown
}

/** That somebody came who could not say who he is. */
async function tellUnknown({ auditor }: AppOptions, exchange: Exchange, { auditId, received, error }: Unknown): Promise<void> {
  if (!auditor || !(error instanceof StatusError)) return
  await beginAudit(auditor, exchange, { auditId, received, known: false })
  await exchange.audit?.unauthenticated({ code: error.code, object: error.status })
  // There is nothing more to tell.
  delete exchange.audit
}

/** Says who asks, and to which flow that belongs. What may not go on, when that is so; throws 401. */
async function admitted(options: AppOptions, exchange: Exchange, { auditId, authorization }: Asking): Promise<Answer | undefined> {
  const { metrics, authorizer, clock } = options.api
  const received = clock.now()
  try {
    exchange.user = await options.authenticator.authenticate(exchange.request, authorization)
  } catch (error) {
    metrics.authenticated(undefined)
    await tellUnknown(options, exchange, { auditId, received, error })
    throw error
  }
  const unheard = options.auditor && (await beginAudit(options.auditor, exchange, { auditId, received, known: true }))
  if (unheard) return unheard
  metrics.authenticated(exchange.user.name)
  if (exchange.info.resourceRequest) checkTimeout(exchange.query)
  const mayNot = await impersonated(options.api, exchange)
  if (mayNot) return mayNot
  const asked = attributesOf(exchange)
  const flow = flowOf(options, exchange)
  for (const [name, value] of Object.entries(flowHeaders(flow))) exchange.response.setHeader(name, value)
  if (flow) {
    const width = await seatsOf(options.api, exchange, { asked, most: flow.mostSeats })
    exchange.leave = await options.flowControl.enter(flow, exchange.user, { namespace: exchange.info.namespace, width })
    if (!exchange.leave) return tooManyRequests()
  }
  const decided = await authorizer.authorize(asked)
  if (decided.decision !== 'allow' && decided.error) return undecided(exchange, decided.error)
  exchange.audit?.annotate('authorization.k8s.io/decision', decided.decision === 'allow' ? 'allow' : 'forbid')
  exchange.audit?.annotate('authorization.k8s.io/reason', decided.reason)
  const forbidden = refused(decided.decision === 'allow' ? undefined : forbiddenTo(asked, decided.reason), exchange)
  metrics.authorized(forbidden ? 'denied' : 'allowed')
  return forbidden
}

/** Who decides could not be asked. */
function undecided(exchange: Exchange, error: string): Answer {
  exchange.audit?.annotate('authorization.k8s.io/reason', 'internal error')
  return textAnswer(500, `Internal Server Error: ${JSON.stringify(exchange.request.url)}: ${error}\n`)
}

/** Long streams but watches, and paths that mean nothing, belong to none. */
function flowOf({ flowControl }: AppOptions, exchange: Exchange): Flow | undefined {
  const { info, user } = exchange
  if (info.resourceRequest ? longSubresources.has(info.subresource) || isNoResource(info) : info.path.startsWith('/debug/pprof/'))
    return undefined
  return user && flowControl.classify(user, verbOf(exchange), info)
}

const flowHeaders = (flow: Flow | undefined): Record<string, string> =>
  flow ? { 'x-kubernetes-pf-flowschema-uid': flow.schemaUid, 'x-kubernetes-pf-prioritylevel-uid': flow.levelUid } : {}

function tooManyRequests(): Answer {
  const answer = textAnswer(429, 'Too many requests, please try again later.\n')
  return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } }
}

/** The old form of a proxy, and a watch of nothing. */
const isNoResource = ({ resource, watchPath }: Exchange['info']): boolean => resource === 'proxy' || (watchPath && resource === '')

/** From here on the user is the one that was asked for; an answer when that may not be. */
async function impersonated({ authorizer }: Api, exchange: Exchange): Promise<Answer | undefined> {
  const headers = distinctHeaders(exchange.request.rawHeaders, exchange.headers)
  const other = headers && (await impersonate(authorizer, attributesOf(exchange), headers))
  if (other instanceof StatusError) return refused(other, exchange)
  if (other) exchange.audit?.impersonates(other.user, other.constraint)
  exchange.user = other?.user ?? exchange.user
  return undefined
}

/** Who only reads pods may not open streams into them, though browsers ask for that with GET. */
async function upgradeNotAllowed({ authorizer }: Api, exchange: Exchange): Promise<Answer | undefined> {
  const asked = attributesOf(exchange)
  if (asked.group !== '' || asked.resource !== 'pods' || !streamed.has(asked.subresource)) return undefined
  return refused(await refusal(authorizer, { ...asked, verb: 'create' }), exchange)
}

const streamed: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward'])

function refused(forbidden: StatusError | undefined, exchange: Exchange): Answer | undefined {
  if (!forbidden) return undefined
  const answer = answerError(forbidden, exchange)
  return { ...answer, headers: { ...answer.headers, 'x-content-type-options': 'nosniff' } }
}

const openExchange = (request: FastifyRequest, reply: FastifyReply): Exchange =>
  newExchange(request.raw, reply.raw, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0))

function newExchange(request: IncomingMessage, response: ServerResponse, body: Buffer): Exchange {
  const type = (request as WithGivenType)[givenType]
  if (type) request.headers['content-type'] = type
  else if (type === '') delete request.headers['content-type']
  const [path, query] = urlOf(request)
  return {
    method: request.method ?? 'GET',
    info: requestInfo(path),
    query: new URLSearchParams(query),
    headers: request.headers,
    body,
    user: { name: '', groups: [] },
    warnings: [],
    request,
    response,
  }
}

function toStatusError(options: AppOptions, error: unknown): StatusError {
  if (error instanceof StatusError) return error
  options.logError(error)
  return internalError(errorText(error))
}

const plainText = 'text/plain; charset=utf-8'

function noHost(reply: FastifyReply): void {
  const why = 'Bad Request: missing required Host header'
  reply.raw.statusMessage = why
  void reply.code(400).headers({ 'content-type': plainText, connection: 'close' }).send(`400 ${why}`)
}

/** Bytes that are no HTTP request, in the words of Go's server. */
function refuseConnection({ code }: { code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nContent-Type: ${plainText}\r\nConnection: close\r\n\r\n${status}`)
}

/** Errors before our handler: a body too large, a broken request. */
function fail(
  options: AppOptions,
  error: { code?: string; statusCode?: number; message?: string },
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): void {
  const exchange = openExchange(request, reply)
  const status =
    error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
      ? new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${bodyLimit}`)
      : error.statusCode && error.statusCode < 500
        ? new StatusError(error.statusCode, 'BadRequest', error.message ?? 'bad request')
        : toStatusError(options, error)
  const answer = answerError(status, exchange)
  void deliver(options, reply, exchange, { ...answer, headers: { 'cache-control': 'no-cache, private', ...answer.headers } })
}
