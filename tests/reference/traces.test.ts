// Replays the recorded traces of the real controllers, each on a cluster of its own, and compares the stories.
// What differs is listed in docs/differences.md: a trace that differs and is not listed fails, and so does a listed one that no longer differs.
import { afterAll, describe, expect, test } from 'vitest'
import { expectConformance } from '../support/conformance.ts'
import { knownOf } from '../support/known.ts'
import { differences } from '../support/traces/compare.ts'
import { replay } from '../support/traces/replay.ts'
import { readTrace, traceNames } from '../support/traces/trace.ts'

describe.skipIf(traceNames.length === 0)('traces of the controllers', () => {
  let passed = 0
  let run = 0
  for (const name of traceNames)
    test.concurrent(name, async () => {
      const trace = readTrace(name)
      const found = differences(trace, await replay(trace))
      run++
      if (found.length === 0) passed++
      if (knownOf(`traces/${name}`).length > 0) expect(found, 'a known difference is gone').not.toEqual([])
      else expect(found).toEqual([])
    })
  afterAll(() => {
    if (run === traceNames.length) expectConformance('traces', passed, traceNames.length)
  })
})
