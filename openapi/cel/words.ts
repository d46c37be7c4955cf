// How cel-go words what is wrong with an expression.

export interface Said {
  message: string
  /** Index into the expression; past its end is at its end. -1: it is about the whole. */
  at: number
}

/** Place, text, and the line with a mark below. */
export function located(text: string, { message, at }: Said): string {
  if (at < 0) return `ERROR: <input>:-1:0: ${message}`
  const before = text.slice(0, at).split('\n')
  const line = text.split('\n')[before.length - 1] ?? ''
  const passed = [...(before.at(-1) ?? '')]
  const [marked = ''] = [...line.slice((before.at(-1) ?? '').length)]
  const dots = passed.map(character => (isWide(character) ? '．' : '.')).join('')
  return `ERROR: <input>:${before.length}:${passed.length + 1}: ${message}\n | ${line}\n | ${dots}${isWide(marked) ? '＾' : '^'}`
}

const isWide = (character: string): boolean => Buffer.byteLength(character) > 1

/** `op` as it is written; -_ and !_ are those before an operand. */
export const operatorName = (op: string): string => (op === 'in' ? '@in' : op.endsWith('_') ? op : `_${op}_`)

/** Those between two operands. */
export const operators: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', '+', '-', '*', '/', '%', '&&', '||'])

const names: Readonly<Record<string, string>> = {
  'google.protobuf.Timestamp': 'timestamp',
  'google.protobuf.Duration': 'duration',
  Quantity: 'kubernetes.Quantity',
  Url: 'kubernetes.URL',
}

/** A type of the library. Objects of a schema have no name of their own. */
export const goType = (type: string): string =>
  type
    .replace(/google\.protobuf\.\w+|\bQuantity\b|\bUrl\b/g, name => names[name] ?? name)
    .replace(/\bSelf\d+\b/g, 'object')
    .replace(/\boptional(?=<|$)/g, 'optional_type')
    .replaceAll('<', '(')
    .replaceAll('>', ')')

export const outOfBudget = 'running out of cost budget, no further validation rules will be run'

const failures: Readonly<Record<string, string>> = {
  no_such_overload: 'no such overload',
  no_matching_overload: 'no such overload',
  invalid_logical_operand: 'no such overload',
  invalid_condition_type: 'no such overload',
  numeric_overflow: 'integer overflow',
  modulo_by_zero: 'modulus by zero',
}

/** Why an evaluation failed. */
export function failureInWords({ code, message }: { code: string; message: string }): string {
  const index = code === 'index_out_of_bounds' ? /index (-?\d+)/.exec(message)?.[1] : undefined
  if (index !== undefined) return `index out of bounds: ${index}`
  return (
    failures[code] ??
    message.replace(/^No such key: index out of bounds, index (-?\d+).*/, 'index out of bounds: $1').replace(/^No such key/, 'no such key')
  )
}
