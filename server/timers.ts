// Timers in the order they are due; those of one instant in the order they were set. A binary heap, so that many cost no scan.

export interface Timer {
  due: number
  order: number
  run: () => void
  /** Its place in the heap; -1 outside. */
  at: number
}

export class TimerHeap {
  readonly #timers: Timer[] = []

  first(): Timer | undefined {
    return this.#timers[0]
  }

  add(timer: Timer): void {
    this.#rise(timer, this.#timers.length)
  }

  /** False: it was not there, or not any more. */
  remove(timer: Timer): boolean {
    const { at } = timer
    if (at < 0) return false
    timer.at = -1
    const last = this.#timers.pop()
    if (!last || last === timer) return true
    if (at > 0 && isBefore(last, this.#timers[(at - 1) >> 1] as Timer)) this.#rise(last, at)
    else this.#sink(last, at)
    return true
  }

  clear(): void {
    for (const timer of this.#timers) timer.at = -1
    this.#timers.length = 0
  }

  /** Puts the timer at a free place or above it. */
  #rise(timer: Timer, at: number): void {
    let free = at
    while (free > 0) {
      const parent = this.#timers[(free - 1) >> 1] as Timer
      if (!isBefore(timer, parent)) break
      this.#put(parent, free)
      free = (free - 1) >> 1
    }
    this.#put(timer, free)
  }

  /** Puts the timer at a free place or below it. */
  #sink(timer: Timer, at: number): void {
    let free = at
    while (true) {
      const [left, right] = [this.#timers[2 * free + 1], this.#timers[2 * free + 2]]
      const child = left && right && isBefore(right, left) ? right : left
      if (!child || !isBefore(child, timer)) break
      const next = child.at
      this.#put(child, free)
      free = next
    }
    this.#put(timer, free)
  }

  #put(timer: Timer, at: number): void {
    this.#timers[at] = timer
    timer.at = at
  }
}

const isBefore = (a: Timer, b: Timer): boolean => a.due < b.due || (a.due === b.due && a.order < b.order)
