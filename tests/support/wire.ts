// Requests below the level of any client library: bytes on a TLS connection, and HTTPS requests with any body and headers.
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { type Cluster, type StartOptions, startCluster } from '../../server/index.ts'

export interface Bare extends AsyncDisposable {
  cluster: Cluster
  port: number
  /** What was logged as a failure of the server's own. */
  errors: unknown[]
}

/** An API server alone, that remembers what it could not explain. */
export async function bareServer(options: StartOptions = {}): Promise<Bare> {
  const errors: unknown[] = []
  const cluster = await startCluster({ nodes: 0, controllers: '', logError: error => errors.push(error), ...options })
  return { cluster, port: Number(new URL(cluster.url).port), errors, [Symbol.asyncDispose]: () => cluster.close() }
}

export interface Reply {
  code: number
  headers: IncomingMessage['headers']
  text: string
  bytes: Buffer
  body: { kind?: string; code?: number; reason?: string; message?: string; metadata?: { name?: string; resourceVersion?: string } }
}

export interface Sent {
  method: string
  path: string
  body?: string | Buffer
  type?: string
  headers?: Record<string, string>
}

/** Resolves with the answer, whatever it is. */
export async function send({ cluster, port }: Bare, { method, path, body, type = 'application/json', headers }: Sent): Promise<Reply> {
  const own = {
    authorization: `Bearer ${cluster.adminToken}`,
    'content-type': type,
    'content-length': String(Buffer.byteLength(body ?? '')),
  }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      method,
      path,
      agent: false as const,
      rejectUnauthorized: false,
      headers: { ...own, ...headers },
    }
    request(options, resolve).on('error', reject).end(body)
  })
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part as Buffer)
  const bytes = Buffer.concat(parts)
  const text = bytes.toString()
  const isJson = response.headers['content-type']?.startsWith('application/json')
  return { code: response.statusCode ?? 0, headers: response.headers, text, bytes, body: isJson ? JSON.parse(text) : {} }
}

export const open = ({ port }: Bare): TLSSocket =>
  connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }).on('error', () => {})

export const openPlain = ({ port }: Bare): Socket => connect(port, '127.0.0.1').on('error', () => {})

/** Everything until the other side closes. */
export function received(socket: Socket): Promise<string> {
  return new Promise(resolve => {
    let text = ''
    socket.on('data', part => {
      text += part
    })
    socket.on('close', () => resolve(text))
  })
}

/** Everything up to and with this text; also when the other side closes without it. */
export function until(socket: Socket, wanted: string): Promise<string> {
  return new Promise(resolve => {
    let text = ''
    socket.on('data', part => {
      text += part
      if (text.includes(wanted)) resolve(text)
    })
    socket.on('close', () => resolve(text))
  })
}

export const head = ({ cluster }: Bare, line: string, ...headers: string[]): string =>
  [line, 'Host: x', `Authorization: Bearer ${cluster.adminToken}`, ...headers, '', ''].join('\r\n')
