// Programs in Go that are run against a cluster; skipped where they cannot be built.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, type TestContext } from 'vitest'
import { type Cluster, startCluster } from '../../server/index.ts'

const run = promisify(execFile)
/** Its toolchain is never downloaded. */
const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' }
const minute = 60_000
/** Compiling client-go for the first time takes minutes. */
export const compileTime = 10 * minute

/** What `go` prints, or why it cannot be had here. */
export async function go(args: readonly string[], cwd: string): Promise<{ stdout: string } | { missing: string }> {
  try {
    return await run('go', [...args], { cwd, env, timeout: 2 * minute })
  } catch (error) {
    const { code, stderr = '', stdout = '' } = error as { code?: string | number; stderr?: string; stdout?: string }
    const last = (stderr || stdout).trim().split('\n').at(-1)
    return { missing: code === 'ENOENT' ? 'there is no Go on this machine' : `its modules cannot be had: ${last}` }
  }
}

/** Runs the tests of a folder of tests/clients against a cluster of their own; all must pass, at least so many. */
export async function goTest(folder: string, { least, context }: { least: number; context: TestContext }): Promise<void> {
  const cwd = fileURLToPath(new URL(`../clients/${folder}`, import.meta.url))
  const modules = await go(['mod', 'download'], cwd)
  if ('missing' in modules) return context.skip(modules.missing)
  await using cluster: Cluster = await startCluster({ pace: 'instant' })
  const directory = mkdtempSync(join(tmpdir(), 'kubemock-go-'))
  try {
    const KUBECONFIG = join(directory, 'kubeconfig')
    writeFileSync(KUBECONFIG, cluster.kubeconfig)
    const args = ['test', '-vet=off', '-count=1', '-timeout=120s', '-v', '.']
    const output = await run('go', args, { cwd, env: { ...env, KUBECONFIG }, maxBuffer: 16 << 20 }).catch(error => error)
    const verdicts = [...(output.stdout as string).matchAll(/^--- (\w+): (\w+)/gm)].map(([, verdict, name]) => `${verdict} ${name}`)
    expect(
      verdicts.filter(verdict => !verdict.startsWith('PASS')),
      output.stdout,
    ).toEqual([])
    expect(verdicts.length, output.stderr).toBeGreaterThanOrEqual(least)
    expect(output.code, output.stderr).toBeUndefined()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
