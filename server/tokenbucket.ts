// So many things in a time: some at once, and more as time goes on. As client-go's rate limiters.

export interface Rate {
  /** A second, in the long run. */
  qps: number
  /** At once. */
  burst: number
}

export class TokenBucket {
  readonly #rate: Rate
  #left: number
  #atMs: number

  /** Full. */
  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate
    this.#left = rate.burst
    this.#atMs = nowMs
  }

  /** Whether there was one left. */
  take(nowMs: number): boolean {
    const { qps, burst } = this.#rate
    this.#left = Math.min(burst, this.#left + ((nowMs - this.#atMs) / 1000) * qps)
    this.#atMs = nowMs
    if (this.#left < 1) return false
    this.#left--
    return true
  }

  /** Until there is one, as of the last look; whole milliseconds. */
  waitMs(): number {
    return Math.ceil(((1 - this.#left) / this.#rate.qps) * 1000)
  }
}
