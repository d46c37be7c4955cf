// Levels lend each other seats: every ten seconds it is looked at who could use how many.
import type { Clock } from '../clock.ts'
import { noDemand, type Statistics, updated } from './demand.ts'
import type { Seats } from './seats.ts'
import { type Bounds, share } from './shares.ts'

export interface Level extends Bounds {
  name: string
  seats: Seats
}

/** What /metrics tells of a level. */
export interface Lent extends Level {
  demand: Statistics
  current: number
  target: number | undefined
}

const periodMs = 10_000
/** What does not change by more than this will not change. */
const negligible = 1e-9

export class Lending {
  readonly #clock: Clock
  #levels: Lent[] = []
  #fairFraction = 0
  #nextMs: number
  #cancel: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#nextMs = clock.now().getTime() + periodMs
  }

  /** There are other levels, or they have other bounds. What is known of a level by its name stays. */
  configure(levels: readonly Level[]): void {
    this.catchUp()
    const before = new Map(this.#levels.map(level => [level.name, level]))
    this.#levels = levels.map(level => {
      const { demand = noDemand, current = level.nominal, target } = before.get(level.name) ?? {}
      return { ...level, demand, current, target }
    })
    this.#adjust(this.#clock.now().getTime())
  }

  /** Nothing happens by itself while nobody waits: periods that have gone by are made up for, when somebody comes or asks. */
  catchUp(): void {
    const nowMs = this.#clock.now().getTime()
    while (this.#nextMs <= nowMs) {
      if (!this.#adjust(this.#nextMs)) {
        // In all periods that have gone by since, nothing changed either.
        this.#nextMs += Math.floor((nowMs - this.#nextMs) / periodMs) * periodMs
        for (const { seats } of this.#levels) seats.demand.reset(this.#nextMs)
      }
      this.#nextMs += periodMs
    }
  }

  /** Somebody waits, who may get a seat that is lent. */
  waits(): void {
    this.#cancel ??= this.#clock.after(this.#nextMs - this.#clock.now().getTime(), () => {
      this.#cancel = undefined
      this.catchUp()
      if (this.#levels.some(({ seats }) => seats.waits)) this.waits()
    })
  }

  state(): { levels: readonly Lent[]; fairFraction: number } {
    this.catchUp()
    return { levels: this.#levels, fairFraction: this.#fairFraction }
  }

  close(): void {
    this.#cancel?.()
  }

  /** Whether anything is different. */
  #adjust(atMs: number): boolean {
    const levels = this.#levels.map(level => ({ ...level, demand: updated(level.demand, level.seats.demand.reset(atMs)) }))
    const { current, targets, fairFraction } = share(levels)
    this.#fairFraction = fairFraction
    const before = this.#levels
    this.#levels = levels.map((level, i) => ({ ...level, current: current[i] as number, target: targets[i] }))
    for (const { exempt, seats, current } of this.#levels) seats.limit(exempt ? Number.POSITIVE_INFINITY : current)
    return this.#levels.some(({ demand, current }, i) => {
      const was = before[i] as Lent
      const parts = ['smoothed', 'average', 'deviation', 'highWatermark'] as const
      return current !== was.current || parts.some(part => Math.abs(demand[part] - was.demand[part]) > negligible)
    })
  }
}
