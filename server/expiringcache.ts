// Answers that hold for a while. Those that were not asked for for the longest time are given up first.
import type { Clock } from './clock.ts'

export class ExpiringCache<T> {
  readonly #clock: Pick<Clock, 'now'>
  readonly #size: number
  readonly #known = new Map<string, { value: T; untilMs: number }>()

  constructor(clock: Pick<Clock, 'now'>, size: number) {
    this.#clock = clock
    this.#size = size
  }

  get(key: string): T | undefined {
    const found = this.#known.get(key)
    if (!found) return undefined
    this.#known.delete(key)
    if (this.#clock.now().getTime() >= found.untilMs) return undefined
    this.#known.set(key, found)
    return found.value
  }

  set(key: string, value: T, ttlMs: number): void {
    this.#known.delete(key)
    this.#known.set(key, { value, untilMs: this.#clock.now().getTime() + ttlMs })
    const [oldest] = this.#known.size > this.#size ? this.#known.keys() : []
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}
