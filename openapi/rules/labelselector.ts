// What a LabelSelector in a spec must look like. Errors as upstream's ValidateLabelSelector.
import { type FieldError, forbidden, invalid, required } from '../errors.ts'
import { isLabelValue, isQualifiedName } from '../values/names.ts'
import type { LabelSelectorValue } from '../values/selector.ts'
import { labelErrors } from './metadata.ts'

export function validateLabelSelector(selector: LabelSelectorValue | undefined | null, path: string): FieldError[] {
  if (!selector) return []
  const errors = labelErrors({ ...selector.matchLabels }, `${path}.matchLabels`)
  for (const [index, expression] of (selector.matchExpressions ?? []).entries())
    errors.push(...validateExpression(expression, `${path}.matchExpressions[${index}]`))
  return errors
}

type Expression = NonNullable<LabelSelectorValue['matchExpressions']>[number]

function validateExpression({ key, operator, values }: Expression, path: string): FieldError[] {
  const errors: FieldError[] = []
  const given = values ?? []
  if (operator === 'In' || operator === 'NotIn') {
    if (given.length === 0) errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (given.length > 0) errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
  } else errors.push(invalid(`${path}.operator`, operator ?? '', 'not a valid selector operator'))
  for (const why of isQualifiedName(key ?? '')) errors.push(invalid(`${path}.key`, key ?? '', why))
  for (const [index, value] of given.entries())
    for (const why of isLabelValue(value)) errors.push(invalid(`${path}.values[${index}]`, value, why))
  return errors
}
