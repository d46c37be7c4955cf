// Values against the schema of a custom resource, in the words and the order of upstream's validator (kube-openapi validate).
// What an update leaves as it was is not judged again.
import { type FieldError, invalid, notSupported, required, tooLong, tooMany } from '../errors.ts'
import { deepEqual } from '../values/equal.ts'
import { sortedJson } from '../values/json.ts'
import { maxPatternSteps, patternOf } from '../values/pattern.ts'
import { formatCheck, isKnownFormat } from './formats.ts'
import { isIntOrString, isObject, itemsOf, join, own, type Structural, valuesOf } from './structural.ts'

interface Judged {
  errors: FieldError[]
  /** How many keywords were met: of several alternatives the one with most explains best. */
  matches: number
}

export interface Update {
  old: unknown
}

/** `path`: of the value, '' for a whole object. With `update`, unchanged parts are taken as they are. */
export function valueErrors(schema: Structural, value: unknown, path: string, update?: Update): FieldError[] {
  return judge(schema, value, { path, name: path, update, spent: { steps: 0 } }).errors
}

/** The default of a field: an error is about the field of the schema, but calls the value by nothing. */
export const defaultErrors = (schema: Structural, value: unknown, path: string): FieldError[] =>
  judge(schema, value, { path, name: '', spent: { steps: 0 } }).errors

interface Place {
  /** Field of the error. */
  path: string
  /** What messages call the value. */
  name: string
  update?: Update | undefined
  /** On patterns, of the whole object. */
  spent: { steps: number }
}

/** More are not told: each may print a whole enumeration. */
const maxErrors = 500

function judge(schema: Structural, value: unknown, place: Place): Judged {
  const judged = judgeAnew(schema, value, place)
  if (judged.errors.length > 0 && place.update && deepEqual(place.update.old, value)) return { errors: [], matches: judged.matches }
  return judged
}

type Keyword = (schema: Structural, value: unknown, place: Place) => FieldError[] | Judged | undefined

/** In upstream's order. undefined: says nothing of this value. */
const keywords: readonly Keyword[] = [typeErrors, combined, stringErrors, formatErrors, numberErrors, itemErrors, enumErrors, fieldErrors]

function judgeAnew(schema: Structural, value: unknown, place: Place): Judged {
  const all: Judged = { errors: [], matches: 0 }
  if (value === null && schema.nullable) return all
  for (const keyword of keywords) {
    const found = keyword(schema, value, place)
    if (found === undefined) continue
    if (Array.isArray(found)) {
      add(all, { errors: found, matches: found.length === 0 ? 1 : 0 })
    } else add(all, found)
  }
  return all
}

function add(all: Judged, { errors, matches }: Judged): void {
  for (const error of errors.slice(0, Math.max(0, maxErrors - all.errors.length))) all.errors.push(error)
  all.matches += matches
}

export function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

const ofType = (path: string, value: unknown, message: string): FieldError => ({
  ...invalid(path, value, message),
  reason: 'FieldValueTypeInvalid',
})

function typeErrors(schema: Structural, value: unknown, { path, name }: Place): FieldError[] | undefined {
  const types = isIntOrString(schema) ? ['integer', 'string'] : schema.type ? [schema.type] : []
  if (types.length === 0) return undefined
  const type = typeOf(value)
  if (types.includes(type) || (type === 'integer' && types.includes('number'))) return []
  return [ofType(path, type, `${name} in body must be of type ${types.join(',')}: ${JSON.stringify(type)}`)]
}

/** A statement about the value as a whole, which upstream gives no field. */
const whole = (message: string): FieldError => invalid('<nil>', '', message)

