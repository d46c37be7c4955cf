// The difference of two texts as unified hunks with three lines around each change, without the file header. Lines are matched as
// Python's difflib does, which upstream's library follows: the longest common run first, then what lies on each side of it.

const context = 3
/** Lines more common than one in a hundred say little in a long text: no run starts with them. */
const popularFrom = 200

interface Block {
  a: number
  b: number
  size: number
}
interface Change {
  equal: boolean
  a: readonly [from: number, to: number]
  b: readonly [from: number, to: number]
}

/** Each hunk ends in a line break; '' when the texts are equal. */
export function unifiedDiff(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')]
  return hunks(changes(a, b))
    .map(hunk => printHunk(hunk, a, b))
    .join('')
}

function changes(a: readonly string[], b: readonly string[]): Change[] {
  const result: Change[] = []
  let [i, j] = [0, 0]
  for (const block of [...matchingBlocks(a, b), { a: a.length, b: b.length, size: 0 }]) {
    if (i < block.a || j < block.b) result.push({ equal: false, a: [i, block.a], b: [j, block.b] })
    if (block.size > 0) result.push({ equal: true, a: [block.a, block.a + block.size], b: [block.b, block.b + block.size] })
    i = block.a + block.size
    j = block.b + block.size
  }
  return result
}

/** In order; blocks that touch are one. */
function matchingBlocks(a: readonly string[], b: readonly string[]): Block[] {
  const places = placesOf(b)
  const found: Block[] = []
  const queue: [number, number, number, number][] = [[0, a.length, 0, b.length]]
  for (let range = queue.pop(); range; range = queue.pop()) {
    const [aFrom, aTo, bFrom, bTo] = range
    const block = longestRun(a, b, places, range)
    if (block.size === 0) continue
    found.push(block)
    queue.push([aFrom, block.a, bFrom, block.b], [block.a + block.size, aTo, block.b + block.size, bTo])
  }
  const joined: Block[] = []
  for (const block of found.sort((x, y) => x.a - y.a || x.b - y.b)) {
    const last = joined.at(-1)
    if (last && last.a + last.size === block.a && last.b + last.size === block.b) last.size += block.size
    else joined.push({ ...block })
  }
  return joined
}

type Places = ReadonlyMap<string, readonly number[]>

function placesOf(lines: readonly string[]): Places {
  const places = new Map<string, number[]>()
  for (const [index, line] of lines.entries()) {
    const list = places.get(line)
    if (list) list.push(index)
    else places.set(line, [index])
  }
  if (lines.length < popularFrom) return places
  const most = Math.floor(lines.length / 100) + 1
  for (const [line, list] of places) if (list.length > most) places.delete(line)
  return places
}

function longestRun(
  a: readonly string[],
  b: readonly string[],
  places: Places,
  [aFrom, aTo, bFrom, bTo]: readonly [number, number, number, number],
): Block {
  let best: Block = { a: aFrom, b: bFrom, size: 0 }
  // Length of the run that ends at each line of b, for the line of a before.
  let lengths = new Map<number, number>()
  for (let i = aFrom; i < aTo; i++) {
    const next = new Map<number, number>()
    for (const j of places.get(a[i] ?? '') ?? []) {
      if (j < bFrom) continue
      if (j >= bTo) break
      const size = (lengths.get(j - 1) ?? 0) + 1
      next.set(j, size)
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size }
    }
    lengths = next
  }
  while (best.a > aFrom && best.b > bFrom && a[best.a - 1] === b[best.b - 1]) best = { a: best.a - 1, b: best.b - 1, size: best.size + 1 }
  while (best.a + best.size < aTo && best.b + best.size < bTo && a[best.a + best.size] === b[best.b + best.size]) best.size++
  return best
}

/** Changes with what surrounds them; those closer than two contexts share a hunk. */
function hunks(all: readonly Change[]): Change[][] {
  const found: Change[][] = []
  let current: Change[] = []
  for (const [index, change] of all.entries()) {
    if (!change.equal) {
      current.push(change)
      continue
    }
    const length = change.a[1] - change.a[0]
    const [first, last] = [index === 0, index === all.length - 1]
    if (!first && !last && length <= 2 * context) {
      current.push(change)
      continue
    }
    if (!first) found.push([...current, part(change, 0, Math.min(context, length))])
    current = last ? [] : [part(change, Math.max(0, length - context), length)]
  }
  if (current.some(change => !change.equal)) found.push(current)
  return found.filter(hunk => hunk.some(change => !change.equal))
}

const part = ({ a, b }: Change, from: number, to: number): Change => ({
  equal: true,
  a: [a[0] + from, a[0] + to],
  b: [b[0] + from, b[0] + to],
})

function printHunk(hunk: readonly Change[], a: readonly string[], b: readonly string[]): string {
  const [first, last] = [hunk[0], hunk.at(-1)]
  const head = `@@ -${range(first?.a[0] ?? 0, last?.a[1] ?? 0)} +${range(first?.b[0] ?? 0, last?.b[1] ?? 0)} @@\n`
  const print = (mark: string, lines: readonly string[]) => lines.map(line => `${mark}${line}\n`).join('')
  return (
    head +
    hunk
      .map(({ equal, a: x, b: y }) => (equal ? print(' ', a.slice(...x)) : print('-', a.slice(...x)) + print('+', b.slice(...y))))
      .join('')
  )
}

/** One line is its number alone; none is told by the line before. */
function range(from: number, to: number): string {
  const length = to - from
  if (length === 1) return String(from + 1)
  return `${length === 0 ? from : from + 1},${length}`
}
