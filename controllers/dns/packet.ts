// DNS messages as bytes (RFC 1035, 6891): a query is read with the tolerance of the recorded server, an answer written and cut to size.
import type { Answer, DnsRecord, Question } from './answer.ts'

export interface Query {
  id: number
  opcode: number
  recursionDesired: boolean
  checkingDisabled: boolean
  question: Question
  /** The question section, to be sent back as it came. */
  questionBytes: Uint8Array
  edns?: Edns
}

export interface Edns {
  udpSize: number
  version: number
  dnssecOk: boolean
  options: readonly { code: number; data: Uint8Array }[]
}

export type Rcode = Answer['rcode'] | 'FORMERR' | 'NOTIMP' | 'BADVERS'

const rcodes: Readonly<Record<Rcode, number>> = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 }
export const types: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  SVCB: 64,
  HTTPS: 65,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
}
const typeNames = new Map(Object.entries(types).map(([name, code]) => [code, name]))
const headerBytes = 12
/** NSID, expire, cookie, keep-alive, padding: sent back as they came. */
const echoedOptions = new Set([3, 9, 10, 11, 12])
/** Opcodes answered as a query: QUERY and NOTIFY. */
const queryOpcodes = new Set([0, 4])

/** What is wrong before there is a question. `question` is sent back when it could be read. */
export class PacketError extends Error {
  readonly rcode: Rcode
  readonly questionBytes: Uint8Array
  constructor(rcode: Rcode, questionBytes: Uint8Array = new Uint8Array()) {
    super(rcode)
    this.rcode = rcode
    this.questionBytes = questionBytes
  }
}

/** undefined: silence. Throws PacketError. */
export function parseQuery(bytes: Uint8Array): Query | undefined {
  if (bytes.length < headerBytes) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const flags = view.getUint16(2)
  if (flags & 0x8000) return undefined
  const opcode = (flags >> 11) & 15
  if (!queryOpcodes.has(opcode)) throw new PacketError('NOTIMP')
  if (view.getUint16(4) !== 1 || view.getUint16(10) > 2) throw new PacketError('FORMERR')
  if (bytes.length === headerBytes) throw new PacketError('SERVFAIL')
  const { name, end } = readName(view, headerBytes)
  if (end + 2 > bytes.length) throw new PacketError('FORMERR')
  const type = view.getUint16(end)
  // A question without a class is taken as one of class 0.
  const complete = end + 4 <= bytes.length
  const questionBytes = complete ? bytes.subarray(headerBytes, end + 4) : Uint8Array.of(...bytes.subarray(headerBytes, end + 2), 0, 0)
  const classCode = complete ? view.getUint16(end + 2) : 0
  return {
    id: view.getUint16(0),
    opcode,
    recursionDesired: (flags & 0x0100) !== 0 && opcode === 0,
    checkingDisabled: (flags & 0x0010) !== 0 && opcode === 0,
    question: { name, type: typeNames.get(type) ?? `TYPE${type}`, class: classCode === 1 ? 'IN' : `CLASS${classCode}` },
    questionBytes,
    edns: readEdns(view, end + 4, questionBytes),
  }
}

interface ReadName {
  /** Dots inside labels are escaped. */
  name: string
  end: number
}

function readName(view: DataView, start: number): ReadName {
  let at = start
  let name = ''
  while (true) {
    if (at >= view.byteLength) throw new PacketError('FORMERR')
    const length = view.getUint8(at++)
    if (length === 0) break
    // A pointer could only lead to the header or to itself.
    if (length > 63 || at + length > view.byteLength) throw new PacketError('FORMERR')
    for (let i = 0; i < length; i++) name += printed(view.getUint8(at + i))
    name += '.'
    at += length
    if (at - start > 254) throw new PacketError('FORMERR')
  }
  return { name: name === '' ? '.' : name, end: at }
}

const printed = (byte: number): string => {
  const letter = String.fromCharCode(byte)
  return letter === '.' || letter === '\\' ? `\\${letter}` : letter
}

