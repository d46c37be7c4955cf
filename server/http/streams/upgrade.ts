// Requests that ask for another protocol on their connection: streams of pods over WebSocket or SPDY, watches and logs over WebSocket. All else is
// answered as if they had not asked.
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws'
import { notSupportedHere, StatusError } from '../../../openapi/errors.ts'
import { answering } from '../../aggregation/aggregation.ts'
import type { Api } from '../api.ts'
import { type Answer, type Exchange, textAnswer } from '../exchange.ts'
import { flag } from '../query.ts'
import { openLog } from '../verbs/logs.ts'
import { channelProtocols, openChannels } from './channels.ts'
import { exec, execRequest } from './exec.ts'
import { dial } from './kubelet.ts'
import { forwardChannels, forwardSpdy, portForwardProtocol, portForwardRequest, tunnelProtocol } from './portforward.ts'
import { webSocketSink } from './sink.ts'
import { openSpdyChannels, spdyProtocols } from './spdychannels.ts'
import { subprotocolsOf, tokenPrefix } from './subprotocols.ts'

/** Browsers cannot set headers on a WebSocket: they bring their token as a subprotocol. Only beside a real one. */
export function tokenOf(exchange: Pick<Exchange, 'headers'>): string | undefined {
  const names = subprotocolsOf(exchange)
  const name = names.find(n => n.startsWith(tokenPrefix))
  if (!name || names.length < 2) return undefined
  return `Bearer ${Buffer.from(name.slice(tokenPrefix.length), 'base64url').toString()}`
}

export interface Upgrading {
  socket: Duplex
  head: Buffer
}

export class Upgrades {
  readonly #api: Api
  readonly #server = new WebSocketServer({ noServer: true })
  #chosen = ''

  constructor(api: Api) {
    this.#api = api
    this.#server.on('headers', headers => {
      if (this.#chosen !== '') headers.push(`Sec-WebSocket-Protocol: ${this.#chosen}`)
    })
    api.onClose(() => {
      for (const client of this.#server.clients) client.close(1001)
    })
  }

