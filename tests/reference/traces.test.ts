// Replays the recorded traces of the real controllers, each on a cluster of its own, and compares the stories.
import { writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { hasReference } from '../support/reference.ts'
import { differences } from '../support/traces/compare.ts'
import { replay } from '../support/traces/replay.ts'
import { readTrace, traceNames } from '../support/traces/trace.ts'

/** Traces that differ, and why. One that passes must leave the list. */
const known: Readonly<Record<string, string>> = {}

describe.skipIf(!hasReference)('every trace', () => {
  const failures: Record<string, string[]> = {}
  for (const name of traceNames)
    test.concurrent(name, async () => {
      const trace = readTrace(name)
      const found = await replay(trace).then(
        replayed => differences(trace, replayed),
        (error: Error) => [`failed: ${error.message}`],
      )
      if (found.length > 0) failures[name] = found
      if (known[name]) expect(found, 'a known difference is gone').not.toEqual([])
      else expect(found).toEqual([])
    })
  afterAll(() => {
    console.info(`traces: ${traceNames.length - Object.keys(failures).length} of ${traceNames.length}`)
    if (process.env.KUBEMOCK_REPORT) writeFileSync(process.env.KUBEMOCK_REPORT, JSON.stringify(failures, null, 1))
  })
})
