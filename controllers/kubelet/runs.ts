// The programs of containers while they run: when each ends, and with what.
import type { Clock } from '../../server/clock.ts'
import type { Program } from './programs.ts'

/** 'running': it will end by itself; undefined: it stays up. */
export type Outcome = { exitCode: number; at: Date } | 'running' | undefined

export interface RunKey {
  /** uid */
  pod: string
  /** The container and its restarts. */
  name: string
  restartCount: number
}

export interface Run {
  /** Runs argv in the simulated shell, where `sleep` waits; undefined: the shell cannot, it is some server. */
  execute(argv: readonly string[], sleep: (ms: number) => Promise<void>, signal: AbortSignal): Promise<number | undefined>
  /** It works again, or it is over: its pod wants a look. */
  changed(): void
}

class Entry {
  outcome: Outcome
  readonly stop = new AbortController()
  /** Resolves when it waits for the clock or is over. */
  quiet: Promise<void> = Promise.resolve()
  #rest = () => {}

  work(): void {
    this.quiet = new Promise(resolve => {
      this.#rest = resolve
    })
  }

  rest(): void {
    this.#rest()
  }
}

export class Runs {
  /** By pod, so that one's programs are found whatever the others do. */
  readonly #pods = new Map<string, Map<string, Entry>>()

  outcome(key: RunKey): Outcome {
    return this.#pods.get(key.pod)?.get(text(key))?.outcome
  }

  /** Once for each run: a second call changes nothing. */
  start(key: RunKey, program: Program, clock: Clock, run: Run): void {
    const entries = this.#pods.get(key.pod) ?? new Map<string, Entry>()
    if (entries.has(text(key))) return
    for (const [other, { stop }] of entries) if (other.startsWith(`${key.name}/`)) stop.abort()
    if (program.does === 'stay' || program.does === 'serve' || program.does === 'listen') return
    const entry = new Entry()
    this.#pods.set(key.pod, entries.set(text(key), entry))
    const { signal } = entry.stop
    const end = (exitCode: number | undefined) => {
      entry.rest()
      if (signal.aborted) return
      entry.outcome = exitCode === undefined ? undefined : { exitCode, at: clock.now() }
      run.changed()
    }
    const after = (ms: number, then: () => void) => {
      const cancel = clock.after(ms, () => {
        signal.removeEventListener('abort', cancel)
        then()
      })
      signal.addEventListener('abort', cancel, { once: true })
    }
    if (program.does === 'exit') {
      end(program.exitCode)
      return
    }
    entry.outcome = 'running'
    if (program.does === 'sleep') {
      after(program.ms, () => end(program.exitCode ?? 0))
      return
    }
    const sleep = (ms: number) =>
      new Promise<void>(resolve => {
        entry.rest()
        after(ms, () => {
          entry.work()
          run.changed()
          resolve()
        })
      })
    entry.work()
    // What fails for a reason of ours stays up, as a server would.
    run.execute(program.argv, sleep, signal).then(end, () => end(undefined))
  }

  /** A program that listened has heard enough. */
  end(key: RunKey, outcome: { exitCode: number; at: Date }): void {
    const entries = this.#pods.get(key.pod) ?? new Map<string, Entry>()
    const entry = new Entry()
    entry.outcome = outcome
    this.#pods.set(key.pod, entries.set(text(key), entry))
  }

  /** Resolves when none of the pod's programs works: what it was about to say is said. */
  async quiet(pod: string): Promise<void> {
    for (const entry of this.#pods.get(pod)?.values() ?? []) await entry.quiet
  }

  forget(pod: string): void {
    for (const { stop } of this.#pods.get(pod)?.values() ?? []) stop.abort()
    this.#pods.delete(pod)
  }
}

const text = ({ name, restartCount }: RunKey): string => `${name}/${restartCount}`
