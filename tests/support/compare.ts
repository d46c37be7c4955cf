// Comparing answers as JSON values: pointers, order where it does not count, the first difference in words.
import { deepEqual } from '../../openapi/values/equal.ts'
import { isServed } from './reference.ts'

const parts = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map(part => part.replace(/~1/g, '/').replace(/~0/g, '~'))

/** The value at a JSON pointer. */
export const at = (value: unknown, pointer: string): unknown =>
  parts(pointer).reduce((v, part) => (v as Record<string, unknown> | undefined)?.[part], value)

/** A copy without what a JSON pointer points to. */
export function without(value: unknown, pointer: string): unknown {
  const path = parts(pointer)
  const last = path.pop()
  const copy = structuredClone(value)
  const parent = path.reduce((v, part) => (v as Record<string, unknown> | undefined)?.[part], copy)
  if (last !== undefined && typeof parent === 'object' && parent !== null) delete (parent as Record<string, unknown>)[last]
  return copy
}

/** managedFields compare as a set. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => {
      if (key !== 'managedFields' || !Array.isArray(v)) return [key, sorted(v)]
      const text = (entry: Record<string, unknown>) =>
        JSON.stringify([entry.operation, entry.manager, entry.subresource ?? '', entry.apiVersion, entry.fieldsV1])
      return [key, [...v].sort((a, b) => (text(a) < text(b) ? -1 : 1))]
    }),
  )
}

/** A discovery document without the groups that are not served. */
export function servedOnly(value: unknown): unknown {
  const { kind, groups, items, paths } = (value ?? {}) as Record<string, unknown[] | string>
  const keep = (name: string | undefined) => !name || isServed(name)
  if (kind === 'APIGroupList') return { ...(value as object), groups: (groups as { name: string }[]).filter(g => keep(g.name)) }
  if (kind === 'APIGroupDiscoveryList')
    return { ...(value as object), items: (items as { metadata: { name?: string } }[]).filter(i => keep(i.metadata.name)) }
  if (Array.isArray(paths)) return { paths: (paths as string[]).filter(path => keep(/^\/apis\/([^/]+)/.exec(path)?.[1])) }
  return value
}

export function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key, v]) => key !== 'description' || typeof v !== 'string')
  return Object.fromEntries(entries.map(([key, v]) => [key, withoutDescriptions(v)]))
}

export function firstDifference(want: unknown, got: unknown, path: string): string {
  if (typeof want !== 'object' || typeof got !== 'object' || want === null || got === null)
    return `${path}: want ${JSON.stringify(want)?.slice(0, 3000)}, got ${JSON.stringify(got)?.slice(0, 3000)}`
  const [a, b] = [want as Record<string, unknown>, got as Record<string, unknown>]
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
    if (!deepEqual(a[key], b[key])) return firstDifference(a[key], b[key], `${path}/${key}`)
  return `${path}: lengths differ`
}
