// The program as users start it: the built command in a process of its own, on free ports, with a state directory that goes with it.
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Output } from './kubectl.ts'

export const program = join(dirname(fileURLToPath(import.meta.url)), '../../dist/kubemock.cjs')

export interface Served {
  /** Holds the kubeconfig; a test may put its files here. */
  directory: string
  kubeconfig: string
  /** All it printed when it was ready. */
  greeting: string
  /** Ctrl-C; resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number>
}

export const newDirectory = (): string => mkdtempSync(join(tmpdir(), 'kubemock-test-'))

export const serve = (...flags: readonly string[]): Promise<Served> => serveIn(newDirectory(), ...flags)

/** stop() removes the directory. */
export async function serveIn(directory: string, ...flags: readonly string[]): Promise<Served> {
  const args = ['start', '--port', '0', '--grpc-port', '0', '--dns-port', '0', '--state-dir', directory, ...flags]
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise<number>(resolve => child.once('exit', code => resolve(code ?? -1)))
  let greeting = ''
  child.stdout.setEncoding('utf8')
  for await (const text of child.stdout) {
    greeting += text as string
    if (/kubectl get nodes\n/.test(greeting)) break
  }
  child.stdout.resume()
  return {
    directory,
    kubeconfig: join(directory, 'kubeconfig'),
    greeting,
    async stop(signal = 'SIGINT') {
      child.kill(signal)
      const code = await exited
      rmSync(directory, { recursive: true, force: true })
      return code
    },
  }
}

/** One run of the program, to its end. */
export function kubemock(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Output> {
  return new Promise(resolve => {
    const options = { env: { ...process.env, ...environment }, timeout: 30_000 }
    const child = execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) =>
      resolve({ exit: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    )
    child.stdin?.end()
  })
}
