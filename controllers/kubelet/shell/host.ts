// host, as BIND's prints: a sentence a record. The verbose forms and zone transfers are refused.
import { isIp } from '../../../openapi/values/ip.ts'
import { type Command, failed, type Machine, type Result } from './command.ts'
import { className, typeName } from './recordtypes.ts'
import { type Asked, addressOf, endOfChain, queryFlags, type Resource, reversed, searched, version } from './resolver.ts'

const usage = `Usage: host [-rTUw46s] [-c class] [-N ndots] [-t type] [-W time] [-R number] [-p port] hostname [server]\n`
const tries = 2
const rcodes: Readonly<Record<string, number>> = { FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 }

interface Options {
  type: string | undefined
  class: string
  port: number
  transport: 'udp' | 'tcp'
  flags: number
  words: string[]
}

export const host: Command = {
  name: 'host',
  async run(args, machine) {
    if (args.includes('-V')) return failed(`host ${version}\n`, 0)
    const options = parse(args)
    if ('exitCode' in options) return options
    const [name, server] = options.words
    if (!name || options.words.length > 2) return failed(usage)
    const address = await addressOf(server ?? machine.dnsAddress, machine)
    if (!address) return failed(`host: couldn't get address for '${server}': not found\n`)
    if (address !== machine.dnsAddress || options.port !== 53) return unreachable(address, options.port)
    const head = server === undefined ? '' : `Using domain server:\nName: ${server}\nAddress: ${address}#53\nAliases: \n\n`
    const { text, found } = await lookUp(name, options, machine)
    return { stdout: head + text, stderr: '', exitCode: found ? 0 : 1 }
  },
}

const unreachable = (address: string, port: number): Result => ({
  ...failed(''),
  stdout: `${`;; communications error to ${address}#${port}: timed out\n`.repeat(tries)};; no servers could be reached\n`,
})

function parse(args: readonly string[]): Options | Result {
  const options: Options = { type: undefined, class: 'IN', port: 53, transport: 'udp', flags: queryFlags.rd, words: [] }
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const letter = arg.startsWith('-') ? arg.slice(1, 2) : ''
    if (letter === '') options.words.push(arg)
    else if ('aACdlvmD'.includes(letter)) return failed(`host: -${letter} is not supported here\n`)
    else if ('tcNWRp'.includes(letter)) {
      const problem = valued(options, letter, arg.length > 2 ? arg.slice(2) : (rest.shift() ?? ''))
      if (problem) return problem
    } else if (letter === 'T') options.transport = 'tcp'
    else if (letter === 'r') options.flags = 0
    else if (!'Uw46si'.includes(letter)) return failed(`host: illegal option -- ${letter}\n${usage}`)
  }
  return options
}

/** A result: what is wrong. */
function valued(options: Options, letter: string, value: string): Result | undefined {
  if (letter === 'p') options.port = Number(value)
  if (letter === 't') options.type = typeName(value)
  if (letter === 'c') options.class = className(value) ?? ''
  if (letter === 't' && !options.type) return failed(`host: invalid type: ${value}\n\n`, 2)
  if (letter === 'c' && !options.class) return failed(`host: invalid class: ${value}\n\n`, 2)
  return undefined
}

async function lookUp(name: string, options: Options, machine: Machine): Promise<{ text: string; found: boolean }> {
  const address = isIp(name)
  const types = options.type ? [options.type] : address ? ['PTR'] : ['A', 'AAAA', 'MX']
  let asked = address ? `${reversed(name)}.` : name
  const result = { text: '', found: true }
  for (const [index, type] of types.entries()) {
    const reply = await query({ name: asked, type, class: options.class }, options, machine)
    if (!reply) return { ...result, found: false }
    const { rcode, answers } = reply.answer
    if (rcode !== 'NOERROR') {
      const shown = undotted(rcode === 'NXDOMAIN' ? asked : reply.name)
      result.text += `Host ${shown} not found: ${rcodes[rcode] ?? 0}(${rcode})\n`
      result.found = false
      if (index === 0) return result
      continue
    }
    result.text += answers.map(sentence).join('')
    if (options.type && answers.length === 0) result.text += `${undotted(reply.name)} has no ${type} record\n`
    // The next question is about the name that this one led to.
    asked = endOfChain(`${undotted(reply.name)}.`, answers)
  }
  return result
}

const query = (question: Asked, { transport, flags }: Options, machine: Machine) =>
  searched(question, { transport: question.type === 'ANY' ? 'tcp' : transport, flags, ignore: false }, machine)

const undotted = (name: string): string => name.replace(/(.)\.$/, '$1')

const verbs: Readonly<Record<string, string>> = {
  A: 'has address',
  AAAA: 'has IPv6 address',
  CNAME: 'is an alias for',
  PTR: 'domain name pointer',
  NS: 'name server',
  TXT: 'descriptive text',
}

const sentence = ({ name, type, data }: Resource): string => `${undotted(name)} ${verbs[type] ?? `has ${type} record`} ${data}\n`