function readEdns(view: DataView, start: number, questionBytes: Uint8Array): Edns | undefined {
  const [answers, authorities, additionals] = [6, 8, 10].map(offset => view.getUint16(offset)) as [number, number, number]
  let at = start
  try {
    for (let i = 0; i < answers + authorities && at < view.byteLength; i++) at = skipRecord(view, at)
    for (let i = 0; i < additionals && at < view.byteLength; i++) {
      const { end } = readRecordName(view, at)
      if (end + 10 > view.byteLength) throw new PacketError('FORMERR')
      if (view.getUint16(end) === types.OPT) return parseOpt(view, end)
      at = skipRecord(view, at)
    }
  } catch (error) {
    throw error instanceof PacketError ? new PacketError('FORMERR', questionBytes) : error
  }
  return undefined
}

/** A record's owner may be compressed. */
function readRecordName(view: DataView, start: number): { end: number } {
  let at = start
  while (at < view.byteLength) {
    const length = view.getUint8(at)
    if (length === 0) return { end: at + 1 }
    if (length >= 0xc0) return { end: at + 2 }
    at += length + 1
  }
  throw new PacketError('FORMERR')
}

function skipRecord(view: DataView, start: number): number {
  const { end } = readRecordName(view, start)
  if (end + 10 > view.byteLength) throw new PacketError('FORMERR')
  return end + 10 + view.getUint16(end + 8)
}

function parseOpt(view: DataView, end: number): Edns {
  const last = end + 10 + view.getUint16(end + 8)
  if (last > view.byteLength) throw new PacketError('FORMERR')
  const options: { code: number; data: Uint8Array }[] = []
  for (let at = end + 10; at < last; ) {
    if (at + 4 > last) throw new PacketError('FORMERR')
    const length = view.getUint16(at + 2)
    if (at + 4 + length > last) throw new PacketError('FORMERR')
    options.push({ code: view.getUint16(at), data: new Uint8Array(view.buffer, view.byteOffset + at + 4, length) })
    at += 4 + length
  }
  return { udpSize: view.getUint16(end + 2), version: view.getUint8(end + 5), dnssecOk: (view.getUint8(end + 6) & 0x80) !== 0, options }
}

/** Header and question alone. */
export function printError(query: Uint8Array, { rcode, questionBytes }: PacketError): Uint8Array {
  const flags = ((query[2] ?? 0) << 8) | (query[3] ?? 0)
  const copied = flags & 0x7910
  return Uint8Array.of(
    query[0] ?? 0,
    query[1] ?? 0,
    (0x8000 | copied) >> 8,
    (copied & 0x10) | rcodes[rcode],
    0,
    questionBytes.length > 0 ? 1 : 0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...questionBytes,
  )
}

export function printAnswer(query: Query, answer: Omit<Answer, 'rcode'> & { rcode: Rcode }, transport: 'udp' | 'tcp'): Uint8Array {
  const limit = transport === 'tcp' ? 65535 : Math.max(512, query.edns?.udpSize ?? 0)
  const plain = write(query, answer, { compress: false, truncated: false })
  if (plain.length <= limit && (transport === 'tcp' || plain.length <= 1480)) return plain
  const packed = write(query, answer, { compress: true, truncated: false })
  if (packed.length <= limit) return packed
  return cut(query, answer, limit)
}

/** As many records as fit: ADDITIONAL gives way first, then ANSWER. */
function cut(query: Query, answer: Omit<Answer, 'rcode'> & { rcode: Rcode }, limit: number): Uint8Array {
  const fits = (candidate: typeof answer) => {
    const bytes = write(query, candidate, { compress: true, truncated: true })
    return bytes.length <= limit ? bytes : undefined
  }
  const without = { ...answer, additional: [] }
  const [section, base] = fits(without) ? (['additional', answer] as const) : (['answer', without] as const)
  let [low, high] = [0, base[section].length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (fits({ ...base, [section]: base[section].slice(0, middle) })) low = middle
    else high = middle
  }
  return write(query, { ...base, [section]: base[section].slice(0, low) }, { compress: true, truncated: true })
}

function write(
  query: Query,
  answer: Omit<Answer, 'rcode'> & { rcode: Rcode },
  { compress, truncated }: { compress: boolean; truncated: boolean },
): Uint8Array {
  const out = new Writer(compress)
  const code = rcodes[answer.rcode]
  const flags =
    0x8000 | (query.opcode << 11) | (answer.authoritative ? 0x0400 : 0) | (truncated ? 0x0200 : 0) | (query.recursionDesired ? 0x0100 : 0)
  out.uint16(query.id)
  out.uint16(flags | (query.checkingDisabled ? 0x10 : 0) | (code & 15))
  const { answer: answers, authority, additional } = answer
  for (const count of [1, answers.length, authority.length, additional.length + (query.edns ? 1 : 0)]) out.uint16(count)
  out.question(query)
  for (const record of [...answers, ...authority, ...additional]) out.record(record)
  if (query.edns) out.opt(query.edns, code >> 4)
  return out.bytes()
}

