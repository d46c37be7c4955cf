// kubemock start, as built, in a process of its own.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Shell, shell, toolPath } from '../support/kubectl.ts'
import { kubemock, newDirectory, type Served, serve, serveIn } from '../support/process.ts'

const free = ['--port', '0', '--grpc-port', '0', '--dns-port', '0']
const kubectl = ({ kubeconfig, directory }: Served): Shell => shell(kubeconfig, directory)
const serverOf = (kubeconfig: string): URL => new URL(/server: (\S+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1] ?? '')

/** A directory that goes with the test. */
function directoryOfTest(): string {
  const directory = newDirectory()
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Names and addresses in the server's certificate. */
function namesAt(url: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(url.port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subjectaltname ?? '')
      socket.destroy()
    }).on('error', reject)
  })
}

describe('start', () => {
  test('greets with everything needed to go on', async () => {
    const served = await serve('--nodes', '2')
    const { greeting, kubeconfig } = served
    expect(greeting).toMatch(
      /^kubemock is ready: Kubernetes v1\.36\.3 \(simulated, 2 nodes\) at https:\/\/127\.0\.0\.1:\d+\n {2}DNS {3}127\.0\.0\.1:\d+ \(UDP and TCP, zone cluster\.local\)\n {2}gRPC {2}127\.0\.0\.1:\d+ \(kubemock\.v1\.Simulator\)\n\n/,
    )
    expect(greeting).toContain(`\n  export KUBECONFIG=${kubeconfig}\n  kubectl get nodes\n`)
    expect(statSync(kubeconfig).mode & 0o777).toBe(0o600)
    // Its two last lines, as typed.
    const typed = greeting.trimEnd().split('\n').slice(-2).join('\n')
    const { stdout } = await shell('', served.directory)(typed)
    expect(stdout.match(/^node-\d +Ready/gm)).toHaveLength(2)
    expect(await served.stop()).toBe(0)
  })

  test('ends at Ctrl-C and at SIGTERM while watches, logs and shells are open', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const served = await serve('--pace', 'instant')
      const run = kubectl(served)
      await run('kubectl run web --image nginx && kubectl wait --for=condition=Ready pod/web')
      const open = ['get pods --watch', 'logs -f web', 'exec -i web -- bash'].map(args => run.spawn(`kubectl ${args}`))
      const closed = Promise.all(open.map(child => new Promise(resolve => child.once('exit', resolve))))
      await Promise.all(open.slice(0, 2).map(child => new Promise(resolve => child.stdout?.once('data', resolve))))
      expect(await served.stop(signal)).toBe(0)
      await closed
    }
  })

  test('keeps its CA: a kubeconfig of the first start is good for the second on the same port', async () => {
    const directory = directoryOfTest()
    const first = await serveIn(join(directory, 'state'))
    const { port } = serverOf(first.kubeconfig)
    const old = join(directory, 'old')
    for (const name of ['kubeconfig', 'secrets.json']) expect(statSync(join(first.directory, name)).mode & 0o777).toBe(0o600)
    execFileSync('cp', ['-r', first.directory, old])
    await first.stop()
    const second = await serveIn(old, '--port', port, '--kubeconfig', join(directory, 'new'))
    expect(await shell(join(old, 'kubeconfig'), directory)('kubectl get ns default -o name')).toMatchObject({
      stdout: 'namespace/default\n',
    })
    expect(readdirSync(directory)).toContain('new')
    await second.stop()
  })

  test('a port in use is one clear line and exit code 1', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await new Promise(resolve => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    for (const flag of ['--port', '--grpc-port', '--dns-port']) {
      const args = [...free, '--state-dir', directoryOfTest(), flag, String(port)]
      const line = `kubemock: 127.0.0.1:${port} is in use by another program; port 0 takes a free one\n`
      expect(await kubemock(args), flag).toEqual({ exit: 1, stdout: '', stderr: line })
    }
  })

  test('damaged or unwritable state is one clear line', async () => {
    const directory = directoryOfTest()
    writeFileSync(join(directory, 'secrets.json'), '{')
    const damaged = await kubemock([...free, '--state-dir', directory])
    expect(damaged).toMatchObject({ exit: 2, stderr: expect.stringMatching(/^kubemock: .*secrets\.json is damaged: .*\n$/) as string })
    const file = join(directory, 'secrets.json', 'below')
    expect(await kubemock([...free, '--state-dir', file])).toMatchObject({
      exit: 1,
      stderr: expect.stringMatching(/^kubemock: ENOTDIR.*\n$/) as string,
    })
  })

  test('--advertise-host is in the certificate and the kubeconfig', async () => {
    const served = await serve('--advertise-host', 'cluster.test')
    const url = serverOf(served.kubeconfig)
    expect(url.hostname).toBe('cluster.test')
    expect((await namesAt(url)).split(', ')).toEqual(
      expect.arrayContaining([
        'DNS:cluster.test',
        'DNS:localhost',
        'DNS:kubernetes.default.svc',
        'IP Address:127.0.0.1',
        'IP Address:10.0.0.1',
      ]),
    )
    // As a neighbour that resolves the name would see it.
    const { stdout } = await kubectl(served)(
      `kubectl --server https://127.0.0.1:${url.port} --tls-server-name cluster.test get ns default -o name`,
    )
    expect(stdout).toBe('namespace/default\n')
    await served.stop()
  })

  test("--controllers '' is a bare API server; '*,-deployment' lacks one", async () => {
    const bare = await serve('--controllers', '')
    const run = kubectl(bare)
    expect((await run('kubectl create deployment web --image nginx')).exit).toBe(0)
    expect((await run('kubectl get nodes,rs,pods,sa -A -o name')).stdout).toBe('')
    await bare.stop()
    const less = await serve('--controllers', '*,-deployment', '--pace', 'instant')
    const lacking = kubectl(less)
    expect((await lacking('kubectl create deployment web --image nginx && kubectl run web --image nginx')).exit).toBe(0)
    expect((await lacking('kubectl wait --for=condition=Ready pod/web')).exit).toBe(0)
    expect((await lacking('kubectl get rs -o name')).stdout).toBe('')
    await less.stop()
  })

  test('--nodes 0 schedules nothing', async () => {
    const served = await serve('--nodes', '0')
    const run = kubectl(served)
    expect(await run('kubectl get nodes')).toMatchObject({ exit: 0, stdout: '', stderr: 'No resources found\n' })
    await run('kubectl create ns x && kubectl run web --image nginx')
    await run("kubectl wait --for=jsonpath='{.status.conditions[0].reason}'=Unschedulable pod/web")
    expect((await run('kubectl get events -o custom-columns=:.message --no-headers')).stdout).toBe('no nodes available to schedule pods\n')
    await served.stop()
  })

  test('environment variables are flags that flags overrule', async () => {
    const directory = directoryOfTest()
    const environment = {
      KUBEMOCK_PORT: '0',
      KUBEMOCK_GRPC_PORT: '-1',
      KUBEMOCK_DNS_PORT: '-1',
      KUBEMOCK_NODES: '5',
      PATH: toolPath(),
      KUBEMOCK_STATE_DIR: directory,
    }
    const count = 'kubectl get nodes -o name | wc -l'
    expect(await kubemock(['exec', '--', 'bash', '-c', count], environment)).toMatchObject({ stdout: '5\n' })
    expect(await kubemock(['exec', '--nodes=1', '--', 'bash', '-c', count], environment)).toMatchObject({ stdout: '1\n' })
    expect(existsSync(join(directory, 'kubeconfig'))).toBe(true)
    expect(await kubemock(['start'], { KUBEMOCK_NODES: 'many' })).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('--nodes: "many" is not a whole number from 0 to 5000') as string,
    })
  })
})

