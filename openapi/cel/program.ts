// Expressions in CEL, read once and run under a budget: whatever a rule says, it ends soon.
import { type ASTNode, Environment, EvaluationError } from '@marcbachmann/cel-js'
import { matches, registerLibraries } from './functions.ts'
import { rewrite } from './rewrite.ts'

export const options = { enableOptionalTypes: true, homogeneousAggregateLiterals: false }

/** Nothing is known of the types: what a schema says is checked apart from it, when the definition comes. */
const environment = registerLibraries(new Environment({ ...options, unlistedVariablesAreDyn: true }))

/** Of the steps of loops and of values that are compared or searched, as upstream's limit of one call. */
const maxCost = 1_000_000

export interface Program {
  /** Throws EvaluationError. `cost` is what it took. */
  run(variables: Record<string, unknown>): { value: unknown; cost: number }
}

export const costExceeded = 'cost_exceeded'

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

/** Its tree; undefined when it does not parse. */
export function parseExpression(text: string): unknown {
  try {
    return environment.parse(rewrite(text).text).ast
  } catch {
    return undefined
  }
}

function compileAnew(where: Environment, text: string): Compiled {
  try {
    const run = where.parse(rewrite(text).text)
    const checked = run.check()
    // Other errors come with the values, and are errors of the rule then.
    if (checked.error && ['no_matching_overload', 'unknown_variable'].includes(checked.error.code))
      return { unsupported: checked.error.summary }
    const budget = new Budget()
    if (checked.valid) limit(run.ast, budget)
    return {
      run(variables) {
        budget.left = maxCost
        const value: unknown = run(variables)
        budget.take(0)
        return { value, cost: maxCost - budget.left }
      },
    }
  } catch (error) {
    return { unsupported: error instanceof Error ? ((error as { summary?: string }).summary ?? error.message) : String(error) }
  }
}

class Budget {
  left = maxCost
  take(cost: number): void {
    this.left -= cost
    if (this.left < 0) throw new EvaluationError({ code: costExceeded, message: 'operation cancelled: actual cost limit exceeded' })
  }
}

/** The library's nodes carry how they are run, which is what a budget hooks into. */
interface Hooked {
  op: string
  args: unknown
  handle?: Handle
  meta: { evaluate: Handle; alternate?: unknown; macro?: Record<string, unknown> }
  setMeta(name: string, value: unknown): unknown
}

const weighed: ReadonlySet<string> = new Set(['==', '!=', 'in', '+', 'call', 'rcall'])

function limit(root: ASTNode, budget: Budget): void {
  const seen = new Set<unknown>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (Array.isArray(value)) for (const each of value) visit(each)
    if (!isNode(value)) return
    hook(value, budget)
    const { alternate, macro } = value.meta
    visit(alternate)
    for (const part of Object.values(macro ?? {})) visit(part)
    if (value.op === 'comprehension') for (const part of Object.values(value.args as object)) visit(part)
    else visit(value.args)
  }
  visit(root)
}

const isNode = (value: object): value is Hooked => 'op' in value && 'meta' in value

function hook(node: Hooked, budget: Budget): void {
  if (node.op === 'comprehension') {
    const { step } = node.args as { step: Hooked }
    const { evaluate } = step.meta
    step.setMeta('evaluate', (...args: unknown[]) => {
      budget.take(1)
      return evaluate(...args)
    })
  } else if (node.meta.macro && 'tick' in node.meta.macro) {
    node.meta.macro.tick = () => budget.take(1)
  } else if (weighed.has(node.op) && node.handle) {
    const handle = isMatches(node) ? matching(node.handle) : node.handle
    const values = node.op === 'call' || node.op === 'rcall' ? 1 : 2
    node.handle = (...args) => {
      budget.take(1 + args.slice(0, values).reduce((sum: number, each) => sum + weigh(each), 0))
      return handle(...args)
    }
  }
}

type Handle = (...args: unknown[]) => unknown

const isMatches = ({ op, args }: Hooked): boolean => op === 'rcall' && (args as unknown[])[0] === 'matches'

/** In place of the library's own patterns. */
const matching = (handle: Handle): Handle => {
  return (...given) => {
    const [text, pattern] = given[0] as unknown[]
    return typeof text === 'string' && typeof pattern === 'string' ? matches(text, pattern) : handle(...given)
  }
}

const weights = new WeakMap<object, number>()

/** How long it takes to look at all of a value; of texts, ten characters are one step. */
function weigh(value: unknown): number {
  if (typeof value === 'string') return value.length / 10
  if (!Array.isArray(value) && !(value instanceof Map)) return 0
  const before = weights.get(value)
  if (before !== undefined) return before
  let sum = 1
  for (const each of value.values()) sum += 1 + weigh(each)
  weights.set(value, sum)
  return sum
}
