// dig, as BIND's prints: the answer in columns, or +short. Asks through the machine it runs on.
import { type Command, failed, type Machine, ok } from './command.ts'
import { ask, type Message, type Resource } from './resolver.ts'

interface Options {
  server: string
  explicitServer: boolean
  name: string
  type: string
  class: string
  short: boolean
  sections: Set<'cmd' | 'comments' | 'question' | 'answer' | 'authority' | 'additional' | 'stats'>
  tcp: boolean
  ignore: boolean
  edns: boolean
  recurse: boolean
  search: boolean
  domain: string | undefined
}

const version = '9.18.33-1~deb12u2-Debian'
const everything = ['cmd', 'comments', 'question', 'answer', 'authority', 'additional', 'stats'] as const
const types = new Set(['A', 'AAAA', 'ANY', 'CNAME', 'HTTPS', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'SVCB', 'TXT', 'AXFR'])
const classes = new Set(['IN', 'CH', 'HS'])

export const dig: Command = {
  name: 'dig',
  async run(args, machine) {
    const options = parse(args, machine)
    if (typeof options === 'string') return failed(`${options}\n`)
    const names = candidates(options, machine)
    let last: { text: string; found: boolean } | undefined
    for (const name of names) {
      last = await one({ ...options, name }, args, machine)
      if (!last) return unreachable(options, args)
      if (last.found) break
    }
    return ok(last?.text ?? '')
  },
}

const unreachable = ({ server, short }: Options, args: readonly string[]) => ({
  stdout: `${short ? '' : `\n${banner(args)}`};; communications error to ${server}#53: timed out\n;; no servers could be reached\n`,
  stderr: '',
  exitCode: 9,
})

/** The name itself; with +search the names the search list makes of it. */
function candidates({ name, search, domain }: Options, machine: Machine): string[] {
  const absolute = name.replace(/\.?$/, '.')
  if (!search || name.endsWith('.')) return [absolute]
  const list = (domain ? [domain] : machine.search).map(suffix => `${name}.${suffix}.`)
  return name.split('.').length > 5 ? [absolute, ...list] : [...list, absolute]
}

function parse(args: readonly string[], machine: Machine): Options | string {
  const options: Options = {
    server: machine.dnsAddress,
    explicitServer: false,
    name: '',
    type: '',
    class: 'IN',
    short: false,
    sections: new Set(everything),
    tcp: false,
    ignore: false,
    edns: true,
    recurse: true,
    search: false,
    domain: undefined,
  }
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const problem = argument(options, arg, rest)
    if (problem) return problem
  }
  if (options.name === '') Object.assign(options, { name: '.', type: options.type || 'NS' })
  options.type ||= 'A'
  return options
}

/** Takes one argument, and from `rest` what belongs to it. A text is what is wrong. */
function argument(options: Options, arg: string, rest: string[]): string | undefined {
  const upper = arg.toUpperCase()
  if (arg.startsWith('@')) Object.assign(options, { server: arg.slice(1), explicitServer: true })
  else if (arg.startsWith('+')) return flag(options, arg.slice(1))
  else if (arg === '-x') Object.assign(options, { name: reversed(rest.shift() ?? ''), type: 'PTR' })
  else if (arg === '-t') options.type = (rest.shift() ?? '').toUpperCase()
  else if (arg === '-q') options.name = rest.shift() ?? ''
  else if (arg === '-c') options.class = (rest.shift() ?? '').toUpperCase()
  else if (arg === '-p') rest.shift()
  else if (arg === '-4' || arg === '-6') return undefined
  else if (arg.startsWith('-')) return `Invalid option: ${arg}\nUsage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}`
  else if (types.has(upper) && !options.type) options.type = upper
  else if (classes.has(upper)) options.class = upper
  else options.name = arg
  return undefined
}

function flag(options: Options, text: string): string | undefined {
  const [word = '', value] = text.split('=')
  const on = !word.startsWith('no') || word === 'noall'
  const name = on ? word : word.slice(2)
  if (word === 'all' || word === 'noall') options.sections = new Set(word === 'all' ? everything : [])
  else if (name === 'short') options.short = on
  else if (name === 'tcp' || name === 'vc') options.tcp = on
  else if (name === 'ignore') options.ignore = on
  else if (name === 'edns') options.edns = on
  else if (name === 'rec' || name === 'recurse') options.recurse = on
  else if (name === 'search' || name === 'defname') options.search = on
  else if (name === 'domain') Object.assign(options, { domain: value, search: true })
  else if (/^(time|timeout|tries|retry|bufsize|ndots|cookie|ad|adflag|cd|cdflag|dnssec|keepopen|multiline|ttlid|cl|badcookie)$/.test(name))
    return undefined
  else {
    const section = everything.find(s => s === name)
    if (!section) return `Invalid option: +${text}\nUsage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}`
    if (on) options.sections.add(section)
    else options.sections.delete(section)
  }
  return undefined
}

