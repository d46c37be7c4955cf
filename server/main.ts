// The command line: start, exec, kubeconfig. The only process.exit and the only console.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { writePrivate } from './auth/state.ts'
import { type Cluster, createCluster } from './cluster.ts'
import { type Config, ConfigError, environmentName, options, parseConfig } from './config.ts'

const flagWidth = Math.max(...Object.values(options).map(({ flag }) => flag.length))

const usage = `kubemock: a fake Kubernetes v1.36 cluster in one process

  kubemock [start] [flags]       serve until Ctrl-C
  kubemock exec [flags] -- CMD   start on free ports, run CMD with KUBECONFIG set, stop
  kubemock kubeconfig [--host NAME] [--state-dir DIR]
                                 print the kubeconfig of the cluster started here
  kubemock health [flags]        exit 0 when the cluster started here is ready

flags (each also as an environment variable):
${Object.values(options)
  .map(
    ({ flag, value, about }) =>
      `  --${flag.padEnd(flagWidth)} ${about}${value === undefined || value === '' ? '' : ` (${value})`}  ${environmentName(flag)}`,
  )
  .join('\n')}
`

const logError = (error: unknown): void => console.error(error)
const kubeconfigFile = (config: Config): string => config.kubeconfig || join(config.stateDir, 'kubeconfig')

async function start(args: readonly string[]): Promise<void> {
  const config = parseConfig(args, process.env)
  const cluster = await createCluster({ config, logError })
  const file = kubeconfigFile(config)
  writePrivate(file, cluster.kubeconfig)
  const lines = [
    `kubemock is ready: Kubernetes v1.36.3 (simulated, ${config.nodes} nodes) at ${cluster.url}`,
    ...(cluster.dnsAddress ? [`  DNS   ${cluster.dnsAddress} (UDP and TCP, zone cluster.local)`] : []),
    ...(cluster.grpcAddress ? [`  gRPC  ${cluster.grpcAddress} (kubemock.v1.Simulator)`] : []),
    '',
    `  export KUBECONFIG=${resolve(file)}`,
    '  kubectl get nodes',
    '',
  ]
  console.log(lines.join('\n'))
  await untilStopped()
  await cluster.close()
}

const untilStopped = (): Promise<void> =>
  new Promise(stopped => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped())
  })

async function exec(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--')
  const [command, ...rest] = at < 0 ? [] : args.slice(at + 1)
  if (!command) throw new ConfigError('exec needs a command: kubemock exec [flags] -- CMD')
  const directory = mkdtempSync(join(tmpdir(), 'kubemock-'))
  const free = { KUBEMOCK_PORT: '0', KUBEMOCK_GRPC_PORT: '0', KUBEMOCK_DNS_PORT: '0', KUBEMOCK_STATE_DIR: directory }
  let cluster: Cluster | undefined
  try {
    const config = parseConfig(args.slice(0, at), { ...free, ...process.env })
    cluster = await createCluster({ config, logError })
    const file = kubeconfigFile(config)
    writePrivate(file, cluster.kubeconfig)
    return await run(command, rest, { ...process.env, KUBECONFIG: file })
  } finally {
    await cluster?.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The command's exit status, as a shell gives it. */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((exited, reject) => {
    // Before the command runs: a signal that came in between would end us and leave it alone.
    process.on('SIGTERM', signal => child.kill(signal))
    // A terminal sends Ctrl-C to both of us.
    process.on('SIGINT', signal => process.stdin.isTTY || child.kill(signal))
    const child = spawn(command, args, { stdio: 'inherit', env })
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' && error.code !== 'EACCES') return reject(error)
      console.error(`kubemock: cannot run ${command}: ${error.code === 'ENOENT' ? 'not found' : 'permission denied'}`)
      exited(error.code === 'ENOENT' ? 127 : 126)
    })
    child.once('exit', (code, signal) => exited(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
}

function printKubeconfig(args: readonly string[]): void {
  const { value: host, rest } = takeFlag(args, '--host')
  const text = writtenKubeconfig(parseConfig(rest, process.env))
  const shown = host?.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  process.stdout.write(shown ? text.replace(serverLine, `$1${shown}:$2`) : text)
}

const serverLine = /(server: https:\/\/).*:(\d+)/

/** --host means another thing here than to the server. */
function takeFlag(args: readonly string[], flag: string): { value?: string; rest: readonly string[] } {
  const at = args.findIndex(arg => arg === flag || arg.startsWith(`${flag}=`))
  if (at < 0) return { rest: args }
  const joined = args[at]?.startsWith(`${flag}=`)
  const value = joined ? args[at]?.slice(flag.length + 1) : args[at + 1]
  if (!value) throw new ConfigError(`${flag} needs a value`)
  return { value, rest: args.toSpliced(at, joined ? 1 : 2) }
}

function writtenKubeconfig(config: Config): string {
  const file = kubeconfigFile(config)
  if (!existsSync(file)) throw new ConfigError(`no kubeconfig at ${file}: is a cluster running with this state directory?`)
  return readFileSync(file, 'utf8')
}

/** Asks the server that was started here; for a container's HEALTHCHECK. */
async function health(args: readonly string[]): Promise<number> {
  const config = parseConfig(args, process.env)
  const port = serverLine.exec(writtenKubeconfig(config))?.[2]
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host
  const { get } = await import('node:https')
  return new Promise(answered => {
    const request = get({ host, port, path: '/readyz', rejectUnauthorized: false, timeout: 1500 }, response => {
      response.resume()
      answered(response.statusCode === 200 ? 0 : 1)
    })
    request.on('timeout', () => request.destroy()).on('error', () => answered(1))
  })
}

async function main([command = 'start', ...rest]: readonly string[]): Promise<number> {
  const own = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : undefined)
  if (command === 'help' || [command, ...own].some(arg => arg === '--help' || arg === '-h')) process.stdout.write(usage)
  else if (command === 'start') await start(rest)
  else if (command.startsWith('-')) await start([command, ...rest])
  else if (command === 'exec') return exec(rest)
  else if (command === 'health') return health(rest)
  else if (command === 'kubeconfig') printKubeconfig(rest)
  else throw new ConfigError(`unknown command ${JSON.stringify(command)}`)
  return 0
}

function explain(error: unknown): { text: unknown; code: number } {
  if (error instanceof ConfigError) return { text: `kubemock: ${error.message} (kubemock --help prints all flags)`, code: 2 }
  const { code, message, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  if (code === 'EADDRINUSE') return { text: `kubemock: ${address}:${port} is in use by another program; port 0 takes a free one`, code: 1 }
  return { text: code ? `kubemock: ${message}` : error, code: 1 }
}

main(process.argv.slice(2)).then(
  code => {
    process.exitCode = code
  },
  error => {
    const { text, code } = explain(error)
    console.error(text)
    process.exit(code)
  },
)
