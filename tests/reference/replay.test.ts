// Replays the recorded requests, file by file, each on a cluster of its own without controllers, as they were recorded.
// What differs is listed in docs/differences.md: a difference that is not listed fails, and so does a listed one that is gone.
import { describe, expect, test } from 'vitest'
import { startCluster } from '../../server/index.ts'
import { expectConformance } from '../support/conformance.ts'
import { knownOf } from '../support/known.ts'
import { hasRecording, hasReference, inScope, readReference, type Step } from '../support/reference.ts'
import { Replay, replayTokens } from '../support/replay.ts'

const folders = {
  discovery: ['requests'],
  openapi: ['protocol'],
  tables: ['rows', 'requests'],
  defaults: ['objects'],
  errors: [
    'admission',
    'core',
    'decoding',
    'extension',
    'lifecycle',
    'lists',
    'metadata',
    'networking',
    'patches',
    'pods',
    'policy',
    'protocol',
    'storage',
    'subresources',
    'workloads',
    'apply',
    'auth',
    'compacted',
    'extension',
  ],
  apply: ['apply', 'managers', 'strategic', 'merge', 'jsonpatch'],
  watch: ['streams', 'lists', 'expired'],
  protocol: ['negotiation', 'headers', 'paths', 'health', 'subresources'],
  crd: ['lifecycle', 'schema', 'validation', 'defaulting', 'subresources', 'versions', 'apply', 'cluster', 'cel'],
} as const

interface Outcome {
  cases: number
  failures: Record<string, string>
}

async function replay(file: string): Promise<Outcome> {
  await using cluster = await startCluster({ controllers: '', nodes: 0, seed: 1, tokens: replayTokens, logError: () => {} })
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

describe('recorded requests', () => {
  for (const [folder, files] of Object.entries(folders)) {
    const counts = { cases: 0, passed: 0 }
    for (const file of files)
      test.skipIf(!hasRecording(`${folder}/${file}.json`))(`${folder}/${file}`, async () => {
        const { cases, failures } = await replay(`${folder}/${file}`)
        counts.cases += cases
        counts.passed += cases - Object.keys(failures).length
        const listed = knownOf(`${folder}/${file}`)
        expect(Object.fromEntries(Object.entries(failures).filter(([name]) => !listed.includes(name)))).toEqual({})
        expect(listed.filter(name => !(name in failures))).toEqual([])
      })
    test.skipIf(!hasReference)(`${folder}: at least 98 % are answered as recorded`, () => {
      // Of these two folders the requests are the smaller part: documents.test.ts counts them whole.
      if (folder === 'discovery' || folder === 'openapi') return
      expectConformance(folder, counts.passed, counts.cases)
      expect(counts.passed / counts.cases).toBeGreaterThanOrEqual(0.98)
    })
  }
})
