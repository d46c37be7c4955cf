// CEL expressions of admission, evaluated within a budget that several of them share.
import { failureInWords, outOfBudget } from '../words.ts'
import { type Declared, failed, loadCel, program } from './compile.ts'

/** In upstream's units of cost. apis/cel/config.go */
export interface Budget {
  left: number
}

/** For all demands and messages of a policy, or one of its mutations. */
export const policyBudget = (): Budget => ({ left: 10_000_000 })
/** For all conditions of a policy or webhook. */
export const conditionsBudget = (): Budget => ({ left: 2_500_000 })

/** One of value and error is there. */
export interface Outcome {
  value?: unknown
  /** In cel-go's words where it has some. */
  error?: string
  /** The budget is used up: the error is that of all expressions. */
  spent?: true
}

/** `bindings`: what the expression may name, as celBindings() makes it. `patches`: it makes objects or JSON patches. loadCel() must be over. */
export function evaluate(
  expression: string,
  bindings: Readonly<Record<string, unknown>>,
  { budget, patches = false }: { budget: Budget; patches?: boolean },
): Outcome {
  const declared: Declared = {
    params: 'params' in bindings,
    authorizer: 'authorizer' in bindings,
    patches,
    ...('variables' in bindings ? { variables: 'any' } : {}),
  }
  const compiled = program(declared, expression)
  // What the parser does not know was let through when it was stored: it is refused now.
  if ('unsupported' in compiled) return { error: unknown(compiled.unsupported) }
  const { value, error, cost } = compiled.run(bindings)
  if (cost > budget.left) {
    // Whatever else it is used for has none either.
    budget.left = -1
    return { error: `validation failed due to ${outOfBudget}`, spent: true }
  }
  budget.left -= cost
  return error ? { error: failureInWords(error) } : { value }
}

/** All of them, in turn; a text says why there are none to be had. */
export async function evaluateAll(
  expressions: readonly string[],
  bindings: Readonly<Record<string, unknown>>,
  budget: Budget,
): Promise<Outcome[] | string> {
  await loadCel()
  const outcomes: Outcome[] = []
  for (const expression of expressions) {
    const outcome = evaluate(expression, bindings, { budget })
    if (outcome.spent) return outcome.error ?? ''
    outcomes.push(outcome)
  }
  return outcomes
}

const unknown = (why: string): string => `kubemock cannot evaluate this: ${why}`

/** `into`: where the value is found by its name; it is worked out once, and only when it is asked for. */
export function addVariable(
  into: Record<string, unknown>,
  { name, expression }: { name: string; expression: string },
  { bindings, budget }: { bindings: Readonly<Record<string, unknown>>; budget: Budget },
): void {
  let known: Outcome | undefined
  Object.defineProperty(into, name, {
    get: () => {
      known ??= evaluate(expression, { ...bindings, variables: into }, { budget })
      return known.error === undefined
        ? known.value
        : failed(`composited variable ${JSON.stringify(name)} fails to evaluate: ${known.error}`)
    },
  })
}

/** JSON as CEL sees it: whole numbers are ints, others doubles. Keys without a value are not there. */
export const celBindings = (json: Readonly<Record<string, unknown>>) => celValue(json) as Record<string, unknown>

function celValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(celValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, celValue(item)]),
  )
}

/** JSON of what an expression made: the other way round. Throws for what JSON has nothing for. */
export function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(toJson)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z')
  if (typeof value !== 'object' || value === null) return value
  const entries = value instanceof Map ? [...value] : Object.getPrototypeOf(value) === Object.prototype ? Object.entries(value) : undefined
  if (!entries) throw new Error('it is of a type that JSON does not have')
  return Object.fromEntries(
    entries.map(([key, item]) => {
      if (typeof key !== 'string') throw new Error(`map key ${JSON.stringify(String(key))} is not a string`)
      return [key, toJson(item)]
    }),
  )
}
