// What clients do inside of containers: it ends when the container's run does, as a kubelet that kills a container kills all that is in it.
import type { RunKey } from './runs.ts'

interface Session {
  run: RunKey
  end(): void
}

export class Sessions {
  /** By the pod's uid. */
  readonly #pods = new Map<string, Set<Session>>()

  /** `work` is told when it is over, and not waited for then: undefined. It ends with `signal` by itself. */
  async within<T>(run: RunKey, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const stop = new AbortController()
    const abort = () => stop.abort()
    signal.addEventListener('abort', abort)
    const session: Session = { run, end: () => {} }
    const killed = new Promise<undefined>(resolve => {
      session.end = () => resolve(undefined)
    })
    const open = this.#pods.get(run.pod) ?? new Set()
    this.#pods.set(run.pod, open.add(session))
    try {
      return await Promise.race([killed, work(stop.signal)])
    } finally {
      signal.removeEventListener('abort', abort)
      stop.abort()
      open.delete(session)
      if (open.size === 0) this.#pods.delete(run.pod)
    }
  }

  /** Those in containers that do not run any more end. */
  end(pod: string, runs: (run: RunKey) => boolean = () => false): void {
    for (const session of this.#pods.get(pod) ?? []) if (!runs(session.run)) session.end()
  }
}
