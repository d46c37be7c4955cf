// A client-go program (tests/clients/client-go/): typed clients write protobuf, reflectors ask for WatchList, remotecommand speaks v5 channels.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startCluster } from '../../server/index.ts'

const run = promisify(execFile)
const cwd = fileURLToPath(new URL('client-go', import.meta.url))

/** Why the program cannot be built here; '' when it can. Its toolchain is never downloaded. */
async function missing(env: NodeJS.ProcessEnv): Promise<string> {
  try {
    await run('go', ['mod', 'download'], { cwd, env, timeout: 120_000 })
    return ''
  } catch (error) {
    const { code, stderr = '' } = error as { code?: string | number; stderr?: string }
    return code === 'ENOENT' ? 'there is no Go on this machine' : `its modules cannot be had: ${stderr.trim().split('\n').at(-1)}`
  }
}

// Compiling client-go for the first time takes minutes.
test('a client-go program finds a cluster', { timeout: 600_000 }, async context => {
  const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' }
  const reason = await missing(env)
  if (reason) return context.skip(reason)
  await using cluster = await startCluster({ pace: 'instant' })
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
    expect(verdicts.length, output.stderr).toBeGreaterThan(15)
    expect(output.code, output.stderr).toBeUndefined()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
