// Sets of fields as managedFields keep them (FieldsV1), and what they say of an object by its schema: list types, map keys, atomic parts.
import { deepEqual } from '../values/equal.ts'

type Schema = { readonly [keyword: string]: unknown }
export type FieldsV1 = { [element: string]: FieldsV1 }

/** A tree of path elements: 'f:spec', 'k:{"name":"c"}', 'v:"x"'. `member`: this very path is in the set. */
export interface FieldSet {
  member: boolean
  children: ReadonlyMap<string, FieldSet>
  /** What a stored object says it as; a set is not changed once it has this. */
  printed?: FieldsV1
}

/** Most sets are leaves: they share this. */
const noChildren: ReadonlyMap<string, FieldSet> = new Map()
const setOf = (member: boolean): FieldSet => ({ member, children: noChildren })
export const emptySet = (): FieldSet => setOf(false)
export const isEmpty = (set: FieldSet): boolean => !set.member && set.children.size === 0

/** Whether it is the FieldsV1 form of a set, all the way down. What is frozen was printed by us. */
export const areFields = (fields: unknown): fields is FieldsV1 =>
  typeof fields === 'object' &&
  fields !== null &&
  !Array.isArray(fields) &&
  (Object.isFrozen(fields) || Object.entries(fields).every(([element, below]) => isElement(element) && areFields(below)))

function isElement(element: string): boolean {
  const [kind, rest] = [element.slice(0, 2), element.slice(2)]
  if (element === '.' || kind === 'f:') return true
  if (kind === 'i:') return /^\d+$/.test(rest)
  if (kind !== 'k:' && kind !== 'v:') return false
  try {
    return typeof JSON.parse(rest) === 'object' || kind === 'v:'
  } catch {
    return false
  }
}

/** What is frozen is shared by many objects, and so is the set it stands for. */
const parsed = new WeakMap<FieldsV1, FieldSet>()

export function parseFields(fields: FieldsV1 | undefined): FieldSet {
  const known = fields && parsed.get(fields)
  if (known) return known
  const set = emptySet()
  for (const element in fields) {
    if (element === '.') set.member = true
    else {
      const child = parseFields(fields[element])
      addChild(set, element, child.children.size === 0 ? setOf(true) : child)
    }
  }
  // Stored ones are frozen, and were printed by us.
  if (fields && Object.isFrozen(fields)) {
    set.printed = fields
    parsed.set(fields, set)
  }
  return set
}

/** Frozen, and shared by all leaves: half of a stored pod's objects. */
const nothingBelow: FieldsV1 = Object.freeze({})

/** Frozen: what is alike is the same object, as most objects of a kind have the same fields. */
export function printFields(set: FieldSet, member = false): FieldsV1 {
  if (set.printed) return set.printed
  if (set.children.size === 0) return nothingBelow
  const parts: [element: string, below: FieldsV1][] = member ? [['.', nothingBelow]] : []
  for (const element of [...set.children.keys()].sort()) {
    const child = set.children.get(element) as FieldSet
    parts.push([element, printFields(child, child.member)])
  }
  return shared(parts)
}

const byParts = new Map<string, FieldsV1>()
const numbers = new WeakMap<FieldsV1, number>([[nothingBelow, 0]])
let lastNumber = 0
const maxShared = 20_000
const maxKey = 4000

/** The one object with these parts. Those longer than usual, or no longer remembered, are made anew. */
function shared(parts: readonly [element: string, below: FieldsV1][]): FieldsV1 {
  let key = ''
  // An element may hold anything: its length tells where it ends.
  for (const [element, below] of parts) key += `${numberOf(below)}:${element.length}:${element}`
  const known = byParts.get(key)
  if (known) return known
  const fields = Object.freeze(Object.fromEntries(parts))
  if (key.length > maxKey) return fields
  if (byParts.size >= maxShared) byParts.clear()
  byParts.set(key, fields)
  return fields
}

function numberOf(fields: FieldsV1): number {
  const known = numbers.get(fields)
  if (known !== undefined) return known
  numbers.set(fields, ++lastNumber)
  return lastNumber
}

export function insert(set: FieldSet, path: readonly string[]): void {
  let at = set
  for (const element of path) {
    let child = at.children.get(element)
    if (!child) {
      child = emptySet()
      addChild(at, element, child)
    }
    at = child
  }
  at.member = true
}

/** Like its kin below it may return what it was given, or parts of it. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a)) return b
  if (isEmpty(b)) return a
  const result: FieldSet = { member: a.member || b.member, children: new Map(a.children) }
  for (const [element, child] of b.children) {
    const mine = result.children.get(element)
    addChild(result, element, mine ? union(mine, child) : child)
  }
  return result
}

/** Paths of `a` that are not in `b`. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet => without(a, b, difference)

/** Like difference, but a member of `b` takes everything below it too. */
export const recursiveDifference = (a: FieldSet, b: FieldSet): FieldSet =>
  without(a, b, (mine, other) => (other.member ? emptySet() : recursiveDifference(mine, other)))

