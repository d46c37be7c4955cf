// What `npm pack` packs is what users install: it runs under plain node with its one dependency, type-checks, and ends by itself.
import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromReflection } from '../support/grpc.ts'
import { toolPath } from '../support/kubectl.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const modules = join(root, 'node_modules')
const project = mkdtempSync(join(tmpdir(), 'kubemock-package-'))

beforeAll(async () => {
  // As prepack, but the bundle is there already and other tests run it.
  await run(process.execPath, [join(root, 'build/types.mjs')])
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], { cwd: root })
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  const installed = join(project, 'node_modules/kubemock')
  mkdirSync(installed, { recursive: true })
  await run('tar', ['-xzf', join(project, filename), '-C', installed, '--strip-components=1'])
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { dependencies: object }
  for (const name of Object.keys(dependencies)) symlinkSync(join(modules, name), join(project, 'node_modules', name))
  writeFileSync(join(project, 'package.json'), '{"type":"module"}')
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

const node = (file: string, text: string, environment: Readonly<Record<string, string>> = {}) => {
  writeFileSync(join(project, file), text)
  return run(process.execPath, [file], { cwd: project, timeout: 30_000, env: { ...process.env, ...environment } })
}

test('a program with an installed package starts clusters, enters a container, closes and ends by itself', async () => {
  const { stdout, stderr } = await node(
    'use.mjs',
    `import { execFile, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { startCluster } from 'kubemock'
const run = promisify(execFile)
const cluster = await startCluster({ pace: 'instant', grpcPort: 0, dnsPort: 0 })
const other = await startCluster()
writeFileSync('kubeconfig', cluster.kubeconfig)
await run('kubectl', ['run', 'web', '--image', 'nginx'])
await cluster.settle()
console.log((await run('kubectl', ['exec', 'web', '--', 'hostname'])).stdout.trim())
const watching = spawn('kubectl', ['get', 'pods', '--watch'], { stdio: ['ignore', 'pipe', 'ignore'] })
await new Promise(resolve => watching.stdout.once('data', resolve))
await Promise.all([cluster.close(), other.close()])
await cluster.close()
console.log('closed')
`,
    { KUBECONFIG: 'kubeconfig', PATH: toolPath() },
  )
  expect({ stdout, stderr }).toEqual({ stdout: 'web\nclosed\n', stderr: '' })
})

test('its gRPC services answer', async () => {
  const text = `import { startCluster } from 'kubemock'
const cluster = await startCluster({ grpcPort: 0 })
console.log(cluster.grpcAddress)
process.stdin.once('end', () => cluster.close()).resume()
`
  writeFileSync(join(project, 'grpc.mjs'), text)
  const child = spawn(process.execPath, ['grpc.mjs'], { cwd: project, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise(resolve => child.once('exit', resolve))
  const address = String(await new Promise<Buffer>(resolve => child.stdout.once('data', resolve))).trim()
  const { services } = await fromReflection(address)
  expect(services).toEqual(expect.arrayContaining(['grpc.health.v1.Health', 'kubemock.v1.Simulator']))
  child.stdin.end()
  expect(await ended).toBe(0)
})

test('the installed command runs', async () => {
  const { stdout } = await run(process.execPath, [join(project, 'node_modules/kubemock/dist/kubemock.cjs'), 'exec', '--', 'echo', 'inside'])
  expect(stdout).toBe('inside\n')
})

test('its declarations type-check, libraries included, and refuse what is wrong', async () => {
  const program = (options: string) => `import { type Cluster, startCluster, type StartOptions } from 'kubemock'
const options: StartOptions = ${options}
export async function use(): Promise<Date> {
  await using cluster = await startCluster(options)
  const same: Cluster = cluster
  await same.simulator.failNode('node-1')
  await same.clock.advance(60_000)
  return same.clock.now()
}
`
  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['preserve', 'bundler'],
  ] as const) {
    const check = (options: string) => {
      writeFileSync(join(project, 'use.ts'), program(options))
      const flags = `--noEmit --strict --target es2022 --lib es2023 --types node --typeRoots ${join(modules, '@types')}`
      const args = [...flags.split(' '), '--module', module, '--moduleResolution', resolution, 'use.ts']
      return run(process.execPath, [join(modules, 'typescript/bin/tsc'), ...args], { cwd: project }).then(
        ({ stdout }) => stdout,
        (error: { stdout: string }) => error.stdout,
      )
    }
    expect(await check("{ nodes: 2, pace: 'instant', pausedAt: new Date(0) }")).toBe('')
    expect(await check('{ nodes: true }')).toContain("Type 'boolean' is not assignable to type 'number'")
  }
})
