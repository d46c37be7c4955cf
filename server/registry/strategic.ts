// Strategic merge patch: lists are merged by the schema's merge keys, and directives ($patch, $retainKeys, $deleteFromPrimitiveList,
// $setElementOrder) say the rest.
import { badRequest, StatusError } from '../../openapi/errors.ts'
import { deepEqual } from '../../openapi/values/equal.ts'

type Schema = { readonly [keyword: string]: unknown }
type Fields = Record<string, unknown>

const orderPrefix = '$setElementOrder/'
const deletePrefix = '$deleteFromPrimitiveList/'
const failed = (message: string): StatusError => new StatusError(500, '', message)

export function strategicMerge(schema: Schema | undefined, original: Fields, patch: Fields): Fields {
  const directive = patch.$patch
  if (directive === 'replace') return withoutDirectives(patch)
  if (directive === 'delete') return {}
  // Only a word is a directive.
  if (typeof directive === 'string') throw failed(`unknown patch type: ${String(directive)} in map: ${goMap(patch)}`)
  const result = retained(original, patch)
  for (const [name, value] of Object.entries(patch)) {
    if (name === '$patch' || name === '$retainKeys' || name.startsWith(orderPrefix)) continue
    if (name.startsWith(deletePrefix)) deleteFromList(result, name.slice(deletePrefix.length), value)
    else mergeField(propertyOf(schema, name), result, { name, value, order: patch[orderPrefix + name] })
  }
  for (const [name, order] of Object.entries(patch))
    if (name.startsWith(orderPrefix))
      reorderOnly(propertyOf(schema, name.slice(orderPrefix.length)), result, { name: name.slice(orderPrefix.length), order, patch })
  return result
}

const propertyOf = (schema: Schema | undefined, name: string): Schema | undefined =>
  (schema?.properties as Record<string, Schema> | undefined)?.[name] ??
  (typeof schema?.additionalProperties === 'object' ? (schema.additionalProperties as Schema) : undefined)

function retained(original: Fields, patch: Fields): Fields {
  const keep = patch.$retainKeys
  if (keep === undefined) return { ...original }
  const names = Array.isArray(keep) ? keep : []
  const extra = Object.entries(patch).some(([name, value]) => !name.startsWith('$') && value !== null && !names.includes(name))
  if (!Array.isArray(keep) || extra) throw badRequest('invalid patch format of retainKeys')
  return Object.fromEntries(Object.entries(original).filter(([name]) => names.includes(name)))
}

function deleteFromList(result: Fields, name: string, value: unknown): void {
  if (result[name] === undefined) return
  if (!Array.isArray(value)) throw failed(`expected a []interface {}, but received a ${goType(value)}`)
  const list = result[name]
  if (Array.isArray(list)) result[name] = list.filter(item => !value.some(gone => deepEqual(gone, item)))
}

interface FieldPatch {
  name: string
  value: unknown
  order: unknown
}

function mergeField(schema: Schema | undefined, result: Fields, { name, value, order }: FieldPatch): void {
  if (value === null) {
    delete result[name]
    return
  }
  const current = result[name]
  const strategies = String(schema?.['x-kubernetes-patch-strategy'] ?? '').split(',')
  if (Array.isArray(value)) {
    const merges = strategies.includes('merge') && (current === undefined || current === null || Array.isArray(current))
    result[name] = merges ? mergeList(schema as Schema, (current ?? []) as unknown[], value, order) : value
    return
  }
  if (typeof value !== 'object' || strategies.includes('replace')) {
    result[name] = value
    return
  }
  // Into what is not there upstream puts nothing of a map with directives.
  if (current === undefined && (value as Fields).$patch !== undefined) return
  const base = typeof current === 'object' && current !== null && !Array.isArray(current) ? (current as Fields) : {}
  result[name] = Array.isArray(current) ? value : strategicMerge(schema, base, value as Fields)
}

