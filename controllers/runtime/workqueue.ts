// A queue of keys: each key once, never handed out twice at a time, added again while in work = worked again. Failures back off.
import type { Clock } from '../../server/clock.ts'
import type { ObjectKey } from './controller.ts'

const baseDelayMs = 5
const maxDelayMs = 1_000_000

export const keyText = ({ namespace = '', name }: ObjectKey): string => `${namespace}/${name}`

export class WorkQueue {
  readonly #clock: Clock
  readonly #waiting = new Map<string, ObjectKey>()
  readonly #working = new Set<string>()
  readonly #again = new Map<string, ObjectKey>()
  readonly #failures = new Map<string, number>()
  readonly #timers = new Map<string, { due: number; cancel: () => void }>()
  readonly #ready: () => void
  #closed = false
  #adds = 0
  #retries = 0

  /** `ready` is called whenever there is something to take. */
  constructor(clock: Clock, ready: () => void) {
    this.#clock = clock
    this.#ready = ready
  }

  add(key: ObjectKey): void {
    if (this.#closed) return
    const text = keyText(key)
    this.#adds++
    if (this.#working.has(text)) this.#again.set(text, key)
    else {
      this.#waiting.set(text, key)
      this.#ready()
    }
  }

  /** The earliest wish for a key counts. */
  addAfter(key: ObjectKey, ms: number): void {
    if (this.#closed) return
    if (ms <= 0) {
      this.add(key)
      return
    }
    const text = keyText(key)
    const due = this.#clock.now().getTime() + ms
    const known = this.#timers.get(text)
    if (known && known.due <= due) return
    known?.cancel()
    const cancel = this.#clock.after(ms, () => {
      this.#timers.delete(text)
      this.add(key)
    })
    this.#timers.set(text, { due, cancel })
  }

  addRateLimited(key: ObjectKey): void {
    const text = keyText(key)
    const failures = this.#failures.get(text) ?? 0
    this.#failures.set(text, failures + 1)
    this.#retries++
    this.addAfter(key, Math.min(baseDelayMs * 2 ** failures, maxDelayMs))
  }

  forget(key: ObjectKey): void {
    this.#failures.delete(keyText(key))
  }

  take(): ObjectKey | undefined {
    const [first] = this.#waiting
    if (!first) return undefined
    this.#waiting.delete(first[0])
    this.#working.add(first[0])
    return first[1]
  }

  done(key: ObjectKey): void {
    const text = keyText(key)
    this.#working.delete(text)
    const again = this.#again.get(text)
    this.#again.delete(text)
    if (again) this.add(again)
  }

  /** Nothing to do now; timers may be set. */
  idle(): boolean {
    return this.#waiting.size === 0 && this.#working.size === 0
  }

  counts(): { adds: number; retries: number; depth: number } {
    return { adds: this.#adds, retries: this.#retries, depth: this.#waiting.size }
  }

  close(): void {
    this.#closed = true
    this.#waiting.clear()
    this.#again.clear()
    for (const { cancel } of this.#timers.values()) cancel()
    this.#timers.clear()
  }
}
