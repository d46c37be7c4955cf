// Connections that never leave the process: two ends, and an HTTP server at one of them.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'

/** What one end writes the other reads. An end that goes before it has ended takes the other along. */
export function connectionPair(): [Duplex, Duplex] {
  const ends: Duplex[] = []
  const resumes: ((() => void) | undefined)[] = []
  const end = (own: number, other: number): Duplex => {
    const duplex: Duplex = new Duplex({
      read() {
        const resume = resumes[own]
        resumes[own] = undefined
        resume?.()
      },
      write(chunk: Buffer, _encoding, done) {
        if (ends[other]?.destroyed || chunk.length === 0) return done()
        // Before the push: the reader may ask for more while it is handed this.
        resumes[other] = done
        ends[other]?.push(chunk)
      },
      final(done) {
        ends[other]?.push(null)
        done()
      },
      destroy(error, done) {
        resumes[own]?.()
        if (!duplex.writableFinished) setImmediate(() => ends[other]?.destroy())
        done(error)
      },
    })
    return duplex.on('error', () => {})
  }
  ends.push(end(0, 1), end(1, 0))
  return [ends[0] as Duplex, ends[1] as Duplex]
}

export type Respond = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** A server that listens nowhere: it answers on the connections it is given. */
export class HttpServer {
  readonly #responders = new WeakMap<object, Respond>()
  readonly #server = createServer((request, response) => {
    const respond = this.#responders.get(request.socket)
    void respond?.(request, response).catch(() => response.destroy())
  })

  /** The client's end of a new connection. */
  connect(respond: Respond): Duplex {
    const [client, own] = connectionPair()
    this.#responders.set(own, respond)
    this.#server.emit('connection', own)
    return client
  }
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