function mergeList(schema: Schema, original: readonly unknown[], patch: readonly unknown[], order: unknown): unknown[] {
  const key = schema['x-kubernetes-patch-merge-key'] as string | undefined
  const isMap = (item: unknown) => typeof item === 'object' && item !== null && !Array.isArray(item)
  if (key === undefined) {
    const merged = [...original]
    for (const item of patch) if (!merged.some(known => deepEqual(known, item))) merged.push(item)
    return ordered(merged, original, checkedOrder(order) ?? patch, item => item)
  }
  if (patch.some(item => !isMap(item))) throw failed(`list element types are not identical: [${goMap(original)} ${goMap(patch)}]`)
  const items = patch as Fields[]
  if (items.some(item => item.$patch === 'replace')) return items.filter(item => item.$patch !== 'replace').map(withoutDirectives)
  const wanted = checkedOrder(order) as Fields[] | undefined
  if (wanted) checkOrder(items, wanted, key)
  let merged = [...(original as Fields[])]
  for (const item of items) {
    const id = item[key]
    if (id === undefined) throw failed(`map: ${goMap(item)} does not contain declared merge key: ${key}`)
    const at = merged.findIndex(known => deepEqual(known[key], id))
    if (item.$patch === 'delete') merged = merged.filter(known => !deepEqual(known[key], id))
    else if (at >= 0) merged[at] = strategicMerge(schema.items as Schema, merged[at] as Fields, item)
    else merged.push(strategicMerge(schema.items as Schema, {}, item))
  }
  return ordered(merged, original, wanted ?? items, item => (item as Fields)[key])
}

function checkedOrder(order: unknown): unknown[] | undefined {
  if (order === undefined) return undefined
  if (!Array.isArray(order)) throw failed(`expected a []interface {}, but received a ${goType(order)}`)
  return order
}

/** Every item that is not deleted must stand in the order, and in that order. */
function checkOrder(items: readonly Fields[], order: readonly Fields[], key: string): void {
  let at = 0
  for (const item of items) {
    if (item.$patch !== undefined) continue
    const found = order.findIndex((o, i) => i >= at && deepEqual(o[key], item[key]))
    if (found < 0) throw failed(`The order in patch list:\n${goMap(items)}\n doesn't match $setElementOrder list:\n${goMap(order)}\n`)
    at = found + 1
  }
}

/** Items named by `order` come in that order; those only the server has keep their place relative to their neighbours. */
function ordered(
  merged: readonly unknown[],
  original: readonly unknown[],
  order: readonly unknown[],
  idOf: (item: unknown) => unknown,
): unknown[] {
  const position = (item: unknown) => order.findIndex(o => deepEqual(idOf(o), idOf(item)))
  const inOrder = merged.filter(item => position(item) >= 0).sort((a, b) => position(a) - position(b))
  const serverOnly = merged.filter(item => position(item) < 0)
  const serverIndex = (item: unknown) => original.findIndex(o => deepEqual(idOf(o), idOf(item)))
  const result: unknown[] = []
  let next = 0
  for (const item of inOrder) {
    const index = serverIndex(item)
    while (next < serverOnly.length && index >= 0 && serverIndex(serverOnly[next]) < index) result.push(serverOnly[next++])
    result.push(item)
  }
  return [...result, ...serverOnly.slice(next)]
}

/** An order without a patch of the list itself. */
function reorderOnly(
  schema: Schema | undefined,
  result: Fields,
  { name, order, patch }: { name: string; order: unknown; patch: Fields },
): void {
  const wanted = checkedOrder(order)
  const list = result[name]
  if (patch[name] !== undefined || !Array.isArray(list)) return
  const key = schema?.['x-kubernetes-patch-merge-key'] as string | undefined
  result[name] = ordered(list, list, wanted ?? [], item => (key ? (item as Fields)[key] : item))
}

function withoutDirectives(patch: Fields): Fields {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith('$')))
}

const goType = (value: unknown): string =>
  Array.isArray(value)
    ? '[]interface {}'
    : typeof value === 'object'
      ? 'map[string]interface {}'
      : typeof value === 'number'
        ? 'int64'
        : typeof value

/** Go's %v of a decoded JSON value. */
export function goMap(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goMap).join(' ')}]`
  if (typeof value !== 'object' || value === null) return value === null || value === undefined ? '<nil>' : String(value)
  return `map[${Object.keys(value)
    .sort()
    .map(name => `${name}:${goMap((value as Fields)[name])}`)
    .join(' ')}]`
}