class Writer {
  readonly #bytes: number[] = []
  /** Where a name, lower-cased by nobody, was written. */
  readonly #offsets = new Map<string, number>()
  readonly #compress: boolean

  constructor(compress: boolean) {
    this.#compress = compress
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }

  uint16(value: number): void {
    this.#bytes.push((value >> 8) & 255, value & 255)
  }

  #uint32(value: number): void {
    this.uint16(Math.floor(value / 65536))
    this.uint16(value & 65535)
  }

  question({ question, questionBytes }: Query): void {
    this.#remember(question.name)
    this.#bytes.push(...questionBytes)
  }

  #remember(name: string): void {
    let at = this.#bytes.length
    for (let rest = labelsOf(name); rest.length > 0; rest = rest.slice(1)) {
      this.#offsets.set(rest.join('.'), at)
      at += unescaped(rest[0] ?? '').length + 1
    }
  }

  record({ name, type, ttl, data }: DnsRecord): void {
    this.name(name)
    this.uint16(types[type] ?? 0)
    this.uint16(1)
    this.#uint32(ttl)
    const at = this.#bytes.length
    this.uint16(0)
    this.#data(type, data)
    const length = this.#bytes.length - at - 2
    this.#bytes[at] = length >> 8
    this.#bytes[at + 1] = length & 255
  }

  name(name: string, compress = this.#compress): void {
    for (let rest = labelsOf(name); rest.length > 0; rest = rest.slice(1)) {
      const text = rest.join('.')
      const known = this.#offsets.get(text)
      if (known !== undefined && compress) {
        this.uint16(0xc000 | known)
        return
      }
      if (this.#bytes.length < 0x4000 && known === undefined) this.#offsets.set(text, this.#bytes.length)
      const label = unescaped(rest[0] ?? '')
      this.#bytes.push(label.length, ...[...label].map(letter => letter.charCodeAt(0)))
    }
    this.#bytes.push(0)
  }

  #data(type: DnsRecord['type'], data: string): void {
    const words = data.split(' ')
    if (type === 'A') this.#bytes.push(...data.split('.').map(Number))
    else if (type === 'AAAA') for (const group of groupsOf(data)) this.uint16(group)
    else if (type === 'TXT') {
      const text = data.replace(/^"|"$/g, '')
      this.#bytes.push(text.length, ...Buffer.from(text))
    } else if (type === 'SRV') {
      for (const number of words.slice(0, 3)) this.uint16(Number(number))
      // RFC 2782: never compressed.
      this.name(words[3] ?? '.', false)
    } else if (type === 'SOA') {
      this.name(words[0] ?? '.')
      this.name(words[1] ?? '.')
      for (const number of words.slice(2)) this.#uint32(Number(number))
    } else this.name(data)
  }

  opt({ udpSize, dnssecOk, options, version }: Edns, extendedRcode: number): void {
    this.#bytes.push(0)
    this.uint16(types.OPT ?? 0)
    this.uint16(version > 0 ? 0 : udpSize)
    this.#bytes.push(extendedRcode, 0, dnssecOk && version === 0 ? 0x80 : 0, 0)
    const echoed = version > 0 ? [] : options.filter(({ code }) => echoedOptions.has(code))
    this.uint16(echoed.reduce((sum, { data }) => sum + 4 + data.length, 0))
    for (const { code, data } of echoed) {
      this.uint16(code)
      this.uint16(data.length)
      this.#bytes.push(...data)
    }
  }
}

/** Labels, escapes kept; the root has none. */
const labelsOf = (name: string): string[] => (name === '.' ? [] : (name.match(/(?:\\.|[^.\\])+/g) ?? []))
const unescaped = (label: string): string => label.replace(/\\(.)/g, '$1')

function groupsOf(ip: string): number[] {
  const [head = '', tail] = ip.split('::')
  const parse = (text: string) => (text === '' ? [] : text.split(':').map(group => Number.parseInt(group, 16)))
  const [left, right] = [parse(head), tail === undefined ? [] : parse(tail)]
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right]
}
