// Questions from inside a container: the packet goes to the cluster's DNS, the answer comes back as what dig, nslookup and host print.
import type { DecodedPacket } from 'dns-packet'
import { isIp } from '../../../openapi/values/ip.ts'
import type { Machine } from './command.ts'
import { classCode, typeCode } from './recordtypes.ts'

export interface Resource {
  /** With the final dot, as `data` where it is a name. */
  name: string
  type: string
  class: string
  ttl: number
  data: string
}

export interface Message {
  id: number
  rcode: string
  flags: readonly string[]
  /** Questions, answers, authorities, additionals. */
  counts: readonly number[]
  answers: readonly Resource[]
  authorities: readonly Resource[]
  additionals: readonly Resource[]
  edns?: { version: number; udpSize: number; dnssecOk: boolean; options: readonly EdnsOption[] }
  bytes: number
  transport: 'udp' | 'tcp'
  /** Truncated over UDP, and asked again over TCP. */
  retried: boolean
}

export interface EdnsOption {
  code: number
  data: Uint8Array
}

export interface Asking {
  transport: 'udp' | 'tcp'
  /** Bits of the header: see queryFlags. */
  flags: number
  edns?: { version: number; udpSize: number; dnssecOk: boolean; options: readonly EdnsOption[] }
  /** Take a truncated answer as it is. */
  ignore: boolean
}

export interface Asked {
  name: string
  type: string
  class: string
}

/** BIND's, whose programs these are like. */
export const version = '9.18.33-1~deb12u2-Debian'
export const queryFlags = { aa: 0x400, tc: 0x200, rd: 0x100, ra: 0x80, z: 0x40, ad: 0x20, cd: 0x10 } as const
export const cookieCode = 10
/** Looked up as it is before the search list, with more dots than this (resolv.conf's ndots:5). */
const ndots = 5

/** undefined: no answer came. */
export async function ask(question: Asked, asking: Asking, machine: Machine): Promise<Message | undefined> {
  const packet = await import('dns-packet')
  const id = number(`${question.name}${question.type}${machine.now().getTime()}`)
  const bytes = await machine.query(encode(id, question, asking), asking.transport)
  if (!bytes) return undefined
  const answer = packet.decode(Buffer.from(bytes))
  if (!answer.flag_tc || asking.ignore || asking.transport === 'tcp')
    return { ...read(answer, bytes), transport: asking.transport, retried: false }
  const again = await ask(question, { ...asking, transport: 'tcp' }, machine)
  return again && { ...again, retried: true }
}

/** The first of a search list's names that is there, else what was said of the last one. */
export async function searched(question: Asked, asking: Asking, machine: Machine): Promise<{ name: string; answer: Message } | undefined> {
  let last: { name: string; answer: Message } | undefined
  for (const name of candidates(question.name, machine.search)) {
    const answer = await ask({ ...question, name }, asking, machine)
    if (!answer) return undefined
    last = { name, answer }
    if (answer.rcode === 'NOERROR') return last
  }
  return last
}

/** The name at the end of the aliases that start at `name`. */
export function endOfChain(name: string, answers: readonly Resource[]): string {
  const seen = new Set<string>()
  let end = name
  for (let next: string | undefined = name; next && !seen.has(next); ) {
    end = next
    seen.add(end)
    next = answers.find(answer => answer.type === 'CNAME' && answer.name.toLowerCase() === end.toLowerCase())?.data
  }
  return end
}

/** The names that a search list makes of one, in the order in which they are tried. */
export function candidates(name: string, search: readonly string[]): string[] {
  if (name.endsWith('.')) return [name]
  const list = search.map(suffix => `${name}.${suffix}`)
  return name.split('.').length > ndots ? [name, ...list] : [...list, name]
}

/** The address of a server given by address or name. */
export async function addressOf(server: string, machine: Machine): Promise<string | undefined> {
  if (isIp(server)) return server
  const asking: Asking = { transport: 'udp', flags: queryFlags.rd, ignore: false }
  const found = await searched({ name: server, type: 'A', class: 'IN' }, asking, machine)
  return found?.answer.answers.find(({ type }) => type === 'A')?.data
}

/** What is wrong with a name; undefined when nothing is. */
export function illegal(name: string): string | undefined {
  const labels = labelsOf(name)
  if (name !== '.' && labels.some(label => label.length === 0)) return 'empty label'
  if (labels.some(label => label.length > 63)) return 'label too long'
  return labels.reduce((sum, label) => sum + label.length + 1, 1) > 255 ? 'ran out of space' : undefined
}

/** '5.0.24.10.in-addr.arpa'; of what is no address, its parts turned around. */
export function reversed(ip: string): string {
  if (!ip.includes(':')) return `${ip.split('.').reverse().join('.')}.in-addr.arpa`
  const [head = '', tail] = ip.split('::')
  const groups = (text: string | undefined) => (text ? text.split(':') : [])
  const [left, right] = [groups(head), groups(tail)]
  const all = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
  const digits = all.map(group => group.padStart(4, '0')).join('')
  return `${[...digits].reverse().join('.')}.ip6.arpa`
}

