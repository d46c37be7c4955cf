// The rules of a schema against an object, in upstream's words and order. Rules that compare with the old value are only for values that
// can be told to be the same one; of what an update leaves as it was, no other rule is judged again.
import { Optional } from '@marcbachmann/cel-js'
import { isEmbedded, isObject, itemsOf, join, own, type Structural, valuesOf } from '../custom/structural.ts'
import { duplicate, type FieldError, forbidden, invalid, required } from '../errors.ts'
import type { ValidationRule } from '../schemas/apiextensions.ts'
import { deepEqual } from '../values/equal.ts'
import { costExceeded } from './costs/meter.ts'
import { usesOldSelf } from './expression.ts'
import { compileExpression } from './program.ts'
import { hasRules } from './schema.ts'
import { objectSchema, toCel } from './values.ts'
import { failureInWords, outOfBudget } from './words.ts'

/** Of all rules of an object. */
const maxCost = 10_000_000

interface Place {
  path: string
  /** Its old value, where there is one that is known to be this one's. */
  old: unknown
  /** Whether what surrounds it, or it itself, is as it was. */
  unchanged: boolean
  isRoot: boolean
  budget: { left: number }
  errors: FieldError[]
}

/** `old`: undefined for a new object. */
export function ruleErrors(schema: Structural, object: unknown, old?: unknown): FieldError[] {
  const errors: FieldError[] = []
  const unchanged = old !== undefined && deepEqual(old, object)
  judge(schema, schema, object, { path: '', old, unchanged, isRoot: true, budget: { left: maxCost }, errors })
  return errors
}

/** `rules`: where they stand; `schema`: what the value is. They differ in the parts of an allOf. */
function judge(rules: Structural, schema: Structural, value: unknown, place: Place): void {
  if (value === null || value === undefined || place.budget.left < 0) return
  ownRules(rules, schema, value, place)
  for (const each of rules.allOf ?? []) judge(each, schema, value, place)
  if (Array.isArray(value)) judgeItems(rules, schema, value, place)
  else if (isObject(value)) judgeFields(rules, schema, value, place)
}

function judgeItems(rules: Structural, schema: Structural, value: readonly unknown[], place: Place): void {
  const [itemRules, items] = [itemsOf(rules), itemsOf(schema)]
  if (!itemRules || !items || !hasRules(itemRules)) return
  const before = oldItems(schema, place.old)
  for (const [i, item] of value.entries())
    judge(itemRules, items, item, below(place, items, { path: `${place.path}[${i}]`, value: item, old: before(item) }))
}

/** Only items of a list of type map are known again. */
function oldItems(schema: Structural, old: unknown): (item: unknown) => unknown {
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old)) return () => undefined
  const keyOf = (item: unknown) => JSON.stringify(keys.map(key => (isObject(item) ? item[key] : undefined)))
  const known = new Map(old.map(item => [keyOf(item), item as unknown]))
  return item => known.get(keyOf(item))
}

function judgeFields(rules: Structural, schema: Structural, value: Readonly<Record<string, unknown>>, place: Place): void {
  const [valueRules, values] = [valuesOf(rules), valuesOf(schema)]
  const old = schema['x-kubernetes-map-type'] !== 'atomic' && isObject(place.old) ? place.old : undefined
  // Upstream's order is that of a Go map: none. Sorted, an answer is always the same.
  for (const name of Object.keys(value).sort()) {
    const property = own(schema.properties, name)
    const propertyRules = property ? own(rules.properties, name) : valueRules
    const child = property ?? values
    if (!child || !propertyRules || !hasRules(propertyRules)) continue
    const path = property ? join(place.path, name) : `${place.path}[${name}]`
    const before = old && Object.hasOwn(old, name) ? old[name] : undefined
    judge(propertyRules, child, value[name], below(place, child, { path, value: value[name], old: before }))
  }
}

function below(place: Place, schema: Structural, { path, value, old }: Pick<Place, 'path' | 'old'> & { value: unknown }): Place {
  const unchanged = place.unchanged || (old !== undefined && deepEqual(old, value))
  return { ...place, path, old, unchanged, isRoot: isEmbedded(schema) }
}

