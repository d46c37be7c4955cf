// wget as busybox has it: one file or page, to a file or to standard output.
import { parseArgs } from 'node:util'
import { type Command, failed } from './command.ts'

const options = {
  quiet: { type: 'boolean', short: 'q' },
  spider: { type: 'boolean' },
  continue: { type: 'boolean', short: 'c' },
  'output-document': { type: 'string', short: 'O' },
  header: { type: 'string', multiple: true },
  'post-data': { type: 'string' },
  timeout: { type: 'string', short: 'T' },
  tries: { type: 'string', short: 't' },
} as const

/** undefined: there is something among them that this wget does not know. */
function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch {
    return undefined
  }
}

const usage = 'Usage: wget [-cq] [--spider] [-O FILE] [-T SEC] [-t TRIES] [--header STR] [--post-data STR] URL\n'

export const wget: Command = {
  name: 'wget',
  async run(args, _machine, { fetch, write }) {
    const { values, positionals: [given] = [] } = parse(args) ?? {}
    if (!values || given === undefined) return failed(usage)
    const url = new URL(/^\w+:\/\//.test(given) ? given : `http://${given}`)
    const told = (text: string): string => (values.quiet ? '' : `Connecting to ${url.hostname}:${url.port || 80}\n${text}`)
    const headers = Object.fromEntries((values.header ?? []).map(line => line.split(/: */, 2) as [string, string]))
    const body = values['post-data']
    let answer: Awaited<ReturnType<typeof fetch>>
    try {
      answer = await fetch(url.href, { method: body === undefined ? 'GET' : 'POST', headers, ...(body === undefined ? {} : { body }) })
    } catch (error) {
      return failed(unreachable(String(error), url))
    }
    if (answer.status >= 400) return failed(told(`wget: server returned error: HTTP/1.1 ${answer.status} ${answer.statusText}\n`))
    if (values.spider) return { stdout: '', stderr: told('remote file exists\n'), exitCode: 0 }
    const name = values['output-document'] ?? (url.pathname.split('/').at(-1) || 'index.html')
    if (name === '-') return { stdout: Buffer.from(answer.body).toString(), stderr: told('writing to stdout\n'), exitCode: 0 }
    try {
      await write(name, answer.body)
    } catch {
      return failed(told(`wget: can't open '${name}': No such file or directory\n`))
    }
    return { stdout: '', stderr: told(`saving to '${name}'\n'${name}' saved\n`), exitCode: 0 }
  },
}

function unreachable(error: string, { hostname }: URL): string {
  return /resolve/.test(error)
    ? `wget: bad address '${hostname}'\n`
    : `wget: can't connect to remote host (${hostname}): Connection refused\n`
}
