// The programs of containers while they run: when each ends, and with what. A run is known by pod, container and restart.
import type { Clock } from '../../server/clock.ts'
import type { Program } from './programs.ts'

/** 'running': it will end by itself; undefined: it stays up. */
export type Outcome = { exitCode: number; at: Date } | 'running' | undefined

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
  readonly #entries = new Map<string, Entry>()

  outcome(id: string): Outcome {
    return this.#entries.get(id)?.outcome
  }

  /** Once for each run: a second call changes nothing. */
  start(id: string, program: Program, clock: Clock, run: Run): void {
    if (program.does === 'stay' || this.#entries.has(id)) return
    const entry = new Entry()
    this.#entries.set(id, entry)
    const { signal } = entry.stop
    const end = (exitCode: number | undefined) => {
      entry.rest()
      if (signal.aborted) return
      entry.outcome = exitCode === undefined ? undefined : { exitCode, at: clock.now() }
      run.changed()
    }
    const after = (ms: number, then: () => void) => signal.addEventListener('abort', clock.after(ms, then), { once: true })
    if (program.does === 'exit') {
      end(program.exitCode)
      return
    }
    entry.outcome = 'running'
    if (program.does === 'sleep') {
      after(program.ms, () => end(0))
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

  /** Resolves when none of these programs works: what it was about to say is said. */
  async quiet(prefix: string): Promise<void> {
    for (const [id, entry] of this.#entries) if (id.startsWith(prefix)) await entry.quiet
  }

  forget(prefix: string): void {
    for (const [id, { stop }] of this.#entries)
      if (id.startsWith(prefix)) {
        stop.abort()
        this.#entries.delete(id)
      }
  }
}
