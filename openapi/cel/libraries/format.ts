// "%s is %d".format([…]) and strings.quote(): cel-go's extension for texts, version 2.
import { type Environment, Optional } from '@marcbachmann/cel-js'
import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator'
import { adder, fail, maxText, namespace } from './add.ts'
import { writtenDuration, writtenTime } from './conversions.ts'
import { goDouble } from './instead.ts'

class StringFunctions {}

export function formats(environment: Environment): void {
  namespace(environment, 'strings', StringFunctions)
  const add = adder(environment)
  add('string.format(list): string', format)
  add('StringFunctions.quote(string): string', (_strings: unknown, text: string) => quote(text))
}

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is escaped
const escaped = /[\x07\b\f\n\r\t\v\\"]/g
const quote = (text: string): string => `"${text.replace(escaped, char => escapes[char] ?? char)}"`

const clause = /%(?:%|(?:\.(\d+))?([a-zA-Z]?))/g

function format(text: string, values: readonly unknown[]): string {
  let next = 0
  let length = text.length
  return text.replace(clause, (whole, precision: string | undefined, verb: string) => {
    if (whole === '%%') return '%'
    if (verb === '') return fail('could not parse formatting clause: unexpected end of string')
    if (!verbs.has(verb)) return fail(`could not parse formatting clause: unrecognized formatting clause "${verb}"`)
    if (next >= values.length) return fail(`index ${next} out of range`)
    const made = formatted(verb, values[next++], precision === undefined ? 6 : Math.min(Number(precision), 100))
    length += made.length
    return length > maxText ? fail('text is too long') : made
  })
}

const verbs: ReadonlySet<string> = new Set('sdfebxXo')

function formatted(verb: string, value: unknown, precision: number): string {
  if (verb === 's') return written(value)
  const wrong = (kinds: string) =>
    fail(`error during formatting: ${words[verb]} clause can only be used on ${kinds}, was given ${typeName(value)}`)
  const integer = value instanceof UnsignedInt ? value.valueOf() : value
  switch (verb) {
    case 'd':
      return typeof integer === 'bigint' ? String(integer) : wrong('integers')
    case 'f':
    case 'e': {
      if (typeof value !== 'number') return wrong('doubles')
      return special(value) ?? (verb === 'f' ? fixed(value, precision) : exponent(value))
    }
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0'
      return typeof integer === 'bigint' ? integer.toString(2) : wrong('integers and bools')
    case 'o':
      return typeof integer === 'bigint' ? integer.toString(8) : wrong('integers')
    default:
      return hexadecimal(integer, verb === 'X') ?? wrong('integers, byte buffers, and strings')
  }
}

const words: Readonly<Record<string, string>> = {
  d: 'decimal',
  f: 'fixed-point',
  e: 'scientific',
  b: 'binary',
  o: 'octal',
  x: 'hex',
  X: 'hex',
}

/** In English, with commas between thousands. */
const fixed = (value: number, precision: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: precision, maximumFractionDigits: precision, roundingMode: 'halfEven' } as object)
/** Always with six digits, and ten to the power of two at least. */
function exponent(value: number): string {
  const [digits = '', power = '0'] = value.toExponential(6).split('e')
  const raised = `${power.startsWith('-') ? '-' : ''}${power.replace(/\D/g, '').padStart(2, '0')}`
  return `${digits}×10${raised.replace(/./g, char => superscript[char] ?? char)}`
}
const superscript: Readonly<Record<string, string>> = Object.fromEntries(
  [...'-0123456789'].map((char, at) => [char, [...'⁻⁰¹²³⁴⁵⁶⁷⁸⁹'][at] ?? '']),
)

function hexadecimal(value: unknown, upper: boolean): string | undefined {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? Buffer.from(value) : undefined
  const text = typeof value === 'bigint' ? value.toString(16) : bytes?.toString('hex')
  return upper ? text?.toUpperCase() : text
}

const special = (value: number): string | undefined =>
  Number.isFinite(value) ? undefined : Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞'

/** Any value as %s has it. */
function written(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return goDouble(value)
  if (value instanceof Date) return writtenTime(value)
  if (value instanceof Duration) return writtenDuration(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  return inside(value)
}

/** As it is written in lists and maps. */
function inside(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return special(value) ?? value.toFixed(6)
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (value instanceof UnsignedInt) return String(value.valueOf())
  if (value instanceof Date) return `timestamp(${quote(writtenTime(value))})`
  if (value instanceof Duration) return `duration(${quote(writtenDuration(value))})`
  if (value instanceof Uint8Array) return `b${quote(Buffer.from(value).toString())}`
  if (Array.isArray(value)) return bounded(`[`, value.map(inside), `]`)
  if (value instanceof Map || Object.getPrototypeOf(value) === Object.prototype) {
    const entries = value instanceof Map ? [...value] : Object.entries(value as object)
    return bounded('{', entries.map(([key, item]) => `${inside(key)}:${inside(item)}`).sort(), '}')
  }
  const { name } = value as { name?: unknown }
  if (typeof name === 'string') return name
  return fail(
    `error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given ${typeName(value)}`,
  )
}

function bounded(open: string, parts: readonly string[], close: string): string {
  if (parts.reduce((sum, part) => sum + part.length, 0) > maxText) fail('text is too long')
  return open + parts.join(', ') + close
}

const typeName = (value: unknown): string => {
  if (value === null) return 'null_type'
  if (value instanceof Optional) return 'optional_type'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Map) return 'map'
  if (value instanceof Uint8Array) return 'bytes'
  return ({ bigint: 'int', number: 'double', boolean: 'bool', string: 'string' } as Record<string, string>)[typeof value] ?? 'map'
}
