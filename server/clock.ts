// The only source of time. A cluster has one Clock; nothing else reads Date or sets timers.

export interface Clock {
  now(): Date
  /** Runs once after `ms`; returns cancel. */
  after(ms: number, run: () => void): () => void
}

export interface FakeClock extends Clock {
  /** Moves time on: due timers run in order, and the cluster settles after each. */
  advance(ms: number): Promise<void>
}
