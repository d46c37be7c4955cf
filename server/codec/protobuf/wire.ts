// The protobuf wire format: varints, lengths, tags.

export class ProtobufError extends Error {}

export class Reader {
  readonly #bytes: Buffer
  #at: number
  readonly #end: number

  /** From `at` to before `end`. */
  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#at = at
    this.#end = end
  }

  done(): boolean {
    return this.#at >= this.#end
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
    return this.#bytes.subarray(this.#part(), this.#at)
  }

  text(): string {
    return this.#bytes.toString('utf8', this.#part(), this.#at)
  }

  /** A nested message. */
  message(): Reader {
    return new Reader(this.#bytes, this.#part(), this.#at)
  }

  /** Where a part begins that says its length; reading goes on behind it. */
  #part(): number {
    const length = this.int()
    const start = this.#at
    if (length < 0 || start + length > this.#end) throw new ProtobufError('unexpected EOF')
    this.#at = start + length
    return start
  }

  double(): number {
    const start = this.#at
    this.#advance(8)
    return this.#bytes.readDoubleLE(start)
  }

  skip(wire: number): void {
    if (wire === 0) this.#long()
    else if (wire === 1) this.#advance(8)
    else if (wire === 2) this.bytes()
    else if (wire === 5) this.#advance(4)
    else throw new ProtobufError(`proto: illegal wireType ${wire}`)
  }

  #advance(count: number): void {
    if (this.#at + count > this.#end) throw new ProtobufError('unexpected EOF')
    this.#at += count
  }

  #byte(): number {
    if (this.#at >= this.#end) throw new ProtobufError('unexpected EOF')
    return this.#bytes[this.#at++] as number
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

  /** A nested message. */
  message(id: number, write: (nested: Writer) => void): void {
    const start = this.begin(id)
    write(this)
    this.end(start)
  }

  /** A nested message begins; where, end() has to be told: the length is put in front once it is known. */
  begin(id: number): number {
    this.tag(id, 2)
    this.#reserve(1)
    // Most are short: a byte is left for the length.
    return ++this.#at
  }

  end(start: number): void {
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
