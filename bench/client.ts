// The client side: HTTPS over kept-alive connections with the admin's token. What it costs itself is not counted.
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { gunzipSync } from 'node:zlib'

export interface Reply {
  code: number
  body: string
}

export interface Call {
  method: string
  path: string
  body?: string | Buffer
  contentType?: string
  accept?: string
  /** Asks for it; what comes is unpacked. */
  gzip?: boolean
}

const connections = 4

export class Client {
  token = ''
  readonly #port: number
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connections, rejectUnauthorized: false, scheduling: 'fifo' })
  readonly #streams = new Agent({ rejectUnauthorized: false })

  constructor(port: number) {
    this.#port = port
  }

  /** Throws for anything but success. */
  async request(method: string, path: string, more: Omit<Call, 'method' | 'path'> = {}): Promise<Reply> {
    const response = await this.#send({ method, path, ...more }, this.#agent)
    const parts: Buffer[] = []
    for await (const part of response) parts.push(part as Buffer)
    const bytes = Buffer.concat(parts)
    const plain = response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
    const reply = { code: response.statusCode ?? 0, body: plain.toString() }
    if (reply.code >= 300) throw new Error(`${method} ${path}: ${reply.code} ${reply.body.slice(0, 500)}`)
    return reply
  }

  /** Sends all calls, as many at a time as there are connections. */
  async all(calls: readonly Call[]): Promise<void> {
    let next = 0
    const worker = async () => {
      for (let call = calls[next++]; call; call = calls[next++]) await this.request(call.method, call.path, call)
    }
    await Promise.all(Array.from({ length: connections }, worker))
  }

  /** Opens a watch and counts its events; returns close. */
  async watch(path: string, onEvent: () => void): Promise<() => void> {
    const response = await this.#send({ method: 'GET', path }, this.#streams)
    response.on('data', (part: Buffer) => {
      for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) onEvent()
    })
    response.on('error', () => {})
    return () => response.destroy()
  }

  async isReady(): Promise<boolean> {
    try {
      return (await this.request('GET', '/readyz')).code === 200
    } catch {
      return false
    }
  }

  close(): void {
    this.#agent.destroy()
    this.#streams.destroy()
  }

  #send(
    { method, path, body, contentType = 'application/json', accept = 'application/json', gzip = false }: Call,
    agent: Agent,
  ): Promise<IncomingMessage> {
    const headers: Record<string, string | number> = { accept, authorization: `Bearer ${this.token}`, 'user-agent': 'bench/1' }
    if (gzip) headers['accept-encoding'] = 'gzip'
    if (body !== undefined) Object.assign(headers, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) })
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: this.#port, method, path, headers, agent }, resolve).on('error', reject).end(body)
    })
  }
}