function ownRules(rules: Structural, schema: Structural, value: unknown, place: Place): void {
  const own = rules['x-kubernetes-validations'] ?? []
  if (own.length === 0) return
  if (place.budget.left === 0) {
    spent(place, schema.type, tooExpensive)
    return
  }
  const seen = place.isRoot ? objectSchema(schema) : schema
  const self = toCel(seen, value)
  const oldSelf = place.old === undefined || place.old === null ? undefined : toCel(seen, place.old)
  for (const rule of own) {
    if (place.budget.left < 0) return
    judgeOne(rule, { self, oldSelf, type: schema.type ?? '', value }, place)
  }
}

/** No rule after this one is judged. */
function spent({ budget, errors, path }: Place, type: string | undefined, why: string): void {
  budget.left = -1
  errors.push(invalid(path, type ?? '', why))
}

interface Subject {
  self: unknown
  oldSelf: unknown
  type: string
  value: unknown
}

function judgeOne(rule: ValidationRule, subject: Subject, place: Place): void {
  const text = rule.rule ?? ''
  const program = compileExpression(text)
  // The definition was warned of it.
  if ('unsupported' in program) return
  const transition = usesOldSelf(text)
  const { optionalOldSelf } = rule
  if (transition && subject.oldSelf === undefined && !optionalOldSelf) return
  const variables = {
    self: subject.self,
    oldSelf: optionalOldSelf ? (subject.oldSelf === undefined ? Optional.none() : Optional.of(subject.oldSelf)) : subject.oldSelf,
  }
  const { value, error, cost } = program.run(variables)
  if (cost > place.budget.left) {
    spent(place, subject.type, tooExpensive)
    return
  }
  place.budget.left -= cost
  if (error?.code === costExceeded) spent(place, subject.type, failure(error, rule))
  else if (error) place.errors.push(invalid(place.path, subject.type, failure(error, rule)))
  else if (value !== true && (transition || !place.unchanged)) {
    const message = messageOf(rule, variables, place.budget)
    if ('excess' in message) spent(place, subject.type, message.excess)
    else place.errors.push(failed(rule, subject, place, message.text))
  }
}

const tooExpensive = `validation failed due to ${outOfBudget}`

function failure({ code, message }: { code: string; message: string }, rule: ValidationRule): string {
  const named = rule.message ? rule.message.trim() : (rule.rule ?? '').trim()
  if (code === costExceeded)
    return `'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${named}`
  if (code === 'no_such_overload' || code === 'no_matching_overload')
    return `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: ${named}`
  return `${failureInWords({ code, message })} evaluating rule: ${named}`
}

const maxMessage = 5 * 1024

/** `excess`: why it could not be worked out within the budget. */
function messageOf(
  rule: ValidationRule,
  variables: Record<string, unknown>,
  budget: { left: number },
): { text: string } | { excess: string } {
  const fallback = { text: rule.message ? rule.message.trim() : `failed rule: ${(rule.rule ?? '').trim()}` }
  const { messageExpression = '' } = rule
  const program = messageExpression === '' ? undefined : compileExpression(messageExpression)
  if (!program || 'unsupported' in program) return fallback
  const { value, error, cost } = program.run(variables)
  if (cost > budget.left) return { excess: `messageExpression evaluation failed due to ${outOfBudget}` }
  if (error?.code === costExceeded)
    return {
      excess: `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${JSON.stringify(messageExpression)}`,
    }
  budget.left -= cost
  if (typeof value !== 'string') return fallback
  const text = value.trim()
  return text === '' || text.includes('\n') || Buffer.byteLength(text) > maxMessage ? fallback : { text }
}

function failed(rule: ValidationRule, { type, value }: Subject, { path }: Place, detail: string): FieldError {
  const below = normalized(rule.fieldPath ?? '')
  const field = below === '' ? path : join(path, below)
  const structured = type === 'object' || type === 'array'
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return forbidden(field, detail)
    case 'FieldValueRequired':
      return required(field, detail)
    case 'FieldValueDuplicate':
      return structured ? { reason: 'FieldValueDuplicate', field, message: 'Duplicate value' } : duplicate(field, value)
    default:
      return structured ? { reason: 'FieldValueInvalid', field, message: `Invalid value: ${detail}` } : invalid(field, value, detail)
  }
}

/** .a['b'] is a.b */
const normalized = (path: string): string => path.replace(/\['([^']*)'\]/g, '.$1').replace(/^\./, '')
