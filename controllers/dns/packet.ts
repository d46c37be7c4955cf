// A DNS query out of bytes (RFC 1035, 6891), read with the tolerance of the recorded server; and the answer to one that cannot be read.
import type { Answer, Question } from './answer.ts'

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

export const rcodes: Readonly<Record<Rcode, number>> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
}
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
