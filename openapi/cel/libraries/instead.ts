// Functions that the library has, as cel-go has them: texts are counted by their characters, zones may be offsets, doubles are written as
// Go writes them, and patterns are Go's. The library lets nobody replace its functions, so calls of these are led here.
import { patternOf, patternProblem } from '../../values/pattern.ts'
import { fail } from './add.ts'

/** From the values of a call; `next`: as the library does it. */
export type Instead = (values: readonly unknown[], next: (values: readonly unknown[]) => unknown) => unknown

/** Whoever calls it has paid for the steps it takes. */
export function expression(text: string): ReturnType<typeof patternOf> {
  const problem = patternProblem(text)
  return problem === '' ? patternOf(text) : fail(problem)
}

/** Only for texts, with arguments of the types that it takes. */
const ofText =
  <Args extends unknown[]>(types: readonly string[], run: (text: string, ...args: Args) => unknown): Instead =>
  (values, next) => {
    const fits = typeof values[0] === 'string' && values.slice(1).every((value, index) => typeof value === types[index])
    return fits ? run(values[0] as string, ...(values.slice(1) as Args)) : next(values)
  }

const outOfRange = (index: bigint): never => fail(`index out of range: ${index}`)

function substring(text: string, start: bigint, end?: bigint): string {
  const characters = [...text]
  if (end !== undefined && start > end) fail(`invalid substring range. start: ${start}, end: ${end}`)
  for (const index of end === undefined ? [start] : [start, end]) if (index < 0n || index > characters.length) outOfRange(index)
  return characters.slice(Number(start), end === undefined ? undefined : Number(end)).join('')
}

/** Places count characters, not the halves of some of them. */
const placeOf = (text: string, at: number): bigint => BigInt(at < 0 ? at : [...text.slice(0, at)].length)
const unitsOf = (text: string, characters: bigint): number => [...text].slice(0, Number(characters)).join('').length

function indexOf(text: string, wanted: string, from = 0n): bigint {
  if (from < 0n) outOfRange(from)
  return wanted === '' ? from : placeOf(text, text.indexOf(wanted, unitsOf(text, from)))
}

function lastIndexOf(text: string, wanted: string, from?: bigint): bigint {
  if (from !== undefined && from < 0n) outOfRange(from)
  if (wanted === '') return from ?? placeOf(text, text.length)
  if (from === undefined) return placeOf(text, text.lastIndexOf(wanted))
  return from >= [...text].length ? -1n : placeOf(text, text.lastIndexOf(wanted, unitsOf(text, from)))
}

function split(text: string, between: string, limit = -1n): string[] {
  const parts = between === '' ? [...text] : text.split(between)
  if (limit < 0n || parts.length <= limit) return parts
  const kept = Number(limit) - 1
  return limit === 0n ? [] : [...parts.slice(0, kept), parts.slice(kept).join(between)]
}

/** A zone that is an offset, as +01:00. */
const offset = /^([+-]?)(\d\d):(\d\d)$/
const minuteMs = 60_000

const inZone: Instead = (values, next) => {
  const [time, zone] = values
  if (!(time instanceof Date) || typeof zone !== 'string') return next(values)
  const [, sign, hours, minutes] = offset.exec(zone) ?? []
  if (hours !== undefined) {
    const shift = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -minuteMs : minuteMs)
    return next([new Date(time.getTime() + shift), 'UTC'])
  }
  try {
    return next([time, zone || 'UTC'])
  } catch (error) {
    return error instanceof RangeError ? fail(`unknown time zone ${zone}`) : fail(String(error))
  }
}

/** strconv.FormatFloat with format 'g' and as many digits as it takes. */
export function goDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 6) return String(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

const getters = 'getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes getMonth getSeconds'

/** By name. */
export const instead: ReadonlyMap<string, Instead> = new Map<string, Instead>([
  ['matches', ofText(['string'], (text, pattern: string) => expression(pattern).find(text))],
  ['substring', ofText(['bigint', 'bigint'], substring)],
  ['indexOf', ofText(['string', 'bigint'], indexOf)],
  ['lastIndexOf', ofText(['string', 'bigint'], lastIndexOf)],
  ['split', ofText(['string', 'bigint'], split)],
  ['lowerAscii', ofText([], text => text.replace(/[A-Z]+/g, letters => letters.toLowerCase()))],
  ['upperAscii', ofText([], text => text.replace(/[a-z]+/g, letters => letters.toUpperCase()))],
  ['string', (values, next) => (typeof values[0] === 'number' ? goDouble(values[0]) : next(values))],
  ...getters.split(' ').map((name): [string, Instead] => [name, inZone]),
])
