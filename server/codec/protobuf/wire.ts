// The protobuf wire format: varints, lengths, tags.

export class ProtobufError extends Error {}

const decoder = new TextDecoder()

export class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  done(): boolean {
    return this.#at >= this.#bytes.length
  }

  tag(): { id: number; wire: number } {
    const key = this.int()
    return { id: key >>> 3, wire: key & 7 }
  }

  /** A varint that fits a double; negative numbers take ten bytes. */
  int(): number {
    let low = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte()
      low |= (byte & 0x7f) << shift
      if (byte < 0x80) return low
    }
    this.#at -= 4
    return Number(BigInt.asIntN(64, this.#long()))
  }

  #long(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new ProtobufError('integer overflow')
  }

  bytes(): Uint8Array {
    const length = this.int()
    if (length < 0 || this.#at + length > this.#bytes.length) throw new ProtobufError('unexpected EOF')
    const part = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return part
  }

  text(): string {
    return decoder.decode(this.bytes())
  }

  double(): number {
    if (this.#at + 8 > this.#bytes.length) throw new ProtobufError('unexpected EOF')
    const value = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, 8).getFloat64(0, true)
    this.#at += 8
    return value
  }

  skip(wire: number): void {
    if (wire === 0) this.#long()
    else if (wire === 1) this.#advance(8)
    else if (wire === 2) this.bytes()
    else if (wire === 5) this.#advance(4)
    else throw new ProtobufError(`proto: illegal wireType ${wire}`)
  }

  #advance(count: number): void {
    if (this.#at + count > this.#bytes.length) throw new ProtobufError('unexpected EOF')
    this.#at += count
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw new ProtobufError('unexpected EOF')
    return byte
  }
}

/** A length that fits one byte, with its text. */
const shortText = 0x80

/** What the last writer wrote into: one is done before the next begins, mostly. */
let spare: Buffer | undefined
const largestSpare = 64 * 1024

export class Writer {
  #buffer = spare ?? Buffer.allocUnsafeSlow(8 * 1024)
  #at = 0

  constructor() {
    spare = undefined
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.#at)
    this.#at += bytes.length
  }

  varint(value: number): void {
    this.#reserve(10)
    if (value < 0 || value > 0x7fffffff) {
      let rest = BigInt.asUintN(64, BigInt(Math.trunc(value)))
      while (rest > 0x7fn) {
        this.#buffer[this.#at++] = Number(rest & 0x7fn) | 0x80
        rest >>= 7n
      }
      this.#buffer[this.#at++] = Number(rest)
      return
    }
    while (value > 0x7f) {
      this.#buffer[this.#at++] = (value & 0x7f) | 0x80
      value >>>= 7
    }
    this.#buffer[this.#at++] = value
  }

  tag(id: number, wire: number): void {
    this.varint((id << 3) | wire)
  }

  int(id: number, value: number): void {
    this.tag(id, 0)
    this.varint(value)
  }

  double(id: number, value: number): void {
    this.tag(id, 1)
    this.#reserve(8)
    this.#buffer.writeDoubleLE(value, this.#at)
    this.#at += 8
  }

  bytes(id: number, value: Uint8Array): void {
    this.tag(id, 2)
    this.varint(value.length)
    this.raw(value)
  }

  string(id: number, value: string): void {
    this.tag(id, 2)
    if (value.length < shortText && this.#ascii(value)) return
    const length = Buffer.byteLength(value)
    this.varint(length)
    this.#reserve(length)
    this.#buffer.write(value, this.#at)
    this.#at += length
  }

  /** False, and nothing written, unless each character is one byte. Of short texts cheaper than a call of the engine. */
  #ascii(value: string): boolean {
    const length = value.length
    this.#reserve(length + 1)
    const buffer = this.#buffer
    const start = this.#at + 1
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i)
      if (code > 0x7f) return false
      buffer[start + i] = code
    }
    buffer[this.#at] = length
    this.#at = start + length
    return true
  }

  /** A nested message; its length is put in front once it is known. */
  message(id: number, write: (nested: Writer) => void): void {
    this.tag(id, 2)
    this.#reserve(1)
    // Most are short: a byte is left for the length.
    const start = ++this.#at
    write(this)
    const length = this.#at - start
    if (length > 0x7f) this.#prefix(start - 1, lengthBytes(length))
    else this.#buffer[start - 1] = length
  }

  /** Puts a length in front of what was written, in place of the byte that was left for it. */
  #prefix(at: number, length: readonly number[]): void {
    this.#reserve(length.length)
    this.#buffer.copyWithin(at + length.length, at + 1, this.#at)
    this.#buffer.set(length, at)
    this.#at += length.length - 1
  }

  /** Ends the writing. The bytes are in memory of their own: most are kept, and a part of Node's pool would keep the pool with it. */
  finish(): Buffer {
    const bytes = Buffer.allocUnsafeSlow(this.#at)
    this.#buffer.copy(bytes, 0, 0, this.#at)
    if (this.#buffer.length <= largestSpare) spare = this.#buffer
    this.#buffer = Buffer.alloc(0)
    this.#at = 0
    return bytes
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + length))
    larger.set(this.#buffer.subarray(0, this.#at))
    this.#buffer = larger
  }
}

/** As a varint. */
export function lengthBytes(length: number): number[] {
  const bytes: number[] = []
  while (length > 0x7f) {
    bytes.push((length & 0x7f) | 0x80)
    length >>>= 7
  }
  return [...bytes, length]
}
