// Fields that a schema does not list go (and are named), and so do nulls that say nothing. What need not change is returned as it is.
import { isEmbedded, isObject, itemsOf, join, own, preserves, type Structural, typeFields, valuesOf } from './structural.ts'

export interface Pruned {
  value: unknown
  /** Paths of what went, sorted. */
  unknown: string[]
}

/** A whole object: its apiVersion, kind and metadata stay, whatever the schema says of them. */
export function pruneObject(schema: Structural, object: unknown): Pruned {
  const unknown: string[] = []
  const value = pruneFields({ ...schema, 'x-kubernetes-embedded-resource': true }, object, { path: '', unknown })
  return { value: dropNulls(schema, value), unknown: unknown.sort() }
}

/** A part of an object. */
export function pruneValue(schema: Structural, value: unknown): Pruned {
  const unknown: string[] = []
  return { value: pruneFields(schema, value, { path: '', unknown }), unknown: unknown.sort() }
}

interface Place {
  path: string
  unknown: string[]
}

const below = ({ path, unknown }: Place, name: string): Place => ({ path: join(path, name), unknown })
const at = ({ path, unknown }: Place, index: number): Place => ({ path: `${path}[${index}]`, unknown })

/** Without a schema nothing is known: objects lose all their fields. */
function pruneFields(schema: Structural | undefined, value: unknown, place: Place): unknown {
  if (schema && preserves(schema)) return keepFields(schema, value, place)
  if (Array.isArray(value)) return mapItems(value, (item, i) => pruneFields(schema && itemsOf(schema), item, at(place, i)))
  if (!isObject(value)) return value
  return mapFields(value, (item, name) => {
    if (schema && isEmbedded(schema) && typeFields.has(name)) return item
    const property = own(schema?.properties, name)
    if (property) return pruneFields(property, item, below(place, name))
    if (schema?.additionalProperties !== undefined && schema.additionalProperties !== false)
      return pruneFields(valuesOf(schema), item, below(place, name))
    if (!typeFields.has(name) || place.path !== '') place.unknown.push(below(place, name).path)
    return gone
  })
}

/** Where unknown fields stay, what is listed is still looked at. */
function keepFields(schema: Structural | undefined, value: unknown, place: Place): unknown {
  if (!schema) return value
  if (Array.isArray(value)) return mapItems(value, (item, i) => keepFields(itemsOf(schema), item, at(place, i)))
  if (!isObject(value)) return value
  return mapFields(value, (item, name) => {
    if (isEmbedded(schema) && typeFields.has(name)) return item
    const property = own(schema.properties, name)
    if (property) return pruneFields(property, item, below(place, name))
    return schema.additionalProperties ? pruneFields(valuesOf(schema), item, below(place, name)) : item
  })
}

/** null stands for absent unless the schema says otherwise; a default takes its place. */
function dropNulls(schema: Structural | undefined, value: unknown): unknown {
  if (!schema) return value
  if (Array.isArray(value)) return mapItems(value, item => dropNulls(itemsOf(schema), item))
  if (!isObject(value)) return value
  return mapFields(value, (item, name) => {
    const child = own(schema.properties, name) ?? valuesOf(schema)
    if (item === null && child && !child.nullable) return gone
    return dropNulls(child, item)
  })
}

const gone = Symbol('gone')

function mapItems(list: readonly unknown[], change: (item: unknown, index: number) => unknown): readonly unknown[] {
  const changed = list.map(change)
  return changed.every((item, i) => item === list[i]) ? list : changed
}

export function mapFields(fields: Readonly<Record<string, unknown>>, change: (item: unknown, name: string) => unknown): object {
  let same = true
  const result: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(fields)) {
    const next = change(item, name)
    if (next !== item) same = false
    if (next !== gone) Object.defineProperty(result, name, { value: next, enumerable: true, configurable: true, writable: true })
  }
  return same ? fields : result
}
