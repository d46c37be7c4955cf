// A DNS answer as bytes. Names are compressed only where the plain message is too long, records left out only where that does not help.
import type { Answer, DnsRecord } from './answer.ts'
import { type Edns, type Query, type Rcode, rcodes, types } from './packet.ts'

/** More than this is compressed on UDP, even where the asker would take it. */
const plainUdpBytes = 1480
const smallestUdpBytes = 512
const tcpBytes = 65535
/** How far a compression pointer reaches. */
const pointerReach = 0x4000
/** NSID, expire, cookie, keep-alive, padding: sent back as they came. */
const echoedOptions = new Set([3, 9, 10, 11, 12])
const truncatedFlag = 0x0200

export type Printable = Omit<Answer, 'rcode'> & { rcode: Rcode }

export function printAnswer(query: Query, answer: Printable, transport: 'udp' | 'tcp'): Uint8Array {
  const limit = transport === 'tcp' ? tcpBytes : Math.max(smallestUdpBytes, query.edns?.udpSize ?? 0)
  const plain = write(query, answer, { compress: false, limit: transport === 'tcp' ? limit : Math.min(limit, plainUdpBytes) })
  return plain.complete ? plain.bytes : write(query, answer, { compress: true, limit }).bytes
}

/** As many records as fit, in order: so ADDITIONAL gives way first, then ANSWER. */
function write(query: Query, answer: Printable, { compress, limit }: { compress: boolean; limit: number }) {
  const out = new Writer(compress)
  const sections = [answer.answer, answer.authority, answer.additional]
  const counts = [0, 0, 0]
  const opt = query.edns ? optOf(query.edns, rcodes[answer.rcode] >> 4) : undefined
  const room = limit - (opt?.length ?? 0)
  out.header(query, answer)
  out.question(query)
  let complete = true
  for (const [index, section] of sections.entries())
    for (const record of section) {
      complete &&= out.record(record, room)
      if (complete) counts[index] = (counts[index] ?? 0) + 1
      else break
    }
  if (opt) out.raw(opt)
  const [answers = 0, authorities = 0, additionals = 0] = counts
  return { complete, bytes: out.finish([answers, authorities, additionals + (opt ? 1 : 0)], complete) }
}

function optOf({ udpSize, dnssecOk, options, version }: Edns, extendedRcode: number): Buffer {
  const supported = version === 0
  const echoed = supported ? options.filter(({ code }) => echoedOptions.has(code)) : []
  const length = echoed.reduce((sum, { data }) => sum + 4 + data.length, 0)
  const size = supported ? udpSize : 0
  return Buffer.concat([
    Buffer.of(
      0,
      0,
      types.OPT ?? 0,
      size >> 8,
      size & 255,
      extendedRcode,
      0,
      dnssecOk && supported ? 0x80 : 0,
      0,
      length >> 8,
      length & 255,
    ),
    ...echoed.flatMap(({ code, data }) => [Buffer.of(code >> 8, code & 255, data.length >> 8, data.length & 255), data]),
  ])
}

class Writer {
  #bytes = Buffer.allocUnsafe(1536)
  #length = 0
  /** Where a name, in its own case, was written. */
  readonly #offsets = new Map<string, number>()
  readonly #compress: boolean

  constructor(compress: boolean) {
    this.#compress = compress
  }

  header({ id, opcode, recursionDesired, checkingDisabled }: Query, { rcode, authoritative }: Printable): void {
    const flags = 0x8000 | (opcode << 11) | (authoritative ? 0x0400 : 0) | (recursionDesired ? 0x0100 : 0) | (checkingDisabled ? 0x10 : 0)
    for (const value of [id, flags | (rcodes[rcode] & 15), 1, 0, 0, 0]) this.#uint16(value)
  }

