import { expect, test } from 'vitest'
import { unifiedDiff } from '../../openapi/values/diff.ts'

const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`)
const text = (...parts: string[][]) => parts.flat().join('\n')

test('equal texts have no difference', () => expect(unifiedDiff('a\nb', 'a\nb')).toBe(''))

test('a change stands between three lines on each side', () => {
  expect(unifiedDiff(text(lines(1, 9)), text(lines(1, 4), ['new'], lines(6, 9)))).toBe(
    '@@ -2,7 +2,7 @@\n line 2\n line 3\n line 4\n-line 5\n+new\n line 6\n line 7\n line 8\n',
  )
})

test('changes far apart are hunks of their own', () => {
  const before = lines(1, 30)
  const after = before.map(line => (line === 'line 5' || line === 'line 25' ? 'new' : line))
  expect(unifiedDiff(text(before), text(after)).match(/^@@ .* @@$/gm)).toEqual(['@@ -2,7 +2,7 @@', '@@ -22,7 +22,7 @@'])
})

test('of runs of one length the first is kept, as difflib does', () => {
  const before = ['{', 'a', '  1', '},', 'b', 'c', 'd', '}']
  const after = ['{', 'a', 'b', 'c {', '  2', '},', 'd', '}']
  expect(unifiedDiff(text(before), text(after))).toBe('@@ -1,8 +1,8 @@\n {\n a\n-  1\n+b\n+c {\n+  2\n },\n-b\n-c\n d\n }\n')
})

test('lines added to nothing', () => expect(unifiedDiff('a', 'a\nb')).toBe('@@ -1 +1,2 @@\n a\n+b\n'))
