// Lists of type set and map: no item twice. Order of the errors as upstream's ValidateListSetsAndMaps.
import { duplicate, type FieldError, invalid } from '../errors.ts'
import { sortedJson } from '../values/json.ts'
import { isObject, itemsOf, join, own, type Structural, valuesOf } from './structural.ts'

export function listErrors(schema: Structural | undefined, value: unknown, path: string): FieldError[] {
  if (!schema) return []
  if (Array.isArray(value)) {
    const type = schema['x-kubernetes-list-type']
    const mine = type === 'set' ? setErrors(value, path) : type === 'map' ? mapErrors(schema, value, path) : []
    return [...mine, ...value.flatMap((item, i) => listErrors(itemsOf(schema), item, `${path}[${i}]`))]
  }
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, item]) => {
    const property = own(schema.properties, name)
    if (property) return listErrors(property, item, join(path, name))
    return listErrors(valuesOf(schema), item, `${path}[${name}]`)
  })
}

const setErrors = (items: readonly unknown[], path: string): FieldError[] => repeated(items).map(i => duplicate(`${path}[${i}]`, items[i]))

function mapErrors(schema: Structural, items: readonly unknown[], path: string): FieldError[] {
  const odd = items.findIndex(item => item !== null && !isObject(item))
  if (odd >= 0) return [invalid(`${path}[${odd}]`, items[odd], 'must be an object for an array of list-type map')]
  const keys = items.map(item => {
    const names = (schema['x-kubernetes-list-map-keys'] ?? []).filter(name => isObject(item) && item[name] !== undefined)
    return Object.fromEntries(names.map(name => [name, (item as Record<string, unknown>)[name]]))
  })
  return repeated(keys).map(i => duplicate(`${path}[${i}]`, keys[i]))
}

/** The second of each that comes more than once. */
function repeated(items: readonly unknown[]): number[] {
  const times = new Map<string, number>()
  return items.flatMap((item, i) => {
    const text = sortedJson(item)
    const seen = times.get(text) ?? 0
    times.set(text, seen + 1)
    return seen === 1 ? [i] : []
  })
}