  question({ question, questionBytes }: Query): void {
    if (this.#compress) this.#remember(question.name, this.#length)
    this.raw(questionBytes)
  }

  /** False, and nothing written, if the message would be longer than `limit`. */
  record({ name, type, ttl, data }: DnsRecord, limit: number): boolean {
    const start = this.#length
    this.#name(name, this.#compress)
    this.#uint16(types[type] ?? 0)
    this.#uint16(1)
    this.#uint32(ttl)
    const at = this.#length
    this.#uint16(0)
    this.#data(type, data)
    this.#bytes.writeUInt16BE(this.#length - at - 2, at)
    if (this.#length <= limit) return true
    this.#length = start
    return false
  }

  raw(bytes: Uint8Array): void {
    this.#grow(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  finish(counts: readonly number[], complete: boolean): Uint8Array {
    for (const [index, count] of counts.entries()) this.#bytes.writeUInt16BE(count, 6 + 2 * index)
    if (!complete) this.#bytes.writeUInt16BE(this.#bytes.readUInt16BE(2) | truncatedFlag, 2)
    return this.#bytes.subarray(0, this.#length)
  }

  #grow(by: number): void {
    if (this.#length + by <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(2 * (this.#length + by))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }

  #uint16(value: number): void {
    this.#grow(2)
    this.#length = this.#bytes.writeUInt16BE(value, this.#length)
  }

  #uint32(value: number): void {
    this.#grow(4)
    this.#length = this.#bytes.writeUInt32BE(value, this.#length)
  }

  #remember(name: string, start: number): void {
    let at = start
    for (let rest = name; rest !== '.' && rest !== ''; ) {
      const { label, next } = firstLabel(rest)
      if (at < pointerReach && !this.#offsets.has(rest)) this.#offsets.set(rest, at)
      at += label.length + 1
      rest = next
    }
  }

  #name(name: string, compress: boolean): void {
    for (let rest = name; rest !== '.' && rest !== ''; ) {
      const known = compress ? this.#offsets.get(rest) : undefined
      if (known !== undefined) {
        this.#uint16(0xc000 | known)
        return
      }
      if (this.#compress && this.#length < pointerReach && !this.#offsets.has(rest)) this.#offsets.set(rest, this.#length)
      const { label, next } = firstLabel(rest)
      this.#grow(label.length + 1)
      this.#bytes[this.#length++] = label.length
      this.#length += this.#bytes.write(label, this.#length, 'latin1')
      rest = next
    }
    this.#grow(1)
    this.#bytes[this.#length++] = 0
  }

  #data(type: DnsRecord['type'], data: string): void {
    if (type === 'A') this.raw(Uint8Array.from(data.split('.'), Number))
    else if (type === 'AAAA') for (const group of groupsOf(data)) this.#uint16(group)
    else if (type === 'TXT') this.#text(data.replace(/^"|"$/g, ''))
    else if (type === 'SRV') this.#srv(data.split(' '))
    else if (type === 'SOA') this.#soa(data.split(' '))
    else this.#name(data, this.#compress)
  }

  #text(text: string): void {
    this.raw(Buffer.from([text.length, ...Buffer.from(text, 'latin1')]))
  }

  #srv([priority, weight, port, target = '.']: readonly string[]): void {
    for (const number of [priority, weight, port]) this.#uint16(Number(number))
    // RFC 2782: never compressed.
    this.#name(target, false)
  }

  #soa([server = '.', mailbox = '.', ...numbers]: readonly string[]): void {
    this.#name(server, this.#compress)
    this.#name(mailbox, this.#compress)
    for (const number of numbers) this.#uint32(Number(number))
  }
}

/** The bytes of the label, one a letter, and what follows its dot. A dot or backslash of the label itself is escaped. */
function firstLabel(name: string): { label: string; next: string } {
  if (!name.includes('\\')) {
    const dot = name.indexOf('.')
    return dot < 0 ? { label: name, next: '' } : { label: name.slice(0, dot), next: name.slice(dot + 1) }
  }
  const [text = name] = /^(?:\\.|[^.\\])*/.exec(name) ?? []
  return { label: text.replace(/\\(.)/g, '$1'), next: name.slice(text.length + 1) }
}

function groupsOf(ip: string): number[] {
  const [head = '', tail] = ip.split('::')
  const parse = (text: string) => (text === '' ? [] : text.split(':').map(group => Number.parseInt(group, 16)))
  const [left, right] = [parse(head), tail === undefined ? [] : parse(tail)]
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right]
}
