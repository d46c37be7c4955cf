// JSON patch (RFC 6902) with the tolerances of the library the apiserver uses: negative indices, a missing value is null,
// replace and copy of what a map lacks, and a test of it against null.
import { deepCopy } from '../values/copy.ts'
import { deepEqual } from '../values/equal.ts'

export interface Operation {
  op?: string
  path?: string
  from?: string
  value?: unknown
}

/** An operation that cannot be done. */
export class JsonPatchError extends Error {}
/** A test that found something else. */
export class JsonPatchTestError extends JsonPatchError {}

/** The result; `document` is left alone. Throws JsonPatchError. */
export function jsonPatch(document: unknown, operations: readonly Operation[]): unknown {
  const holder = { root: deepCopy(document) }
  for (const operation of operations) run(holder, operation)
  return holder.root
}

interface Holder {
  root: unknown
}

function run(holder: Holder, { op, path, from, value = null }: Operation): void {
  if (path === undefined) throw new JsonPatchError('no path')
  if (op === 'replace' && path === '') holder.root = deepCopy(value)
  else if (op === 'add') add(holder, path, deepCopy(value))
  else if (op === 'remove') remove(holder, path)
  else if (op === 'replace') replace(holder, path, deepCopy(value))
  else if (op === 'move') add(holder, path, remove(holder, from))
  else if (op === 'copy') add(holder, path, deepCopy(read(place(holder, from))))
  else if (op === 'test') test(holder, path, value)
  else throw new JsonPatchError(`unknown operation ${op}`)
}

type Container = unknown[] | Record<string, unknown>

interface Place {
  container: Container
  key: string
}

const unescaped = (part: string): string => part.replace(/~1/g, '/').replace(/~0/g, '~')

/** What the pointer's last part is looked up in. The first part is whatever stands before the first slash. */
function place({ root }: Holder, pointer: string | undefined): Place {
  const parts = (pointer ?? '').split('/').map(unescaped)
  if (parts.length < 2) throw new JsonPatchError('no parent')
  let container = root
  for (const part of parts.slice(1, -1)) container = read({ container: container as Container, key: part })
  if (typeof container !== 'object' || container === null) throw new JsonPatchError('no parent')
  return { container: container as Container, key: parts.at(-1) ?? '' }
}

/** undefined: a map has no such key. Throws for lists. */
function read({ container, key }: Place): unknown {
  if (Array.isArray(container)) return container[indexOf(key, container.length - 1)]
  if (typeof container !== 'object' || container === null) throw new JsonPatchError('no parent')
  return Object.hasOwn(container, key) ? container[key] : undefined
}

/** Within 0 and `last`, counted from behind when negative. */
function indexOf(key: string, last: number): number {
  if (!/^[+-]?\d+$/.test(key)) throw new JsonPatchError(`${key} is not an index`)
  const given = Number(key)
  const index = given < 0 ? given + last + 1 : given
  if (index < 0 || index > last) throw new JsonPatchError(`index ${key} is out of range`)
  return index
}

function write(container: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true })
}

function add(holder: Holder, path: string, value: unknown): void {
  const { container, key } = place(holder, path)
  if (!Array.isArray(container)) write(container, key, value ?? null)
  else if (key === '-') container.push(value)
  else container.splice(indexOf(key, container.length), 0, value)
}

function remove(holder: Holder, path: string | undefined): unknown {
  const { container, key } = place(holder, path)
  if (Array.isArray(container)) return container.splice(indexOf(key, container.length - 1), 1)[0]
  if (!Object.hasOwn(container, key)) throw new JsonPatchError(`${path} is missing`)
  const value = container[key]
  delete container[key]
  return value
}

function replace(holder: Holder, path: string, value: unknown): void {
  const { container, key } = place(holder, path)
  if (Array.isArray(container)) container[indexOf(key, container.length - 1)] = value
  else write(container, key, value)
}

function test(holder: Holder, path: string, value: unknown): void {
  const found = path === '' ? holder.root : read(place(holder, path))
  if (!deepEqual(found ?? null, value)) throw new JsonPatchTestError(`${path} is something else`)
}
