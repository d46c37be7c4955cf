// The short hashes in names of revisions and replica sets: stable, in letters that spell no words.

const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** FNV-1a of the JSON text, 32 bits, as safe letters. */
export function shortHash(value: unknown, collisions = 0): string {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(stable(value) + (collisions > 0 ? String(collisions) : '')))
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return [...String(hash)].map(digit => alphabet[digit.charCodeAt(0) % alphabet.length]).join('')
}

/** JSON with sorted keys: the order a client wrote fields in does not count. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, v]) => v !== undefined)
  fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([k, v]) => `${JSON.stringify(k)}:${stable(v)}`).join(',')}}`
}
