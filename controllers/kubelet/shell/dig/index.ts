// dig, as BIND's prints: the answer in columns, or +short. Asks through the machine it runs on.
import type { Command, Machine, Result } from '../command.ts'
import {
  type Asking,
  addressOf,
  ask,
  cookieCode,
  cookieOf,
  type EdnsOption,
  illegal,
  type Message,
  queryFlags,
  version,
} from '../resolver.ts'
import { type Lookup, parse } from './options.ts'
import { print } from './print.ts'

const unreachableCode = 9
const illegalNameCode = 10
const dnsPort = 53

export const dig: Command = {
  name: 'dig',
  async run(args, machine) {
    const parsed = parse(args)
    if ('version' in parsed) return { stdout: '', stderr: `DiG ${version}\n`, exitCode: 0 }
    if ('stderr' in parsed) return { stdout: '', ...parsed }
    const result: Result = { stdout: '', stderr: parsed.warnings, exitCode: 0 }
    for (const [index, lookup] of parsed.lookups.entries()) {
      const banner = index === 0 && lookup.on.cmd && !lookup.on.short ? bannerOf(lookup, args) : ''
      const one = await run(lookup, banner, machine)
      result.stdout += one.stdout
      result.stderr += one.stderr
      if (one.exitCode !== 0) result.exitCode = one.exitCode
      if (one.stderr !== '') break
    }
    return result
  },
}

const bannerOf = ({ server }: Lookup, args: readonly string[]): string =>
  `\n; <<>> DiG ${version} <<>> ${args.join(' ')}\n${server === undefined ? '' : '; (1 server found)\n'};; global options: +cmd\n`

async function run(lookup: Lookup, banner: string, machine: Machine): Promise<Result> {
  const server = await addressOf(lookup.server ?? machine.dnsAddress, machine)
  if (!server) return { stdout: '', stderr: `dig: couldn't get address for '${lookup.server}': not found\n`, exitCode: 1 }
  const names = namesOf(lookup, machine)
  const problem = illegal(lookup.name)
  if (problem) return { stdout: '', stderr: `dig: '${lookup.name}' is not a legal name (${problem})\n`, exitCode: illegalNameCode }
  for (const [index, name] of names.entries()) {
    const answer = await askServer({ ...lookup, name }, server, machine)
    if (!answer) return unreachable(lookup, server, banner)
    if (answer.rcode === 'NXDOMAIN' && index < names.length - 1) continue
    return { stdout: printed({ ...lookup, name }, answer, { server, banner, now: machine.now() }), stderr: '', exitCode: 0 }
  }
  return { stdout: '', stderr: '', exitCode: 0 }
}

/** The name itself; with +search the names the search list makes of it. */
function namesOf({ name, on, domain }: Lookup, { search }: Machine): string[] {
  const absolute = name.replace(/\.?$/, '.')
  if (!on.search || name.endsWith('.')) return [absolute]
  const dots = name.split('.').length - 1
  const list = (domain ? [domain] : search).map(suffix => `${name}.${suffix}.`)
  return dots >= ndots ? [absolute, ...list] : [...list, absolute]
}

/** resolv.conf's. */
const ndots = 5

/** Only the cluster's DNS can be reached from a container. */
async function askServer(lookup: Lookup, server: string, machine: Machine): Promise<(Message & { badVersion: boolean }) | undefined> {
  if (server !== machine.dnsAddress || lookup.port !== dnsPort) return undefined
  const { name, type, class: className } = lookup
  const question = { name, type, class: className }
  const answer = await ask(question, askingOf(lookup, machine), machine)
  if (!answer || lookup.ednsVersion === 0 || answer.edns?.version !== 0) return answer && { ...answer, badVersion: false }
  const again = await ask(question, askingOf({ ...lookup, ednsVersion: 0 }, machine), machine)
  return again && { ...again, badVersion: true }
}

function askingOf(lookup: Lookup, machine: Machine): Asking {
  const { on, type, tcpGiven, udpSize, ednsVersion } = lookup
  const flags = Object.entries(queryFlags).reduce((sum, [flag, bit]) => (on[flag as keyof typeof queryFlags] ? sum | bit : sum), 0)
  const tcp = on.tcp || type === 'IXFR' || (type === 'ANY' && !tcpGiven)
  const edns = { version: ednsVersion, udpSize, dnssecOk: on.dnssec, options: ednsOptions(lookup, machine) }
  return { transport: tcp ? 'tcp' : 'udp', flags, ignore: on.ignore, ...(on.edns ? { edns } : {}) }
}

function ednsOptions({ on, name, cookie }: Lookup, machine: Machine): EdnsOption[] {
  const empty = new Uint8Array()
  return [
    ...(on.nsid ? [{ code: 3, data: empty }] : []),
    ...(on.cookie ? [{ code: cookieCode, data: cookie ? Buffer.from(cookie, 'hex') : cookieOf(`${name}${machine.now().getTime()}`) }] : []),
    ...(on.expire ? [{ code: 9, data: empty }] : []),
    ...(on.keepalive && on.tcp ? [{ code: 11, data: empty }] : []),
  ]
}

function printed(
  lookup: Lookup,
  answer: Message & { badVersion: boolean },
  { server, banner, now }: { server: string; banner: string; now: Date },
): string {
  const { on, type } = lookup
  if (on.short) {
    const origin = on.identify ? ` from server ${server} in 0 ms.` : ''
    return answer.answers.map(({ data }) => `${data}${origin}\n`).join('')
  }
  if ((type === 'AXFR' || type === 'IXFR') && answer.rcode !== 'NOERROR') return `${banner}; Transfer failed.\n`
  const notes = [
    ...(answer.badVersion ? [';; BADVERS, retrying with EDNS version 0.\n'] : []),
    ...(answer.retried ? [';; Truncated, retrying in TCP mode.\n'] : []),
  ]
  return `${on.comments ? notes.join('') : ''}${banner}${print(lookup, answer, server, now)}`
}

function unreachable({ on, port, tries, name }: Lookup, server: string, banner: string): Result {
  const nobody = ';; no servers could be reached\n'
  const lost = on.tcp
    ? `;; Connection to ${server}#${port}(${server}) for ${name} failed: timed out.\n${nobody}`.repeat(tries)
    : `${`;; communications error to ${server}#${port}: timed out\n`.repeat(tries)}${banner}${nobody}`
  return { stdout: lost, stderr: '', exitCode: unreachableCode }
}
