// What a list of conditions of the common type must look like. Errors as upstream's ValidateConditions.
import { duplicate, type FieldError, invalid, notSupported, required, tooLong } from '../errors.ts'
import type { Condition } from '../schemas/meta.ts'
import { isQualifiedName, patternError } from '../values/names.ts'

const statuses = ['False', 'True', 'Unknown']
const reasonPattern = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?'
const reasonMessage =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'"
const reasonExamples = ['my_name', 'MY_NAME', 'MyName', 'ReasonA,ReasonB', 'ReasonA:ReasonB']

export const conditionErrors = (conditions: readonly Condition[], path: string): FieldError[] =>
  conditions.flatMap((condition, index) => {
    const at = `${path}[${index}]`
    const repeated = conditions.slice(0, index).some(c => c.type === condition.type)
    return [...(repeated ? [duplicate(`${at}.type`, condition.type)] : []), ...oneErrors(condition, at)]
  })

function oneErrors({ type, status, observedGeneration = 0, lastTransitionTime, reason, message }: Condition, path: string): FieldError[] {
  const errors = isQualifiedName(type).map(why => invalid(`${path}.type`, type, why))
  if (!statuses.includes(status)) errors.push(notSupported(`${path}.status`, status, statuses))
  if (observedGeneration < 0)
    errors.push(invalid(`${path}.observedGeneration`, observedGeneration, 'must be greater than or equal to zero'))
  if (!lastTransitionTime) errors.push(required(`${path}.lastTransitionTime`, 'must be set'))
  if (!reason) errors.push(required(`${path}.reason`, 'must be set'))
  else {
    if (!new RegExp(`^${reasonPattern}$`).test(reason))
      errors.push(invalid(`${path}.reason`, reason, patternError(reasonMessage, reasonPattern, ...reasonExamples)))
    if (reason.length > 1024) errors.push(tooLong(`${path}.reason`, 1024))
  }
  if ((message ?? '').length > 32_768) errors.push(tooLong(`${path}.message`, 32_768))
  return errors
}
