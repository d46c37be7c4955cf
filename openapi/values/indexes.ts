// Indexes of a Job's pods as text: 1,3-5,7.

export type Interval = readonly [first: number, last: number]

/** The intervals, or what is wrong with the text. Indexes are below `completions`. */
export function parseIndexes(text: string, completions: number): { intervals: Interval[] } | { problem: string } {
  const intervals: Interval[] = []
  for (const part of text === '' ? [] : text.split(',')) {
    const interval = parseInterval(part, completions)
    if ('problem' in interval) return interval
    const last = intervals.at(-1)?.[1]
    const [first] = interval.of
    if (last !== undefined && last >= first) return { problem: `non-increasing order, previous: ${last}, current: ${first}` }
    intervals.push(interval.of)
  }
  return { intervals }
}

function parseInterval(text: string, completions: number): { of: Interval } | { problem: string } {
  const limits = text.split('-')
  if (limits.length > 2)
    return {
      problem: `the fragment ${JSON.stringify(text)} violates the requirement that an index interval can have at most two parts separated by '-'`,
    }
  for (const limit of limits) {
    if (!/^[+]?\d+$/.test(limit)) return { problem: `cannot convert string to integer for index: ${JSON.stringify(limit)}` }
    if (Number(limit) >= completions) return { problem: `too large index: ${JSON.stringify(limit)}` }
  }
  const [first = 0, last = first] = limits.map(Number)
  return limits.length === 2 && first >= last
    ? { problem: `non-increasing order, previous: ${first}, current: ${last}` }
    : { of: [first, last] }
}

export const countOf = (intervals: readonly Interval[]): number => intervals.reduce((sum, [first, last]) => sum + last - first + 1, 0)

/** What the server wrote itself; indexes that are out of range, after the Job was made smaller, are left out. */
export function readIndexes(text: string | undefined, completions: number): Set<number> {
  const found = new Set<number>()
  for (const part of (text ?? '').split(',').filter(Boolean)) {
    const [first = 0, last = first] = part.split('-').map(Number)
    for (let index = first; index <= Math.min(last, completions - 1); index++) found.add(index)
  }
  return found
}

export function printIndexes(indexes: Iterable<number>): string {
  const intervals: [number, number][] = []
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = intervals.at(-1)
    if (last && last[1] === index - 1) last[1] = index
    else intervals.push([index, index])
  }
  // Two neighbours are told one by one.
  return intervals
    .map(([first, last]) => (first === last ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`))
    .join(',')
}
