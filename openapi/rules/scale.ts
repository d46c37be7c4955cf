// What the paths of a scale (`.spec.replicas`) find in an object, and the selector of its pods as a scale shows it.
import { type LabelSelectorValue, printSelector } from '../values/selector.ts'

export const pathNames = (path: string): string[] => path.split('.').filter(Boolean)

/** undefined: there is nothing. */
export function readPath(object: unknown, path: string): unknown {
  let value = object
  for (const name of pathNames(path))
    value = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>)[name] : undefined
  return value
}

/** A selector as a text, as labels, or as a LabelSelector; '' selects everything, or is none. */
export function selectorText(selector: unknown): string {
  if (typeof selector === 'string') return selector
  if (typeof selector !== 'object' || selector === null) return ''
  const structured = 'matchLabels' in selector || 'matchExpressions' in selector ? selector : { matchLabels: selector }
  const text = printSelector(structured as LabelSelectorValue)
  return text === '<none>' ? '' : text
}
