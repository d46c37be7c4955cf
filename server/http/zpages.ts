// Pages for people who look at one process: its flags, its state, and what of /debug there is (nothing).
import { notSupportedHere } from '../../openapi/errors.ts'
import type { Answer, Exchange } from './exchange.ts'
import type { PageFacts } from './pages.ts'
import { version } from './version.ts'

const notForMachines = 'For people to read: the form of this page may change at any time.'

const page = (title: string, lines: readonly string[]): Answer => ({
  code: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `\n${title}\n${notForMachines}\n\n${lines.join('\n')}\n`,
})

export const flagz = ({ flags }: PageFacts): Answer =>
  page(
    'kubemock flagz',
    flags.map(([name, value]) => `${name}=${value}`),
  )

export function statusz({ started, now }: PageFacts): Answer {
  const seconds = Math.floor((now().getTime() - started.getTime()) / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  return page('kubemock statusz', [
    `Started: ${started.toUTCString()}`,
    `Up: ${Math.floor(seconds / 3600)} hr ${two(Math.floor(seconds / 60) % 60)} min ${two(seconds % 60)} sec`,
    `Node version: ${process.version}`,
    `Simulated version: ${version.gitVersion.slice(1)}`,
    'Paths: /healthz /livez /metrics /readyz /version',
  ])
}

/** The profiler and the log level of a Go process. */
export function debug({ info, method }: Exchange): Answer | undefined {
  if (info.path === '/debug/flags/v' && method !== 'PUT')
    return { code: 406, headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' }, body: 'unsupported http method\n' }
  if (info.path.startsWith('/debug/pprof') || info.path === '/debug/flags/v') throw notSupportedHere(info.path)
  return undefined
}
