// What a custom resource's scale needs of the object: replicas are whole numbers that are not negative, the selector is text.
import { type FieldError, invalid } from '../errors.ts'
import type { Scale } from '../kind.ts'
import { readPath } from '../rules/scale.ts'
import { printGoValue } from './govalue.ts'

const maxInt32 = 2 ** 31 - 1

export const scaleSpecErrors = (object: unknown, scale: Scale | undefined): FieldError[] =>
  scale ? replicasErrors(object, scale.spec) : []

export function scaleStatusErrors(object: unknown, scale: Scale | undefined): FieldError[] {
  if (!scale) return []
  const errors = replicasErrors(object, scale.status)
  const selector = scale.selector ? readPath(object, scale.selector) : undefined
  if (scale.selector && selector !== undefined && typeof selector !== 'string')
    errors.push(invalid(scale.selector, '', accessorError(scale.selector, selector, 'string')))
  return errors
}

function replicasErrors(object: unknown, path: string): FieldError[] {
  const replicas = readPath(object, path)
  if (replicas === undefined) return []
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) return [invalid(path, 0, accessorError(path, replicas, 'int64'))]
  if (replicas < 0) return [invalid(path, replicas, 'should be a non-negative integer')]
  return replicas > maxInt32 ? [invalid(path, replicas, `should be less than or equal to ${maxInt32}`)] : []
}

const accessorError = (path: string, value: unknown, wanted: string): string => {
  const { text, type } = printGoValue(value)
  return `${path} accessor error: ${text} is of the type ${type}, expected ${wanted}`
}
