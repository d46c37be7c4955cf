// The command line: start, exec, kubeconfig. The only process.exit and the only console.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writePrivate } from './auth/state.ts'
import { type Cluster, createCluster } from './cluster.ts'
import { type Config, ConfigError, environmentName, options, parseConfig } from './config.ts'

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
      `  --${flag.padEnd(16)} ${about}${value === undefined || value === '' ? '' : ` (${value})`}  ${environmentName(flag)}`,
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
  console.log(`kubemock is ready: Kubernetes v1.36.3 (simulated, ${config.nodes} nodes) at ${cluster.url}
${cluster.dnsAddress ? `  DNS   ${cluster.dnsAddress} (UDP and TCP, zone cluster.local)\n` : ''}${cluster.grpcAddress ? `  gRPC  ${cluster.grpcAddress} (kubemock.v1.Simulator)\n` : ''}
  export KUBECONFIG=${file.startsWith('/') ? file : join(process.cwd(), file)}
  kubectl get nodes
`)
  await untilStopped()
  await cluster.close()
}

const untilStopped = (): Promise<void> =>
  new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
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

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env })
    const pass = (signal: NodeJS.Signals) => child.kill(signal)
    process.on('SIGINT', pass).on('SIGTERM', pass)
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)))
  })
}

function printKubeconfig(args: readonly string[]): void {
  const at = args.findIndex(arg => arg === '--host' || arg.startsWith('--host='))
  const host = at < 0 ? undefined : (args[at]?.split('=')[1] ?? args[at + 1])
  const rest = at < 0 ? args : args.filter((_, i) => i !== at && (args[at]?.includes('=') || i !== at + 1))
  const file = kubeconfigFile(parseConfig(rest, process.env))
  if (!existsSync(file)) throw new ConfigError(`no kubeconfig at ${file}: is a cluster running with this state directory?`)
  const text = readFileSync(file, 'utf8')
  process.stdout.write(host ? text.replace(/server: https:\/\/.*:(\d+)/, `server: https://${host}:$1`) : text)
}

/** Asks the local server; for a container's HEALTHCHECK. */
async function health(args: readonly string[]): Promise<number> {
  const { port } = parseConfig(args, process.env)
  const { get } = await import('node:https')
  return new Promise(resolve => {
    get({ host: '127.0.0.1', port, path: '/readyz', rejectUnauthorized: false, timeout: 1500 }, response => {
      response.resume()
      resolve(response.statusCode === 200 ? 0 : 1)
    }).on('error', () => resolve(1))
  })
}

async function main([command = 'start', ...rest]: readonly string[]): Promise<number> {
  if (command === 'help' || command === '--help' || command === '-h') process.stdout.write(usage)
  else if (command === 'start') await start(rest)
  else if (command.startsWith('--')) await start([command, ...rest])
  else if (command === 'exec') return exec(rest)
  else if (command === 'health') return health(rest)
  else if (command === 'kubeconfig') printKubeconfig(rest)
  else throw new ConfigError(`unknown command ${JSON.stringify(command)}`)
  return 0
}

main(process.argv.slice(2)).then(
  code => {
    process.exitCode = code
  },
  error => {
    if (error instanceof ConfigError) {
      console.error(`kubemock: ${error.message}\n\n${usage}`)
      process.exit(2)
    }
    console.error(error instanceof Error && 'code' in error ? `kubemock: ${error.message}` : error)
    process.exit(1)
  },
)
