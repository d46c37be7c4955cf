// Requests that ask for another protocol on their connection: exec and watches over WebSocket. All else is answered as if they had not asked.
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { notSupportedHere } from '../../../openapi/errors.ts'
import type { Api } from '../api.ts'
import { type Answer, type Exchange, textAnswer } from '../exchange.ts'
import { flag } from '../query.ts'
import { channelProtocols, openChannels } from './channels.ts'
import { exec, execRequest } from './exec.ts'
import { webSocketSink } from './sink.ts'

const tokenPrefix = 'base64url.bearer.authorization.k8s.io.'

export const subprotocolsOf = ({ headers }: Pick<Exchange, 'headers'>): string[] =>
  (headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')

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
  readonly #server = new WebSocketServer({ noServer: true, handleProtocols: () => this.#chosen || false })
  #chosen = ''

  constructor(api: Api) {
    this.#api = api
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
    if (headers.upgrade?.toLowerCase() !== 'websocket') {
      if (info.subresource !== 'exec') return route(exchange)
      await execRequest(this.#api, exchange)
      throw notSupportedHere(`${headers.upgrade || 'an empty upgrade'}: use WebSockets`)
    }
    if (info.resource === 'pods' && info.subresource === 'exec') return this.#exec(exchange, upgrading)
    if (!info.watchPath && !flag(exchange.query, 'watch')) return route(exchange)
    const refusal = refusalOf(exchange)
    if (refusal) return refusal
    const protocol = subprotocolsOf(exchange).find(name => !name.startsWith(tokenPrefix)) ?? ''
    return route({ ...exchange, sink: webSocketSink(() => this.#accept(exchange, upgrading, protocol), upgrading.socket) })
  }

  async #exec(exchange: Exchange, upgrading: Upgrading): Promise<undefined> {
    const request = await execRequest(this.#api, exchange)
    const offered = subprotocolsOf(exchange)
    const protocol = offered.find(name => channelProtocols.includes(name)) ?? (offered.length === 0 ? '' : undefined)
    if (protocol === undefined) throw notSupportedHere(`the subprotocols ${offered.join(', ')}`)
    const socket = this.#accept(exchange, upgrading, protocol)
    await exec(this.#api, request, openChannels(socket, protocol, request))
    return undefined
  }

  #accept(exchange: Exchange, { socket, head }: Upgrading, protocol: string): WebSocket {
    this.#chosen = protocol
    let accepted: WebSocket | undefined
    this.#server.handleUpgrade(exchange.request, socket, head, webSocket => {
      accepted = webSocket
    })
    if (!accepted) throw new Error('bug: a handshake that was checked failed')
    accepted.on('error', () => accepted?.terminate())
    return accepted
  }
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
