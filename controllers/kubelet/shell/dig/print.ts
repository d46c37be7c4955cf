// An answer as dig prints it: BIND's columns, sections, and the comments between them.
import { cookieCode, type Message, type Resource } from '../resolver.ts'
import type { Lookup } from './options.ts'

export function print(lookup: Lookup, answer: Message, server: string, now: Date): string {
  const { on } = lookup
  const section = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return ''
    return `${on.comments ? `;; ${title} SECTION:\n` : ''}${lines.map(line => `${line}\n`).join('')}${on.comments ? '\n' : ''}`
  }
  const records = (resources: readonly Resource[]) => resources.map(resource => record(resource, lookup))
  return [
    on.comments ? header(answer, lookup) : '',
    on.question && answer.counts[0] ? section('QUESTION', [question(lookup)]) : '',
    on.answer ? section('ANSWER', records(answer.answers)) : '',
    on.authority ? section('AUTHORITY', records(answer.authorities)) : '',
    on.additional ? section('ADDITIONAL', records(answer.additionals)) : '',
    on.stats ? statistics(lookup, answer, server, now) : '',
  ].join('')
}

function statistics({ microseconds, port }: Lookup, { transport, bytes }: Message, server: string, now: Date): string {
  return [
    `;; Query time: 0 ${microseconds ? 'usec' : 'msec'}`,
    `;; SERVER: ${server}#${port}(${server}) (${transport.toUpperCase()})`,
    `;; WHEN: ${when(now)}`,
    `;; MSG SIZE  rcvd: ${bytes}`,
    '\n',
  ].join('\n')
}

function header(answer: Message, { name, on }: Lookup): string {
  const { rcode, id, flags, counts } = answer
  const mdns = [
    ';; WARNING: .local is reserved for Multicast DNS',
    ';; You are currently testing what happens when an mDNS query is leaked to DNS',
  ]
  return [
    ';; Got answer:',
    ...(counts[0] && /(^|\.)local\.?$/i.test(name) ? mdns : []),
    `;; ->>HEADER<<- opcode: QUERY, status: ${rcode}, id: ${id}`,
    `;; flags: ${flags.join(' ')}; QUERY: ${counts[0]}, ANSWER: ${counts[1]}, AUTHORITY: ${counts[2]}, ADDITIONAL: ${counts[3]}`,
    ...(on.rd && !flags.includes('ra') ? [';; WARNING: recursion requested but not available'] : []),
    '',
    ...pseudoSection(answer),
    '',
  ].join('\n')
}

function pseudoSection({ edns }: Message): string[] {
  if (!edns) return []
  return [
    ';; OPT PSEUDOSECTION:',
    `; EDNS: version: ${edns.version}, flags:${edns.dnssecOk ? ' do' : ''}; udp: ${edns.udpSize}`,
    ...edns.options.map(({ code, data }) => {
      const hex = Buffer.from(data).toString('hex')
      if (code === cookieCode) return `; COOKIE: ${hex} (echoed)`
      const title = optionTitles[code] ?? `OPT=${code}`
      return hex === '' ? `; ${title}:` : `; ${title}: ${hex}`
    }),
  ]
}

const optionTitles: Readonly<Record<number, string>> = { 3: 'NSID', 9: 'EXPIRE', 11: 'TCP KEEPALIVE', 12: 'PAD' }

/** Columns of TTL, class, type and data: nearer where something is left out. */
function stops({ on }: Lookup): readonly [number, number, number, number] {
  if (on.multiline || !(on.ttl || on.class)) return [24, 24, 24, 32]
  return on.ttl && on.class ? [24, 32, 40, 48] : [24, 24, 32, 40]
}

function question(lookup: Lookup): string {
  const [, classAt, typeAt] = stops(lookup)
  return `;${columns(lookup.name, [
    [classAt, lookup.class],
    [typeAt, lookup.type],
  ])}`
}

function record({ name, ttl, class: className, type, data }: Resource, lookup: Lookup): string {
  const { on } = lookup
  const [ttlAt, classAt, typeAt, dataAt] = stops(lookup)
  return columns(name, [
    ...(on.ttl ? [[ttlAt, on.ttlUnits ? duration(ttl, 'short') : String(ttl)] as const] : []),
    ...(on.class ? [[classAt, className] as const] : []),
    [typeAt, type],
    [dataAt, on.multiline && type === 'SOA' ? multilineSoa(data) : data],
  ])
}

/** BIND's columns: tabs to a stop of eight, at least one blank. */
function columns(first: string, rest: readonly (readonly [number, string])[]): string {
  let text = first
  let column = first.length
  for (const [stop, word] of rest) {
    const to = Math.max(stop, column + 1)
    const tabs = Math.floor(to / 8) - Math.floor(column / 8)
    text += tabs > 0 ? '\t'.repeat(tabs) + ' '.repeat(to % 8) : ' '.repeat(to - column)
    text += word
    column = to + word.length
  }
  return text
}

function multilineSoa(data: string): string {
  const [server, mailbox, serial = '', ...seconds] = data.split(' ')
  const line = (value: string, comment: string) => `\t\t\t\t${value.padEnd(10)} ; ${comment}\n`
  const named = ['refresh', 'retry', 'expire', 'minimum'].map((name, index) => {
    const value = seconds[index] ?? ''
    return line(value, `${name} (${duration(Number(value), 'long')})`)
  })
  return `${server} ${mailbox} (\n${line(serial, 'serial')}${named.join('')}\t\t\t\t)`
}

/** '1h30m', or '1 hour 30 minutes'. */
function duration(seconds: number, form: 'short' | 'long'): string {
  const units = [
    ['week', 604800],
    ['day', 86400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ] as const
  let rest = seconds
  const parts: string[] = []
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size)
    rest %= size
    if (count === 0 && !(unit === 'second' && parts.length === 0)) continue
    parts.push(form === 'short' ? `${count}${unit[0]}` : `${count} ${unit}${count === 1 ? '' : 's'}`)
  }
  return parts.join(form === 'short' ? '' : ' ')
}

/** 'Tue Nov 24 13:52:06 UTC 2026' */
function when(now: Date): string {
  const [day = '', date = '', month = '', year = '', time = ''] = now.toUTCString().replace(',', '').split(' ')
  return `${day} ${month} ${date} ${time} UTC ${year}`
}
