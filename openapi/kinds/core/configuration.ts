// What ConfigMaps and Secrets have in common: a limit to their size, and a lock.
import { type FieldError, forbidden } from '../../errors.ts'
import { deepEqual } from '../../values/equal.ts'

export const maxDataBytes = 1024 * 1024

/** Once `immutable`, neither it nor the data may change. */
export function lockedErrors<T extends { immutable?: boolean }>(next: T, old: T, fields: readonly (keyof T & string)[]): FieldError[] {
  if (!old.immutable) return []
  const changed = fields.filter(field => !deepEqual(next[field] ?? {}, old[field] ?? {}))
  return [...(next.immutable ? [] : ['immutable']), ...changed].map(field => forbidden(field, 'field is immutable when `immutable` is set'))
}
