// Whether what rules may cost is too much: one of them, or all of a schema. apis/apiextensions/validation of apiextensions-apiserver.
import { type FieldError, forbidden } from '../../errors.ts'

const ruleLimit = 10_000_000
const schemaLimit = 100_000_000

export const expressionErrors = (path: string, what: string, cost: number): FieldError[] =>
  cost > ruleLimit ? [forbidden(path, exceeds(what, cost / ruleLimit))] : []

/** So many of those that cost the most are told. */
const told = 4

/** `path`: of the schema. */
export function totalErrors(costs: readonly { path: string; cost: number }[], path: string): FieldError[] {
  const total = costs.reduce((sum, { cost }) => sum + cost, 0)
  if (total <= schemaLimit) return []
  const worst = costs.filter(({ cost }) => cost >= schemaLimit / 100).sort((a, b) => b.cost - a.cost)
  return [
    ...worst
      .slice(0, told)
      .map(each => forbidden(each.path, 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema')),
    forbidden(path, exceeds('x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema', total / schemaLimit)),
  ]
}

/** Exactly where it is close to one, not at all where it is far beyond. */
const factorOf = (factor: number): string =>
  factor > 100 ? 'more than 100x' : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`

const exceeds = (what: string, factor: number): string =>
  `${what} exceeds budget by factor of ${factorOf(factor)} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`
