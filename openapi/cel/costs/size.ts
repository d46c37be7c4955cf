// How large values are, and what going through them costs. common/cost.go of cel-go; sizes are counted in characters, bytes, items or entries.
import { Optional } from '@marcbachmann/cel-js'

/** What a size may be. */
export interface Size {
  min: number
  max: number
}

/** Nothing counts beyond it: the end of Go's uint64. */
export const most = 2 ** 64
export const capped = (cost: number): number => Math.min(cost, most)

export const unknownSize: Size = { min: 0, max: most }
export const exactly = (size: number): Size => ({ min: size, max: size })
export const union = (a: Size, b: Size): Size => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) })
export const plus = (a: Size, b: Size): Size => ({ min: capped(a.min + b.min), max: capped(a.max + b.max) })
export const times = (a: Size, b: Size): Size => ({ min: capped(a.min * b.min), max: capped(a.max * b.max) })

/** Of making things. */
export const making = { list: 10, map: 30, object: 40 }

const perCharacter = 0.1
const perPatternCharacter = 0.25

/** To look at all of a text, a list or a map. */
export const scan = (size: number, passes = 1): number => capped(Math.ceil(size * passes * perCharacter))
/** To search a text for a pattern, each given by its length. */
export const patternSearch = (text: number, pattern: number): number => capped(scan(text + 1) * Math.ceil(pattern * perPatternCharacter))
/** To go through a value with all that is in it. */
export const scanned = (size: number): number => Math.floor(size * perCharacter)

const astral = /[\uD800-\uDBFF]/

/** Of a value; 1 where it has no size. Objects of a library say theirs as `costSize`. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return astral.test(value) ? [...value].length : value.length
  if (typeof value !== 'object' || value === null) return 1
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length
  if (value instanceof Map || value instanceof Set) return value.size
  if (value instanceof Optional) return value.hasValue() ? sizeOf(value.value()) : 1
  if (Object.getPrototypeOf(value) === Object.prototype) return Object.keys(value).length
  const { costSize } = value as { costSize?: number }
  return costSize ?? 1
}
