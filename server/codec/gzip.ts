// One gzip stream (RFC 1952) out of parts that were compressed apart, each at its own time. They could be members of their own, but not every
// client reads on after the first; so they are blocks of one member, whose checksum is worked out from theirs.
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

export interface Deflated {
  /** Whole blocks, none of them the last. */
  bytes: Buffer
  /** Of what went in. */
  crc: number
  size: number
}

const deflateRaw = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.deflateRaw)
/** Level 1: what is saved by a higher one is not worth its time within a machine. */
const options = { level: 1, finishFlush: zlib.constants.Z_SYNC_FLUSH }

/** As many at a time as Node has threads for them: each takes a quarter of a megabyte while it runs. */
const atOnce = 4
let running = 0
const waiting: (() => void)[] = []

export async function deflated(joined: () => Buffer): Promise<Deflated> {
  if (running === atOnce) await new Promise<void>(resolve => waiting.push(resolve))
  else running++
  try {
    const plain = joined()
    return { bytes: await deflateRaw(plain, options), crc: crc32(plain), size: plain.length }
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3])
/** An empty block that is the last one. */
const lastBlock = Buffer.from([3, 0])

export function gzipped(parts: readonly Deflated[]): Buffer[] {
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(parts.reduce((crc, part) => combined(crc, part.crc, part.size), 0))
  trailer.writeUInt32LE(parts.reduce((size, part) => size + part.size, 0) % 2 ** 32, 4)
  return [head, ...parts.map(({ bytes }) => bytes), lastBlock, trailer]
}

const polynomial = 0xedb88320

/** Node's own since v20.15. */
const crc32 = (zlib as { crc32?(bytes: Buffer): number }).crc32 ?? tableCrc32()

function tableCrc32(): (bytes: Buffer) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1
    return value
  })
  return bytes => {
    let crc = 0xffffffff
    for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
    return (crc ^ 0xffffffff) >>> 0
  }
}

// zlib's crc32_combine: polynomials over GF(2), bits reversed.
function combined(first: number, second: number, secondSize: number): number {
  return (times(powerOfX(secondSize), first) ^ second) >>> 0
}

function times(a: number, b: number): number {
  let product = 0
  for (let mask = 0x80000000; mask !== 0; mask >>>= 1) {
    if (a & mask) product ^= b
    b = b & 1 ? (b >>> 1) ^ polynomial : b >>> 1
  }
  return product >>> 0
}

/** x to the power of so many bits as the bytes have. */
function powerOfX(bytes: number): number {
  let power = 0x80000000
  let square = 0x00800000
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = times(square, power)
    square = times(square, square)
  }
  return power
}
