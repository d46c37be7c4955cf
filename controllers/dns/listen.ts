// The UDP and TCP port on which the world outside the cluster asks its DNS.
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Transport } from './query.ts'

export interface DnsListener {
  port: number
  close(): Promise<void>
}

type Ask = (bytes: Uint8Array, transport: Transport) => Uint8Array | undefined

const attempts = 20

/** One port for both transports; 0 takes a free one. */
export async function listenDns(ask: Ask, { host, port }: { host: string; port: number }): Promise<DnsListener> {
  for (let attempt = 1; ; attempt++) {
    const tcp = await listenTcp(ask, host, port)
    const chosen = (tcp.server.address() as AddressInfo).port
    try {
      const udp = await listenUdp(ask, host, chosen)
      return {
        port: chosen,
        async close() {
          await Promise.all([tcp.close(), new Promise<void>(done => udp.close(() => done()))])
        },
      }
    } catch (error) {
      await tcp.close()
      // A free TCP port may be somebody's UDP port.
      if (port !== 0 || attempt >= attempts) throw error
    }
  }
}

function listenUdp(ask: Ask, host: string, port: number): Promise<UdpSocket> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.on('message', (message, from) => {
    const answer = ask(message, 'udp')
    // Nobody listens on port 0, and Node refuses to send there.
    if (answer && from.port > 0) socket.send(answer, from.port, from.address)
  })
  return new Promise((done, failed) => {
    socket.once('error', failed)
    socket.bind(port, host, () => {
      socket.off('error', failed)
      // An answer nobody waits for any more.
      socket.on('error', () => {})
      done(socket)
    })
  })
}

async function listenTcp(ask: Ask, host: string, port: number): Promise<{ server: Server; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    serveTcp(ask, socket)
  })
  await new Promise<void>((done, failed) => server.once('error', failed).listen(port, host, done))
  return {
    server,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise(done => server.close(() => done()))
    },
  }
}

/** Each message is preceded by its length. Who does not read answers is not read from. */
function serveTcp(ask: Ask, socket: Socket): void {
  let pending: Buffer = Buffer.alloc(0)
  socket.on('drain', () => socket.resume())
  socket.on('data', chunk => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const length = pending.readUInt16BE(0)
      const answer = ask(pending.subarray(2, 2 + length), 'tcp')
      pending = pending.subarray(2 + length)
      if (answer && !socket.write(Buffer.concat([Buffer.of(answer.length >> 8, answer.length & 255), answer]))) socket.pause()
    }
  })
}
