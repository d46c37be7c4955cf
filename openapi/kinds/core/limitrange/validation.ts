// Limit ranges: each type once, and bounds that leave room for the defaults between them.
import { duplicate, type FieldError, forbidden, invalid, required } from '../../../errors.ts'
import { mayOvercommit, resourceNameErrors } from '../../../rules/resources.ts'
import { isQualifiedName } from '../../../values/names.ts'
import { compareQuantities, ratioOf } from '../../../values/quantity.ts'
import { problems } from '../pod/validation/fields.ts'
import { containerResourceName } from '../pod/validation/resources.ts'
import type { LimitRange } from './index.ts'

type Item = NonNullable<NonNullable<LimitRange['spec']>['limits']>[number]
type Amounts = Readonly<Record<string, string>>

const standardTypes = ['Pod', 'Container', 'PersistentVolumeClaim']

export function validateLimitRange({ spec }: LimitRange): FieldError[] {
  const limits = spec?.limits ?? []
  return limits.flatMap((item, index) => {
    const path = `spec.limits[${index}]`
    const repeated = limits.slice(0, index).some(earlier => earlier.type === item.type)
    return [
      ...typeErrors(item.type, `${path}.type`),
      ...(repeated ? [duplicate(`${path}.type`, item.type)] : []),
      ...fieldErrors(item, path),
      ...allNames(item).flatMap(name => boundErrors(item, name, path)),
    ]
  })
}

function typeErrors(type: string, path: string): FieldError[] {
  const wrong = problems(path, type, isQualifiedName)
  if (wrong.length > 0 || type.includes('/') || standardTypes.includes(type)) return wrong
  return [invalid(path, type, 'must be a standard limit type or fully qualified')]
}

const allNames = ({ max, min, default: fallback, defaultRequest, maxLimitRequestRatio }: Item): string[] => [
  ...new Set([max, min, fallback, defaultRequest, maxLimitRequestRatio].flatMap(amounts => Object.keys(amounts ?? {}))),
]

function fieldErrors(item: Item, path: string): FieldError[] {
  const names = (field: 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio') =>
    Object.keys(item[field] ?? {}).flatMap(name => nameErrors(item.type, name, `${path}.${field}[${name}]`))
  const errors = [...names('max'), ...names('min')]
  for (const field of ['default', 'defaultRequest'] as const) {
    if (item.type !== 'Pod') errors.push(...names(field))
    else if (Object.keys(item[field] ?? {}).length > 0)
      errors.push(forbidden(`${path}.${field}`, "may not be specified when `type` is 'Pod'"))
  }
  if (item.type === 'PersistentVolumeClaim' && item.min?.storage === undefined && item.max?.storage === undefined)
    errors.push(required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided'))
  return [...errors, ...names('maxLimitRequestRatio')]
}

const nameErrors = (type: string, name: string, path: string): FieldError[] =>
  type === 'Pod' || type === 'Container' ? containerResourceName(name, path) : resourceNameErrors(name, path)

const above = (a: string | undefined, b: string | undefined): boolean => a !== undefined && b !== undefined && compareQuantities(a, b) > 0

/** One resource's amounts against each other. */
function boundErrors(item: Item, name: string, path: string): FieldError[] {
  const of = (amounts: Amounts | undefined) => amounts?.[name]
  const [min, max, fallback, request] = [of(item.min), of(item.max), of(item.default), of(item.defaultRequest)]
  const errors: FieldError[] = []
  const refuse = (field: string, value: string | undefined, why: string) => errors.push(invalid(`${path}.${field}[${name}]`, value, why))
  if (above(min, max)) refuse('min', min, `min value ${min} is greater than max value ${max}`)
  if (above(min, request)) refuse('defaultRequest', request, `min value ${min} is greater than default request value ${request}`)
  if (above(request, max)) refuse('defaultRequest', request, `default request value ${request} is greater than max value ${max}`)
  if (above(request, fallback))
    refuse('defaultRequest', request, `default request value ${request} is greater than default limit value ${fallback}`)
  if (above(min, fallback)) refuse('default', min, `min value ${min} is greater than default value ${fallback}`)
  if (above(fallback, max)) refuse('default', max, `default value ${fallback} is greater than max value ${max}`)
  errors.push(...ratioErrors(of(item.maxLimitRequestRatio), [min, max], `${path}.maxLimitRequestRatio[${name}]`))
  const differ = fallback !== undefined && request !== undefined && compareQuantities(fallback, request) !== 0
  if (differ && !mayOvercommit(name))
    refuse('defaultRequest', request, `default value ${fallback} must equal to defaultRequest value ${request} in ${name}`)
  return errors
}

type Bounds = readonly [min: string | undefined, max: string | undefined]

function ratioErrors(ratio: string | undefined, [min, max]: Bounds, path: string): FieldError[] {
  if (ratio === undefined) return []
  const errors: FieldError[] = []
  if (compareQuantities(ratio, '1') < 0) errors.push(invalid(path, ratio, `ratio ${ratio} is less than 1`))
  if (min === undefined || max === undefined) return errors
  const most = ratioOf(max, min)
  if (ratioOf(ratio, '1') > most) errors.push(invalid(path, ratio, `ratio ${ratio} is greater than max/min = ${most.toFixed(6)}`))
  return errors
}