  /** undefined: the connection was taken over, or `route` streamed its answer. `route` answers plain requests. */
  async serve(
    exchange: Exchange,
    upgrading: Upgrading,
    route: (exchange: Exchange) => Promise<Answer | undefined>,
  ): Promise<Answer | undefined> {
    const { info, headers } = exchange
    const remote = answering(this.#api.aggregation, info)
    if (remote) return (await import('../aggregated.ts')).forwardUpgrade(this.#api, exchange, { remote, ...upgrading })
    const wanted = headers.upgrade?.toLowerCase() ?? ''
    const subresource = info.resource === 'pods' ? info.subresource : ''
    const streams = subresource === 'exec' || subresource === 'attach'
    if (wanted === 'websocket') {
      if (streams) return this.#exec(exchange, upgrading)
      if (subresource === 'portforward') return this.#portForward(exchange, upgrading)
      if (subresource === 'log') return this.#log(exchange, upgrading)
      return this.#watch(exchange, upgrading, route)
    }
    if (!streams && subresource !== 'portforward') return route(exchange)
    if (wanted !== 'spdy/3.1') throw notSupportedHere(`${headers.upgrade || 'an empty upgrade'}: use WebSockets or SPDY/3.1`)
    return streams ? this.#spdyExec(exchange, upgrading) : this.#spdyPortForward(exchange, upgrading)
  }

  async #watch(
    exchange: Exchange,
    upgrading: Upgrading,
    route: (exchange: Exchange) => Promise<Answer | undefined>,
  ): Promise<Answer | undefined> {
    if (!exchange.info.watchPath && !flag(exchange.query, 'watch')) return route(exchange)
    const refusal = refusalOf(exchange)
    if (refusal) return refusal
    const protocol = subprotocolsOf(exchange).find(name => !name.startsWith(tokenPrefix)) ?? ''
    return route({ ...exchange, sink: webSocketSink(() => this.#accept(exchange, upgrading, protocol), upgrading.socket) })
  }

  async #exec(exchange: Exchange, upgrading: Upgrading): Promise<undefined> {
    const request = await execRequest(this.#api, exchange)
    const offered = subprotocolsOf(exchange)
    // Upstream speaks v5 itself, and dials when the client is already connected; all others are the kubelet's affair.
    const v5 = offered.find(name => name === channelProtocols[0])
    if (!v5) dial(this.#api, request.kubelet)
    const protocol = v5 ?? offered.find(name => channelProtocols.includes(name)) ?? (offered.length === 0 ? '' : undefined)
    if (protocol === undefined) throw notSupportedHere(`the subprotocols ${offered.join(', ')}`)
    await exchange.audit?.started(101)
    const socket = this.#accept(exchange, upgrading, protocol)
    await exec(this.#api, request, openChannels(socket, protocol, request))
    return undefined
  }

  async #spdyExec(exchange: Exchange, { socket }: Upgrading): Promise<undefined> {
    const request = await execRequest(this.#api, exchange)
    dial(this.#api, request.kubelet)
    const protocol = await acceptSpdy(exchange, socket, spdyProtocols)
    const channels = await openSpdyChannels(socket, protocol, request)
    if (channels) await exec(this.#api, request, channels)
    return undefined
  }

  async #portForward(exchange: Exchange, upgrading: Upgrading): Promise<undefined> {
    const request = await portForwardRequest(this.#api, exchange)
    dial(this.#api, request.kubelet)
    const offered = subprotocolsOf(exchange)
    const protocol = offered.find(name => portForwardProtocols.includes(name)) ?? (offered.length === 0 ? '' : undefined)
    if (protocol === undefined) throw notSupportedHere(`the subprotocols ${offered.join(', ')}`)
    await exchange.audit?.started(101)
    const socket = this.#accept(exchange, upgrading, protocol)
    if (protocol === tunnelProtocol) await forwardSpdy(this.#api, request, createWebSocketStream(socket))
    else await forwardChannels(this.#api, request, socket, protocol.includes('base64'))
    return undefined
  }

  async #spdyPortForward(exchange: Exchange, { socket }: Upgrading): Promise<undefined> {
    const request = await portForwardRequest(this.#api, exchange)
    dial(this.#api, request.kubelet)
    await acceptSpdy(exchange, socket, [portForwardProtocol])
    await forwardSpdy(this.#api, request, socket)
    return undefined
  }

  /** One message for each piece of the log. */
  async #log(exchange: Exchange, upgrading: Upgrading): Promise<Answer | undefined> {
    const ending = new AbortController()
    upgrading.socket.once('close', () => ending.abort())
    const texts = await openLog(this.#api, exchange, ending)
    if (!texts) return { code: 204, headers: {}, body: '' }
    const protocol = subprotocolsOf(exchange).find(name => logProtocols.includes(name)) ?? ''
    await exchange.audit?.started(101)
    const socket = this.#accept(exchange, upgrading, protocol)
    for await (const text of texts) socket.send(protocol.startsWith('base64') ? Buffer.from(text).toString('base64') : Buffer.from(text))
    socket.close(1000)
    return undefined
  }

  #accept(exchange: Exchange, { socket, head }: Upgrading, protocol: string): WebSocket {
    this.#chosen = protocol
    // The library takes no name with a slash, and kubectl port-forward sends one.
    delete exchange.request.headers['sec-websocket-protocol']
    let accepted: WebSocket | undefined
    this.#server.handleUpgrade(exchange.request, socket, head, webSocket => {
      accepted = webSocket
    })
    if (!accepted) throw new Error('bug: a handshake that was checked failed')
    accepted.on('error', () => accepted?.terminate())
    return accepted
  }
}

const portForwardProtocols = [tunnelProtocol, 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io', portForwardProtocol]
const logProtocols = ['binary.k8s.io', 'base64.binary.k8s.io']

/** Answers that SPDY follows. Throws 403 when the client speaks none of the protocols. */
async function acceptSpdy({ headers, audit }: Exchange, socket: Duplex, accepted: readonly string[]): Promise<string> {
  const offered = [headers['x-stream-protocol-version'] ?? []]
    .flat()
    .flatMap(text => text.split(','))
    .map(name => name.trim())
  const protocol = offered.length === 0 ? accepted.at(-1) : offered.find(name => accepted.includes(name))
  if (protocol === undefined)
    throw new StatusError(
      403,
      'Forbidden',
      `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${accepted.join(' ')}]`,
    )
  await audit?.started(101)
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  )
  return protocol
}

/** What the handshake itself is refused for, as golang.org/x/net/websocket answers. */
function refusalOf({ headers }: Exchange): Answer | undefined {
  if (headers['sec-websocket-version'] !== '13') return textAnswer(400, 'missing or bad WebSocket Version')
  if (!headers['sec-websocket-key']) return textAnswer(400, 'mismatch challenge/response')
  return headers.origin === undefined ? { code: 403, headers: {}, body: '' } : undefined
}

/** A plain answer on a connection that no response object owns. */
export function writeAnswer(socket: Duplex, { code, headers, body }: Answer): void {
  const bytes = Array.isArray(body) ? Buffer.concat(body as Buffer[]) : Buffer.from(body as string)
  const lines = [`HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}`]
  for (const [name, value] of Object.entries({ ...headers, 'content-length': String(bytes.length), connection: 'close' }))
    lines.push(`${name}: ${value}`)
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  socket.end(bytes)
}
