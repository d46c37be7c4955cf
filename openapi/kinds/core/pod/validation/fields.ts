// Checks of single values that many parts of a pod share. Each returns the errors at its path.
import { type FieldError, invalid, notSupported, required } from '../../../../errors.ts'
import { isIp } from '../../../../values/ip.ts'
import { isDns1123Label, isDns1123Subdomain } from '../../../../values/names.ts'

export const maxInt32 = 2147483647

/** Each problem of `value` as an error of its own. */
export const problems = (path: string, value: string, check: (text: string) => string[]): FieldError[] =>
  check(value).map(why => invalid(path, value, why))

export const dnsLabel = (path: string, value: string): FieldError[] => problems(path, value, isDns1123Label)
export const dnsSubdomain = (path: string, value: string): FieldError[] => problems(path, value, isDns1123Subdomain)

export const nonNegative = (path: string, value: number | undefined): FieldError[] =>
  value !== undefined && value < 0 ? [invalid(path, value, 'must be greater than or equal to 0')] : []

export const between = (path: string, value: number | undefined, [min, max]: readonly [number, number]): FieldError[] =>
  value !== undefined && (value < min || value > max) ? [invalid(path, value, `must be between ${min} and ${max}, inclusive`)] : []

export const portNumber = (path: string, value: number): FieldError[] => between(path, value, [1, 65535])
export const userId = (path: string, value: number | undefined): FieldError[] => between(path, value, [0, maxInt32])

/** `values` in the order the message lists them. */
export const oneOf = (path: string, value: string | undefined, values: readonly string[]): FieldError[] =>
  value === undefined || values.includes(value) ? [] : [notSupported(path, value, values)]

export const requiredText = (path: string, value: string | undefined): FieldError[] => (value ? [] : [required(path)])

export function portNameProblems(name: string): string[] {
  const found: string[] = []
  if (name.length > 15) found.push('must be no more than 15 characters')
  if (!/^[-a-z0-9]+$/.test(name)) found.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(name)) found.push('must contain at least one letter (a-z)')
  if (name.includes('--')) found.push('must not contain consecutive hyphens')
  if (name.startsWith('-') || name.endsWith('-')) found.push('must not begin or end with a hyphen')
  return found
}

export const portNumberOrName = (path: string, value: string | number | undefined): FieldError[] =>
  typeof value === 'string' ? problems(path, value, portNameProblems) : portNumber(path, value ?? 0)

export const environmentNameProblems = (name: string): string[] =>
  /^[ -<>-~]+$/.test(name) ? [] : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]

export const ipAddress = (path: string, value: string): FieldError[] =>
  isIp(value) ? [] : [invalid(path, value, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]

/** No step upwards: volumes must not be left through a path. */
export const noBacksteps = (path: string, value: string): FieldError[] =>
  value.split('/').includes('..') ? [invalid(path, value, "must not contain '..'")] : []

export const descendingPath = (path: string, value: string): FieldError[] => [
  ...(value.startsWith('/') ? [invalid(path, value, 'must be a relative path')] : []),
  ...noBacksteps(path, value),
]
