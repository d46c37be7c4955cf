// The rows of docs/differences.md about recorded cases: `| file | case | why |`.
import { readFileSync } from 'node:fs'

const row = /^\| `([\w./-]+\/[\w.-]+)` \| (.+?) \| /

const rows = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8')
  .split('\n')
  .flatMap(line => {
    const [, file, name] = row.exec(line) ?? []
    return file && name ? [{ file, name }] : []
  })

/** The cases of a recording that are known to differ. */
export const knownOf = (file: string): string[] => rows.filter(r => r.file === file).map(r => r.name)
