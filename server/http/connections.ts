// The connections of the server, from their first byte to its close. Plain HTTP spoken to the TLS port gets the sentence Go's server
// says, instead of a broken handshake.
import type { Server, Socket } from 'node:net'

const handshake = 0x16
const answer = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'

/** Puts itself before the server's own handling, which reads on from where this looked. Returns what ends them all, whatever they wait for. */
export function guardConnections(server: Server): () => void {
  const open = new Set<Socket>()
  const secure = server.listeners('connection') as ((socket: Socket) => void)[]
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.once('readable', () => {
      const bytes = socket.read() as Buffer | null
      if (!bytes) return void socket.destroy()
      if (isHttp(bytes)) return void socket.end(answer)
      socket.unshift(bytes)
      for (const listener of secure) listener.call(server, socket)
    })
  })
  return () => {
    for (const socket of open) socket.destroy()
  }
}

const isHttp = (bytes: Buffer): boolean => bytes[0] !== handshake && /^[A-Z]+ /.test(bytes.toString('latin1', 0, 16))