function combined(schema: Structural, value: unknown, place: Place): Judged | undefined {
  const { allOf = [], anyOf = [], oneOf = [], not } = schema
  if (allOf.length + anyOf.length + oneOf.length === 0 && !not) return undefined
  const all: Judged = { errors: [], matches: 0 }
  const name = JSON.stringify(place.name)
  // The two schemas of an int-or-string say what its type says already.
  if (anyOf.length > 0) {
    const { best, valid } = tryAll(anyOf, value, place)
    if (valid === 0) all.errors.push(whole(`${name} must validate at least one schema (anyOf)`))
    if (valid === 0 && best) add(all, best)
  }
  if (oneOf.length > 0) {
    const { best, valid } = tryAll(oneOf, value, place)
    if (valid !== 1) {
      const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`
      all.errors.push(whole(`${name} must validate one and only one schema (oneOf). ${found}`))
      if (valid === 0 && best) add(all, best)
    }
  }
  if (allOf.length > 0) {
    const judged = allOf.map(each => judgeAnew(each, value, place))
    for (const each of judged) add(all, each)
    if (judged.some(each => each.errors.length > 0)) all.errors.push(whole(`${name} must validate all the schemas (allOf)`))
  }
  if (not && judgeAnew(not, value, place).errors.length === 0) all.errors.push(whole(`${name} must not validate the schema (not)`))
  if (all.errors.length === 0) all.matches++
  return all
}

/** `best`: of those that fail. */
function tryAll(schemas: readonly Structural[], value: unknown, place: Place): { best: Judged | undefined; valid: number } {
  let best: Judged | undefined
  let valid = 0
  for (const schema of schemas) {
    const judged = judgeAnew(schema, value, place)
    if (judged.errors.length === 0) valid++
    else if (!best || judged.matches > best.matches) best = judged
  }
  return { best, valid }
}

function stringErrors(
  { minLength, maxLength, pattern }: Structural,
  value: unknown,
  { path, name, spent }: Place,
): FieldError[] | undefined {
  if (typeof value !== 'string' || (minLength === undefined && maxLength === undefined && !pattern)) return undefined
  const length = [...value].length
  if (maxLength !== undefined && length > maxLength) return [tooLong(path, maxLength)]
  if (minLength !== undefined && length < minLength)
    return [invalid(path, value, `${name} in body should be at least ${minLength} chars long`)]
  if (!pattern) return []
  const expression = patternOf(pattern)
  spent.steps += expression.size * value.length
  if (spent.steps > maxPatternSteps) return [invalid(path, '', `${name} in body is too long for kubemock to match '${pattern}'`)]
  return expression.find(value) ? [] : [invalid(path, value, `${name} in body should match '${pattern}'`)]
}

function formatErrors(schema: Structural, value: unknown, { path, name }: Place): FieldError[] | undefined {
  const { format } = schema
  if (typeof value !== 'string' || !format || !isKnownFormat(schema)) return undefined
  return formatCheck(format)?.(value) === false
    ? [ofType(path, value, `${name} in body must be of type ${format}: ${JSON.stringify(value)}`)]
    : []
}

const int32Limit = 2 ** 31

function numberErrors(schema: Structural, value: unknown, { path, name }: Place): FieldError[] | undefined {
  if (typeof value !== 'number') return undefined
  const { type = '', format = '', multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  const wrongInteger =
    type === 'integer' && (!Number.isInteger(value) || (format === 'int32' && (value >= int32Limit || value < -int32Limit)))
  const known = format && isKnownFormat(schema)
  if (wrongInteger)
    return [whole(`Checked value must be of type integer ${known ? `with format ${format}` : '(default format)'} in ${name}`)]
  const errors: FieldError[] = []
  const wrong = (what: string) => errors.push(invalid(path, value, `${name} in body should be ${what}`))
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) wrong(`a multiple of ${multipleOf}`)
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    wrong(exclusiveMaximum ? `less than ${maximum}` : `less than or equal to ${maximum}`)
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    wrong(exclusiveMinimum ? `greater than ${minimum}` : `greater than or equal to ${minimum}`)
  return errors
}

/** As Go divides doubles: 0.3 is a multiple of 0.1. */
function isMultiple(value: number, factor: number): boolean {
  if (factor <= 0) return true
  const times = value / factor
  return Math.abs(times - Math.round(times)) < 1e-9
}

function itemErrors(schema: Structural, value: unknown, place: Place): Judged | undefined {
  if (!Array.isArray(value)) return undefined
  const { path, name, update, spent } = place
  const { minItems, maxItems } = schema
  const all: Judged = { errors: [], matches: 0 }
  const items = itemsOf(schema)
  const before = update && itemsBefore(schema, update.old)
  if (items)
    for (const [i, item] of value.entries()) {
      if (all.errors.length >= maxErrors) break
      add(all, judge(items, item, { path: `${path}[${i}]`, name: `${name}[${i}]`, update: before?.(item), spent }))
    }
  if (minItems !== undefined && value.length < minItems)
    all.errors.push(invalid(path, value.length, `${name} in body should have at least ${minItems} items`))
  if (maxItems !== undefined && value.length > maxItems) all.errors.push(tooMany(path, value.length, maxItems))
  return all
}

/** Only lists of type map say which item was which. */
function itemsBefore(schema: Structural, old: unknown): ((item: unknown) => Update | undefined) | undefined {
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old)) return undefined
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const keyOf = (item: unknown) => (isObject(item) ? sortedJson(keys.map(key => own(item, key) ?? null)) : undefined)
  const byKey = new Map<string | undefined, unknown>()
  for (const item of old) if (!byKey.has(keyOf(item))) byKey.set(keyOf(item), item)
  return item => {
    const found = isObject(item) ? byKey.get(keyOf(item)) : undefined
    return found === undefined ? undefined : { old: found }
  }
}

const scalars = new WeakMap<readonly unknown[], ReadonlySet<unknown>>()

/** Of what is found by identity: an enumeration may be long, and so may the list of what it is asked about. */
function scalarsOf(allowed: readonly unknown[]): ReadonlySet<unknown> {
  const known = scalars.get(allowed) ?? new Set(allowed)
  scalars.set(allowed, known)
  return known
}

function enumErrors({ enum: allowed }: Structural, value: unknown, { path }: Place): FieldError[] | undefined {
  if (!allowed || allowed.length === 0) return undefined
  if (scalarsOf(allowed).has(value)) return []
  if (typeof value === 'object' && allowed.some(each => deepEqual(each, value))) return []
  return [
    notSupported(
      path,
      value,
      allowed.map(each => (typeof each === 'string' ? each : JSON.stringify(each))),
    ),
  ]
}

function fieldErrors(schema: Structural, value: unknown, place: Place): Judged | undefined {
  if (!isObject(value)) return undefined
  const { path, name } = place
  const { minProperties, maxProperties, additionalProperties } = schema
  const all: Judged = { errors: [], matches: 0 }
  const count = Object.keys(value).length
  if (minProperties !== undefined && count < minProperties)
    all.errors.push(invalid(path, count, `${name} in body should have at least ${minProperties} properties`))
  if (maxProperties !== undefined && count > maxProperties) all.errors.push(tooMany(path, count, maxProperties))
  for (const field of schema.required ?? [])
    if (Object.hasOwn(value, field)) all.matches++
    else all.errors.push(required(join(path, field)))
  // Upstream's order is that of a Go map: none. Sorted, an answer is always the same.
  for (const field of Object.keys(value).sort()) {
    if (all.errors.length >= maxErrors) break
    const property = own(schema.properties, field)
    const child = property ?? valuesOf(schema)
    if (child) add(all, judge(child, value[field], below(place, field)))
    else if (additionalProperties === false && !property)
      all.errors.push(invalid(path, '', `${join(name, field)} in body is a forbidden property`))
  }
  return all
}

function below({ path, name, update, spent }: Place, field: string): Place {
  const known = update && isObject(update.old) && Object.hasOwn(update.old, field)
  return {
    path: join(path, field),
    name: join(name, field),
    update: known ? { old: (update.old as Record<string, unknown>)[field] } : undefined,
    spent,
  }
}
