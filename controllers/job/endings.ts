// How the pods of each Job ended, remembered beyond the pods themselves: the wait after a failure is counted from them.
import type { Job } from '../../openapi/kinds/batch/job/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { ObjectKey } from '../runtime/controller.ts'
import { keyOf } from '../runtime/owners.ts'
import { keyText } from '../runtime/workqueue.ts'
import { endedAt, hasFailed, hasSucceeded } from './pods.ts'

export interface Ending {
  /** Milliseconds since 1970. */
  at: number
  failed: boolean
}

export class Endings {
  /** By the Job's key; the endings by the pod's uid. */
  readonly #byJob = new Map<string, { uid: string; endings: Map<string, Ending> }>()

  /** All that are known of the Job, after a look at its pods. */
  see(job: Job, pods: readonly Pod[]): readonly Ending[] {
    const { uid } = job.metadata
    const key = keyText(keyOf(job))
    const before = this.#byJob.get(key)
    const known = before?.uid === uid ? before.endings : new Map<string, Ending>()
    for (const pod of pods) {
      const failed = hasFailed(pod, job)
      if (failed || hasSucceeded(pod)) known.set(pod.metadata.uid, { at: endedAt(pod), failed })
    }
    // Nothing before the last success matters any more.
    const since = lastSuccess(known.values())
    for (const [name, ending] of known) if (ending.at < since || (ending.failed && ending.at === since)) known.delete(name)
    if (known.size > 0) this.#byJob.set(key, { uid, endings: known })
    return [...known.values()]
  }

  /** There is no such Job. */
  forget(key: ObjectKey): void {
    this.#byJob.delete(keyText(key))
  }
}

const firstBackOffMs = 10_000
const longestBackOffMs = 600_000

export const delayMs = (failures: number): number => Math.min(longestBackOffMs, firstBackOffMs * 2 ** (failures - 1))

const latest = (times: readonly number[]): number => times.reduce((a, b) => Math.max(a, b), 0)
const lastSuccess = (endings: Iterable<Ending>): number => latest([...endings].filter(e => !e.failed).map(e => e.at))

/** Failures in a row make the next pod come later. */
export function backOffMs(endings: readonly Ending[], now: Date): number {
  const since = lastSuccess(endings)
  const failures = endings.filter(e => e.failed && e.at > since).map(e => e.at)
  return failures.length === 0 ? 0 : Math.max(0, latest(failures) + delayMs(failures.length) - now.getTime())
}
