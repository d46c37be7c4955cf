// Merging a configuration into an object, and taking out what its owner gave up, by the schema's list types and map keys.
import { childSchema, emptySet, type FieldSet, itemElement, itemSchema, printElement, shapeOf } from './fieldset.ts'

type Schema = { readonly [keyword: string]: unknown }
type Fields = Record<string, unknown>

/** `applied` over `live`. Lists keep the order of what is there; new and shared items follow the configuration's order. */
export function mergeObjects(schema: Schema | undefined, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live
  const shape = shapeOf(schema)
  if (live === undefined || live === null || shape.is === 'leaf' || !schema) return applied
  // Nothing is said of what is in it.
  if (applied === null) return live
  if (typeof live !== 'object' || typeof applied !== 'object') return applied
  // Where nothing is known of a place, the values tell: lists are taken as a whole.
  if (shape.is !== 'list' && (Array.isArray(live) || Array.isArray(applied))) return applied
  if (shape.is === 'list') return mergeItems(schema, shape.keys, live as unknown[], applied as unknown[])
  const result: Fields = { ...(live as Fields) }
  for (const [name, value] of Object.entries(applied)) result[name] = mergeObjects(childSchema(schema, name), result[name], value)
  return result
}

function mergeItems(schema: Schema, keys: readonly string[], live: readonly unknown[], applied: readonly unknown[]): unknown[] {
  const element = (item: unknown) => itemElement(schema, keys, item)
  const mine = applied.map(item => ({ key: element(item), item }))
  const theirs = live.map(item => ({ key: element(item), item }))
  const applies = new Set(mine.map(m => m.key))
  const lives = new Map(theirs.map(t => [t.key, t.item]))
  const result: unknown[] = []
  let next = 0
  const takeApplied = (until?: string) => {
    for (; next < mine.length; next++) {
      const { key, item } = mine[next] as { key: string; item: unknown }
      result.push(mergeObjects(itemSchema(schema), lives.get(key), item))
      if (key === until) {
        next++
        return
      }
    }
  }
  const done = () => new Set(mine.slice(0, next).map(m => m.key))
  for (const { key, item } of theirs) {
    if (!applies.has(key)) result.push(item)
    else if (!done().has(key)) takeApplied(key)
  }
  takeApplied()
  return result
}

/** Takes out of `merged` what is in `given` (what the manager applied before) and in nobody's set now. */
export function pruneObject(schema: Schema | undefined, merged: unknown, given: FieldSet, owned: FieldSet): unknown {
  const shape = shapeOf(schema)
  if (shape.is === 'leaf' || !schema || typeof merged !== 'object' || merged === null) return merged
  if (shape.is !== 'list' && Array.isArray(merged)) return merged
  if (shape.is === 'list') {
    const kept: unknown[] = []
    for (const item of merged as unknown[]) {
      const pruned = pruneChild(itemSchema(schema), item, itemElement(schema, shape.keys, item), { given, owned })
      if (pruned !== gone) kept.push(pruned)
    }
    return kept
  }
  const result: Fields = {}
  for (const [name, value] of Object.entries(merged)) {
    const named = Object.hasOwn((schema.properties as object | undefined) ?? {}, name)
    const pruned = pruneChild(childSchema(schema, name), value, `f:${name}`, { given, owned, named })
    if (pruned !== gone) result[name] = pruned
  }
  return result
}

const gone = Symbol('gone')

function pruneChild(
  schema: Schema | undefined,
  value: unknown,
  element: string,
  { given, owned, named = false }: { given: FieldSet; owned: FieldSet; named?: boolean },
): unknown {
  const mine = given.children.get(element)
  if (!mine) return value
  const still = owned.children.get(element)
  // A struct's field goes with the last of what the manager had below it, whatever defaults left there.
  if (!still && (mine.member || named)) return gone
  return pruneObject(schema, value, mine, still ?? emptySet())
}

/** What is wrong with a configuration by its schema, in structured-merge-diff's words; '' when nothing is. */
export function typeProblems(schema: Schema | undefined, value: unknown, path = ''): string[] {
  if (!schema || value === null || value === undefined || schema.type === undefined || isOpen(schema)) return []
  if (schema.type === 'array') return listProblems(schema, value, path)
  if (schema.type === 'object') return mapProblems(schema, value, path)
  const at = (why: string) => [`${path}: ${why}`]
  const type = schema.type
  if (Array.isArray(type)) return typeof value === 'string' || typeof value === 'number' ? [] : at(`expected string, got ${shown(value)}`)
  const title = typeof schema.title === 'string' ? schema.title : ''
  if (title.endsWith('.Quantity')) return typeof value === 'object' ? at(`expected string, got ${shown(value)}`) : []
  if (type === 'string') return typeof value === 'string' ? [] : at(`expected string, got ${shown(value)}`)
  if (type === 'boolean') return typeof value === 'boolean' ? [] : at(`expected boolean, got ${shown(value)}`)
  return typeof value === 'number' ? [] : at(`expected numeric (int or float), got ${typeof value === 'string' ? 'string' : shown(value)}`)
}

/** Anything may stand there. */
const isOpen = (schema: Schema): boolean => schema['x-kubernetes-preserve-unknown-fields'] === true && !schema.properties

const shown = (value: unknown): string => {
  if (typeof value === 'string') return `&{${value}}`
  if (typeof value === 'number' || typeof value === 'boolean') return `&value.valueUnstructured{Value:${value}}`
  return Array.isArray(value) ? '&{[]}' : '&{map[]}'
}

function listProblems(schema: Schema, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [`${path}: expected list, got ${shown(value)}`]
  const shape = shapeOf(schema)
  if (shape.is === 'leaf') return value.flatMap((item, i) => typeProblems(itemSchema(schema), item, `${path}[${i}]`))
  const seen = new Set<string>()
  return value.flatMap(item => {
    const element = itemElement(schema, shape.keys, item)
    if (seen.has(element)) return [`${path}: duplicate entries for key ${printElement(element)}`]
    seen.add(element)
    return typeProblems(itemSchema(schema), item, path + printElement(element))
  })
}

function mapProblems(schema: Schema, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: expected map, got ${shown(value)}`]
  const properties = schema.properties as Record<string, Schema> | undefined
  return Object.entries(value).flatMap(([name, below]) => {
    const child = childSchema(schema, name)
    if (properties && !child) return [`${path}.${name}: field not declared in schema`]
    return typeProblems(child, below, `${path}.${name}`)
  })
}

/** Where a configuration names lists and maps that can only be replaced as a whole. */
export function atomicPlaces(schema: Schema | undefined, value: unknown, path = ''): string[] {
  if (!schema || typeof value !== 'object' || value === null) return []
  const shape = shapeOf(schema)
  const isAtomic = Array.isArray(value) ? schema.type === 'array' && shape.is === 'leaf' : schema['x-kubernetes-map-type'] === 'atomic'
  const own = isAtomic ? [path] : []
  if (Array.isArray(value)) return [...own, ...value.flatMap((item, index) => atomicPlaces(itemSchema(schema), item, `${path}[${index}]`))]
  const properties = (schema.properties ?? {}) as Record<string, Schema>
  return [...own, ...Object.entries(value).flatMap(([name, below]) => atomicPlaces(properties[name], below, `${path}.${name}`))]
}