function without(a: FieldSet, b: FieldSet, rest: (mine: FieldSet, other: FieldSet) => FieldSet): FieldSet {
  let children: Map<string, FieldSet> | undefined
  for (const [element, other] of b.children) {
    const mine = a.children.get(element)
    const left = mine && rest(mine, other)
    if (!left || left === mine) continue
    children ??= new Map(a.children)
    if (isEmpty(left)) children.delete(element)
    else children.set(element, left)
  }
  const member = a.member && !b.member
  return children || member !== a.member ? { member, children: children ?? a.children } : a
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const result = setOf(a.member && b.member)
  for (const [element, child] of a.children) {
    const other = b.children.get(element)
    const common = other && intersection(child, other)
    if (common && !isEmpty(common)) addChild(result, element, common)
  }
  return result
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  if (a.member !== b.member || a.children.size !== b.children.size) return false
  for (const [element, child] of a.children) {
    const other = b.children.get(element)
    if (!other || !equalSets(child, other)) return false
  }
  return true
}

/** Every member as the text conflicts use: .spec.containers[name="c"].image */
export function* memberPaths(set: FieldSet, prefix = ''): Generator<string> {
  if (set.member && prefix === '') yield prefix
  const elements = [...set.children.keys()].sort()
  // All of one level before what is below them.
  for (const element of elements) if (set.children.get(element)?.member) yield prefix + printElement(element)
  for (const element of elements) yield* memberPaths(withoutSelf(set.children.get(element)), prefix + printElement(element))
}

const withoutSelf = (set: FieldSet | undefined): FieldSet => ({ member: false, children: set?.children ?? new Map() })

export function printElement(element: string): string {
  const kind = element.slice(0, 2)
  const rest = element.slice(2)
  if (kind === 'f:') return `.${rest}`
  if (kind === 'k:') {
    const key = JSON.parse(rest) as Record<string, unknown>
    return `[${Object.keys(key)
      .sort()
      .map(name => `${name}=${JSON.stringify(key[name])}`)
      .join(',')}]`
  }
  return kind === 'v:' ? `[=${rest}]` : `[${rest}]`
}

// ---- what a schema says of a place

export interface Shape {
  /** 'leaf' is replaced as a whole. */
  is: 'leaf' | 'struct' | 'map' | 'list'
  /** Of an associative list, sorted; empty for a set. */
  keys: readonly string[]
}

const leaf: Shape = { is: 'leaf', keys: [] }
const shapes = new WeakMap<Schema, Shape>()

export function shapeOf(schema: Schema | undefined): Shape {
  if (!schema) return leaf
  const known = shapes.get(schema)
  if (known) return known
  const shape = buildShape(schema)
  shapes.set(schema, shape)
  return shape
}

function buildShape(schema: Schema): Shape {
  if (schema['x-kubernetes-map-type'] === 'atomic') return leaf
  if (schema.type === 'object') {
    if (schema.properties) return { is: 'struct', keys: [] }
    return schema.additionalProperties ? { is: 'map', keys: [] } : leaf
  }
  if (schema.type !== 'array') return leaf
  const type = schema['x-kubernetes-list-type']
  if (type === 'set') return { is: 'list', keys: [] }
  return type === 'map' ? { is: 'list', keys: [...(schema['x-kubernetes-list-map-keys'] as readonly string[])].sort() } : leaf
}

export const childSchema = (schema: Schema, field: string): Schema | undefined =>
  (schema.properties as Record<string, Schema> | undefined)?.[field] ??
  (schema.additionalProperties === false ? undefined : (schema.additionalProperties as Schema | undefined))
export const itemSchema = (schema: Schema): Schema => schema.items as Schema

/** The path element of an item of a set or keyed list. Keys that are absent take the schema's default. */
export function itemElement(schema: Schema, keys: readonly string[], item: unknown): string {
  if (keys.length === 0) return `v:${JSON.stringify(item)}`
  const properties = (itemSchema(schema).properties ?? {}) as Record<string, Schema>
  const key: Record<string, unknown> = {}
  for (const name of keys) {
    const value = (item as Record<string, unknown> | null)?.[name] ?? properties[name]?.default ?? zeroOf(properties[name])
    if (value !== undefined) key[name] = value
  }
  return `k:${JSON.stringify(key)}`
}

const zeroOf = (schema: Schema | undefined): unknown => (schema?.type === 'string' ? '' : undefined)

/** The fields a configuration names (structured-merge-diff's ToFieldSet). */
export function fieldsOf(schema: Schema, value: unknown): FieldSet {
  const set = emptySet()
  collect(schema, value, set)
  return set
}

