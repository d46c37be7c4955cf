// The only source of time. A cluster has one Clock; nothing else reads Date or sets timers.
import { type Timer, TimerHeap } from './timers.ts'

export interface Clock {
  now(): Date
  /** Runs once after `ms`; returns cancel. */
  after(ms: number, run: () => void): () => void
}

export interface FakeClock extends Clock {
  /** Moves time on: due timers run in order, and the cluster settles after each instant. */
  advance(ms: number): Promise<void>
}

/** setTimeout takes at most this. */
const longestMs = 2 ** 31 - 1

/** The wall clock. Its timers do not keep the process alive. */
export const wallClock = (): Clock => ({
  now: () => new Date(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), longestMs))
    timer.unref()
    return () => clearTimeout(timer)
  },
})

/** A clock that goes with the wall but can be moved ahead; with `paused` it only goes by hand. */
export class ControlledClock implements FakeClock {
  readonly #wall = wallClock()
  readonly #timers = new TimerHeap()
  readonly #settled: () => Promise<void>
  #aheadMs = 0
  #frozenAt: number | undefined
  #order = 0
  #cancelWake = () => {}

  /** `settled` is awaited after each timer of advance(). */
  constructor(settled: () => Promise<void>, paused?: Date) {
    this.#settled = settled
    this.#frozenAt = paused?.getTime()
  }

  now(): Date {
    return new Date(this.#nowMs())
  }

  after(ms: number, run: () => void): () => void {
    const timer: Timer = { due: this.#nowMs() + Math.max(0, ms), order: this.#order++, run, at: -1 }
    this.#timers.add(timer)
    if (this.#timers.first() === timer) this.#arm()
    return () => void this.#timers.remove(timer)
  }

  /** Timers that are due in the span run at their own instants; the cluster settles after each instant. */
  async advance(ms: number): Promise<void> {
    const target = this.#nowMs() + ms
    await this.#settled()
    for (let next = this.#timers.first(); next && next.due <= target; next = this.#timers.first()) {
      const instant = Math.max(next.due, this.#nowMs())
      this.#moveTo(instant)
      // What is due at one instant happens side by side, as when the wall moves.
      for (let due = this.#timers.first(); due && due.due <= instant; due = this.#timers.first()) {
        this.#timers.remove(due)
        due.run()
      }
      await this.#settled()
    }
    this.#moveTo(Math.max(target, this.#nowMs()))
    this.#arm()
  }

  /** Milliseconds until the next timer; undefined when there is none. */
  untilNextMs(): number | undefined {
    const next = this.#timers.first()
    return next && next.due - this.#nowMs()
  }

  pause(): void {
    this.#frozenAt ??= this.#nowMs()
    this.#cancelWake()
  }

  resume(): void {
    if (this.#frozenAt === undefined) return
    this.#aheadMs = this.#frozenAt - this.#wall.now().getTime()
    this.#frozenAt = undefined
    this.#arm()
  }

  get paused(): boolean {
    return this.#frozenAt !== undefined
  }

  close(): void {
    this.#timers.clear()
    this.#cancelWake()
  }

  #nowMs(): number {
    return this.#frozenAt ?? this.#wall.now().getTime() + this.#aheadMs
  }

  #moveTo(instant: number): void {
    if (this.#frozenAt !== undefined) this.#frozenAt = instant
    else this.#aheadMs += instant - this.#nowMs()
  }

  /** One wall timer, for whatever is due first. */
  #arm(): void {
    this.#cancelWake()
    if (this.#frozenAt !== undefined) return
    const delay = this.untilNextMs()
    if (delay === undefined) return
    this.#cancelWake = this.#wall.after(delay, () => this.#runDue())
  }

  #runDue(): void {
    const now = this.#nowMs()
    // Only what is there now: what a timer sets in its turn waits for the next.
    const last = this.#order
    for (let next = this.#timers.first(); next && next.due <= now && next.order < last; next = this.#timers.first()) {
      this.#timers.remove(next)
      next.run()
    }
    this.#arm()
  }
}