export function cookieOf(seed: string): Uint8Array {
  return Uint8Array.from([...'abcdefgh'], letter => number(`${letter}${seed}`) & 255)
}

const labelsOf = (name: string): string[] =>
  name.replace(/\.$/, '') === ''
    ? []
    : name
        .replace(/([^\\])\.$/, '$1')
        .split(/(?<!\\)\./)
        .map(label =>
          label.replace(/\\(\d{3}|.)/g, (_, escaped) => (escaped.length === 3 ? String.fromCharCode(Number(escaped)) : escaped)),
        )

const uint16 = (value: number): Buffer => Buffer.of((value >> 8) & 255, value & 255)

function encode(id: number, { name, type, class: className }: Asked, { flags, edns }: Asking): Buffer {
  const labels = labelsOf(name).map(label => Buffer.from(label, 'latin1'))
  return Buffer.concat([
    ...[id, flags, 1, 0, 0, edns ? 1 : 0].map(uint16),
    ...labels.flatMap(label => [Buffer.of(label.length), label]),
    Buffer.of(0),
    uint16(typeCode(type) ?? 0),
    uint16(classCode(className) ?? 0),
    ...(edns ? [opt(edns)] : []),
  ])
}

function opt({ version, udpSize, dnssecOk, options }: NonNullable<Asking['edns']>): Buffer {
  const data = Buffer.concat(options.flatMap(option => [uint16(option.code), uint16(option.data.length), option.data]))
  return Buffer.concat([Buffer.of(0, 0, 41), uint16(udpSize), Buffer.of(0, version, dnssecOk ? 0x80 : 0, 0), uint16(data.length), data])
}

/** 16 bits out of a text (FNV-1a): ids need not be secret here. */
function number(text: string): number {
  let hash = 2166136261
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619)
  return (hash >>> 0) % 65536
}

interface Decoded {
  name: string
  type: string
  class?: string
  ttl?: number
  data?: unknown
  udpPayloadSize?: number
  ednsVersion?: number
  flag_do?: boolean
  options?: { code: number; data?: Uint8Array }[]
}

function read(answer: DecodedPacket, bytes: Uint8Array): Omit<Message, 'transport' | 'retried'> {
  const view = Buffer.from(bytes)
  const additionals = (answer.additionals ?? []) as unknown as Decoded[]
  const edns = additionals.find(({ type }) => type === 'OPT')
  const { flag_aa: aa, flag_tc: tc, flag_rd: rd, flag_ra: ra, flag_ad: ad, flag_cd: cd } = answer
  const set = { qr: true, aa, tc, rd, ra, ad, cd }
  return {
    id: view.readUInt16BE(0),
    rcode: (answer as unknown as { rcode: string }).rcode,
    flags: Object.entries(set).flatMap(([name, on]) => (on ? [name] : [])),
    counts: [4, 6, 8, 10].map(at => view.readUInt16BE(at)),
    answers: ((answer.answers ?? []) as unknown as Decoded[]).map(resource),
    authorities: ((answer.authorities ?? []) as unknown as Decoded[]).map(resource),
    additionals: additionals.filter(({ type }) => type !== 'OPT').map(resource),
    ...(edns ? { edns: ednsOf(edns, view) } : {}),
    bytes: bytes.length,
  }
}

const ednsOf = (
  { ednsVersion = 0, udpPayloadSize = 0, flag_do: dnssecOk = false }: Decoded,
  view: Buffer,
): NonNullable<Message['edns']> => ({
  version: ednsVersion,
  udpSize: udpPayloadSize,
  dnssecOk,
  options: lastOptions(view),
})

/** The options as they were sent: the OPT record is the last one, and dns-packet reads some of them in its own way. */
function lastOptions(view: Buffer): EdnsOption[] {
  const marker = view.lastIndexOf(Buffer.of(0, 0, 41))
  const options: EdnsOption[] = []
  for (let at = marker + 11; marker >= 0 && at + 4 <= view.length; ) {
    const length = view.readUInt16BE(at + 2)
    options.push({ code: view.readUInt16BE(at), data: view.subarray(at + 4, at + 4 + length) })
    at += 4 + length
  }
  return options
}

const dotted = (name: unknown): string => `${String(name)}.`.replace(/\.\.$/, '.')

const resource = ({ name, type, class: className, ttl, data }: Decoded): Resource => ({
  name: dotted(name),
  type,
  class: className ?? 'IN',
  ttl: ttl ?? 0,
  data: dataText(type, data),
})

function dataText(type: string, data: unknown): string {
  if (type === 'SRV') {
    const { priority, weight, port, target } = data as { priority: number; weight: number; port: number; target: string }
    return `${priority} ${weight} ${port} ${dotted(target)}`
  }
  if (type === 'SOA') {
    const { mname, rname, serial, refresh, retry, expire, minimum } = data as Record<string, string>
    return `${dotted(mname)} ${dotted(rname)} ${serial} ${refresh} ${retry} ${expire} ${minimum}`
  }
  if (type === 'TXT') return (Array.isArray(data) ? data : [data]).map(part => `"${String(part)}"`).join(' ')
  return ['NS', 'PTR', 'CNAME'].includes(type) ? dotted(data) : String(data)
}
