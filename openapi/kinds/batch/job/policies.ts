// A Job's rules about failed pods and about early success.
import { duplicate, type FieldError, invalid, invalidAsWhole, notSupported, required, tooLong, tooMany } from '../../../errors.ts'
import { countOf, parseIndexes } from '../../../values/indexes.ts'
import { isQualifiedName } from '../../../values/names.ts'
import { problems } from '../../core/pod/validation/fields.ts'
import type { JobSpec } from './job.ts'

type FailureRule = NonNullable<JobSpec['podFailurePolicy']>['rules'][number]
type SuccessRule = NonNullable<JobSpec['successPolicy']>['rules'][number]

const maxRules = 20
const maxExitCodes = 255
const maxIndexesBytes = 64 * 1024
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore']
const operators = ['In', 'NotIn']
const statuses = ['False', 'True', 'Unknown']

/** As Go prints a list of texts. */
const validValues = (values: readonly string[]): string => `valid values: [${values.map(v => JSON.stringify(v)).join(' ')}]`

export function validatePodFailurePolicy(spec: JobSpec, path: string): FieldError[] {
  const rules = spec.podFailurePolicy?.rules ?? []
  const { containers, initContainers = [] } = spec.template.spec
  const names = [...initContainers, ...containers].map(c => c.name)
  const errors = rules.length > maxRules ? [tooMany(`${path}.rules`, rules.length, maxRules)] : []
  for (const [index, rule] of rules.entries()) errors.push(...failureRule(rule, spec, { path: `${path}.rules[${index}]`, names }))
  return errors
}

function failureRule(
  { action, onExitCodes, onPodConditions = [] }: FailureRule,
  { backoffLimitPerIndex }: JobSpec,
  { path, names }: { path: string; names: readonly string[] },
): FieldError[] {
  const errors: FieldError[] = []
  if (!action) errors.push(required(`${path}.action`, validValues(actions)))
  else if (action === 'FailIndex') {
    if (backoffLimitPerIndex === undefined) errors.push(invalid(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'))
  } else if (!actions.includes(action)) errors.push(notSupported(`${path}.action`, action, actions))
  if (onExitCodes) errors.push(...exitCodes(onExitCodes, names, `${path}.onExitCodes`))
  errors.push(...podConditions(onPodConditions, `${path}.onPodConditions`))
  if (onExitCodes && onPodConditions.length > 0)
    errors.push(invalidAsWhole(path, 'specifying both OnExitCodes and OnPodConditions is not supported'))
  if (!onExitCodes && onPodConditions.length === 0)
    errors.push(invalidAsWhole(path, 'specifying one of OnExitCodes and OnPodConditions is required'))
  return errors
}

function exitCodes(
  { operator, containerName, values }: NonNullable<FailureRule['onExitCodes']>,
  names: readonly string[],
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  if (!operator) errors.push(required(`${path}.operator`, validValues(operators)))
  else if (!operators.includes(operator)) errors.push(notSupported(`${path}.operator`, operator, operators))
  if (containerName !== undefined && !names.includes(containerName))
    errors.push(invalid(`${path}.containerName`, containerName, 'must be one of the container or initContainer names in the pod template'))
  const codes = values ?? []
  if (codes.length === 0) errors.push(invalid(`${path}.values`, values, 'at least one value is required'))
  else if (codes.length > maxExitCodes) errors.push(tooMany(`${path}.values`, codes.length, maxExitCodes))
  for (const [index, code] of codes.entries()) {
    if (operator === 'In' && code === 0) errors.push(invalid(`${path}.values[${index}]`, code, 'must not be 0 for the In operator'))
    if (codes.indexOf(code) < index) errors.push(duplicate(`${path}.values[${index}]`, code))
  }
  if (codes.some((code, index) => code < (codes[index - 1] ?? code))) errors.push(invalid(`${path}.values`, codes, 'must be ordered'))
  return errors
}

function podConditions(patterns: NonNullable<FailureRule['onPodConditions']>, path: string): FieldError[] {
  const errors = patterns.length > maxRules ? [tooMany(path, patterns.length, maxRules)] : []
  for (const [index, { type, status }] of patterns.entries()) {
    const at = `${path}[${index}]`
    errors.push(...problems(`${at}.type`, type, isQualifiedName))
    if (!status) errors.push(required(`${at}.status`, validValues(statuses)))
    else if (!statuses.includes(status)) errors.push(notSupported(`${at}.status`, status, statuses))
  }
  return errors
}

export function validateSuccessPolicy({ successPolicy, completions = 0 }: JobSpec, path: string): FieldError[] {
  const rules = successPolicy?.rules ?? []
  const errors: FieldError[] = []
  if (rules.length === 0) errors.push(required(`${path}.rules`, 'at least one rules must be specified when the successPolicy is specified'))
  if (rules.length > maxRules) errors.push(tooMany(`${path}.rules`, rules.length, maxRules))
  for (const [index, rule] of rules.entries()) errors.push(...successRule(rule, completions, `${path}.rules[${index}]`))
  return errors
}

function successRule({ succeededCount, succeededIndexes }: SuccessRule, completions: number, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (succeededCount === undefined && succeededIndexes === undefined)
    errors.push(required(path, 'at least one of succeededCount or succeededIndexes must be specified'))
  let total = 0
  if (succeededIndexes !== undefined) {
    if (succeededIndexes.length > maxIndexesBytes) errors.push(tooLong(`${path}.succeededIndexes`, maxIndexesBytes))
    const parsed = parseIndexes(succeededIndexes, completions)
    if ('problem' in parsed)
      errors.push(invalid(`${path}.succeededIndexes`, succeededIndexes, `error parsing succeededIndexes: ${parsed.problem}`))
    else total = countOf(parsed.intervals)
  }
  if (succeededCount === undefined) return errors
  const at = `${path}.succeededCount`
  if (succeededCount < 0) errors.push(invalid(at, succeededCount, 'must be greater than or equal to 0'))
  if (succeededCount > completions)
    errors.push(invalid(at, succeededCount, `must be less than or equal to ${completions} (the number of specified completions)`))
  if (succeededIndexes !== undefined && succeededCount > total)
    errors.push(
      invalid(at, succeededCount, `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`),
    )
  return errors
}
