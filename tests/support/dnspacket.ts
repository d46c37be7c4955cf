// DNS messages as the recordings write them: a query as bytes, and a strict reader of answers, apart from the server's own code.
export interface RecordedRecord {
  name: string
  type: string
  class: string
  ttl: number
  data: string
}

export interface RecordedOpt {
  udp: number
  version: number
  do: boolean
  options: { code: number; hex: string }[]
}

export interface RecordedAnswer {
  rcode: string
  flags: string[]
  opcode?: number
  question: { name: string; type: string; class: string }[]
  answer: RecordedRecord[]
  authority: RecordedRecord[]
  additional: RecordedRecord[]
  opt?: RecordedOpt
  bytes?: number
  pointers: number
}

export interface RecordedQuestion {
  /** Bytes as Latin-1; a backslash is itself. */
  name: string
  type: string
  class: string
}

export interface QueryOptions {
  flags?: readonly string[]
  edns?: { udp?: number; do?: boolean; version?: number; options?: readonly { code: number; hex: string }[] }
}

const types: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  NULL: 10,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  OPT: 41,
  DS: 43,
  RRSIG: 46,
  DNSKEY: 48,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  CAA: 257,
}
const classes: Readonly<Record<string, number>> = { IN: 1, CS: 2, CH: 3, HS: 4, NONE: 254, ANY: 255 }
const flagBits: Readonly<Record<string, number>> = { qr: 0x8000, aa: 0x400, tc: 0x200, rd: 0x100, ra: 0x80, z: 0x40, ad: 0x20, cd: 0x10 }
const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

const nameOf = (table: Readonly<Record<string, number>>, code: number, prefix: string): string =>
  Object.keys(table).find(name => table[name] === code) ?? `${prefix}${code}`
const codeOf = (table: Readonly<Record<string, number>>, name: string): number => table[name] ?? Number(/\d+$/.exec(name)?.[0])

const uint16 = (value: number): Buffer => Buffer.of(value >> 8, value & 255)

export function encodeName(name: string): Buffer {
  const labels = name.split('.').filter(label => label !== '')
  return Buffer.concat([...labels.flatMap(label => [Buffer.of(label.length), Buffer.from(label, 'latin1')]), Buffer.of(0)])
}

export function encodeQuery(question: RecordedQuestion, { flags = ['rd'], edns }: QueryOptions = {}, id = 0x1234): Buffer {
  const options = Buffer.concat(
    (edns?.options ?? []).flatMap(({ code, hex }) => [uint16(code), uint16(hex.length / 2), Buffer.from(hex, 'hex')]),
  )
  const opt = edns
    ? [Buffer.of(0, 0, 41), uint16(edns.udp ?? 0), Buffer.of(0, edns.version ?? 0, edns.do ? 0x80 : 0, 0), uint16(options.length), options]
    : []
  return Buffer.concat([
    ...[id, flags.reduce((sum, flag) => sum | (flagBits[flag] ?? 0), 0), 1, 0, 0, edns ? 1 : 0].map(uint16),
    encodeName(question.name),
    uint16(codeOf(types, question.type)),
    uint16(codeOf(classes, question.class)),
    ...opt,
  ])
}

/** Throws on anything that is not a whole, well-formed message with nothing behind it. */
export function decodeAnswer(packet: Uint8Array): RecordedAnswer {
  return new Reader(Buffer.from(packet)).message()
}

