// One question from inside a container: the packet goes to the cluster's DNS, the answer comes back as what dig and nslookup print.
import type { DecodedPacket, Packet } from 'dns-packet'
import type { Machine } from './command.ts'

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
  edns?: { version: number; udpSize: number; cookie: string }
  bytes: number
  transport: 'udp' | 'tcp'
}

export interface Asking {
  transport: 'udp' | 'tcp'
  edns: boolean
  recurse: boolean
  /** Take a truncated answer as it is. */
  ignore: boolean
}

interface Asked {
  name: string
  type: string
  class: string
}

const recursionDesired = 0x0100
const cookieCode = 10

/** undefined: no answer came. */
export async function ask(question: Asked, asking: Asking, machine: Machine): Promise<Message | undefined> {
  const packet = await import('dns-packet')
  const id = number(`${question.name}${question.type}${machine.now().getTime()}`)
  const query = packet.encode({
    type: 'query',
    id,
    flags: asking.recurse ? recursionDesired : 0,
    questions: [{ name: question.name.replace(/\.$/, ''), type: question.type as never, class: question.class as never }],
    additionals: asking.edns ? [opt(id)] : [],
  } as Packet)
  const bytes = await machine.query(query, asking.transport)
  if (!bytes) return undefined
  const answer = packet.decode(Buffer.from(bytes))
  if (answer.flag_tc && !asking.ignore && asking.transport === 'udp') return ask(question, { ...asking, transport: 'tcp' }, machine)
  return { ...read(answer, bytes), transport: asking.transport }
}

const opt = (id: number): never =>
  ({ type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: [{ code: cookieCode, data: cookieOf(id) }] }) as never

function cookieOf(id: number): Buffer {
  const cookie = Buffer.alloc(8)
  cookie.writeUInt32BE(number(`a${id}`) * 65536 + number(`b${id}`), 0)
  cookie.writeUInt32BE(number(`c${id}`) * 65536 + number(`d${id}`), 4)
  return cookie
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
  options?: { code: number; data?: Buffer }[]
}

function read(answer: DecodedPacket, bytes: Uint8Array): Omit<Message, 'transport'> {
  const view = Buffer.from(bytes)
  const additionals = (answer.additionals ?? []) as unknown as Decoded[]
  const edns = additionals.find(({ type }) => type === 'OPT')
  const set = {
    qr: true,
    aa: answer.flag_aa,
    tc: answer.flag_tc,
    rd: answer.flag_rd,
    ra: answer.flag_ra,
    ad: answer.flag_ad,
    cd: answer.flag_cd,
  }
  return {
    id: view.readUInt16BE(0),
    rcode: (answer as unknown as { rcode: string }).rcode,
    flags: Object.entries(set).flatMap(([name, on]) => (on ? [name] : [])),
    counts: [4, 6, 8, 10].map(at => view.readUInt16BE(at)),
    answers: ((answer.answers ?? []) as unknown as Decoded[]).map(resource),
    authorities: ((answer.authorities ?? []) as unknown as Decoded[]).map(resource),
    additionals: additionals.filter(({ type }) => type !== 'OPT').map(resource),
    ...(edns
      ? {
          edns: {
            version: edns.ednsVersion ?? 0,
            udpSize: edns.udpPayloadSize ?? 0,
            cookie: edns.options?.find(({ code }) => code === cookieCode)?.data?.toString('hex') ?? '',
          },
        }
      : {}),
    bytes: bytes.length,
  }
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
