// An answer onto the wire. A large one goes in portions, as fast as the client reads them.
import type { ServerResponse } from 'node:http'
import { type Answer, bodyLength, type Exchange, warningHeader } from './exchange.ts'

/** Answers up to this size, in bytes, go out together with their headers. */
const singleBytes = 16 * 1024

/** Many small writes cost more than joining them, one large one costs its size in memory twice. */
const portionBytes = 256 * 1024

/** Resolves when all is handed over, or the client is gone. */
export async function send(raw: ServerResponse, exchange: Exchange, { code, headers, body }: Answer): Promise<void> {
  if (isGone(raw) || raw.headersSent) return
  for (const [name, value] of Object.entries(headers)) raw.setHeader(name, value)
  const warnings = [...new Set(exchange.warnings)]
  if (warnings.length > 0) raw.setHeader('warning', warnings.map(warningHeader))
  raw.statusCode = code
  raw.setHeader('content-length', bodyLength(body))
  if (exchange.method === 'HEAD') raw.end()
  else if (Array.isArray(body)) await sendParts(raw, body as readonly Buffer[])
  else raw.end(body)
}

async function sendParts(raw: ServerResponse, parts: readonly Buffer[]): Promise<void> {
  let portion: Buffer[] = []
  let size = 0
  for (const part of parts) {
    portion.push(part)
    size += part.length
    if (size < portionBytes) continue
    if (!raw.write(Buffer.concat(portion, size))) await drained(raw)
    if (isGone(raw)) return
    portion = []
    size = 0
  }
  const last = Buffer.concat(portion, size)
  // As latin1 text it goes out in one piece with the headers: one TLS record instead of two.
  if (raw.headersSent || size > singleBytes || raw.req.httpVersionMajor !== 1) raw.end(last)
  else raw.end(last.toString('latin1'), 'latin1')
}

/** A response over HTTP/2 knows it only by its stream. */
const isGone = (raw: ServerResponse & { stream?: { destroyed: boolean } }): boolean => raw.destroyed || raw.stream?.destroyed === true

const drained = (raw: ServerResponse): Promise<void> =>
  new Promise(resolve => {
    const done = () => {
      raw.off('drain', done).off('close', done)
      resolve()
    }
    raw.on('drain', done).on('close', done)
  })
