// A server in a process of its own, and what that process has used. Time is the server's CPU time, of all its threads, as it reports it.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Call, Client } from './client.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export interface Usage {
  /** Microseconds of all threads since the process began. */
  cpuUs: number
  rssMb: number
}

export interface Running {
  client: Client
  /** From spawn to the first 200 of /readyz. */
  readyMs: number
  usage(): Promise<Usage>
  stop(): Promise<void>
}

/** The built program on a free port, with a fresh state directory. */
export async function startKubemock(...flags: readonly string[]): Promise<Running> {
  const directory = mkdtempSync(join(tmpdir(), 'kubemock-bench-'))
  const port = await freePort()
  const ports = ['--port', String(port), '--grpc-port', '-1', '--dns-port', '-1']
  const running = await start([at('../dist/kubemock.cjs'), 'start', ...ports, '--state-dir', directory, ...flags], port)
  running.client.token = JSON.parse(readFileSync(join(directory, 'secrets.json'), 'utf8')).adminToken
  return {
    ...running,
    async stop() {
      await running.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The API server alone: no nodes, no controllers. Pods need an account. */
export async function startBare(...flags: readonly string[]): Promise<Running> {
  const running = await startKubemock('--nodes', '0', '--controllers', '', ...flags)
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }
  await running.client.request('POST', '/api/v1/namespaces/default/serviceaccounts', { body: JSON.stringify(account) })
  return running
}

/** What numbers are compared with: fastify that parses a body and prints it again. */
export async function startBaseline(): Promise<Running> {
  const port = await freePort()
  return start(['--import', 'tsx', at('baseline.ts'), String(port)], port)
}

/** Microseconds of the server's CPU for each call. */
export async function costOf(server: Running, calls: readonly Call[]): Promise<number> {
  const before = await server.usage()
  await server.client.all(calls)
  const after = await server.usage()
  return (after.cpuUs - before.cpuUs) / calls.length
}

async function start(args: readonly string[], port: number): Promise<Running> {
  const began = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  process.setMaxListeners(0)
  process.once('exit', () => child.kill())
  const client = new Client(port)
  while (!(await client.isReady())) {
    if (child.exitCode !== null) throw new Error(`${args[0]} ended with ${child.exitCode}`)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  const readyMs = performance.now() - began
  return { client, readyMs, usage: () => usageOf(client), stop: () => stop(child, client) }
}

async function usageOf(client: Client): Promise<Usage> {
  const { body } = await client.request('GET', '/metrics')
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1])
  return { cpuUs: value('process_cpu_seconds_total') * 1e6, rssMb: value('process_resident_memory_bytes') / 2 ** 20 }
}

async function stop(child: ChildProcess, client: Client): Promise<void> {
  client.close()
  const exited = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGINT')
  await exited
}

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
