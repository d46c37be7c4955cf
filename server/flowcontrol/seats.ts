// The seats of a priority level: so many requests are served at a time, others wait in queues or are refused. util/flowcontrol/fairqueuing.
import { createHash } from 'node:crypto'
import type { Clock } from '../clock.ts'

export interface Queuing {
  queues: number
  handSize: number
  queueLengthLimit: number
}

export interface Limits {
  /** Infinity: nobody waits. */
  seats: number
  /** undefined: whoever finds no seat is refused. */
  queuing?: Queuing
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
  #limits: Limits = { seats: Number.POSITIVE_INFINITY }
  #taken = 0
  #queues: Waiter[][] = [[]]
  #turn = 0

  /** Who waits is dealt to the new queues, whatever their limit. */
  configure(limits: Limits): void {
    this.#limits = limits
    const waiting = this.#queues.flat()
    this.#queues = Array.from({ length: limits.queuing?.queues ?? 1 }, () => [])
    for (const waiter of waiting) this.#shortest(waiter.flow).push(waiter)
    this.#dispatch()
  }

  /** For one request; `flow` is asked when it has to wait. A seat is given back by leave(). */
  enter(flowOf: () => string, clock: Pick<Clock, 'after'>): Outcome | Promise<Outcome> {
    const { seats, queuing } = this.#limits
    if (this.#taken < seats) {
      this.#taken++
      return 'seated'
    }
    if (!queuing) return 'concurrency-limit'
    const flow = flowOf()
    const queue = this.#shortest(flow)
    if (queue.length >= queuing.queueLengthLimit) return 'queue-full'
    return new Promise(resolve => {
      const told = (outcome: Outcome) => {
        cancel()
        resolve(outcome)
      }
      const waiter = { flow, told }
      const cancel = clock.after(longestWaitMs, () => {
        this.#forget(waiter)
        resolve('time-out')
      })
      queue.push(waiter)
    })
  }

  leave(): void {
    this.#taken--
    this.#dispatch()
  }

  close(): void {
    for (const waiter of this.#queues.flat()) waiter.told('time-out')
    this.#queues = [[]]
  }

  #forget(waiter: Waiter): void {
    this.#queues = this.#queues.map(queue => queue.filter(w => w !== waiter))
  }

  /** Queues take turns, so that a flow with many requests does not hold up the others. */
  #dispatch(): void {
    while (this.#taken < this.#limits.seats) {
      const next = this.#next()
      if (!next) return
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
    const dealt = hand(flow, this.#queues.length, this.#limits.queuing?.handSize ?? 1).map(index => this.#queues[index] as Waiter[])
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

/** The level's part of all seats, by its share of the sum of shares. */
export const nominalSeats = (share: number, shares: number, all: number): number => (shares === 0 ? 0 : Math.ceil((all * share) / shares))
