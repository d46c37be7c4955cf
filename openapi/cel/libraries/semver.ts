// Semantic versions: semver(), strictly as semver.org has them, or mended first.
import type { Environment } from '@marcbachmann/cel-js'
import { adder, fail, quoted } from './add.ts'

class Semver {
  readonly numbers: readonly bigint[]
  /** Of a pre-release; none is later than any. */
  readonly before: readonly string[]
  constructor(numbers: readonly bigint[], before: readonly string[]) {
    this.numbers = numbers
    this.before = before
  }
}

const parts = ['Major', 'Minor', 'Patch']

/** In the words of the library upstream uses, when it is none. */
function read(text: string): Semver | string {
  if (text === '') return 'Version string empty'
  const [, core = '', before, build] = /^([^-+]*)(?:-([^+]*))?(?:\+(.*))?$/s.exec(text) ?? []
  const numbers = core.split('.')
  if (numbers.length !== 3) return 'No Major.Minor.Patch elements found'
  for (const [index, number] of numbers.entries()) {
    const what = parts[index] ?? ''
    if (!/^\d+$/.test(number)) return `Invalid character(s) found in ${what.toLowerCase()} number ${quoted(number)}`
    if (/^0\d/.test(number)) return `${what} number must not contain leading zeroes ${quoted(number)}`
  }
  const pres = before === undefined ? [] : before.split('.')
  for (const each of pres) {
    if (each === '') return 'Prerelease is empty'
    if (/^0\d+$/.test(each)) return `Numeric PreRelease version must not contain leading zeroes ${quoted(each)}`
    if (!/^[0-9A-Za-z-]+$/.test(each)) return `Invalid character(s) found in prerelease ${quoted(each)}`
  }
  for (const each of build === undefined ? [] : build.split('.')) {
    if (each === '') return 'Build meta data is empty'
    if (!/^[0-9A-Za-z-]+$/.test(each)) return `Invalid character(s) found in build meta data ${quoted(each)}`
  }
  return new Semver(numbers.map(BigInt), pres)
}

/** Without a "v" and leading zeros, with all three numbers. */
function mended(text: string): string {
  const plain = text.replace(/^v/, '')
  const end = plain.search(/[-+]/)
  const [core, rest] = end < 0 ? [plain, ''] : [plain.slice(0, end), plain.slice(end)]
  const numbers = core.split('.').map(number => number.replace(/^0+(?=\d)/, ''))
  while (numbers.length < 3) numbers.push('0')
  return numbers.join('.') + rest
}

const sign = (a: bigint | string, b: bigint | string): bigint => (a < b ? -1n : a > b ? 1n : 0n)

function compare(a: Semver, b: Semver): bigint {
  for (const [index, number] of a.numbers.entries()) {
    const order = sign(number, b.numbers[index] ?? 0n)
    if (order !== 0n) return order
  }
  if (a.before.length === 0 || b.before.length === 0) return sign(BigInt(b.before.length), BigInt(a.before.length))
  for (const [index, mine] of a.before.entries()) {
    const theirs = b.before[index]
    if (theirs === undefined) return 1n
    const order = compareParts(mine, theirs)
    if (order !== 0n) return order
  }
  return sign(BigInt(a.before.length), BigInt(b.before.length))
}

/** Numbers come before words. */
function compareParts(a: string, b: string): bigint {
  const [x, y] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (x && y) return sign(BigInt(a), BigInt(b))
  return x === y ? sign(a, b) : x ? -1n : 1n
}

const sure = (read: Semver | string): Semver => (typeof read === 'string' ? fail(read) : read)
const given = (text: string, mend: boolean): string => (mend ? mended(text) : text)

export function semvers(environment: Environment): void {
  environment.registerType('kubernetes.Semver', Semver)
  const add = adder(environment)
  add('semver(string): kubernetes.Semver', (text: string) => sure(read(text)))
  add('semver(string, bool): kubernetes.Semver', (text: string, mend: boolean) => sure(read(given(text, mend))))
  add('isSemver(string): bool', (text: string) => typeof read(text) !== 'string')
  add('isSemver(string, bool): bool', (text: string, mend: boolean) => typeof read(given(text, mend)) !== 'string')
  for (const [index, name] of ['major', 'minor', 'patch'].entries())
    add(`kubernetes.Semver.${name}(): int`, ({ numbers }: Semver) => numbers[index] ?? 0n)
  add('kubernetes.Semver.compareTo(kubernetes.Semver): int', compare)
  add('kubernetes.Semver.isLessThan(kubernetes.Semver): bool', (a: Semver, b: Semver) => compare(a, b) < 0n)
  add('kubernetes.Semver.isGreaterThan(kubernetes.Semver): bool', (a: Semver, b: Semver) => compare(a, b) > 0n)
  environment.registerOperator('kubernetes.Semver == kubernetes.Semver', (a: Semver, b: Semver) => compare(a, b) === 0n)
}
