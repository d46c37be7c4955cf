// Rules in CEL (x-kubernetes-validations), as far as they can be judged without reading the expressions.
import type { Structural } from '../../../../custom/structural.ts'
import { type FieldError, invalid, notSupported, required } from '../../../../errors.ts'
import type { ValidationRule } from '../../../../schemas/apiextensions.ts'
import { findField } from './selectable.ts'

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']
const hasBreak = (text: string): boolean => /[\n\r]/.test(text)

export const ruleErrors = (schema: Structural, path: string): FieldError[] =>
  (schema['x-kubernetes-validations'] ?? []).flatMap((rule, i) => oneErrors(schema, rule, `${path}.x-kubernetes-validations[${i}]`))

function oneErrors(schema: Structural, rule: ValidationRule, path: string): FieldError[] {
  const { message = '', messageExpression = '', reason, fieldPath = '' } = rule
  const errors = textErrors(rule.rule ?? '', message, path)
  if (messageExpression !== '' && messageExpression.trim() === '')
    errors.push(required(`${path}.messageExpression`, 'messageExpression must be non-empty if specified'))
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${path}.reason`, reason, reasons))
  if (fieldPath === '') return errors
  const field = `${path}.fieldPath`
  if (fieldPath.trim() === '') errors.push(invalid(field, fieldPath, 'must be non-empty if specified'))
  if (hasBreak(fieldPath)) errors.push(invalid(field, fieldPath, 'must not contain line breaks'))
  if (findField(schema, fieldPath, true).problem) errors.push(invalid(field, fieldPath, 'must be a valid path'))
  return errors
}

/** The first thing that is wrong with a rule and its message. */
function textErrors(rule: string, message: string, path: string): FieldError[] {
  const [trimmed, said] = [rule.trim(), message.trim()]
  if (trimmed === '') return [required(`${path}.rule`, 'rule is not specified')]
  if (message !== '' && said === '') return [invalid(`${path}.message`, message, 'must be non-empty if specified')]
  if (hasBreak(said)) return [invalid(`${path}.message`, message, 'must not contain line breaks')]
  return hasBreak(trimmed) && said === '' ? [required(`${path}.message`, 'message must be specified if rule contains line breaks')] : []
}
