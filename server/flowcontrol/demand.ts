// How many seats a level could use: those that are taken and those that somebody waits for, weighed by time. util/flowcontrol/fairqueuing.

/** Of one period. */
export interface Observed {
  /** By time; not a number when no time has passed. */
  average: number
  deviation: number
  highWatermark: number
}

export class Demand {
  #seats = 0
  #highest = 0
  #startMs: number
  #sinceMs: number
  /** Integrals over the period, in seats and seats squared by milliseconds. */
  #sum = 0
  #squares = 0

  constructor(nowMs: number) {
    this.#startMs = nowMs
    this.#sinceMs = nowMs
  }

  set(seats: number, nowMs: number): void {
    this.#integrate(nowMs)
    this.#seats = seats
    if (seats > this.#highest) this.#highest = seats
  }

  /** Ends the period, and begins another. */
  reset(nowMs: number): Observed {
    this.#integrate(nowMs)
    const ms = nowMs - this.#startMs
    const average = this.#sum / ms
    const variance = this.#squares / ms - average * average
    const observed = { average, deviation: variance > 0 ? Math.sqrt(variance) : 0, highWatermark: this.#highest }
    this.#startMs = nowMs
    this.#sum = 0
    this.#squares = 0
    this.#highest = this.#seats
    return observed
  }

  #integrate(nowMs: number): void {
    const ms = Math.max(0, nowMs - this.#sinceMs)
    this.#sum += this.#seats * ms
    this.#squares += this.#seats * this.#seats * ms
    this.#sinceMs += ms
  }
}

/** What is known of a level's demand by now. */
export interface Statistics extends Observed {
  /** Follows a rise at once, and a fall by and by. */
  smoothed: number
}

export const noDemand: Statistics = { average: 0, deviation: 0, highWatermark: 0, smoothed: 0 }

/** Of what was, so much is left after a period: half of it after five minutes. */
const keptPart = 0.977

export function updated(before: Statistics, { average, deviation, highWatermark }: Observed): Statistics {
  if (!Number.isFinite(average)) return { ...before, highWatermark }
  const envelope = average + deviation
  return { average, deviation, highWatermark, smoothed: Math.max(envelope, keptPart * before.smoothed + (1 - keptPart) * envelope) }
}
