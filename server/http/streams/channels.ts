// Several byte streams over one WebSocket, as kubectl exec speaks: each message begins with its channel number.
import { PassThrough, Writable } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Status } from '../../../openapi/errors.ts'
import { messageOf, partsOf } from './framing.ts'

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const

/** In order of preference. The ones before v4 end with a text on the error channel, not with a Status. */
export const channelProtocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
  '',
]

export interface Channels {
  stdin: PassThrough
  stdout: Writable
  stderr: Writable
  resize(listener: (size: { width: number; height: number }) => void): void
  /** Once all output is sent: says how it ended and closes. */
  finish(status: Pick<Status, 'status' | 'message'>): Promise<void>
  onClose(run: () => void): void
}

export interface Wanted {
  stdin: boolean
  stdout: boolean
  stderr: boolean
}

export function openChannels(socket: WebSocket, protocol: string, wanted: Wanted): Channels {
  const text = protocol.includes('base64')
  const reads = readerOf(socket)
  const send = async (number: number, bytes: Buffer, done?: (error?: Error) => void) => {
    await reads
    if (socket.readyState === socket.OPEN) socket.send(messageOf(number, bytes, text), { binary: !text }, done)
    else done?.()
  }
  const writer = (number: number) =>
    new Writable({ write: (chunk: Buffer | string, _encoding, done) => void send(number, Buffer.from(chunk), () => done()) })
  const [stdout, stderr] = [writer(channel.stdout), writer(channel.stderr)]
  const stdin = new PassThrough()
  let onResize = (_size: { width: number; height: number }): void => {}
  socket.on('message', (data: Buffer) => {
    const [number, bytes] = partsOf(data, text)
    if (number === channel.stdin) stdin.write(bytes)
    else if (number === channel.resize) onResize(sizeOf(bytes))
    else if (number === channel.close && bytes[0] === channel.stdin) stdin.end()
  })
  socket.on('close', () => stdin.end())
  // An empty message opens each stream the client may read.
  if (wanted.stdout) void send(channel.stdout, Buffer.alloc(0))
  if (wanted.stderr) void send(channel.stderr, Buffer.alloc(0))
  return {
    stdin,
    stdout,
    stderr,
    resize: listener => {
      onResize = listener
    },
    async finish(status) {
      await Promise.all([stdout, stderr].map(ended))
      await send(channel.error, Buffer.from(lastWords(protocol, status)))
      socket.close(1000)
    },
    onClose: run => void socket.on('close', run),
  }
}

/** What the error channel says at the end. */
export function lastWords(protocol: string, status: Pick<Status, 'status' | 'message'>): string {
  if (/^v[45]/.test(protocol)) return JSON.stringify(status)
  return status.status === 'Success' ? '' : (status.message ?? '')
}

/** Resolves when the client reads: kubectl before v1.34 throws away what comes before it has made its streams. */
const readerOf = (socket: WebSocket): Promise<void> =>
  new Promise(resolve => {
    socket.once('pong', () => resolve()).once('close', () => resolve())
    socket.ping()
  })

export const ended = (stream: Writable): Promise<void> => new Promise(resolve => stream.end(resolve))

export function sizeOf(bytes: Buffer): { width: number; height: number } {
  try {
    const size = JSON.parse(bytes.toString()) as { Width?: number; Height?: number }
    return { width: size.Width ?? 0, height: size.Height ?? 0 }
  } catch {
    // A client that sends no size has none.
    return { width: 0, height: 0 }
  }
}
