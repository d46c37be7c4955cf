// What is wrong with the rules of a definition: the library checks them with the types of the schema, and this says it in cel-go's words.
// Where the library knows less than cel-go, a rule is taken as it is.
import { Environment } from '@marcbachmann/cel-js'
import { isEmbedded, itemsOf, type Structural, valuesOf } from '../custom/structural.ts'
import { type FieldError, forbidden, invalid } from '../errors.ts'
import type { ValidationRule } from '../schemas/apiextensions.ts'
import { lazy } from '../values/lazy.ts'
import { unbounded } from './bounds.ts'
import { estimatedCost } from './cost.ts'
import { usesOldSelf } from './expression.ts'
import { registerLibraries } from './functions.ts'
import { problemOf } from './problem.ts'
import { compileExpression, options } from './program.ts'
import { declareSelf } from './types.ts'
import { objectSchema } from './values.ts'

export interface Findings {
  errors: FieldError[]
  /** Rules that nothing can run here. */
  warnings: string[]
}

interface Place {
  path: string
  isRoot: boolean
  /** How many of it an object may have at most. */
  count: number
  /** The highest part in which old and new values cannot be told apart. */
  uncorrelatable?: string
}

interface State extends Findings {
  costs: { path: string; cost: number }[]
}

/** Upstream's limits of what a rule, and all rules of a schema, may cost. */
const ruleLimit = 10_000_000
const schemaLimit = 100_000_000
const advice = '(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)'

export function ruleFindings(schema: Structural, path: string): Findings {
  const state: State = { errors: [], warnings: [], costs: [] }
  visit(schema, { path, isRoot: true, count: 1 }, state)
  const total = state.costs.reduce((sum, { cost }) => sum + cost, 0)
  if (total > 100 * schemaLimit) {
    const worst = state.costs.filter(({ cost }) => cost > schemaLimit / 10)
    for (const each of worst)
      state.errors.push(forbidden(each.path, 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema'))
    state.errors.push(
      forbidden(
        path,
        `x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x ${advice}`,
      ),
    )
  }
  return state
}

function visit(schema: Structural, place: Place, state: State): void {
  const { path, count } = place
  const values = valuesOf(schema)
  if (values)
    visit(
      values,
      { ...place, isRoot: isEmbedded(values), path: `${path}.additionalProperties`, count: count * (schema.maxProperties ?? unbounded) },
      state,
    )
  const fixed = schema['x-kubernetes-map-type'] === 'atomic' ? { uncorrelatable: place.uncorrelatable ?? path } : {}
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    visit(property, { ...place, ...fixed, isRoot: isEmbedded(property), path: `${path}.properties[${name}]` }, state)
  const items = itemsOf(schema)
  if (items) {
    const unordered = schema['x-kubernetes-list-type'] === 'map' ? {} : { uncorrelatable: place.uncorrelatable ?? path }
    visit(
      items,
      { ...place, ...unordered, isRoot: isEmbedded(items), path: `${path}.items`, count: count * (schema.maxItems ?? unbounded) },
      state,
    )
  }
  const rules = schema['x-kubernetes-validations'] ?? []
  if (rules.length > 0) checkRules(schema, rules, place, state)
}

/** What is wrong with a rule, wherever its schema stands. */
interface Verdict {
  cost: number
  problem: string | undefined
  messageProblem: string | undefined
  unsupported: string | undefined
}

/** Rules are dear to read, and a schema is looked at for its errors, its warnings, and again beside its successor. */
const known = new WeakMap<Structural, readonly Verdict[]>()

function verdictsOn(schema: Structural, rules: readonly ValidationRule[], isRoot: boolean): readonly Verdict[] {
  const before = known.get(schema)
  if (before) return before
  const seen = isRoot ? objectSchema(schema) : schema
  const make = (optional: boolean): Environment => declareSelf(registerLibraries(new Environment(options)), seen, optional)
  const [plain, optional] = [lazy(() => make(false)), lazy(() => make(true))]
  const verdicts = rules.map(rule => judge(rule, seen, rule.optionalOldSelf ? optional() : plain()))
  known.set(schema, verdicts)
  return verdicts
}

function judge({ rule = '', messageExpression }: ValidationRule, schema: Structural, environment: Environment): Verdict {
  const problem = problemOf(environment, rule, 'bool')
  const compiled = compileExpression(rule)
  return {
    cost: estimatedCost(rule, schema),
    problem,
    messageProblem: messageExpression && !problem ? problemOf(environment, messageExpression, 'string') : undefined,
    unsupported: !problem && 'unsupported' in compiled ? compiled.unsupported : undefined,
  }
}

function checkRules(schema: Structural, rules: readonly ValidationRule[], place: Place, state: State): void {
  for (const [i, verdict] of verdictsOn(schema, rules, place.isRoot).entries())
    tell(rules[i] as ValidationRule, verdict, { ...place, path: `${place.path}.x-kubernetes-validations[${i}]` }, state)
}

function tell(rule: ValidationRule, verdict: Verdict, { path, count, uncorrelatable }: Place, { errors, warnings, costs }: State): void {
  const text = rule.rule ?? ''
  const shown = {
    Rule: text,
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  }
  const { problem, messageProblem, unsupported } = verdict
  const cost = count * verdict.cost
  costs.push({ path: `${path}.rule`, cost })
  if (cost > 100 * ruleLimit)
    errors.push(forbidden(`${path}.rule`, `estimated rule cost exceeds budget by factor of more than 100x ${advice}`))
  if (problem)
    errors.push(
      invalid(`${path}.rule`, shown, problem === 'type' ? 'cel expression must evaluate to a bool' : `compilation failed: ${problem}`),
    )
  if (unsupported) warnings.push(`kubemock cannot run the rule of ${path}, so it is not enforced: ${unsupported}`)
  if (messageProblem) {
    const wrong = messageProblem === 'type' ? 'must evaluate to a string' : `compilation failed: ${messageProblem}`
    errors.push(invalid(`${path}.messageExpression`, shown, `messageExpression ${wrong}`))
  }
  if (usesOldSelf(text) && !problem) {
    if (uncorrelatable)
      errors.push(
        invalid(`${path}.rule`, text, `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`),
      )
  } else if (rule.optionalOldSelf !== undefined)
    errors.push(invalid(`${path}.optionalOldSelf`, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'))
}
