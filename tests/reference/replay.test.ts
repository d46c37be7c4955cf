// Replays the recorded requests, file by file, each on a cluster of its own without controllers, as they were recorded.
// What differs is listed in known.json, which docs/differences.md explains; a difference that is not listed fails, and so does a listed one that is gone.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { startCluster } from '../../server/index.ts'
import { hasReference, inScope, Replay, readReference, type Step } from '../support/reference.ts'

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
  protocol: ['negotiation', 'headers', 'health', 'paths', 'subresources'],
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

describe.skipIf(!hasReference)('every recorded request', () => {
  const all: Record<string, Outcome> = {}
  for (const [folder, files] of Object.entries(folders))
    for (const file of files)
      test(`${folder}/${file}`, async () => {
        const outcome = await replay(`${folder}/${file}`)
        all[`${folder}/${file}`] = outcome
        console.info(`${folder}/${file}: ${outcome.cases - Object.keys(outcome.failures).length} of ${outcome.cases}`)
        if (process.env.KUBEMOCK_REPORT) writeFileSync(process.env.KUBEMOCK_REPORT, JSON.stringify(all, null, 1))
      })
})