function collect(schema: Schema | undefined, value: unknown, set: FieldSet): void {
  const shape = shapeOf(schema)
  if (shape.is === 'leaf' || schema === undefined || !fits(shape, value)) {
    set.member = true
    return
  }
  if (value === null) return
  if (shape.is === 'list') {
    for (const item of value as unknown[]) {
      const child = childAt(set, itemElement(schema, shape.keys, item))
      collect(itemSchema(schema), item, child)
      child.member = true
    }
    return
  }
  for (const [name, below] of Object.entries(value as object)) {
    if (below === undefined) continue
    const child = set.children.get(`f:${name}`) ?? emptySet()
    collect(childSchema(schema, name), below, child)
    const emptyMap = typeof below === 'object' && below !== null && !Array.isArray(below) && Object.keys(below).length === 0
    if (below === null || emptyMap || shape.is === 'map') child.member = true
    // An empty list names nothing.
    if (!isEmpty(child)) addChild(set, `f:${name}`, child)
  }
}

/** A value of another form than its schema says is taken as a whole. */
const fits = ({ is }: Shape, value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'object' && Array.isArray(value) === (is === 'list'))

function childAt(set: FieldSet, element: string): FieldSet {
  const known = set.children.get(element)
  if (known) return known
  const child = emptySet()
  addChild(set, element, child)
  return child
}

function addChild(set: FieldSet, element: string, child: FieldSet): void {
  if (set.children === noChildren) set.children = new Map()
  ;(set.children as Map<string, FieldSet>).set(element, child)
}

export interface Comparison {
  added: FieldSet
  modified: FieldSet
  removed: FieldSet
}

/** What changed from `before` to `after`; undefined stands for absent. */
export function compareObjects(schema: Schema, before: unknown, after: unknown): Comparison {
  const root = { added: emptySet(), modified: emptySet(), removed: emptySet() }
  compare(schema, { before, after }, root)
  return root
}

/** Where a comparison is: its sets come to be, with those above, when something is found there. */
type Place = Comparison | { above: Place; element: string; added?: FieldSet; modified?: FieldSet; removed?: FieldSet }

function setAt(place: Place, of: keyof Comparison): FieldSet {
  const known = place[of]
  if (known) return known
  const { above, element } = place as Exclude<Place, Comparison>
  const set = childAt(setAt(above, of), element)
  place[of] = set
  return set
}

function compare(schema: Schema | undefined, { before, after }: Pair, place: Place): void {
  if (before === after || (before === undefined && after === undefined)) return
  const shape = shapeOf(schema)
  const asLeaf =
    shape.is === 'leaf' || schema === undefined || !fits(shape, before) || !fits(shape, after) || (hasNothing(before) && hasNothing(after))
  if (!asLeaf && schema) {
    if (shape.is === 'list') compareItems(schema, { before, after }, place)
    else compareFields(schema, { before, after }, place)
  }
  if (before === undefined) setAt(place, 'added').member = true
  else if (after === undefined) setAt(place, 'removed').member = true
  else if (asLeaf && !deepEqual(before, after)) setAt(place, 'modified').member = true
}

function hasNothing(value: unknown): boolean {
  for (const _name in value as object) return false
  return true
}

interface Pair {
  before: unknown
  after: unknown
}

function compareFields(schema: Schema, { before, after }: Pair, place: Place): void {
  const a = (before ?? {}) as Record<string, unknown>
  const b = (after ?? {}) as Record<string, unknown>
  for (const name in a)
    if (a[name] !== b[name]) compare(childSchema(schema, name), { before: a[name], after: b[name] }, { above: place, element: `f:${name}` })
  for (const name in b)
    if (a[name] === undefined && b[name] !== undefined)
      compare(childSchema(schema, name), { before: undefined, after: b[name] }, { above: place, element: `f:${name}` })
}

function compareItems(schema: Schema, { before, after }: Pair, above: Place): void {
  const { keys } = shapeOf(schema)
  const items = itemSchema(schema)
  const a = itemsByElement(schema, keys, before)
  const b = itemsByElement(schema, keys, after)
  for (const [element, mine] of a) compareGroup(items, mine, b.get(element) ?? noItems, { above, element })
  for (const [element, theirs] of b) if (!a.has(element)) compareGroup(items, noItems, theirs, { above, element })
}

const noItems: readonly unknown[] = []

function compareGroup(schema: Schema, mine: readonly unknown[], theirs: readonly unknown[], place: Place): void {
  // Items that share a key are one leaf.
  if (mine.length > 1 || theirs.length > 1) compare(undefined, { before: several(mine), after: several(theirs) }, place)
  else compare(schema, { before: mine[0], after: theirs[0] }, place)
}

const several = (items: readonly unknown[]): unknown => (items.length > 0 ? items : undefined)

function itemsByElement(schema: Schema, keys: readonly string[], list: unknown): Map<string, unknown[]> {
  const items = new Map<string, unknown[]>()
  for (const item of (list ?? []) as unknown[]) {
    const element = itemElement(schema, keys, item)
    const known = items.get(element)
    if (known) known.push(item)
    else items.set(element, [item])
  }
  return items
}
