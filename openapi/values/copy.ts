// A mutable copy of a JSON value, all the way down.

export function deepCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(deepCopy) as T
  const copy: Record<string, unknown> = {}
  for (const key in value) {
    // As a plain assignment it would be the prototype.
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value: deepCopy(value[key]), enumerable: true, configurable: true, writable: true })
    else copy[key] = deepCopy((value as Record<string, unknown>)[key])
  }
  return copy as T
}