class Reader {
  readonly #bytes: Buffer
  #at = 0
  #pointers = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  message(): RecordedAnswer {
    const [, bits = 0, questions = 0, ...counts] = Array.from({ length: 6 }, () => this.#uint16())
    const question = Array.from({ length: questions }, () => this.#question())
    const sections = counts.map(count => Array.from({ length: count }, () => this.#record()))
    if (this.#at !== this.#bytes.length) throw new Error(`${this.#bytes.length - this.#at} bytes behind the message`)
    const [answer = [], authority = [], rest = []] = sections
    const opts = rest.filter(record => 'opt' in record)
    if (opts.length > 1) throw new Error('two OPT records')
    const [{ opt, extended } = {}] = opts as { opt?: RecordedOpt; extended?: number }[]
    const code = (bits & 15) | ((extended ?? 0) << 4)
    const opcode = (bits >> 11) & 15
    return {
      rcode: code === 16 ? 'BADVERS' : (rcodes[code] ?? `RCODE${code}`),
      flags: Object.keys(flagBits).filter(flag => bits & (flagBits[flag] ?? 0)),
      ...(opcode ? { opcode } : {}),
      question,
      answer: answer as RecordedRecord[],
      authority: authority as RecordedRecord[],
      additional: rest.filter(record => !('opt' in record)) as RecordedRecord[],
      ...(opt ? { opt } : {}),
      bytes: this.#bytes.length,
      pointers: this.#pointers,
    }
  }

  #take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new Error('the message ends early')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  #uint16(): number {
    return this.#take(2).readUInt16BE()
  }

  #uint32(): number {
    return this.#take(4).readUInt32BE()
  }

  #name(): string {
    const { text, end } = this.#nameAt(this.#at)
    this.#at = end
    return text
  }

  #nameAt(start: number): { text: string; end: number } {
    const length = this.#bytes[start]
    if (length === undefined) throw new Error('a name ends early')
    if (length === 0) return { text: '.', end: start + 1 }
    if (length >= 0xc0) {
      const target = this.#bytes.readUInt16BE(start) & 0x3fff
      if (target >= start) throw new Error('a pointer leads forward')
      this.#pointers++
      return { text: this.#nameAt(target).text, end: start + 2 }
    }
    if (length > 63 || start + 1 + length > this.#bytes.length) throw new Error('bad label')
    const rest = this.#nameAt(start + 1 + length)
    const label = this.#bytes.toString('latin1', start + 1, start + 1 + length)
    return { text: `${escaped(label)}.${rest.text === '.' ? '' : rest.text}`, end: rest.end }
  }

  #question(): { name: string; type: string; class: string } {
    return { name: this.#name(), type: nameOf(types, this.#uint16(), 'TYPE'), class: nameOf(classes, this.#uint16(), 'CLASS') }
  }

  #record(): RecordedRecord | { opt: RecordedOpt; extended: number } {
    const name = this.#name()
    const type = nameOf(types, this.#uint16(), 'TYPE')
    const classCode = this.#uint16()
    const ttl = this.#uint32()
    const length = this.#uint16()
    const end = this.#at + length
    if (type === 'OPT') {
      const opt = { udp: classCode, version: (ttl >> 16) & 255, do: (ttl & 0x8000) !== 0, options: this.#options(end) }
      return { opt, extended: ttl >>> 24 }
    }
    const data = this.#data(type, end)
    if (this.#at !== end) throw new Error(`${type}: data of another length`)
    return { name, type, class: nameOf(classes, classCode, 'CLASS'), ttl, data }
  }

  #options(end: number): { code: number; hex: string }[] {
    const options: { code: number; hex: string }[] = []
    while (this.#at < end) {
      const code = this.#uint16()
      options.push({ code, hex: this.#take(this.#uint16()).toString('hex') })
    }
    return options
  }

  #data(type: string, end: number): string {
    if (type === 'A') return [...this.#take(4)].join('.')
    if (type === 'AAAA') {
      const groups = Array.from({ length: 8 }, () => this.#uint16().toString(16)).join(':')
      return new URL(`http://[${groups}]`).hostname.slice(1, -1)
    }
    if (type === 'SRV') return `${this.#uint16()} ${this.#uint16()} ${this.#uint16()} ${this.#name()}`
    if (type === 'SOA') return [this.#name(), this.#name(), ...Array.from({ length: 5 }, () => this.#uint32())].join(' ')
    if (type === 'TXT') return this.#texts(end).join(' ')
    return this.#name()
  }

  #texts(end: number): string[] {
    const texts: string[] = []
    while (this.#at < end) {
      const [length = 0] = this.#take(1)
      texts.push(`"${this.#take(length).toString('latin1')}"`)
    }
    return texts
  }
}

const escaped = (label: string): string =>
  label.replace(/[^\x21-\x7e]|[\\.]/g, letter => `\\${String(letter.charCodeAt(0)).padStart(3, '0')}`)
