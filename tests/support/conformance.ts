// docs/conformance.md says how many recorded cases are answered as recorded; each replay checks its row. With KUBEMOCK_UPDATE set it writes it
// (one test file at a time).
import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

const page = new URL('../../docs/conformance.md', import.meta.url)

/** `same` of `cases` are as recorded. */
export function expectConformance(recording: string, same: number, cases: number): void {
  const row = `| \`${recording}\` | ${same} | ${cases} |`
  const old = new RegExp(`^\\| \`${recording}\` \\|.*$`, 'm')
  const text = readFileSync(page, 'utf8')
  if (process.env.KUBEMOCK_UPDATE) writeFileSync(page, old.test(text) ? text.replace(old, row) : `${text}${row}\n`)
  else expect(old.exec(text)?.[0], 'docs/conformance.md').toBe(row)
}
