// Requests on a connection of their own, written and read as bytes: handshakes of WebSockets, and the frames that follow.
import { connect } from 'node:tls'
import type { Cluster } from '../../server/index.ts'
import { normalise } from './normalise.ts'

/** The key of RFC 6455's example, for which the accept header is known. */
const key = 'dGhlIHNhbXBsZSBub25jZQ=='

export interface Got {
  code: number
  headers: Record<string, string>
  body: Buffer
}

export const lower = (headers: Record<string, string | null> = {}): Record<string, string | null> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

export function head(
  method: string,
  path: string,
  { url, adminToken }: Cluster,
  headers: Record<string, string | null>,
  ...[body, auth]: [body: string, auth?: 'none']
): string {
  const token = Buffer.from(adminToken).toString('base64url')
  const all: Record<string, string | null> = {
    host: new URL(url).host,
    ...(auth === 'none' ? {} : { authorization: `Bearer ${adminToken}` }),
    ...(body ? { 'content-length': String(Buffer.byteLength(body)) } : {}),
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value.replace('<base64url token>', token)}`],
  )
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}

/** The headers of a handshake. */
export const handshake = (protocols: string | undefined, more: Record<string, string | null> = {}): Record<string, string | null> => ({
  connection: 'Upgrade',
  upgrade: 'websocket',
  origin: 'http://localhost',
  'sec-websocket-version': '13',
  'sec-websocket-key': key,
  ...(protocols ? { 'sec-websocket-protocol': protocols } : {}),
  ...lower(more),
})

/** Sends bytes, and reads until `done`. */
export function exchange(cluster: Cluster, request: string, done: (got: Got, ended: boolean) => Promise<boolean> | boolean): Promise<Got> {
  const { hostname: host, port } = new URL(cluster.url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }, () =>
      socket.write(request),
    )
    let bytes = Buffer.alloc(0)
    let pings = 0
    const look = async (ended: boolean) => {
      const got = parse(bytes)
      if (got?.code === 101) for (const asked = allFrames(got.body).filter(isPing).length; pings < asked; pings++) socket.write(pong)
      if (!got || !((await done(got, ended)) || ended)) return
      socket.destroy()
      resolve(got)
    }
    socket.on('data', chunk => {
      bytes = Buffer.concat([bytes, chunk])
      void look(false)
    })
    socket.on('end', () => void look(true))
    socket.on('error', reject)
  })
}

function parse(bytes: Buffer): Got | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [status = '', ...lines] = bytes.subarray(0, end).toString().split('\r\n')
  const headers = Object.fromEntries(lines.map(line => [line.split(':')[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 1).trim()]))
  return { code: Number(status.split(' ')[1]), headers, body: bytes.subarray(end + 4) }
}

export const complete = ({ headers, body }: Got): boolean => body.length >= Number(headers['content-length'] ?? 0)

interface Frame {
  fin: boolean
  opcode: number
  payload: Buffer
}

/** Empty, and masked by nothing. */
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0])
const isPing = ({ opcode }: Frame): boolean => opcode === 9

/** Without the pings, which this server sends to learn that it is listened to. */
export const webSocketFrames = (bytes: Buffer): Frame[] => allFrames(bytes).filter(frame => !isPing(frame))

function allFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = []
  let at = 0
  while (at + 2 <= bytes.length) {
    const short = bytes.readUInt8(at + 1) & 127
    const start = at + (short === 126 ? 4 : short === 127 ? 10 : 2)
    if (start > bytes.length) break
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short
    if (start + length > bytes.length) break
    frames.push({
      fin: (bytes.readUInt8(at) & 128) !== 0,
      opcode: bytes.readUInt8(at) & 15,
      payload: bytes.subarray(start, start + length),
    })
    at = start + length
  }
  return frames
}

/** A frame in the form of the recording. */
export function shown({ fin, opcode, payload }: Frame): unknown {
  if (opcode === 8) return { fin, opcode, close: { status: payload.readUInt16BE(0), reason: payload.subarray(2).toString() } }
  // Of a binary one the length of the whole, which depends on the versions' digits, does not count.
  if (opcode === 2) return { fin, opcode, first8: payload.subarray(0, 8).toString('hex') }
  const text = payload.toString()
  return { fin, opcode, json: normalise(JSON.parse(text)), endsWithNewline: text.endsWith('\n') }
}

export const sameForm = ({ first16, ...frame }: Record<string, unknown>): unknown =>
  first16 === undefined ? frame : { ...frame, first8: String(first16).slice(0, 16) }
