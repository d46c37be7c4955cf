// What every library needs to make its functions known.
import { type Environment, EvaluationError } from '@marcbachmann/cel-js'

type Run = (...args: never[]) => unknown

/** Functions that answer at once. */
export const adder = (environment: Environment) => (signature: string, run: Run) => {
  environment.registerFunction(signature, run as never, { async: false })
}

export const fail = (message: string): never => {
  throw new EvaluationError({ code: 'conversion', message })
}

/** A name that functions stand under, as sets.contains(). */
export function namespace(environment: Environment, name: string, of: new () => object): void {
  environment.registerType(of.name, of)
  environment.registerConstant(name, of.name, new of())
}

/** More characters than a budget pays for. */
export const maxText = 10_000_000

export const joined = (parts: readonly string[], between: string): string => {
  const length = parts.reduce((sum, part) => sum + part.length, Math.max(0, parts.length - 1) * between.length)
  return length > maxText ? fail('text is too long') : parts.join(between)
}

/** As Go quotes a text. */
export const quoted = (text: string): string => JSON.stringify(text)
