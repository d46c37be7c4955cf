// Deep equality of JSON values; the order of keys does not count, undefined equals absent.

export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => deepEqual(item, b[i]))
  if (Array.isArray(b)) return false
  return sameFields(a as Record<string, unknown>, b as Record<string, unknown>)
}

function sameFields(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  let count = 0
  for (const key in a) {
    if (a[key] === undefined) continue
    count++
    if (!deepEqual(a[key], b[key])) return false
  }
  for (const key in b) if (b[key] !== undefined) count--
  return count === 0
}
