// A decoded JSON value as Go prints it (%v) and calls its type (%T).
export function printGoValue(value: unknown): { text: string; type: string } {
  if (value === null || value === undefined) return { text: '<nil>', type: '<nil>' }
  if (Array.isArray(value)) return { text: `[${value.map(item => printGoValue(item).text).join(' ')}]`, type: '[]interface {}' }
  if (typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return { text: `map[${entries.map(([k, v]) => `${k}:${printGoValue(v).text}`).join(' ')}]`, type: 'map[string]interface {}' }
  }
  if (typeof value === 'number') return { text: String(value), type: Number.isInteger(value) ? 'int64' : 'float64' }
  return { text: String(value), type: typeof value === 'boolean' ? 'bool' : 'string' }
}
