// What containers have said. Lines carry the instant they were written, in milliseconds.

import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { Clock } from '../../server/clock.ts'
import type { LogOptions } from '../../server/nodeproxy.ts'
import type { Container } from './images/image.ts'
import { imageOf } from './images/index.ts'

interface Line {
  at: number
  text: string
}

/** One container's output since it started. */
class Log {
  readonly lines: Line[] = []
  readonly #listeners = new Set<() => void>()
  over = false

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  end(): void {
    this.over = true
    this.changed()
  }

  changed(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

export interface Source {
  pod: Pod
  container: Container
  /** How often it was started again. */
  run: number
}

export interface Reader {
  clock: Clock
  signal: AbortSignal
}

interface PodLogs {
  startedAt: number
  /** One for each run of a container. */
  runs: Map<string, { name: string; restartCount: number; log: Log }>
}

export class Logs {
  /** By the pod's uid. */
  readonly #pods = new Map<string, PodLogs>()

  started({ metadata }: Pod, now: Date): void {
    if (!this.#pods.has(metadata.uid)) this.#pods.set(metadata.uid, { startedAt: now.getTime(), runs: new Map() })
  }

  stopped(uid: string): void {
    for (const { log } of this.#pods.get(uid)?.runs.values() ?? []) log.end()
    this.#pods.delete(uid)
  }

  /** What a container says, whole lines at a time. */
  write({ pod, container, run }: Source, text: string, at: Date): void {
    if (text === '') return
    const log = this.#of({ pod, container, run })
    for (const line of text.replace(/\n$/, '').split('\n')) log.lines.push({ at: at.getTime(), text: line })
    log.changed()
  }

  ended(source: Source): void {
    this.#of(source).end()
  }

  /** Runs of which `goes` says no are over. */
  end(uid: string, goes: (run: { name: string; restartCount: number }) => boolean): void {
    for (const { log, ...run } of this.#pods.get(uid)?.runs.values() ?? []) if (!log.over && !goes(run)) log.end()
  }

  /** Pieces of text, then the end; with `follow` the end is the container's or the reader's. */
  async *read(source: Source, options: LogOptions, { clock, signal }: Reader): AsyncGenerator<string> {
    const log = this.#of(source)
    const chosen = select(log.lines, options, clock.now().getTime())
    if (chosen.length > 0) yield bounded(chosen.map(line => print(line, options)).join(''), options.limitBytes)
    let seen = log.lines.length
    while (options.follow && !log.over && !signal.aborted) {
      await changed(log, signal)
      for (; seen < log.lines.length; seen++) yield print(log.lines[seen] as Line, options)
    }
  }

  #of({ pod, container, run }: Source): Log {
    const logs: PodLogs = this.#pods.get(pod.metadata.uid) ?? { startedAt: 0, runs: new Map() }
    const key = `${container.name}/${run}`
    const known = logs.runs.get(key)
    if (known) return known.log
    const log = new Log()
    for (const text of imageOf(container).startLines?.(container) ?? []) log.lines.push({ at: logs.startedAt, text })
    logs.runs.set(key, { name: container.name, restartCount: run, log })
    return log
  }
}

function changed(log: Log, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      stop()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const stop = log.onChange(done)
    signal.addEventListener('abort', done, { once: true })
  })
}

function select(lines: readonly Line[], { sinceSeconds, sinceTime, tailLines }: LogOptions, now: number): readonly Line[] {
  const since = sinceTime?.getTime() ?? (sinceSeconds === undefined ? 0 : now - sinceSeconds * 1000)
  const recent = lines.filter(({ at }) => at >= since)
  return tailLines === undefined ? recent : recent.slice(Math.max(0, recent.length - tailLines))
}

const print = ({ at, text }: Line, { timestamps }: LogOptions): string =>
  timestamps ? `${new Date(at).toISOString().replace('Z', '000000Z')} ${text}\n` : `${text}\n`

const bounded = (text: string, limitBytes: number | undefined): string =>
  limitBytes === undefined ? text : Buffer.from(text).subarray(0, limitBytes).toString()
