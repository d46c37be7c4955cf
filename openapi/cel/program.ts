// Expressions in CEL, read once and run under a budget: whatever a rule says, it ends soon.
import { Environment, EvaluationError } from '@marcbachmann/cel-js'
import { costExceeded, costMessage, Meter, metered } from './costs/meter.ts'
import { nodeOf } from './costs/shape.ts'
import { registerLibraries } from './functions.ts'
import { rewrite } from './rewrite.ts'

export const options = { enableOptionalTypes: true, homogeneousAggregateLiterals: false }

/** Nothing is known of the types: what a schema says is checked apart from it, when the definition comes. */
const environment = registerLibraries(new Environment({ ...options, unlistedVariablesAreDyn: true }))

/** One of value and error is there. */
export interface Ran {
  value?: unknown
  error?: { code: string; message: string }
  /** In upstream's units. */
  cost: number
  /** Taken besides: of values that were gone through, and of patterns. */
  steps: number
}

export interface Program {
  run(variables: Record<string, unknown>): Ran
}

/** What kubemock does not know how to run, with the reason. */
export type Compiled = Program | { unsupported: string }

const known = new WeakMap<Environment, Map<string, Compiled>>()
const maxKnown = 1000

/** A rule of a schema. */
export const compileExpression = (text: string): Compiled => compileIn(environment, text)

export function compileIn(where: Environment, text: string): Compiled {
  const ofThese = known.get(where) ?? new Map<string, Compiled>()
  known.set(where, ofThese)
  const before = ofThese.get(text)
  if (before) return before
  const compiled = compileAnew(where, text)
  // Expressions come from clients: only so many are kept.
  if (ofThese.size >= maxKnown) ofThese.clear()
  ofThese.set(text, compiled)
  return compiled
}

function compileAnew(where: Environment, text: string): Compiled {
  try {
    const run = where.parse(rewrite(text).text)
    const checked = run.check()
    // Other errors come with the values, and are errors of the rule then.
    if (checked.error && ['no_matching_overload', 'unknown_variable'].includes(checked.error.code))
      return { unsupported: checked.error.summary }
    const meter = new Meter()
    if (checked.valid) metered(nodeOf(run.ast), meter, where === environment)
    return { run: variables => ran(() => run(variables), meter) }
  } catch (error) {
    return { unsupported: error instanceof Error ? ((error as { summary?: string }).summary ?? error.message) : String(error) }
  }
}

function ran(run: () => unknown, meter: Meter): Ran {
  meter.reset()
  try {
    const value = run()
    meter.check()
    return { value, cost: meter.cost, steps: meter.steps }
  } catch (error) {
    return { error: errorOf(error), cost: meter.cost, steps: meter.steps }
  }
}

function errorOf(error: unknown): NonNullable<Ran['error']> {
  if (error instanceof EvaluationError) return { code: error.code, message: error.summary }
  // Of texts and calls that outgrow the engine itself.
  if (error instanceof RangeError) return { code: costExceeded, message: costMessage }
  return { code: 'internal', message: `internal error: ${error instanceof Error ? error.message : error}` }
}