describe('flags', () => {
  const refused: [args: string[], says: string][] = [
    [['--no-such', '1'], 'unknown flag --no-such'],
    [['start', '--port'], '--port needs a value'],
    [['--port', '70000'], '--port: "70000" is not a whole number from 0 to 65535'],
    [['--pace=slow'], '--pace: "slow" is not a pace: instant, fast or real'],
    [['--controllers', '*,-nobody'], '--controllers: "-nobody" is not in the list of known controllers'],
    [['--enable-admission-plugins', 'Magic'], 'enable-admission-plugins plugin "Magic" is unknown'],
    [['--enable-bootstrap-token-auth=maybe'], '--enable-bootstrap-token-auth: "maybe" is neither true nor false'],
    [['--audit-log-path', '-', '--audit-log-format=xml'], 'invalid audit log format xml, allowed formats are "legacy,json"'],
    [['start', 'now'], 'unexpected argument "now"'],
    [['stop'], 'unknown command "stop"'],
    [['exec', '--nodes', '1'], 'exec needs a command: kubemock exec [flags] -- CMD'],
    [['exec', '--'], 'exec needs a command: kubemock exec [flags] -- CMD'],
    [['kubeconfig', '--host'], '--host needs a value'],
  ]
  for (const [args, says] of refused)
    test(`${args.join(' ')} is refused`, async () => {
      expect(await kubemock(args, { KUBEMOCK_STATE_DIR: directoryOfTest(), KUBEMOCK_PORT: '0' })).toEqual({
        exit: 2,
        stdout: '',
        stderr: `kubemock: ${says} (kubemock --help prints all flags)\n`,
      })
    })

  for (const args of [['--help'], ['-h'], ['help'], ['start', '--help'], ['exec', '-h', '--', 'true'], ['kubeconfig', '--help']])
    test(`${args.join(' ')} prints every flag with its variable`, async () => {
      const { exit, stdout, stderr } = await kubemock(args)
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
      for (const flag of ['port', 'advertise-host', 'state-dir', 'controllers', 'seed'])
        expect(stdout).toMatch(new RegExp(`--${flag} .*KUBEMOCK_${flag.toUpperCase().replace('-', '_')}\n`))
    })
})

describe('kubeconfig', () => {
  test('prints what a start wrote, for another host when asked', async () => {
    const served = await serve()
    const print = (...args: string[]) => kubemock(['kubeconfig', '--state-dir', served.directory, ...args])
    const written = readFileSync(served.kubeconfig, 'utf8')
    const { port } = serverOf(served.kubeconfig)
    expect(await print()).toEqual({ exit: 0, stdout: written, stderr: '' })
    for (const [host, shown] of [
      ['neighbour', 'neighbour'],
      ['::1', '[::1]'],
    ] as const)
      expect((await print('--host', host)).stdout).toContain(`server: https://${shown}:${port}\n`)
    expect((await print('--host=other')).stdout).toContain(`server: https://other:${port}\n`)
    await served.stop()
  })

  test('says where it looked when there is none', async () => {
    const directory = directoryOfTest()
    mkdirSync(join(directory, 'empty'))
    expect(await kubemock(['kubeconfig', '--state-dir', join(directory, 'empty')])).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/^kubemock: no kubeconfig at .*empty\/kubeconfig: is a cluster running/) as string,
    })
  })
})

test('health asks the server that was started here', async () => {
  const served = await serve()
  const state = ['--state-dir', served.directory]
  expect((await kubemock(['health', ...state])).exit).toBe(0)
  const kept = join(directoryOfTest(), 'kept')
  execFileSync('cp', ['-r', served.directory, kept])
  await served.stop()
  expect((await kubemock(['health', '--state-dir', kept])).exit).toBe(1)
})
