// Table columns that many kinds share.
import type { Column, KubeObject } from './kind.ts'
import { ageOf } from './values/time.ts'

export const nameColumn: Column<KubeObject> = {
  name: 'Name',
  type: 'string',
  description: 'Name of the object.',
  value: ({ metadata }) => metadata.name,
}
export const ageColumn: Column<KubeObject> = {
  name: 'Age',
  type: 'string',
  description: 'Time since the object was created.',
  value: ({ metadata }, now) => ageOf(metadata.creationTimestamp, now),
}
export const createdAtColumn: Column<KubeObject> = {
  name: 'Created At',
  type: 'date',
  description: 'When the object was created.',
  value: ({ metadata }) => metadata.creationTimestamp,
}

/** A text column. */
export const text = <T>(name: string, description: string, value: Column<T>['value'], priority: 0 | 1 = 0): Column<T> => ({
  name,
  type: 'string',
  description,
  priority,
  value,
})
export const integer = <T>(name: string, description: string, value: Column<T>['value'], priority: 0 | 1 = 0): Column<T> => ({
  name,
  type: 'integer',
  description,
  priority,
  value,
})
export const bool = <T>(name: string, description: string, value: Column<T>['value']): Column<T> => ({
  name,
  type: 'boolean',
  description,
  value,
})

interface WithTemplate {
  containers: readonly { name: string; image?: string }[]
}
export const containerNames = (spec: WithTemplate): string => spec.containers.map(c => c.name).join(',')
export const containerImages = (spec: WithTemplate): string => spec.containers.map(c => c.image ?? '').join(',')

/** The first of a list, then how many more there are. */
export function cut(items: readonly string[], max: number, total = items.length): string {
  if (total <= max) return items.join(',')
  return `${items.slice(0, max).join(',')} + ${total - max} more...`
}

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}
/** In the fixed order, each once. */
export const accessModes = (modes: readonly string[] | undefined): string =>
  Object.entries(shortModes)
    .filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',')

/** Labels as `k=v,…`, sorted; <none> when there are none. */
export function labelText(labels: Readonly<Record<string, string>> | undefined | null): string {
  const all = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return all.length === 0 ? '<none>' : all.map(([k, v]) => `${k}=${v}`).join(',')
}
