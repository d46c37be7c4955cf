// What the conditions of a status must look like, for kinds with metav1.Condition. Errors as upstream's ValidateConditions.
import { duplicate, type FieldError, invalid, notSupported, required, tooLong } from '../errors.ts'
import type { Condition } from '../schemas/meta.ts'
import { isQualifiedName, patternError } from '../values/names.ts'

const statuses = ['False', 'True', 'Unknown']
const reasonPattern = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?'
const wholeReason = new RegExp(`^${reasonPattern}$`)
const reasonText =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'"
const maxReasonBytes = 1024
const maxMessageBytes = 32 * 1024

export const validateConditions = (conditions: readonly Condition[] = [], path: string): FieldError[] =>
  conditions.flatMap((condition, index) => [
    ...(conditions.findIndex(c => c.type === condition.type) < index ? [duplicate(`${path}[${index}].type`, condition.type)] : []),
    ...conditionErrors(condition, `${path}[${index}]`),
  ])

function conditionErrors(condition: Condition, path: string): FieldError[] {
  const { type = '', status = '', observedGeneration = 0, lastTransitionTime, reason = '', message = '' } = condition
  const errors = isQualifiedName(type).map(why => invalid(`${path}.type`, type, why))
  if (!statuses.includes(status)) errors.push(notSupported(`${path}.status`, status, statuses))
  if (observedGeneration < 0)
    errors.push(invalid(`${path}.observedGeneration`, observedGeneration, 'must be greater than or equal to zero'))
  if (!lastTransitionTime) errors.push(required(`${path}.lastTransitionTime`, 'must be set'))
  if (reason === '') errors.push(required(`${path}.reason`, 'must be set'))
  else {
    if (!wholeReason.test(reason))
      errors.push(
        invalid(
          `${path}.reason`,
          reason,
          patternError(reasonText, reasonPattern, 'my_name', 'MY_NAME', 'MyName', 'ReasonA,ReasonB', 'ReasonA:ReasonB'),
        ),
      )
    if (Buffer.byteLength(reason) > maxReasonBytes) errors.push(tooLong(`${path}.reason`, maxReasonBytes))
  }
  if (Buffer.byteLength(message) > maxMessageBytes) errors.push(tooLong(`${path}.message`, maxMessageBytes))
  return errors
}
