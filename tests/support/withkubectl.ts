// A cluster in this process, and real kubectl and helm that see it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Cluster, type StartOptions, startCluster } from '../../server/index.ts'
import { type Shell, shell } from './kubectl.ts'

export interface WithKubectl extends AsyncDisposable {
  cluster: Cluster
  run: Shell
  /** Where commands run. */
  directory: string
  /** Standard output of a command that must succeed. */
  ok(command: string, input?: string): Promise<string>
}

export async function withKubectl(options: StartOptions = {}, files: Readonly<Record<string, string>> = {}): Promise<WithKubectl> {
  const cluster = await startCluster({ pace: 'instant', ...options })
  const directory = mkdtempSync(join(tmpdir(), 'kubemock-kubectl-'))
  for (const [name, text] of Object.entries({ ...files, '.kubeconfig': cluster.kubeconfig })) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text, { mode: text.startsWith('#!') ? 0o755 : 0o600 })
  }
  const run = shell(join(directory, '.kubeconfig'), directory)
  return {
    cluster,
    run,
    directory,
    async ok(command, input) {
      const { exit, stdout, stderr } = await run(command, input)
      if (exit !== 0) throw new Error(`${command}: exit ${exit}\n${stdout}${stderr}`)
      return stdout
    },
    async [Symbol.asyncDispose]() {
      await cluster.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
