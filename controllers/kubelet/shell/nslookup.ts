// nslookup with its question on the command line, as BIND's prints. The interactive mode and -debug are refused.
import { isIp } from '../../../openapi/values/ip.ts'
import { type Command, failed, type Machine, type Result } from './command.ts'
import { className, typeName } from './recordtypes.ts'
import { type Asked, addressOf, endOfChain, type Message, queryFlags, type Resource, reversed, searched, version } from './resolver.ts'

const tries = 3
const usage = `Usage:
   nslookup [-opt ...]             # interactive mode using default server
   nslookup [-opt ...] - server    # interactive mode using 'server'
   nslookup [-opt ...] host        # just look up 'host' using default server
   nslookup [-opt ...] host server # just look up 'host' using 'server'
`
const withoutEffect = /^(no)?(debug|d2|search|defname|recurse|rec|vc|fail|ignoretc)$|^(timeout|retry|ndots|srchlist)=/

interface Options {
  type: string | undefined
  class: string
  port: number
  words: string[]
  /** What was wrong with options; they are passed over. */
  complaints: string
}

export const nslookup: Command = {
  name: 'nslookup',
  async run(args, machine) {
    if (args.some(arg => /^-(debug|d2)$/.test(arg))) return failed('nslookup: -debug is not supported here\n')
    if (args.includes('-version')) return failed(`nslookup ${version}\n`, 0)
    const options = parse(args)
    const [name, server = machine.dnsAddress] = options.words
    if (options.words.length > 2) return failed(usage)
    if (!name || name === '-') return failed('nslookup: the interactive mode is not supported here\n')
    const address = await addressOf(server, machine)
    if (!address) return { ...failed(''), stdout: `nslookup: couldn't get address for '${server}': not found\n` }
    if (address !== machine.dnsAddress || options.port !== 53) return unreachable(address, options)
    const page = new Page(`Server:\t\t${server}\nAddress:\t${address}#53\n\n`, address, options.complaints)
    await lookUp(name, options, machine, page)
    return { stdout: `${page.text}\n`, stderr: '', exitCode: page.failed ? 1 : 0 }
  },
}

const unreachable = (address: string, { port, complaints }: Options): Result => ({
  ...failed(''),
  stdout: `${complaints}${`;; communications error to ${address}#${port}: timed out\n`.repeat(tries)};; no servers could be reached\n\n`,
})

function parse(args: readonly string[]): Options {
  const options: Options = { type: undefined, class: 'IN', port: 53, words: [], complaints: '' }
  for (const arg of args) {
    const [option = '', value = ''] = arg.startsWith('-') && arg !== '-' ? arg.slice(1).split('=', 2) : []
    if (option === '') options.words.push(arg)
    else if (/^(type|ty|querytype|query|qu|q)$/.test(option)) {
      options.type = typeName(value) ?? options.type
      if (!typeName(value)) options.complaints += `unknown query type: ${value}\n`
    } else if (/^(class|cl)$/.test(option)) {
      options.class = className(value) ?? options.class
      if (!className(value)) options.complaints += `unknown query class: ${value}\n`
    } else if (option === 'port') options.port = Number(value)
    else if (!withoutEffect.test(arg.slice(1))) options.complaints += `*** Invalid option: ${arg.slice(1)}\n`
  }
  return options
}

/** What is printed; the server is named before the first thing that is about it. */
class Page {
  text: string
  failed = false
  readonly #head: string
  readonly #address: string
  #headed = false

  constructor(head: string, address: string, complaints: string) {
    this.#head = head
    this.#address = address
    this.text = complaints
  }

  head(): void {
    if (!this.#headed) this.text += this.#head
    this.#headed = true
  }

  notes({ retried, rcode }: Message): void {
    if (retried) this.text += ';; Truncated, retrying in TCP mode.\n'
    if (rcode === 'SERVFAIL') this.text += `;; Got SERVFAIL reply from ${this.#address}\n`
  }

  cannotFind(name: string, reason: string): void {
    this.text += `** server can't find ${name}: ${reason}\n`
    this.failed = true
  }

  records(answers: readonly Resource[]): void {
    this.text += answers.map(line).join('')
  }
}

async function lookUp(name: string, options: Options, machine: Machine, page: Page): Promise<void> {
  if (isIp(name)) return reverse(name, machine, page)
  const types = options.type ? [options.type] : ['A', 'AAAA']
  let asked = name
  let printed = false
  for (const type of types) {
    const found = await query({ name: asked, type, class: options.class }, machine)
    if (!found) return
    page.notes(found.answer)
    page.head()
    if (found.answer.rcode !== 'NOERROR') {
      page.cannotFind(undotted(found.name), found.answer.rcode)
      return
    }
    page.records(found.answer.answers)
    printed ||= found.answer.answers.length > 0
    // The second question is about the name that the first one led to.
    asked = endOfChain(`${undotted(found.name)}.`, found.answer.answers)
  }
  if (!printed) page.text += `*** Can't find ${undotted(name)}: No answer\n`
}

async function reverse(ip: string, machine: Machine, page: Page): Promise<void> {
  const name = reversed(ip)
  const found = await query({ name: `${name}.`, type: 'PTR', class: 'IN' }, machine)
  if (!found) return
  page.notes(found.answer)
  if (found.answer.rcode === 'NOERROR') page.records(found.answer.answers)
  else page.cannotFind(name, found.answer.rcode)
}

const query = (question: Asked, machine: Machine) => searched(question, { transport: 'udp', flags: queryFlags.rd, ignore: false }, machine)

const undotted = (name: string): string => name.replace(/(.)\.$/, '$1')

const verbs: Readonly<Record<string, string>> = { SRV: 'service', PTR: 'name', CNAME: 'canonical name', NS: 'nameserver', TXT: 'text' }

function line({ name, type, data }: Resource): string {
  const owner = undotted(name)
  if (type === 'A' || type === 'AAAA') return `Name:\t${owner}\nAddress: ${data}\n`
  if (type === 'SOA') return `${owner}\n${soaLines(data)}`
  return `${owner}\t${verbs[type] ?? `rdata_${type}`} = ${data}\n`
}

function soaLines(data: string): string {
  const [server = '', mailbox = '', ...numbers] = data.split(' ')
  const values = [undotted(server), undotted(mailbox), ...numbers]
  return ['origin', 'mail addr', 'serial', 'refresh', 'retry', 'expire', 'minimum'].map((key, i) => `\t${key} = ${values[i]}\n`).join('')
}
