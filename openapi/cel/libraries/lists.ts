// Lists: what Kubernetes adds (sums, extremes, places), and cel-go's extension for lists, version 3.
import { type ASTNode, type Environment, Optional } from '@marcbachmann/cel-js'
import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator'
import { adder, fail, namespace } from './add.ts'
import { type Call, type Macro, macroAdder, type Scope, variableName } from './macros.ts'

class ListFunctions {}

export function lists(environment: Environment): void {
  namespace(environment, 'lists', ListFunctions)
  const add = adder(environment)
  add('list.isSorted(): bool', (list: readonly unknown[]) => list.every((each, i) => i === 0 || before(list[i - 1], each) <= 0))
  add('list.min(): dyn', (list: readonly unknown[]) => best('min', list, order => order < 0))
  add('list.max(): dyn', (list: readonly unknown[]) => best('max', list, order => order > 0))
  add('list.sum(): dyn', sum)
  add('list.indexOf(dyn): int', (list: readonly unknown[], item: unknown) => BigInt(list.map(keyOf).indexOf(keyOf(item))))
  add('list.lastIndexOf(dyn): int', (list: readonly unknown[], item: unknown) => BigInt(list.map(keyOf).lastIndexOf(keyOf(item))))
  add('ListFunctions.range(int): list<int>', (_lists: unknown, count: bigint) => range(count))
  add('list.distinct(): list', distinct)
  add('list.reverse(): list', (list: readonly unknown[]) => [...list].reverse())
  add('list.slice(int, int): list', slice)
  add('list.flatten(): list', (list: readonly unknown[]) => list.flat())
  add('list.flatten(int): list', (list: readonly unknown[], depth: bigint) =>
    depth < 0n ? fail('level must be non-negative') : list.flat(Number(depth)),
  )
  add('list.sort(): list', (list: readonly unknown[]) => sortedBy(list, list))
  macroAdder(environment)('list.sortBy(ast, ast): list<dyn>', sortBy)
}

/** Two values are equal when these are; of numbers, 1 is 1.0. */
export function keyOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`
  if (value instanceof UnsignedInt || value instanceof Duration) return String(value.valueOf())
  if (value instanceof Optional) return value.hasValue() ? `optional ${keyOf(value.value())}` : 'none'
  if (!(value instanceof Map)) return typeof value === 'bigint' || typeof value === 'number' ? String(value) : JSON.stringify(value, digits)
  return `{${[...value]
    .map(([name, each]) => `${keyOf(name)}:${keyOf(each)}`)
    .sort()
    .join()}}`
}

/** Objects of a library hold numbers that JSON has nothing for. */
const digits = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value)

/** Below zero when `a` comes first. */
function before(a: unknown, b: unknown): number {
  const [x, y] = [ordinal(a), ordinal(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

function ordinal(value: unknown): bigint | number | string | boolean {
  if (value instanceof Date || value instanceof Duration || value instanceof UnsignedInt) return value.valueOf()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  return ['bigint', 'number', 'string', 'boolean'].includes(typeof value) ? (value as bigint) : fail('no such overload')
}

const best = (name: string, list: readonly unknown[], better: (order: number) => boolean): unknown =>
  list.length === 0 ? fail(`${name} called on empty list`) : list.reduce((a, b) => (better(before(b, a)) ? b : a))

function sum(list: readonly unknown[]): unknown {
  const [first] = list
  if (first === undefined) return 0n
  if (first instanceof Duration) return (list as Duration[]).reduce((a, b) => a.addDuration(b))
  if (first instanceof UnsignedInt) return new UnsignedInt((list as UnsignedInt[]).reduce((total, each) => total + each.valueOf(), 0n))
  return (list as number[]).reduce((a, b) => a + b)
}

/** The first of each. */
function distinct(list: readonly unknown[]): unknown[] {
  const known = new Set<string>()
  return list.filter(item => known.size < known.add(keyOf(item)).size)
}

/** More items than a budget pays for. */
const maxItems = 1_000_000n

const range = (count: bigint): bigint[] =>
  count > maxItems ? fail('list is too long') : Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index))

function slice(list: readonly unknown[], start: bigint, end: bigint): unknown[] {
  const asked = `cannot slice(${start}, ${end})`
  if (start < 0n || end < 0n) fail(`${asked}, negative indexes not supported`)
  if (start > end) fail(`${asked}, start index must be less than or equal to end index`)
  if (end > list.length) fail(`${asked}, list is length ${list.length}`)
  return list.slice(Number(start), Number(end))
}

const kindOf = (value: unknown): string => (typeof value === 'object' && value !== null ? value.constructor.name : typeof value)

function sortedBy(list: readonly unknown[], keys: readonly unknown[]): unknown[] {
  if (keys.some(key => kindOf(key) !== kindOf(keys[0]))) fail('list elements must have the same type')
  const order = list.map((_, index) => index).sort((a, b) => before(keys[a], keys[b]))
  return order.map(index => list[index])
}

/** A loop that makes a key of each item, and then puts the items in the order of the keys. */
function sortBy({ args: [variable, key], receiver }: Call): Macro {
  let inner: Scope | undefined
  return {
    typeCheck(checker, _macro, scope) {
      const name = variableName(checker, variable)
      const list = checker.check(receiver, scope)
      if (list.kind !== 'list' && list.kind !== 'dyn')
        throw checker.createError('no_matching_overload', `found no matching overload for '${list.name}.sortBy(dyn, dyn)'`, receiver)
      inner = scope.forkWithVariable(name, list.valueType ?? checker.dynType)
      checker.check(key as ASTNode, inner)
      return list
    },
    evaluate(evaluator, macro, scope) {
      const list = evaluator.run(receiver, scope)
      if (!Array.isArray(list)) throw evaluator.createError('invalid_comprehension_range', 'no such overload', receiver)
      const inside = (inner as Scope).reuse(scope)
      const keys = list.map(item => {
        macro.tick?.('step')
        return evaluator.run(key as ASTNode, inside.setIterValue(item, evaluator))
      })
      macro.sorts?.(keys)
      return sortedBy(list, keys)
    },
  }
}
