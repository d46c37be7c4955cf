// The difference of two texts as unified hunks with three lines around each change, without the file header.

const context = 3

type Edit = { kind: ' ' | '-' | '+'; line: string }

/** Each hunk ends in a line break; '' when the texts are equal. */
export function unifiedDiff(before: string, after: string): string {
  const edits = compare(before.split('\n'), after.split('\n'))
  return hunks(edits)
    .map(hunk => printHunk(edits, hunk))
    .join('')
}

function compare(a: readonly string[], b: readonly string[]): Edit[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const same = (lines: readonly string[]): Edit[] => lines.map(line => ({ kind: ' ', line }))
  const middle = longestCommon(a.slice(start, a.length - end), b.slice(start, b.length - end))
  return [...same(a.slice(0, start)), ...middle, ...same(a.slice(a.length - end))]
}

function longestCommon(a: readonly string[], b: readonly string[]): Edit[] {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const edits: Edit[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      edits.push({ kind: ' ', line: a[i++] ?? '' })
      j++
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) edits.push({ kind: '-', line: a[i++] ?? '' })
    else edits.push({ kind: '+', line: b[j++] ?? '' })
  }
  return edits
}

/** Ranges of edits; changes closer than two contexts share one. */
function hunks(edits: readonly Edit[]): [number, number][] {
  const found: [number, number][] = []
  for (const [index, { kind }] of edits.entries()) {
    if (kind === ' ') continue
    const last = found.at(-1)
    const to = Math.min(edits.length, index + context + 1)
    if (last && index - context <= last[1]) last[1] = to
    else found.push([Math.max(0, index - context), to])
  }
  return found
}

function printHunk(edits: readonly Edit[], [from, to]: readonly [number, number]): string {
  const lines = (kind: '-' | '+', part: readonly Edit[]) => part.filter(e => e.kind === ' ' || e.kind === kind).length
  const head = edits.slice(0, from)
  const part = edits.slice(from, to)
  const range = (kind: '-' | '+') => `${lines(kind, head) + 1},${lines(kind, part)}`
  return `@@ -${range('-')} +${range('+')} @@\n${part.map(({ kind, line }) => `${kind}${line}\n`).join('')}`
}
