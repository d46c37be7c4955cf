// The seats of a priority level: so many requests are served at a time, others wait in queues or are refused. util/flowcontrol/fairqueuing.
import { createHash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { Demand } from './demand.ts'

export interface Queuing {
  queues: number
  handSize: number
  queueLengthLimit: number
}

export type Refusal = 'concurrency-limit' | 'queue-full' | 'time-out'
export type Outcome = 'seated' | Refusal

interface Waiter {
  flow: string
  width: number
  told(outcome: Outcome): void
}

/** A quarter of what a request may take. */
const longestWaitMs = 15_000

export class Seats {
  readonly #clock: Clock
  readonly demand: Demand
  /** Infinity: nobody waits. */
  #limit = Number.POSITIVE_INFINITY
  /** undefined: whoever finds no seat is refused. */
  #queuing: Queuing | undefined
  #taken = 0
  /** Requests that are served, and seats that are waited for. */
  #served = 0
  #waiting = 0
  #queues: Waiter[][] = [[]]
  #turn = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.demand = new Demand(clock.now().getTime())
  }

  /** Whether somebody waits. */
  get waits(): boolean {
    return this.#waiting > 0
  }

  /** Who waits is dealt to the new queues, whatever their limit. */
  configure(queuing: Queuing | undefined): void {
    this.#queuing = queuing
    const waiting = this.#queues.flat()
    this.#queues = Array.from({ length: queuing?.queues ?? 1 }, () => [])
    for (const waiter of waiting) this.#shortest(waiter.flow).push(waiter)
  }

  limit(seats: number): void {
    this.#limit = seats
    this.#dispatch()
  }

  /** For one request that takes `width` seats; `flowOf` is asked when it has to wait. They are given back by leave(). */
  enter(flowOf: () => string, width: number): Outcome | Promise<Outcome> {
    // Where requests can wait, nobody overtakes those who do.
    if (this.#fits(width) && (!this.#queuing || (!this.waits && this.#taken < this.#limit))) {
      this.#take(width)
      this.#demanded()
      return 'seated'
    }
    if (!this.#queuing) return 'concurrency-limit'
    const flow = flowOf()
    const queue = this.#shortest(flow)
    if (queue.length >= this.#queuing.queueLengthLimit) return 'queue-full'
    return new Promise(resolve => {
      const told = (outcome: Outcome) => {
        cancel()
        this.#waiting -= width
        resolve(outcome)
      }
      const waiter = { flow, width, told }
      const cancel = this.#clock.after(longestWaitMs, () => {
        this.#forget(waiter)
        told('time-out')
        this.#demanded()
      })
      queue.push(waiter)
      this.#waiting += width
      this.#demanded()
    })
  }

  leave(width: number): void {
    this.#taken -= width
    this.#served--
    this.#dispatch()
    this.#demanded()
  }

  close(): void {
    for (const waiter of this.#queues.flat()) waiter.told('time-out')
    this.#queues = [[]]
  }

  #take(width: number): void {
    this.#taken += width
    this.#served++
  }

  /** One that is wider than the level is served when it is alone. */
  #fits(width: number): boolean {
    return width > this.#limit ? this.#served === 0 : this.#taken + width <= this.#limit
  }

  #demanded(): void {
    this.demand.set(this.#taken + this.#waiting, this.#clock.now().getTime())
  }

  #forget(waiter: Waiter): void {
    this.#queues = this.#queues.map(queue => queue.filter(w => w !== waiter))
  }

  /** Queues take turns, so that a flow with many requests does not hold up the others. */
  #dispatch(): void {
    while (this.waits && this.#taken < this.#limit) {
      const queue = this.#next()
      const [first] = queue ?? []
      // It has its turn when there is room for it.
      if (!first || !this.#fits(first.width)) return
      queue?.shift()
      this.#turn++
      this.#take(first.width)
      first.told('seated')
    }
  }

  /** The next one, by turns, in which somebody waits. */
  #next(): Waiter[] | undefined {
    for (let tried = 0; tried < this.#queues.length; tried++) {
      const queue = this.#queues[this.#turn % this.#queues.length] as Waiter[]
      if (queue.length > 0) return queue
      this.#turn++
    }
    return undefined
  }

  #shortest(flow: string): Waiter[] {
    const dealt = hand(flow, this.#queues.length, this.#queuing?.handSize ?? 1).map(index => this.#queues[index] as Waiter[])
    return dealt.reduce((best, queue) => (queue.length < best.length ? queue : best))
  }
}

/** The queues that a flow may wait in, few of many and chosen by its name alone: two flows hardly ever share all of theirs. */
export function hand(flow: string, queues: number, size: number): number[] {
  const deck = Array.from({ length: queues }, (_, index) => index)
  let rest = createHash('sha256').update(flow).digest().readBigUInt64LE()
  return Array.from({ length: Math.min(size, queues) }, () => {
    const left = BigInt(deck.length)
    const [card] = deck.splice(Number(rest % left), 1)
    rest /= left
    return card as number
  })
}
