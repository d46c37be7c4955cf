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
  #waiting = 0
  #queues: Waiter[][] = [[]]
  #turn = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.demand = new Demand(clock.now().getTime())
  }

  get waiting(): number {
    return this.#waiting
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

  /** For one request; `flow` is asked when it has to wait. A seat is given back by leave(). */
  enter(flowOf: () => string): Outcome | Promise<Outcome> {
    // A level without any serves one request after the other, unless they can wait.
    const free = this.#taken < this.#limit || (!this.#queuing && this.#taken === 0)
    if (free) {
      this.#taken++
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
        this.#waiting--
        resolve(outcome)
      }
      const waiter = { flow, told }
      const cancel = this.#clock.after(longestWaitMs, () => {
        this.#forget(waiter)
        told('time-out')
        this.#demanded()
      })
      queue.push(waiter)
      this.#waiting++
      this.#demanded()
    })
  }

  leave(): void {
    this.#taken--
    this.#dispatch()
    this.#demanded()
  }

  close(): void {
    for (const waiter of this.#queues.flat()) waiter.told('time-out')
    this.#queues = [[]]
  }

  #demanded(): void {
    this.demand.set(this.#taken + this.#waiting, this.#clock.now().getTime())
  }

  #forget(waiter: Waiter): void {
    this.#queues = this.#queues.map(queue => queue.filter(w => w !== waiter))
  }

  /** Queues take turns, so that a flow with many requests does not hold up the others. */
  #dispatch(): void {
    while (this.#taken < this.#limit) {
      const next = this.#next()
      if (!next) break
      this.#taken++
      next.told('seated')
    }
  }

  #next(): Waiter | undefined {
    for (let tried = 0; tried < this.#queues.length; tried++) {
      const queue = this.#queues[this.#turn++ % this.#queues.length] as Waiter[]
      if (queue.length > 0) return queue.shift()
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
