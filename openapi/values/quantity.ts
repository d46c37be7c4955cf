// Quantities: exact numbers with a unit, printed in one canonical way. Kept in units of 10^-9, the finest the API knows.

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'
export interface Quantity {
  /** Value times 10^9. */
  nano: bigint
  format: QuantityFormat
}

export const quantityError = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

const scale = 1_000_000_000n
/** What one unit is in nano, and how such quantities are printed; by suffix. */
const units = new Map<string, { nano: bigint; format: QuantityFormat }>([
  ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map(
    (suffix, i) => [suffix, { nano: scale << BigInt(10 * (i + 1)), format: 'BinarySI' }] as const,
  ),
  ...['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].map(
    (suffix, i) => [suffix, { nano: 1000n ** BigInt(i), format: 'DecimalSI' }] as const,
  ),
])
const maxExponent = 100

/** undefined when the text is not a quantity. Finer than nano is rounded up, away from zero. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?([a-zA-Z]*|[eE][+-]?\d+)$/.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', fraction = '', suffix = ''] = match
  if (whole === '' && fraction === '') return undefined
  const digits = BigInt(whole + fraction)
  const unit = units.get(suffix)
  if (unit) {
    const nano = fraction === '' ? digits * unit.nano : divideUp(digits * unit.nano, 10n ** BigInt(fraction.length))
    return { nano: sign === '-' ? -nano : nano, format: unit.format }
  }
  const exponent = Number(suffix.slice(1) || Number.NaN)
  if (!(Math.abs(exponent) <= maxExponent)) return undefined
  const shift = exponent + 9 - fraction.length
  const nano = shift >= 0 ? digits * 10n ** BigInt(shift) : divideUp(digits, 10n ** BigInt(-shift))
  return { nano: sign === '-' ? -nano : nano, format: 'DecimalExponent' }
}

const divideUp = (a: bigint, b: bigint): bigint => (a + b - 1n) / b

export function printQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0'
  const size = nano < 0n ? -nano : nano
  const sign = nano < 0n ? '-' : ''
  if (format === 'BinarySI' && size >= 1024n * scale) return sign + printBinary(divideUp(size, scale))
  return sign + printDecimal(size, format === 'DecimalExponent')
}

function printBinary(value: bigint): string {
  let power = 0
  let rest = value
  while (power < 6 && rest % 1024n === 0n) {
    rest /= 1024n
    power++
  }
  return `${rest}${['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'][power]}`
}

function printDecimal(nano: bigint, asExponent: boolean): string {
  let exponent = -9
  let rest = nano
  while (exponent < 18 && rest % 1000n === 0n) {
    rest /= 1000n
    exponent += 3
  }
  if (asExponent) return exponent === 0 ? `${rest}` : `${rest}e${exponent}`
  return `${rest}${['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'][exponent / 3 + 3]}`
}

/** The canonical text, or undefined. */
export function canonicalQuantity(text: string): string | undefined {
  const quantity = parseQuantity(text)
  return quantity && printQuantity(quantity)
}

const nanoOf = (text: string): bigint => parseQuantity(text)?.nano ?? 0n

/** -1, 0, 1. Text that is no quantity counts as zero. */
export function compareQuantities(a: string, b: string): number {
  const [x, y] = [nanoOf(a), nanoOf(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** The sum, in the format of the first that is not zero. */
export function addQuantities(...texts: string[]): string {
  const all = texts.map(text => parseQuantity(text) ?? { nano: 0n, format: 'DecimalSI' as const })
  const format = all.find(q => q.nano !== 0n)?.format ?? 'DecimalSI'
  return printQuantity({ nano: all.reduce((sum, q) => sum + q.nano, 0n), format })
}

export const ratioOf = (a: string, b: string): number => Number(nanoOf(a)) / Number(nanoOf(b))

/** a - b, in the format of a. */
export const subtractQuantities = (a: string, b: string): string =>
  printQuantity({ nano: nanoOf(a) - nanoOf(b), format: parseQuantity(a)?.format ?? 'DecimalSI' })

/** Whole units, rounded up. */
export const quantityToNumber = (text: string): number => Number(divideUp(nanoOf(text), scale))
/** 2147483648 -> '2Gi'. */
export const bytesToQuantity = (bytes: number): string => printQuantity({ nano: BigInt(bytes) * scale, format: 'BinarySI' })
/** Thousandths, rounded up. */
export const quantityToMilli = (text: string): number => Number(divideUp(nanoOf(text), 1_000_000n))
