// matchConditions of webhooks and policies: CEL expressions that must all be true. webhook/matchconditions/matcher.go
import { conditionsBudget, evaluateAll } from '../../openapi/cel/admission/evaluate.ts'
import { aggregate } from '../../openapi/errors.ts'
import type { MatchCondition } from '../../openapi/schemas/admissionregistration.ts'

export interface Held {
  hold: boolean
  /** Why that could not be found out: the failure policy says what becomes of it. */
  error?: string
}

/** One that is false decides, whatever becomes of the others. */
export async function conditionsHold(conditions: readonly MatchCondition[], bindings: Readonly<Record<string, unknown>>): Promise<Held> {
  if (conditions.length === 0) return { hold: true }
  const expressions = conditions.map(({ expression = '' }) => expression)
  const outcomes = await evaluateAll(expressions, bindings, conditionsBudget())
  if (typeof outcomes === 'string') return { hold: false, error: outcomes }
  if (outcomes.some(({ value }) => value === false)) return { hold: false }
  const errors = outcomes.flatMap(({ error }, index) => (error === undefined ? [] : failure(expressions[index] ?? '', error)))
  return errors.length === 0 ? { hold: true } : { hold: false, error: aggregate(errors) }
}

export const failure = (expression: string, error: string): string => `expression '${expression}' resulted in error: ${error}`
