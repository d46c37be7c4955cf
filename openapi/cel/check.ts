// What is wrong with the rules of a definition: the library checks them with the types of the schema, and this says it in cel-go's words.
// Where the library knows less than cel-go, a rule is taken as it is.
import { Environment } from '@marcbachmann/cel-js'
import { isEmbedded, itemsOf, type Structural, valuesOf } from '../custom/structural.ts'
import { type FieldError, invalid } from '../errors.ts'
import type { ValidationRule } from '../schemas/apiextensions.ts'
import { lazy } from '../values/lazy.ts'
import { type Bounds, boundsOf, mostIn } from './costs/bounds.ts'
import { estimatedCost } from './costs/estimate.ts'
import { expressionErrors, totalErrors } from './costs/limits.ts'
import type { Node } from './costs/shape.ts'
import { capped } from './costs/size.ts'
import { usesOldSelf } from './expression.ts'
import { registerLibraries } from './functions.ts'
import { examine } from './problem.ts'
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
  /** How many of it an object may have at most, where the schemas around it say. */
  count: number | undefined
  /** The highest part in which old and new values cannot be told apart. */
  uncorrelatable?: string
}

interface State extends Findings {
  costs: { path: string; cost: number }[]
}

export function ruleFindings(schema: Structural, path: string): Findings {
  const state: State = { errors: [], warnings: [], costs: [] }
  visit(schema, { path, isRoot: true, count: 1 }, state)
  return { errors: [...state.errors, ...totalErrors(state.costs, path)], warnings: state.warnings }
}

function visit(schema: Structural, place: Place, state: State): void {
  const { path, count } = place
  const values = valuesOf(schema)
  if (values)
    visit(
      values,
      { ...place, isRoot: isEmbedded(values), path: `${path}.additionalProperties`, count: countOf(count, schema.maxProperties) },
      state,
    )
  const fixed = schema['x-kubernetes-map-type'] === 'atomic' ? { uncorrelatable: place.uncorrelatable ?? path } : {}
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    visit(property, { ...place, ...fixed, isRoot: isEmbedded(property), path: `${path}.properties[${name}]` }, state)
  const items = itemsOf(schema)
  if (items) {
    const unordered = schema['x-kubernetes-list-type'] === 'map' ? {} : { uncorrelatable: place.uncorrelatable ?? path }
    const count = countOf(place.count, schema.maxItems)
    visit(items, { ...place, ...unordered, isRoot: isEmbedded(items), path: `${path}.items`, count }, state)
  }
  const rules = schema['x-kubernetes-validations'] ?? []
  if (rules.length > 0) checkRules(schema, rules, place, state)
}

const countOf = (count: number | undefined, limit: number | undefined): number | undefined =>
  count === undefined || limit === undefined ? undefined : capped(count * Math.max(0, limit))

/** What is wrong with a rule, wherever its schema stands. */
interface Verdict {
  /** Of one evaluation. */
  cost: number
  messageCost: number
  /** How many of its values a request has room for. */
  most: number
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
  const bounds = boundsOf(seen)
  const verdicts = rules.map(rule => judge(rule, bounds, rule.optionalOldSelf ? optional() : plain()))
  known.set(schema, verdicts)
  return verdicts
}

function judge({ rule = '', messageExpression }: ValidationRule, bounds: Bounds | undefined, environment: Environment): Verdict {
  const [read, compiled] = [examine(environment, rule, 'bool'), compileExpression(rule)]
  const { problem } = read
  const message = messageExpression && !problem ? examine(environment, messageExpression, 'string') : undefined
  const cost = (root: Node | undefined) => (root && bounds ? estimatedCost(root, bounds) : 0)
  return {
    cost: cost(read.root),
    messageCost: cost(message?.root),
    most: bounds ? mostIn(bounds) : 1,
    problem,
    messageProblem: message?.problem,
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
  const { problem, messageProblem, messageCost, unsupported } = verdict
  const cost = capped(verdict.cost * (count ?? verdict.most))
  costs.push({ path: `${path}.rule`, cost })
  errors.push(...expressionErrors(`${path}.rule`, 'estimated rule cost', cost))
  if (problem)
    errors.push(
      invalid(`${path}.rule`, shown, problem === 'type' ? 'cel expression must evaluate to a bool' : `compilation failed: ${problem}`),
    )
  if (unsupported) warnings.push(`kubemock cannot run the rule of ${path}, so it is not enforced: ${unsupported}`)
  if (messageProblem) {
    const wrong = messageProblem === 'type' ? 'must evaluate to a string' : `compilation failed: ${messageProblem}`
    errors.push(invalid(`${path}.messageExpression`, shown, `messageExpression ${wrong}`))
  }
  costs.push({ path: `${path}.messageExpression`, cost: messageCost })
  errors.push(...expressionErrors(`${path}.messageExpression`, 'estimated messageExpression cost', messageCost))
  if (usesOldSelf(text) && !problem) {
    if (uncorrelatable)
      errors.push(
        invalid(`${path}.rule`, text, `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`),
      )
  } else if (rule.optionalOldSelf !== undefined)
    errors.push(invalid(`${path}.optionalOldSelf`, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'))
}
