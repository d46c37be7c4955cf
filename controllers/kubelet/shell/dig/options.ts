// dig's arguments. Options before the first name hold for all questions, those after a name for that one; +short holds for all.

import { className, typeName } from '../recordtypes.ts'
import { reversed } from '../resolver.ts'

/** Switched by +name and +noname. */
const switches = {
  short: 'short',
  cmd: 'cmd',
  comments: 'comments',
  question: 'question',
  answer: 'answer',
  authority: 'authority',
  additional: 'additional',
  stats: 'stats',
  identify: 'identify',
  multiline: 'multiline',
  ttl: 'ttl',
  ttlid: 'ttl',
  ttlunits: 'ttlUnits',
  class: 'class',
  cl: 'class',
  tcp: 'tcp',
  vc: 'tcp',
  ignore: 'ignore',
  recurse: 'rd',
  rdflag: 'rd',
  aaflag: 'aa',
  aaonly: 'aa',
  adflag: 'ad',
  cdflag: 'cd',
  raflag: 'ra',
  tcflag: 'tc',
  zflag: 'z',
  dnssec: 'dnssec',
  do: 'dnssec',
  edns: 'edns',
  cookie: 'cookie',
  nsid: 'nsid',
  expire: 'expire',
  keepalive: 'keepalive',
  search: 'search',
  defname: 'search',
} as const
type Switch = (typeof switches)[keyof typeof switches]
const displays = ['comments', 'question', 'answer', 'authority', 'additional', 'stats'] as const

/** They change nothing here: one server, no network in between. */
const withoutEffect = ['badcookie', 'besteffort', 'fail', 'keepopen', 'crypto', 'rrcomments', 'onesoa', 'idnin', 'idnout', 'showsearch']
const withoutEffectValued = ['time', 'timeout', 'ndots', 'split', 'padding', 'subnet', 'ednsopt', 'ednsnegotiation', 'ednsflags']
const valued = ['all', 'bufsize', 'domain', 'tries', 'retry']
const unsupported = [
  'yaml',
  'trace',
  'nssearch',
  'qr',
  'https',
  'tls',
  'http-plain',
  'header-only',
  'opcode',
  'unknownformat',
  'expandaaaa',
]
const names = [...Object.keys(switches), ...withoutEffect, ...withoutEffectValued, ...valued, ...unsupported]

export interface Lookup {
  on: Readonly<Record<Switch, boolean>>
  name: string
  type: string
  typeGiven: boolean
  class: string
  classGiven: boolean
  server: string | undefined
  port: number
  udpSize: number
  ednsVersion: number
  /** Hexadecimal; '' for one of its own. */
  cookie: string
  domain: string | undefined
  tries: number
  tcpGiven: boolean
  /** Instead of milliseconds. */
  microseconds: boolean
}

const start: Lookup = {
  on: {
    ...{ short: false, cmd: true, comments: true, question: true, answer: true, authority: true, additional: true, stats: true },
    ...{ identify: false, multiline: false, ttl: true, ttlUnits: false, class: true, tcp: false, ignore: false },
    ...{ rd: true, aa: false, ad: true, cd: false, ra: false, tc: false, z: false },
    ...{ dnssec: false, edns: true, cookie: true, nsid: false, expire: false, keepalive: false, search: false },
  },
  name: '',
  type: 'A',
  typeGiven: false,
  class: 'IN',
  classGiven: false,
  server: undefined,
  port: 53,
  udpSize: 1232,
  ednsVersion: 0,
  cookie: '',
  domain: undefined,
  tries: 3,
  tcpGiven: false,
  microseconds: false,
}

export type Parsed = { lookups: readonly Lookup[]; warnings: string } | { stderr: string; exitCode: number } | { version: true }

class ArgumentError extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

const usage = `Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]

Use "dig -h" (or "dig -h | more") for complete list of options
`

export function parse(args: readonly string[]): Parsed {
  if (args.includes('-v')) return { version: true }
  const state = new State()
  try {
    const rest = [...args]
    for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) state.take(arg, rest)
    return { lookups: state.finished(), warnings: state.warnings }
  } catch (error) {
    if (error instanceof ArgumentError) return { stderr: `${error.message}\n`, exitCode: error.exitCode }
    throw error
  }
}

const invalid = (option: string) => new ArgumentError(`Invalid option: ${option}\n${usage}`.trimEnd())

class State {
  warnings = ''
  #global = start
  readonly #lookups: Lookup[] = []

