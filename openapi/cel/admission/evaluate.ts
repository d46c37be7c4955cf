// CEL expressions of admission, evaluated under the same budget as the rules of custom resources.
import { type Declared, loadCel, program } from './compile.ts'

/** One of the two is there. */
export interface Outcome {
  value?: unknown
  /** In cel-go's words where it has some. */
  error?: string
}

/** `bindings`: what the expression may name, as celBindings() makes it. `patches`: it makes objects or JSON patches. */
export async function evaluate(expression: string, bindings: Readonly<Record<string, unknown>>, patches = false): Promise<Outcome> {
  await loadCel()
  const declared: Declared = {
    params: 'params' in bindings,
    authorizer: 'authorizer' in bindings,
    patches,
    ...('variables' in bindings ? { variables: 'any' } : {}),
  }
  const compiled = program(declared, expression)
  // What the parser does not know was let through when it was stored: it is refused now.
  if ('unsupported' in compiled) return { error: unknown(compiled.unsupported) }
  try {
    return { value: compiled.run(bindings).value }
  } catch (error) {
    const { code = '', summary = String(error) } = error as { code?: string; summary?: string }
    // Of texts and calls that outgrow the engine itself.
    if (code === 'cost_exceeded' || error instanceof RangeError) return { error: 'operation cancelled: actual cost limit exceeded' }
    if (code === 'no_such_key') return { error: summary.replace(/^No such key/, 'no such key') }
    return { error: code === 'conversion' || code === 'evaluation_error' ? summary : unknown(summary) }
  }
}

const unknown = (why: string): string => `kubemock cannot evaluate this: ${why}`

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
