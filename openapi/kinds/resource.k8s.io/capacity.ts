// Which amounts of a capacity may be requested: one by one, or as a range with steps.
import { type FieldError, forbidden, invalid, required, tooMany } from '../../errors.ts'
import type { CapacityRequestPolicy } from '../../schemas/resource.ts'
import { addQuantities, compareQuantities, parseQuantity } from '../../values/quantity.ts'
import { repeated } from './fields.ts'

type Range = NonNullable<CapacityRequestPolicy['validRange']>

/** `capacity`: how much there is. */
export function policyErrors(policy: CapacityRequestPolicy, capacity: string, path: string): FieldError[] {
  const { default: usual, validValues = [], validRange } = policy
  if (validValues.length > 0 && validRange)
    return [forbidden(path, 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time')]
  if (validValues.length > 0)
    return usual === undefined
      ? [required(`${path}.default`, 'required when validValues is defined')]
      : valueErrors(usual, validValues, capacity, `${path}.validValues`)
  if (!validRange) return []
  return usual === undefined
    ? [required(`${path}.default`, 'required when validRange is defined')]
    : rangeErrors(usual, validRange, capacity, `${path}.validRange`)
}

const most = 10
const whole = (text: string): bigint => (parseQuantity(text)?.nano ?? 0n) / 1_000_000_000n

function valueErrors(usual: string, values: readonly string[], capacity: string, path: string): FieldError[] {
  const errors = values.flatMap((value, index) =>
    index > 0 && compareQuantities(values[index - 1] ?? '0', value) > 0
      ? [invalid(`${path}[${index}]`, value, 'values must be sorted in ascending order')]
      : [],
  )
  if (values.length > most) errors.push(tooMany(path, values.length, most))
  else {
    for (const [index, value] of values.entries())
      if (compareQuantities(value, capacity) > 0)
        errors.push(invalid(`${path}[${index}]`, value, `option is larger than capacity value: ${capacity}`))
    errors.push(...repeated(values, value => String(whole(value)), path))
  }
  const known = values.length <= most && values.some(value => compareQuantities(value, usual) === 0)
  return known ? errors : [...errors, invalid(path, usual, 'default value is not valid according to the requestPolicy')]
}

function rangeErrors(usual: string, range: Range, capacity: string, path: string): FieldError[] {
  const { min, max, step } = range
  if (min === undefined) return [required(`${path}.min`, 'required when validRange is defined')]
  const errors: FieldError[] = []
  const above = (a: string, b: string) => compareQuantities(a, b) > 0
  if (above(min, capacity)) errors.push(invalid(`${path}.min`, min, `min is larger than capacity value: ${capacity}`))
  if (above(min, usual)) errors.push(invalid(`${path}.default`, usual, `default is less than min: ${min}`))
  if (max !== undefined) {
    if (above(min, max)) errors.push(invalid(`${path}.max`, min, `min is larger than max: ${max}`))
    if (above(max, capacity)) errors.push(invalid(`${path}.max`, max, `max is larger than capacity value: ${capacity}`))
    if (above(usual, max)) errors.push(invalid(`${path}.default`, usual, `default is more than max: ${max}`))
  }
  return step === undefined
    ? errors
    : [...errors, ...stepErrors([usual, ...(max === undefined ? [] : [max])], { min, step, capacity }, path)]
}

function stepErrors(
  values: readonly string[],
  { min, step, capacity }: { min: string; step: string; capacity: string },
  path: string,
): FieldError[] {
  const at = `${path}.step`
  if (compareQuantities(step, '0') <= 0 || whole(step) === 0n) return [invalid(at, step, 'must be greater than zero')]
  const first = addQuantities(min, step)
  const errors =
    compareQuantities(first, capacity) > 0 ? [invalid(at, step, `one step ${first} is larger than capacity value: ${capacity}`)] : []
  for (const value of values)
    if ((whole(value) - whole(min)) % whole(step) !== 0n)
      errors.push(invalid(at, value, `value is not a multiple of a given step (${step}) from (${min})`))
  return errors
}