  finished(): Lookup[] {
    const root = { ...this.#global, name: '.', type: this.#global.typeGiven ? this.#global.type : 'NS' }
    const lookups = this.#lookups.length > 0 ? this.#lookups : [root]
    const short = [this.#global, ...lookups].some(({ on }) => on.short)
    return lookups.map(lookup => ({ ...lookup, on: { ...lookup.on, short } }))
  }

  /** One argument, and from `rest` what belongs to it. */
  take(arg: string, rest: string[]): void {
    if (arg.startsWith('@')) this.#set({ server: arg.slice(1) })
    else if (arg.startsWith('+')) this.#plus(arg.slice(1))
    else if (arg.startsWith('-') && arg.length > 1) this.#dash(arg, rest)
    else this.#word(arg)
  }

  get #current(): Lookup {
    return this.#lookups.at(-1) ?? this.#global
  }

  #set(change: Partial<Lookup>): void {
    const changed = { ...this.#current, ...change }
    if (this.#lookups.length > 0) this.#lookups[this.#lookups.length - 1] = changed
    else this.#global = changed
  }

  #ask(name: string): void {
    this.#lookups.push({ ...this.#global, name })
  }

  #word(text: string): void {
    if (/^ixfr=/i.test(text)) this.#type('IXFR')
    else if (typeName(text)) this.#type(typeName(text) ?? '')
    else if (className(text)) this.#class(className(text) ?? '')
    else this.#ask(text)
  }

  #type(type: string): void {
    if (this.#current.typeGiven) this.warnings += ';; Warning, extra type option\n'
    const on = type === 'AXFR' ? { ...this.#current.on, question: false, comments: false, tcp: true } : this.#current.on
    this.#set({ type, typeGiven: true, on })
  }

  #class(name: string): void {
    if (this.#current.classGiven) this.warnings += ';; Warning, extra class option\n'
    this.#set({ class: name, classGiven: true })
  }

  /** Of the options with a value, the value may follow in the same word. */
  #dash(arg: string, rest: string[]): void {
    const letter = arg[1] ?? ''
    if (letter === 'u') this.#set({ microseconds: true })
    if ('46mriu'.includes(letter)) return
    if ('fky'.includes(letter)) throw new ArgumentError(`dig: -${letter} is not supported here`)
    if (letter === 'h') throw new ArgumentError(usage.trimEnd(), 0)
    const value = arg.length > 2 ? arg.slice(2) : rest.shift()
    if (!'bcpqtx'.includes(letter) || value === undefined) throw invalid(arg)
    this.#valuedDash(letter, value)
  }

  #valuedDash(letter: string, value: string): void {
    if (letter === 'q') this.#ask(value)
    if (letter === 'p') this.#set({ port: portOf(value) })
    if (letter === 'c') {
      const name = className(value)
      if (name) this.#class(name)
      else this.warnings += `;; Warning, ignoring invalid class ${value}\n`
    }
    if (letter === 't') {
      const type = /^ixfr=/i.test(value) ? 'IXFR' : typeName(value)
      if (type) this.#type(type)
      else this.warnings += `;; Warning, ignoring invalid type ${value}\n`
    }
    if (letter === 'x') {
      this.#ask(reversed(value))
      if (!this.#current.typeGiven) this.#set({ type: 'PTR' })
    }
  }

  #plus(text: string): void {
    const [word = '', value] = text.split('=', 2)
    const lower = word.toLowerCase()
    const plain = fullName(lower)
    const name = plain ?? (lower.startsWith('no') ? fullName(lower.slice(2)) : undefined)
    if (!name) throw invalid(`+${text}`)
    if (unsupported.includes(name)) throw new ArgumentError(`dig: +${name} is not supported here`)
    const key = switches[name as keyof typeof switches] as Switch | undefined
    if (key) this.#switch(key, plain !== undefined, value)
    else this.#valued(name, plain !== undefined, value)
  }

  #switch(key: Switch, on: boolean, value: string | undefined): void {
    this.#set({ on: { ...this.#current.on, [key]: on } })
    if (key === 'tcp') this.#set({ tcpGiven: true })
    if (key === 'edns') this.#set({ ednsVersion: on ? Number(value ?? 0) : 0 })
    if (key === 'cookie') this.#set({ cookie: value ?? '' })
    if (key === 'dnssec' && on) this.#set({ on: { ...this.#current.on, edns: true } })
  }

  #valued(name: string, on: boolean, value: string | undefined): void {
    if (name === 'all') this.#set({ on: { ...this.#current.on, ...Object.fromEntries(['cmd', ...displays].map(key => [key, on])) } })
    if (name === 'bufsize') this.#set({ udpSize: value === undefined ? start.udpSize : sizeOf(value) })
    if (name === 'domain') this.#set({ domain: value, on: { ...this.#current.on, search: true } })
    if (name === 'tries') this.#set({ tries: Math.max(1, Number(value) || 1) })
    if (name === 'retry') this.#set({ tries: Math.max(0, Number(value) || 0) + 1 })
  }
}

/** Options may be cut as long as one is meant: three letters are taken for enough. */
function fullName(word: string): string | undefined {
  if (names.includes(word)) return word
  if (word.length < 3) return undefined
  const fitting = names.filter(name => name.startsWith(word))
  return fitting.length > 0 ? fitting[0] : undefined
}

function portOf(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 65535) return Number(text)
  throw new ArgumentError(`invalid port number '${text}': not a valid number\ndig: Couldn't parse port number`)
}

function sizeOf(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 65535) return Number(text)
  throw new ArgumentError(`invalid buffer size '${text}': not a valid number\ndig: Couldn't parse buffer size`, 10)
}
