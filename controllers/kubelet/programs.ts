// What a container's command does in a world where nothing runs: pure. A command that the simulated shell can run is run there and ends as it
// ends; every other program is taken for a server that stays up.
import type { Container } from './images/image.ts'
import { imageName } from './images/image.ts'

export type Program =
  | { does: 'stay' }
  /** Not known here: a server, or the work of a Job. */
  | { does: 'serve' }
  | { does: 'exit'; exitCode: number }
  | { does: 'sleep'; ms: number; exitCode?: number }
  /** In the simulated shell. */
  | { does: 'run'; argv: readonly string[] }
  /** Reads what somebody types who attaches; until then it stays up. */
  | { does: 'listen'; argv: readonly string[] }

const stay: Program = { does: 'stay' }
const serve: Program = { does: 'serve' }
const shells = new Set(['sh', 'bash', 'ash', 'dash'])
/** Their entrypoint runs what it is given. With nothing given they stay up: so do the pods of many a test, which need no more than that. */
const shellImages = new Set(['busybox', 'alpine', 'bash', 'debian', 'ubuntu'])
/** Programs that do their work and end. */
const tools = new Set(
  `cat cp cut date dig echo env expr find grep head host hostname id ls mkdir mv nslookup printenv printf pwd rm sed seq sort tail test
   touch uname wc wget whoami`.split(/\s+/),
)
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

export function programOf(container: Container): Program {
  const { command = [], args = [], image = '' } = container
  if (container.stdin && listens(container))
    return { does: 'listen', argv: command.length + args.length > 0 ? [...command, ...args] : ['sh'] }
  if (command.length === 0 && (args.length === 0 || !shellImages.has(imageName(image)))) return serve
  const argv = [...command, ...args]
  const [program = '', ...rest] = [baseName(argv[0] ?? ''), ...argv.slice(1)]
  if (program === 'true') return { does: 'exit', exitCode: 0 }
  if (program === 'false') return { does: 'exit', exitCode: 1 }
  if (program === 'sleep') return sleepOf(rest)
  if (shells.has(program)) return scriptOf(argv, rest)
  const follows = program === 'tail' && rest.some(arg => /^-\w*[fF]/.test(arg))
  if (follows) return stay
  return tools.has(program) ? { does: 'run', argv } : serve
}

/** A shell or a cat that is given nothing to read. */
function listens({ command = [], args = [], image = '' }: Container): boolean {
  const [program, ...rest] = [...command, ...args]
  if (program === undefined) return shellImages.has(imageName(image))
  const name = baseName(program)
  return (shells.has(name) && rest.every(arg => /^(-[il]+|--login|-)$/.test(arg))) || (name === 'cat' && rest.length === 0)
}

const unitMs: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function sleepOf(args: readonly string[]): Program {
  const parts = args.map(arg => /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(arg))
  if (parts.length === 0 || parts.some(part => part === null)) return stay
  return { does: 'sleep', ms: parts.reduce((sum, part) => sum + Number(part?.[1]) * (unitMs[part?.[2] ?? ''] ?? 0), 0) }
}

/** `sh -c SCRIPT`; the shortest ones need no shell. */
function scriptOf(argv: readonly string[], [flag = '', script = '']: readonly string[]): Program {
  if (!/^-\w*c$/.test(flag)) return stay
  const exit = /^\s*exit\s+(\d+)\s*;?\s*$/.exec(script)
  if (exit) return { does: 'exit', exitCode: Number(exit[1]) & 255 }
  const sleep = /^\s*(?:exec\s+)?sleep\s+([\d.]+[smhd]?|infinity|inf)\s*;?\s*$/.exec(script)
  if (sleep) return sleepOf([sleep[1] ?? ''])
  // A loop without end says nothing more than that it stays up.
  if (/\bwhile\s+(true|:|\[ 1 \])/.test(script) || /\btail\s+-\w*[fF]\b/.test(script) || /\bsleep\s+inf/.test(script)) return stay
  return { does: 'run', argv }
}
