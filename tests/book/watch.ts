// `kubectl get --watch` as it runs: rows without what varies, the same row twice in a row counted once.
import type { ChildProcess } from 'node:child_process'
import type { Shell } from '../support/kubectl.ts'
import { printed } from '../support/printed.ts'

export class Watch {
  readonly #child: ChildProcess
  #stdout = ''
  #onOutput = () => {}

  private constructor(child: ChildProcess) {
    this.#child = child
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#stdout += chunk.toString()
      this.#onOutput()
    })
  }

  /** Resolves once the list is read: nothing that happens later is missed. */
  static begin(run: Shell, command: string): Promise<Watch> {
    const child = run.spawn(`${command} -v=6`)
    const watch = new Watch(child)
    return new Promise((resolve, reject) => {
      let log = ''
      child.stderr?.on('data', (chunk: Buffer) => {
        log += chunk.toString()
        if (/limit=500.* status="?200/.test(log)) resolve(watch)
      })
      child.once('exit', () => reject(new Error(`kubectl ended:\n${log}`)))
    })
  }

  rows(): string[] {
    return dedupe(printed(this.#stdout).split('\n').filter(Boolean))
  }

  /** Waits for rows that satisfy, at most ten seconds: then the comparison says what is wrong. */
  until(satisfied: (rows: readonly string[]) => boolean): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, 10_000)
      this.#onOutput = () => {
        if (!satisfied(this.rows())) return
        clearTimeout(timer)
        resolve()
      }
      this.#onOutput()
    })
  }

  stop(): void {
    this.#child.kill('SIGKILL')
  }
}

/** A kubelet may tell of stopped containers before the pod goes: Terminating counts whatever is ready. */
export const dedupe = (rows: readonly string[]): string[] =>
  rows.map(row => row.replace('0/1   Terminating', '1/1   Terminating')).filter((row, index, all) => row !== all[index - 1])

/** Each pod's own rows, in their order: how pods interleave is chance. */
export function perPod(rows: readonly string[]): Record<string, string[]> {
  const pods: Record<string, string[]> = {}
  for (const row of rows) {
    const name = row.split(' ')[0] ?? ''
    pods[name] = dedupe([...(pods[name] ?? []), row])
  }
  return pods
}
