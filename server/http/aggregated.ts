// Requests that an extension server answers: they go on to it as they come, in the name of who asked, and its answers come back as they are.
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { availability } from '../../openapi/kinds/apiregistration.k8s.io/apiservice.ts'
import type { Aggregated, Dialled } from '../aggregation/aggregation.ts'
import { answered, isOutdated } from '../aggregation/connections.ts'
import { identityHeaders, isCredential } from '../aggregation/identity.ts'
import { worded } from '../extension/call.ts'
import { Unreachable } from '../extension/resolve.ts'
import type { Api } from './api.ts'
import { verbOf } from './attributes.ts'
import { type Answer, type Exchange, textAnswer } from './exchange.ts'
import { targetOf } from './requestinfo.ts'
import { subprotocolsOf, tokenPrefix } from './streams/subprotocols.ts'
import type { Upgrading } from './streams/upgrade.ts'

/** undefined: the answer was streamed. */
export async function forward(api: Api, exchange: Exchange, remote: Aggregated): Promise<Answer | undefined> {
  const dialled = await dial(api, remote)
  if (!dialled) return unavailable('service unavailable')
  const { method, request: original, response } = exchange
  const headers = { ...headersOf(exchange, dialled), ...framing(exchange) }
  const options = { ...dialled.options, method, path: targetOf(original), headers }
  let sent: ClientRequest | undefined
  const send = () => {
    const sending = request(options)
    sent = sending
    return answered(sending, () => sendBody(exchange, sending))
  }
  const abandon = () => void sent?.destroy()
  const forget = api.onClose(abandon)
  response.once('close', abandon)
  try {
    const answer = await send().catch(error => (isRead(method) && isOutdated(error) ? send() : Promise.reject(error)))
    await exchange.audit?.started(answer.statusCode ?? 502)
    if (verbOf(exchange) === 'watch') exchange.leave?.()
    await stream(answer, exchange)
    return undefined
  } catch (error) {
    return unavailable(`error trying to reach service: ${worded(error as Error)}`)
  } finally {
    forget()
  }
}

/** Both sides have changed to another protocol: what they say goes to and fro until one of them ends. */
export async function forwardUpgrade(
  api: Api,
  exchange: Exchange,
  { remote, socket, head }: Upgrading & { remote: Aggregated },
): Promise<Answer | undefined> {
  const dialled = await dial(api, remote)
  if (!dialled) return unavailable('service unavailable')
  const { method, request: original } = exchange
  const headers = { ...headersOf(exchange, dialled), connection: 'Upgrade', upgrade: original.headers.upgrade, ...subprotocols(exchange) }
  const sent = request({ ...dialled.options, method, path: targetOf(original), headers })
  const abandoned = () => void sent.destroy()
  const forget = api.onClose(abandoned)
  socket.once('close', abandoned)
  try {
    const upgraded = new Promise<Upgraded>((resolve, reject) => {
      sent.on('upgrade', (answer, upstream, upstreamHead) => resolve({ answer, upstream, head: upstreamHead }))
      sent.on('response', answer => resolve({ answer })).on('error', reject)
    })
    sent.end()
    const { answer, upstream, head: upstreamHead } = await upgraded
    if (!upstream) return await notUpgraded(answer)
    await exchange.audit?.started(101)
    socket.write(headText(answer))
    await join({ socket, head }, { socket: upstream, head: upstreamHead ?? Buffer.alloc(0) })
    return undefined
  } catch (error) {
    return unavailable(worded(error as Error))
  } finally {
    forget()
    socket.off('close', abandoned)
  }
}

interface Upgraded {
  answer: IncomingMessage
  upstream?: Duplex
  head?: Buffer
}

const unavailable = (why: string): Answer => textAnswer(503, `${why}\n`)

/** undefined: it is known to be unavailable, or nothing leads to it. */
async function dial({ aggregation }: Api, { object }: Aggregated): Promise<Dialled | undefined> {
  if (availability(object)?.status !== 'True') return undefined
  try {
    return await aggregation.dial(object)
  } catch (error) {
    if (error instanceof Unreachable) return undefined
    throw error
  }
}

