// A measurement yields rows: a number, what it should stay below, and what the same work costs a server that does nothing.

export interface Row {
  name: string
  value: number
  unit: 'ms' | 'µs' | 'MB'
  /** What the value must not pass. */
  target?: number
  /** How many times the baseline's cost of one request. */
  ratio?: number
}

/** How much is done for a number; `quick` is for a look, not for the record. */
export interface Effort {
  quick: boolean
  rounds: number
  requests: number
}

export type Measure = (effort: Effort) => AsyncIterable<Row>

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}
