// Commands in a container: one by its argv, or a shell that reads lines from a script or a terminal.
import type { IFileSystem, SecureFetch } from 'just-bash'
import type { ExecStreams } from '../../../server/nodeproxy.ts'
import { type Bash, slash } from '../filesystem.ts'
import type { Machine } from './command.ts'
import { commands, programNames } from './index.ts'
import { mayRead } from './input.ts'
import { Terminal } from './terminal.ts'

export interface SessionOptions {
  bash: Bash
  fileSystem: IFileSystem
  environment: Readonly<Record<string, string>>
  workingDirectory: string
  machine: Machine
  /** Waits on the cluster's clock. */
  sleep(ms: number): Promise<void>
  /** curl's. */
  fetch: SecureFetch
}

const shells = new Set(['bash', 'sh', 'ash', 'dash'])
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** A shell whose directory and variables last from line to line. */
export class Session {
  readonly #shell: InstanceType<Bash['Bash']>
  readonly #names: ReadonlySet<string>
  readonly #machine: Machine
  readonly #functions: string[] = []
  #environment: Record<string, string>
  #directory: string

  constructor({ bash, fileSystem, environment, workingDirectory, machine, sleep, fetch }: SessionOptions) {
    this.#environment = { ...environment }
    this.#directory = workingDirectory
    this.#machine = machine
    this.#names = new Set(programNames(bash))
    this.#shell = new bash.Bash({
      fs: fileSystem,
      env: this.#environment,
      cwd: workingDirectory,
      sleep,
      fetch,
      defenseInDepth: false,
      processInfo: { pid: 29, ppid: 0, uid: 0, gid: 0 },
      customCommands: commands.map(({ name, run }) =>
        bash.defineCommand(name, async (args, { fs, cwd }) =>
          run(args, machine, { fetch, write: (file, body) => fs.writeFile(fs.resolvePath(cwd, file), body) }),
        ),
      ),
    })
  }

  /** undefined: there is no such program in the container. */
  async run(argv: readonly string[], streams: ExecStreams, signal: AbortSignal): Promise<number | undefined> {
    const [program = '', ...given] = argv
    const name = baseName(program)
    const { args, warning } = name === 'tar' ? relative(given) : { args: given, warning: '' }
    ;(streams.stderr ?? streams.stdout).write(warning)
    const isShell = shells.has(name)
    if (!isShell && !this.#names.has(name)) return undefined
    const reads = args.every(arg => /^-[il]+$|^--login$|^-$/.test(arg))
    if (isShell && reads && streams.stdin) return streams.tty ? this.#interactive(streams, signal) : this.#script(streams, signal)
    // Of a shell's own words those count that it runs: -c and a script. With a terminal nothing says where the input ends.
    const ran = isShell && args[0] === '-c' ? args.slice(1) : argv
    const stdin = streams.stdin && !streams.tty && mayRead(ran, this.#names) ? await collected(streams.stdin) : ''
    const words = [isShell ? 'bash' : name, ...args].map(quoted).join(' ')
    return this.#line(words, { ...streams, input: stdin }, signal)
  }

  /** Runs one or more lines; what they change of the shell stays. */
  async #line(line: string, { stdout, stderr, tty, input }: ExecStreams & { input?: string }, signal: AbortSignal): Promise<number> {
    const result = await this.#shell.exec([...this.#functions, line].join('\n'), {
      env: this.#environment,
      replaceEnv: true,
      cwd: this.#directory,
      rawScript: true,
      signal,
      ...(input ? { stdin: input, stdinKind: 'bytes' as const } : {}),
    })
    if (signal.aborted) return 130
    if (/^\s*(function\s+)?\w+\s*\(\)\s*\{/.test(line)) this.#functions.push(line)
    // Its own registers ($?, $#) are no variables of the next line.
    this.#environment = Object.fromEntries(Object.entries(result.env).filter(([name]) => /^[A-Za-z_]\w*$/.test(name)))
    this.#directory = result.env.PWD ?? this.#directory
    const bytes = bytesOf(result.stdout)
    const text = (chunk: Buffer | string) => (tty ? chunk.toString().replaceAll('\n', '\r\n') : chunk)
    if (bytes.length > 0) stdout.write(text(bytes))
    if (result.stderr !== '') (stderr ?? stdout).write(text(worded(result.stderr)))
    return result.exitCode
  }

  /** Lines of standard input as a shell without a terminal takes them: each runs when it is whole. */
  async #script(streams: ExecStreams, signal: AbortSignal): Promise<number> {
    let [pending, code] = ['', 0]
    for await (const line of lines(streams.stdin ?? [])) {
      if (signal.aborted) break
      pending += `${line}\n`
      if (!complete(pending)) continue
      const exit = exitCode(pending, code)
      if (exit !== undefined) return exit
      code = await this.#line(pending, streams, signal)
      pending = ''
    }
    return pending.trim() === '' ? code : this.#line(pending, streams, signal)
  }

  async #interactive(streams: ExecStreams, signal: AbortSignal): Promise<number> {
    const terminal = new Terminal(streams)
    let [pending, code] = ['', 0]
    while (!signal.aborted) {
      const line = await terminal.line(pending === '' ? this.#prompt() : '> ')
      if (line === undefined) {
        streams.stdout.write('exit\r\n')
        return code
      }
      if (line === 'interrupted') {
        ;[pending, code] = ['', 130]
        continue
      }
      pending += `${line.text}\n`
      if (!complete(pending)) continue
      const exit = exitCode(pending, code)
      if (exit !== undefined) {
        streams.stdout.write('exit\r\n')
        return exit
      }
      code = pending.trim() === '' ? code : await terminal.interruptible(signal, s => this.#line(pending, streams, s))
      pending = ''
    }
    return code
  }

  #prompt(): string {
    const home = this.#environment.HOME ?? ''
    const directory = home !== '' && this.#directory.startsWith(home) ? `~${this.#directory.slice(home.length)}` : this.#directory
    return `root@${this.#machine.hostname}:${directory}# `
  }
}