/** They are about one connection. */
const hopByHop =
  /^(connection|proxy-connection|keep-alive|proxy-authenticate|proxy-authorization|te|trailer|transfer-encoding|upgrade|http2-settings|:.*)$/

function headersOf({ headers, request: original, info, user, auditId }: Exchange, { host }: Dialled): OutgoingHttpHeaders {
  const kept: IncomingHttpHeaders = {}
  for (const [name, value] of Object.entries(headers))
    if (!hopByHop.test(name) && !isCredential(name) && name !== 'content-length') kept[name] = value
  const from = (original.socket?.remoteAddress ?? '').replace(/^::ffff:/, '')
  return {
    ...kept,
    host,
    'x-forwarded-for': [headers['x-forwarded-for'] ?? [], from].flat().join(', '),
    'x-forwarded-uri': info.path,
    'x-forwarded-host': host,
    'x-forwarded-proto': 'https',
    ...(auditId ? { 'audit-id': auditId } : {}),
    ...identityHeaders(user),
  }
}

/** A token among them has said who asks. */
function subprotocols(exchange: Exchange): OutgoingHttpHeaders {
  const names = subprotocolsOf(exchange).filter(name => !name.startsWith(tokenPrefix))
  return names.length > 0 ? { 'sec-websocket-protocol': names.join(', ') } : {}
}

/** How long the body is: on a connection that is kept, what comes after it is the next request. */
function framing({ request: original, headers, body }: Exchange): OutgoingHttpHeaders {
  if (isWhole(original)) return body.length > 0 ? { 'content-length': body.length } : {}
  const { 'content-length': length } = headers
  return length === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': length }
}

/** What is sent does not come in any more. */
const isWhole = (original: IncomingMessage): boolean => original.readableDidRead || !hasBody(original)

/** As it comes; or all of it, when it was read before the version became somebody else's. */
function sendBody({ request: original, body }: Exchange, sent: ClientRequest): void {
  if (isWhole(original)) sent.end(body.length > 0 ? body : undefined)
  else void pipeline(original, sent).catch(error => sent.destroy(error))
}

const isRead = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD'

const hasBody = ({ method, headers, httpVersionMajor }: IncomingMessage): boolean =>
  !isRead(method) && (httpVersionMajor > 1 || headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined)

async function stream(answer: IncomingMessage, { response, method }: Exchange): Promise<void> {
  for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
    if (hopByHop.test(name)) continue
    const all = [response.getHeader(name) ?? [], values].flat() as string[]
    response.setHeader(name, all.length === 1 ? (all[0] ?? '') : all)
  }
  response.statusCode = answer.statusCode ?? 502
  response.flushHeaders()
  if (method === 'HEAD') {
    answer.resume()
    response.end()
  }
  // Half an answer is none: the client is told by the end of its connection.
  else await pipeline(answer, response).catch(() => void response.destroy())
}

/** What an extension server says instead of changing the protocol. */
async function notUpgraded(answer: IncomingMessage): Promise<Answer> {
  const code = answer.statusCode ?? 502
  if (code < 400) {
    answer.destroy()
    return unavailable(`invalid upgrade response: status code ${code}`)
  }
  const parts: Buffer[] = []
  for await (const part of answer) parts.push(part as Buffer)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(answer.headers))
    if (!hopByHop.test(name) && name !== 'content-length') headers[name] = [value].flat().join(', ')
  return { code, headers, body: Buffer.concat(parts) }
}

function headText({ rawHeaders, statusMessage }: IncomingMessage): string {
  const lines = [`HTTP/1.1 101 ${statusMessage || 'Switching Protocols'}`]
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** Ends when either side does, once it was heard out. */
function join(client: Upgrading, server: Upgrading): Promise<void> {
  if (server.head.length > 0) client.socket.write(server.head)
  if (client.head.length > 0) server.socket.write(client.head)
  client.socket.pipe(server.socket)
  server.socket.pipe(client.socket)
  return new Promise(resolve => {
    const end = () => {
      client.socket.destroy()
      server.socket.destroy()
      resolve()
    }
    for (const { socket } of [client, server]) socket.once('finish', end).once('close', end).on('error', end)
  })
}
