// CEL expressions of admission, evaluated over plain JSON.
import { type Declared, environment, loadCel } from './compile.ts'

/** One of the two is there. */
export interface Outcome {
  value?: unknown
  /** In cel-go's words where it has some. */
  error?: string
}

/** `bindings`: what the expression may name, as JSON. */
export async function evaluate(expression: string, bindings: Readonly<Record<string, unknown>>): Promise<Outcome> {
  await loadCel()
  const declared: Declared = { params: 'params' in bindings, ...('variables' in bindings ? { variables: 'any' } : {}) }
  try {
    return { value: await environment(declared).evaluate(expression, celValue(bindings) as Record<string, unknown>) }
  } catch (error) {
    const { code = '', summary = String(error) } = error as { code?: string; summary?: string }
    if (code === 'no_such_key') return { error: summary.replace(/^No such key/, 'no such key') }
    // What the parser does not know was let through when it was stored: it is refused now.
    return { error: `kubemock cannot evaluate this: ${summary}` }
  }
}

/** Whole numbers are ints, others doubles. Keys without a value are not there. */
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
