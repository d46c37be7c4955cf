// A plain-HTTP proxy in front of a cluster: whoever comes through it is the admin, and what is asked is written down.
import { createServer, type IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Cluster } from '../../server/index.ts'

export type Requested = [method: string, path: string, status: number]

export interface RecordingProxy extends AsyncDisposable {
  url: string
  /** In the order in which they came; taken out. */
  take(): Requested[]
}

export async function recordingProxy(cluster: Cluster): Promise<RecordingProxy> {
  let requests: Requested[] = []
  const fileOf = (name: string) => Buffer.from(new RegExp(`${name}: (\\S+)`).exec(cluster.kubeconfig)?.[1] ?? '', 'base64')
  const asAdmin = { cert: fileOf('client-certificate-data'), key: fileOf('client-key-data') }
  const forward = (incoming: IncomingMessage) => {
    const { method = '', url = '' } = incoming
    const entry: Requested = [method, url, 0]
    requests.push(entry)
    const outgoing = request(new URL(url, cluster.url), {
      method,
      headers: incoming.headers,
      ...asAdmin,
      rejectUnauthorized: false,
      agent: false,
    })
    return { entry, outgoing }
  }
  const sockets = new Set<Duplex>()
  const server = createServer((incoming, answer) => {
    const { entry, outgoing } = forward(incoming)
    outgoing.on('response', got => {
      entry[2] = got.statusCode ?? 0
      answer.writeHead(entry[2], got.headers)
      answer.flushHeaders()
      got.pipe(answer)
    })
    outgoing.on('error', () => answer.destroy())
    answer.on('close', () => outgoing.destroy())
    incoming.pipe(outgoing)
  })
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { entry, outgoing } = forward(incoming)
    const raw = ({ statusCode = 0, statusMessage = '', rawHeaders }: IncomingMessage) => {
      entry[2] = statusCode
      const lines = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : []))
      socket.write(`HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join('\r\n')}\r\n\r\n`)
    }
    outgoing.on('upgrade', (got, other, rest) => {
      raw(got)
      if (rest.length > 0) socket.write(rest)
      if (head.length > 0) other.write(head)
      socket.pipe(other).pipe(socket)
      other.on('error', () => socket.destroy())
    })
    outgoing.on('response', got => {
      raw(got)
      got.pipe(socket)
    })
    outgoing.on('error', () => socket.destroy())
    socket.on('error', () => outgoing.destroy())
    outgoing.end()
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = requests
      requests = []
      return taken
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
