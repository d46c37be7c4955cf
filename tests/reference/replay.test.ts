// Replays the recorded requests, file by file, each on a cluster of its own without controllers, as they were recorded.
// What differs is listed in docs/differences.md: a difference that is not listed fails, and so does a listed one that is gone.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { startCluster } from '../../server/index.ts'
import { hasReference, inScope, readReference, type Step } from '../support/reference.ts'
import { Replay } from '../support/replay.ts'

const folders = {
  discovery: ['requests'],
  openapi: ['protocol'],
  tables: ['rows', 'requests'],
  defaults: ['objects'],
  errors: [
    'core',
    'decoding',
    'lifecycle',
    'lists',
    'metadata',
    'patches',
    'pods',
    'protocol',
    'storage',
    'subresources',
    'workloads',
    'apply',
    'compacted',
  ],
  apply: ['apply', 'managers', 'strategic', 'merge', 'jsonpatch'],
  watch: ['streams', 'lists', 'expired'],
} as const

interface Outcome {
  cases: number
  failures: Record<string, string>
}

async function replay(file: string): Promise<Outcome> {
  await using cluster = await startCluster({ controllers: '', nodes: 0, logError: () => {} })
  const replay = new Replay(cluster)
  const outcome: Outcome = { cases: 0, failures: {} }
  for (const step of readReference<Step[]>(`${file}.json`)) {
    const difference = await replay.check(step)
    if (step.setup || step.action || !inScope(step)) continue
    outcome.cases++
    if (difference) outcome.failures[step.name] = difference
  }
  replay.close()
  return outcome
}

/** `| file | case | why |` */
const row = /^\| `(\w+\/\w+)` \| (.+?) \| /

const known = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8')
  .split('\n')
  .flatMap(
    line =>
      row
        .exec(line)
        ?.slice(1, 3)
        .map(cell => cell.replaceAll('\\|', '|')) ?? [],
  )

function knownOf(file: string): string[] {
  return known.filter((_cell, index) => known[index - 1] === file && index % 2 === 1)
}

describe.skipIf(!hasReference)('every recorded request', () => {
  for (const [folder, files] of Object.entries(folders)) {
    const counts = { cases: 0, passed: 0 }
    for (const file of files)
      test(`${folder}/${file}`, async () => {
        const { cases, failures } = await replay(`${folder}/${file}`)
        counts.cases += cases
        counts.passed += cases - Object.keys(failures).length
        const listed = knownOf(`${folder}/${file}`)
        expect(Object.fromEntries(Object.entries(failures).filter(([name]) => !listed.includes(name)))).toEqual({})
        expect(listed.filter(name => !(name in failures))).toEqual([])
      })
    test(`${folder}: at least 95 % are answered as recorded`, () => {
      console.info(`${folder}: ${counts.passed} of ${counts.cases} recorded requests`)
      expect(counts.passed / counts.cases).toBeGreaterThanOrEqual(0.95)
    })
  }
})