/**
 * The library decodes output that is UTF-8, and gives other bytes as a letter each, without telling which it did. Control characters that no
 * text has tell.
 */
function bytesOf(output: string): Buffer {
  let control = false
  for (let at = 0; at < output.length; at++) {
    const code = output.charCodeAt(at)
    if (code > 0xff) return Buffer.from(output)
    control ||= code === 0 || (code >= 0x80 && code < 0xa0)
  }
  return Buffer.from(output, control ? 'latin1' : 'utf8')
}

/** tar keeps no absolute names, and says so; kubectl cp counts on it. */
function relative(args: readonly string[]): { args: readonly string[]; warning: string } {
  const absolute = args.findIndex((arg, index) => index > 1 && arg.startsWith('/'))
  if (absolute < 0 || !/^-?[a-z]*c/.test(args[0] ?? '')) return { args, warning: '' }
  const names = args.slice(absolute).map(arg => arg.replace(/^\/+(?=.)/, ''))
  return { args: [...args.slice(0, absolute), '-C', '/', ...names], warning: "tar: Removing leading `/' from member names\n" }
}

/** A file system's own error as programs print it; a shell names the file itself. */
const worded = (text: string): string =>
  text
    .replace(
      /^(bash: )EROFS: read-only file system, \w+ '(.*)'$/gm,
      (_, shell: string, path: string) => `${shell}${path.replaceAll(slash, '/')}: Read-only file system`,
    )
    .replace(/EROFS: read-only file system, \w+ '.*'/g, 'Read-only file system')
    .replace(/EBUSY: .*$/gm, 'Device or resource busy')
    .replace(/^curl: \(1\) (?=Could not resolve)/gm, 'curl: (6) ')
    .replace(/^curl: \(1\) (?=Failed to connect)/gm, 'curl: (7) ')

/** Whether a shell would run this or ask for more: quotes, here-documents and compound commands are closed. */
export function complete(text: string): boolean {
  const open = openQuote(text)
  if (open) return false
  if (/\\\n$/.test(text)) return false
  const here = /<<-?\s*['"]?(\w+)['"]?/.exec(text)
  if (here && !new RegExp(`\\n\\t*${here[1]}\\n`).test(text)) return false
  const words = text.replace(/'[^']*'|"[^"]*"|#.*$/gm, ' ').split(/[\s;&|]+/)
  const count = (...names: string[]) => words.filter(word => names.includes(word)).length
  return (
    count('for', 'while', 'until', 'select') <= count('do') &&
    count('do') === count('done') &&
    count('if') === count('fi') &&
    count('case') === count('esac') &&
    count('{') === count('}') &&
    !/(&&|\|\|?)\s*\n$/.test(text)
  )
}

function openQuote(text: string): string | undefined {
  let open: string | undefined
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? ''
    if (letter === '\\' && open !== "'") at++
    else if (open) open = letter === open ? undefined : open
    else if (letter === "'" || letter === '"') open = letter
  }
  return open
}

/** The code of a bare `exit` or `exit N`. */
function exitCode(text: string, last: number): number | undefined {
  const match = /^\s*(?:exit|logout)(?:\s+(\d+))?\s*;?\s*$/.exec(text)
  return match ? (match[1] === undefined ? last : Number(match[1]) & 255) : undefined
}

async function collected(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}

async function* lines(stream: AsyncIterable<Buffer> | Iterable<never>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of stream) {
    const parts = (rest + (chunk as Buffer).toString()).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
  if (rest !== '') yield rest
}
