// A body on its way to become an object: decoded by its type, and defaulted.
import { type Decoded, decodeBy } from './decode.ts'
import { applyDefaults } from './default.ts'

interface Type {
  schema: { readonly [keyword: string]: unknown }
  decode?(value: unknown): Decoded
  defaults?(draft: never): void
}

/** Throws DecodeError. */
export function draftOf(type: Type, value: unknown): Decoded {
  const decoded = decodeBy(type, value)
  setDefaults(type, decoded.object)
  return decoded
}

/** Of an object that is decoded already. */
export function setDefaults(type: Type, object: Record<string, unknown>): void {
  applyDefaults(type.schema, object)
  type.defaults?.(object as never)
}