export function reversed(ip: string): string {
  if (!ip.includes(':')) return `${ip.split('.').reverse().join('.')}.in-addr.arpa`
  const [head = '', tail] = ip.split('::')
  const groups = (text: string | undefined) => (text ? text.split(':') : [])
  const [left, right] = [groups(head), groups(tail)]
  const all = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
  const digits = all.map(group => group.padStart(4, '0')).join('')
  return `${[...digits].reverse().join('.')}.ip6.arpa`
}

async function one(options: Options, args: readonly string[], machine: Machine): Promise<{ text: string; found: boolean } | undefined> {
  const question = { name: options.name, type: options.type, class: options.class }
  const answer = await ask(question, { ...options, transport: options.tcp ? 'tcp' : 'udp' }, machine)
  if (!answer) return undefined
  const found = answer.rcode !== 'NXDOMAIN'
  if (options.short) return { text: answer.answers.map(({ data }) => `${data}\n`).join(''), found }
  return { text: print(options, args, answer, machine), found }
}

const banner = (args: readonly string[]): string => `; <<>> DiG ${version} <<>> ${args.join(' ')}\n`

function print(options: Options, args: readonly string[], answer: Message, machine: Machine): string {
  const { sections, server } = options
  const has = (section: (typeof everything)[number]) => sections.has(section)
  const section = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return ''
    return `${has('comments') ? `;; ${title} SECTION:\n` : ''}${lines.map(line => `${line}\n`).join('')}${has('comments') ? '\n' : ''}`
  }
  return [
    has('cmd') ? `\n${banner(args)}${options.explicitServer ? '; (1 server found)\n' : ''};; global options: +cmd\n` : '',
    has('comments') ? header(answer, options) : '',
    has('question') ? section('QUESTION', [`;${columns(options.name, [options.class, options.type], [32, 40])}`]) : '',
    has('answer') ? section('ANSWER', answer.answers.map(record)) : '',
    has('authority') ? section('AUTHORITY', answer.authorities.map(record)) : '',
    has('additional') ? section('ADDITIONAL', answer.additionals.map(record)) : '',
    has('stats')
      ? `;; Query time: 0 msec\n;; SERVER: ${server}#53(${server}) (${answer.transport.toUpperCase()})\n;; WHEN: ${when(machine.now())}\n;; MSG SIZE  rcvd: ${answer.bytes}\n\n`
      : '',
  ].join('')
}

function header(answer: Message, { name, recurse }: Options): string {
  const { rcode, id, flags, counts, edns } = answer
  return [
    ';; Got answer:',
    ...(/\.local\.?$/i.test(name)
      ? [
          ';; WARNING: .local is reserved for Multicast DNS',
          ';; You are currently testing what happens when an mDNS query is leaked to DNS',
        ]
      : []),
    `;; ->>HEADER<<- opcode: QUERY, status: ${rcode}, id: ${id}`,
    `;; flags: ${flags.join(' ')}; QUERY: ${counts[0]}, ANSWER: ${counts[1]}, AUTHORITY: ${counts[2]}, ADDITIONAL: ${counts[3]}`,
    ...(recurse && !flags.includes('ra') ? [';; WARNING: recursion requested but not available'] : []),
    '',
    ...(edns
      ? [
          ';; OPT PSEUDOSECTION:',
          `; EDNS: version: ${edns.version}, flags:; udp: ${edns.udpSize}`,
          ...(edns.cookie ? [`; COOKIE: ${edns.cookie} (echoed)`] : []),
        ]
      : []),
    '',
  ].join('\n')
}

const record = ({ name, ttl, class: className, type, data }: Resource): string =>
  columns(name, [String(ttl), className, type, data], [24, 32, 40, 48])

/** BIND's columns: tabs to a stop of eight, at least one blank. */
function columns(first: string, rest: readonly string[], stops: readonly number[]): string {
  let text = first
  let column = first.length
  for (const [index, word] of rest.entries()) {
    const to = Math.max(stops[index] ?? 0, column + 1)
    const tabs = Math.floor(to / 8) - Math.floor(column / 8)
    text += tabs > 0 ? '\t'.repeat(tabs) + ' '.repeat(to % 8) : ' '.repeat(to - column)
    text += word
    column = to + word.length
  }
  return text
}

/** 'Tue Nov 24 13:52:06 UTC 2026' */
function when(now: Date): string {
  const [day = '', date = '', month = '', year = '', time = ''] = now.toUTCString().replace(',', '').split(' ')
  return `${day} ${month} ${date} ${time} UTC ${year}`
}
