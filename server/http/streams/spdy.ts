// SPDY/3.1 as kubectl and client-go speak it: many streams over one connection, each opened by the client. No flow control: no client of
// Kubernetes has any, and none waits for a window.
import { Duplex } from 'node:stream'
import { constants, createInflate, type Inflate } from 'node:zlib'

export interface SpdyStream {
  headers: Readonly<Record<string, string>>
  /** Ends when the client ends its half. */
  body: Duplex
}

export interface SpdySession {
  /** Nothing more will come; the connection closes when what was written is gone. */
  close(): void
}

const frameType = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7, headers: 8 } as const
const fin = 1
const headBytes = 8
/** A frame's length has 24 bits; ours stay small. */
const portionBytes = 32 * 1024

/** Reads the connection to its end. Broken bytes end it. */
export function serveSpdy(connection: Duplex, onStream: (stream: SpdyStream) => void): SpdySession {
  const session = new Session(connection, onStream)
  void session.read().finally(() => session.end())
  return { close: () => connection.end() }
}

class Session {
  readonly #connection: Duplex
  readonly #onStream: (stream: SpdyStream) => void
  readonly #streams = new Map<number, Duplex>()
  readonly #inflate = createInflate({ dictionary, flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH })
  #replied = false

  constructor(connection: Duplex, onStream: (stream: SpdyStream) => void) {
    this.#connection = connection
    this.#onStream = onStream
    connection.on('error', () => connection.destroy())
    this.#inflate.on('error', () => connection.destroy())
  }

  /** One frame after the other: header blocks share one compression. */
  async read(): Promise<void> {
    let bytes: Buffer = Buffer.alloc(0)
    try {
      for await (const chunk of this.#connection) {
        bytes = bytes.length === 0 ? (chunk as Buffer) : Buffer.concat([bytes, chunk as Buffer])
        while (bytes.length >= headBytes) {
          const end = headBytes + bytes.readUIntBE(5, 3)
          if (bytes.length < end) break
          await this.#frame(bytes.subarray(0, headBytes), bytes.subarray(headBytes, end))
          bytes = bytes.subarray(end)
        }
      }
    } catch {
      // The client is gone, or does not speak SPDY: either way there is nobody to tell.
    }
  }

  end(): void {
    this.#inflate.destroy()
    for (const stream of this.#streams.values()) stream.destroy()
    this.#streams.clear()
    this.#connection.destroy()
  }

  async #frame(head: Buffer, payload: Buffer): Promise<void> {
    const flags = head.readUInt8(4)
    if ((head.readUInt8(0) & 0x80) === 0) return this.#data(head.readUInt32BE(0), flags, payload)
    switch (head.readUInt16BE(2)) {
      case frameType.synStream:
        return this.#open(payload.readUInt32BE(0) & 0x7fffffff, flags, await this.#headers(payload.subarray(10)))
      case frameType.headers:
        await this.#headers(payload.subarray(4))
        return
      case frameType.rstStream:
        this.#streams.get(payload.readUInt32BE(0) & 0x7fffffff)?.destroy()
        return
      case frameType.ping:
        this.#control(frameType.ping, 0, payload)
        return
      case frameType.goAway:
        this.#connection.end()
        return
    }
  }

  #open(id: number, flags: number, headers: Readonly<Record<string, string>>): void {
    const body = this.#stream(id)
    this.#streams.set(id, body)
    this.#control(frameType.synReply, 0, Buffer.concat([uint32(id), this.#noHeaders()]))
    if (flags & fin) body.push(null)
    this.#onStream({ headers, body })
  }

  #data(id: number, flags: number, bytes: Buffer): void {
    const stream = this.#streams.get(id)
    if (!stream || stream.readableEnded || stream.destroyed) return
    if (bytes.length > 0) stream.push(bytes)
    if (flags & fin) stream.push(null)
  }

  #stream(id: number): Duplex {
    const write = (bytes: Buffer, flags: number): boolean => {
      const head = Buffer.alloc(headBytes)
      head.writeUInt32BE(id, 0)
      head.writeUInt8(flags, 4)
      head.writeUIntBE(bytes.length, 5, 3)
      return this.#write(Buffer.concat([head, bytes]))
    }
    const stream: Duplex = new Duplex({
      read() {},
      write: (chunk: Buffer, _encoding, done) => {
        let room = true
        for (let at = 0; at < chunk.length; at += portionBytes) room = write(chunk.subarray(at, at + portionBytes), 0)
        if (room || this.#connection.destroyed) done()
        else this.#connection.once('drain', () => done())
      },
      final: done => {
        write(Buffer.alloc(0), fin)
        done()
      },
      destroy: (error, done) => {
        if (!stream.writableFinished) write(Buffer.alloc(0), fin)
        this.#streams.delete(id)
        done(error)
      },
    })
    stream.on('error', () => stream.destroy())
    return stream
  }

  #control(type: number, flags: number, payload: Buffer): void {
    const head = Buffer.alloc(headBytes)
    head.writeUInt16BE(0x8003, 0)
    head.writeUInt16BE(type, 2)
    head.writeUInt8(flags, 4)
    head.writeUIntBE(payload.length, 5, 3)
    this.#write(Buffer.concat([head, payload]))
  }

  #write(bytes: Buffer): boolean {
    return this.#connection.writable ? this.#connection.write(bytes) : true
  }

  /** A block without headers, in a form that needs no compressor: stored, after the stream's own beginning, and an empty one that flushes. */
  #noHeaders(): Buffer {
    const begin = this.#replied ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x78, 0xbb]), uint32(dictionaryId)])
    this.#replied = true
    return Buffer.concat([begin, Buffer.from([0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff])])
  }

  async #headers(block: Buffer): Promise<Record<string, string>> {
    const bytes = await inflated(this.#inflate, block)
    let at = 0
    const text = (): string => {
      const length = bytes.readUInt32BE(at)
      at += 4 + length
      return bytes.toString('latin1', at - length, at)
    }
    const count = bytes.readUInt32BE(0)
    at = 4
    const headers: Record<string, string> = {}
    for (let index = 0; index < count; index++) headers[text().toLowerCase()] = text()
    return headers
  }
}

function inflated(inflate: Inflate, block: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    inflate.once('error', reject)
    inflate.write(block, () => {
      inflate.off('error', reject)
      resolve((inflate.read() as Buffer | null) ?? Buffer.alloc(0))
    })
  })
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** What both sides' compression starts from, as the SPDY/3 draft has it: words with their lengths, then a text. */
const words =
  'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization ' +
  'cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range ' +
  'content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified ' +
  'location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding ' +
  'upgrade user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie keep-alive origin'
const text =
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No ' +
  'Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 ' +
  'Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,' +
  'image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,' +
  'sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.'
const dictionary = Buffer.concat([
  ...words.split(' ').flatMap(word => [uint32(word.length), Buffer.from(word.replace('_', ' '))]),
  Buffer.from(text),
])
/** Its Adler-32. */
const dictionaryId = 0xe3c6a7c2
