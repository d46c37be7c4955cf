// Lists whose items are told apart by themselves (sets) or by some of their fields (maps): their order does not count when they are
// compared, and adding one to another merges them. apiextensions' schema/cel/maplist.go; the list on the left says what it is.
import type { Instead } from './instead.ts'
import { keyOf } from './lists.ts'

type Identity = (item: unknown) => string

const identities = new WeakMap<readonly unknown[], Identity>()

/** `keys`: fields that tell items apart; none: the whole item does. */
export function identified(list: unknown[], keys: readonly string[] | undefined): unknown[] {
  identities.set(list, keys ? item => keyOf(keys.map(key => (item instanceof Map ? item.get(key) : undefined))) : keyOf)
  return list
}

function same(a: readonly unknown[], b: readonly unknown[], identity: Identity): boolean {
  if (a.length !== b.length) return false
  const items = new Map(a.map(item => [identity(item), keyOf(item)]))
  return b.every(item => items.get(identity(item)) === keyOf(item))
}

function merged(a: readonly unknown[], b: readonly unknown[], identity: Identity): unknown[] {
  const items = [...new Map([...a, ...b].map(item => [identity(item), item])).values()]
  identities.set(items, identity)
  return items
}

const on =
  (run: (a: readonly unknown[], b: readonly unknown[], identity: Identity) => unknown): Instead =>
  (values, next) => {
    const [a, b] = values
    const identity = Array.isArray(a) && Array.isArray(b) ? identities.get(a) : undefined
    return identity ? run(a as unknown[], b as unknown[], identity) : next(values)
  }

/** By operator. */
export const operators: readonly (readonly [string, Instead])[] = [
  ['==', on(same)],
  ['!=', on((a, b, identity) => !same(a, b, identity))],
  ['+', on(merged)],
]
