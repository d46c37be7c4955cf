// How a workload picks its pods, and limits that workloads share: selectors that fit the template, counters that fit each other.
import { type FieldError, invalid, required } from '../../errors.ts'
import { validateLabelSelector } from '../../rules/labelselector.ts'
import type { PodTemplateSpec } from '../../schemas/pod.ts'
import { deepEqual } from '../../values/equal.ts'
import { isEmptySelector, type LabelSelectorValue, matchesSelector } from '../../values/selector.ts'

type Selector = LabelSelectorValue | undefined

export const nonNegative = <T extends object>(owner: T, fields: readonly (keyof T & string)[], path: string): FieldError[] =>
  fields.flatMap(field => {
    const value = owner[field]
    return typeof value === 'number' && value < 0 ? [invalid(`${path}.${field}`, value, 'must be greater than or equal to 0')] : []
  })

/** Present, well formed and not matching everything; `owner` is how the message calls the kind. */
export function validateSelector(selector: Selector, owner: string, path: string): FieldError[] {
  if (!selector) return [required(path)]
  const errors = validateLabelSelector(selector, path)
  return isEmptySelector(selector) ? [...errors, invalid(path, selector, `empty selector is invalid for ${owner}`)] : errors
}

export const isWellFormed = (selector: Selector): boolean => validateLabelSelector(selector, '').length === 0

export function validateTemplateLabels(selector: Selector, template: PodTemplateSpec | undefined, path: string): FieldError[] {
  const labels = template?.metadata.labels
  return matchesSelector(selector, labels)
    ? []
    : [invalid(`${path}.metadata.labels`, labels, '`selector` does not match template `labels`')]
}

export const immutable = (value: unknown, old: unknown, path: string): FieldError[] =>
  deepEqual(value, old) ? [] : [invalid(path, value, 'field is immutable')]

/** `fields` may not exceed `most`; `name` is how the message calls it. */
export const atMost = <T extends object>(status: T, fields: readonly (keyof T & string)[], most: number, name: string): FieldError[] =>
  fields.flatMap(field => {
    const value = Number(status[field] ?? 0)
    return value > most ? [invalid(`status.${field}`, value, `cannot be greater than ${name}`)] : []
  })

/** A count or a percentage. */
export function validateIntOrPercent(value: string | number | undefined, path: string): FieldError[] {
  if (typeof value === 'number') return value < 0 ? [invalid(path, value, 'must be greater than or equal to 0')] : []
  if (value === undefined || /^[0-9]+%$/.test(value)) return []
  const rule = "a valid percent string must be a numeric string followed by an ending '%'"
  return [invalid(path, value, `${rule} (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`)]
}

export const validateAtMostAll = (value: string | number | undefined, path: string): FieldError[] =>
  typeof value === 'string' && /^[0-9]+%$/.test(value) && Number.parseInt(value, 10) > 100
    ? [invalid(path, value, 'must not be greater than 100%')]
    : []

/** 0 and 0% alike. */
export const isZero = (value: string | number | undefined): boolean => value === undefined || Number.parseInt(String(value), 10) === 0
