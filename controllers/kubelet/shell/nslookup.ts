// nslookup and host, as BIND's print.
import { type Command, failed, type Machine, ok } from './command.ts'

import { ask, type Message, queryFlags, type Resource, reversed } from './resolver.ts'

const plain = { transport: 'udp', flags: queryFlags.rd, ignore: false } as const
const isAddress = (text: string): boolean => /^[\d.]+$/.test(text) || (text.includes(':') && /^[\da-f:.]+$/i.test(text))
const undotted = (name: string): string => name.replace(/\.$/, '')

/** The first of the search list's names that is there, else the last answer. Five dots make a name that is tried as it is. */
async function search(name: string, type: string, machine: Machine): Promise<{ name: string; answer: Message | undefined }> {
  const absolute = { name, answer: undefined as Message | undefined }
  const names = name.endsWith('.') || name.split('.').length > 5 ? [name] : [...machine.search.map(suffix => `${name}.${suffix}`), name]
  let last = absolute
  for (const candidate of names) {
    last = { name: undotted(candidate), answer: await ask({ name: candidate, type, class: 'IN' }, plain, machine) }
    if (last.answer?.rcode === 'NOERROR') return last
  }
  return { name, answer: last.answer }
}

export const nslookup: Command = {
  name: 'nslookup',
  async run(args, machine) {
    const type = (args.find(arg => /^-(type|query|q)=/.test(arg))?.split('=')[1] ?? 'A').toUpperCase()
    const [name] = args.filter(arg => !arg.startsWith('-'))
    if (!name) return failed('nslookup: interactive mode is not supported\n')
    const server = machine.dnsAddress
    const head = `Server:\t\t${server}\nAddress:\t${server}#53\n\n`
    const address = isAddress(name)
    const { name: asked, answer } = address
      ? { name, answer: await ask({ name: reversed(name), type: 'PTR', class: 'IN' }, plain, machine) }
      : await search(name, type, machine)
    if (!answer) return { ...failed(''), stdout: `;; communications error to ${server}#53: timed out\n;; no servers could be reached\n` }
    if (answer.rcode !== 'NOERROR') {
      const subject = address ? reversed(name) : asked
      const warned = answer.rcode === 'SERVFAIL' ? `;; Got SERVFAIL reply from ${server}\n` : ''
      return { ...failed(''), stdout: `${warned}${head}** server can't find ${subject}: ${answer.rcode}\n\n` }
    }
    const body = answer.answers.map(line).join('')
    if (address) return ok(`${body}\n`)
    return ok(`${head}${body || `*** Can't find ${asked}: No answer\n`}\n`)
  },
}

function line({ name, type, data }: Resource): string {
  const owner = undotted(name)
  if (type === 'A' || type === 'AAAA') return `Name:\t${owner}\nAddress: ${data}\n`
  if (type === 'SRV') return `${owner}\tservice = ${data}\n`
  if (type === 'PTR') return `${owner}\tname = ${data}\n`
  if (type === 'CNAME') return `${owner}\tcanonical name = ${data}\n`
  return type === 'TXT' ? `${owner}\ttext = ${data}\n` : `${owner}\t${type.toLowerCase()} = ${data}\n`
}

export const host: Command = {
  name: 'host',
  async run(args, machine) {
    const at = args.indexOf('-t')
    const wanted = at < 0 ? undefined : args[at + 1]?.toUpperCase()
    const [name] = args.filter((arg, index) => !arg.startsWith('-') && (at < 0 || index !== at + 1))
    if (!name) return failed('Usage: host [-t type] hostname\n')
    if (isAddress(name)) {
      const answer = await ask({ name: reversed(name), type: 'PTR', class: 'IN' }, plain, machine)
      if (answer?.rcode !== 'NOERROR') return { ...failed(''), stdout: `Host ${reversed(name)}. not found: 3(NXDOMAIN)\n` }
      return ok(answer.answers.map(r => `${undotted(r.name)} domain name pointer ${r.data}\n`).join(''))
    }
    const { answer } = await search(name, wanted ?? 'A', machine)
    if (answer?.rcode !== 'NOERROR') return { ...failed(''), stdout: `Host ${name} not found: 3(NXDOMAIN)\n` }
    return ok(answer.answers.map(hostLine).join(''))
  },
}

function hostLine({ name, type, data }: Resource): string {
  const owner = undotted(name)
  if (type === 'A') return `${owner} has address ${data}\n`
  if (type === 'AAAA') return `${owner} has IPv6 address ${data}\n`
  return type === 'SRV' ? `${owner} has SRV record ${data}\n` : `${owner} has ${type} record ${data}\n`
}
