// The channels of exec and attach as streams of a SPDY connection: the client opens each, and says in a header which it is.
import type { Duplex, Writable } from 'node:stream'
import { PassThrough } from 'node:stream'
import { type Channels, ended, lastWords, sizeOf, type Wanted } from './channels.ts'
import { type SpdyStream, serveSpdy } from './spdy.ts'

/** In no order of preference: the client's own counts. */
export const spdyProtocols = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io']

const sizes = 'resize'

/** Resolves when the client has opened all streams; without them when it goes before. `tty`: and one for the size of its terminal. */
export function openSpdyChannels(connection: Duplex, protocol: string, wanted: Wanted & { tty: boolean }): Promise<Channels | undefined> {
  const expected = (['stdin', 'stdout', 'stderr'] as const).filter(name => wanted[name]).concat(['error'] as never[]) as string[]
  if (wanted.tty && protocol !== 'channel.k8s.io' && protocol !== 'v2.channel.k8s.io') expected.push(sizes)
  return new Promise(resolve => {
    const streams = new Map<string, Duplex>()
    connection.once('close', () => resolve(undefined))
    const session = serveSpdy(connection, ({ headers, body }: SpdyStream) => {
      streams.set(headers.streamtype ?? '', body)
      if (expected.every(name => streams.has(name))) resolve(joined())
    })
    const joined = (): Channels => {
      const [stdout, stderr, error] = ['stdout', 'stderr', 'error'].map(name => streams.get(name) ?? unread()) as [
        Writable,
        Writable,
        Writable,
      ]
      return {
        stdin: (streams.get('stdin') ?? new PassThrough().end()) as Channels['stdin'],
        stdout,
        stderr,
        resize: listener => void streams.get(sizes)?.on('data', (bytes: Buffer) => listener(sizeOf(bytes))),
        async finish(status) {
          await Promise.all([stdout, stderr].map(ended))
          error.write(lastWords(protocol, status))
          await ended(error)
          session.close()
        },
        onClose: run => void connection.once('close', run),
      }
    }
  })
}

const unread = (): Writable => new PassThrough().resume()
