// The bounds that a schema sets to the sizes of values: what it does not say follows from the largest request. cel/common/schemas.go.
import { isEmbedded, isIntOrString, itemsOf, type Structural, valuesOf } from '../../custom/structural.ts'
import { escapeName } from '../names.ts'
import { objectSchema } from '../values.ts'

export interface Bounds {
  /** Items, entries or bytes; 0 for what has none. */
  maxElements: number
  /** Bytes of the shortest JSON. */
  minBytes: number
  /** By the names that expressions use. */
  fields?: ReadonlyMap<string, Bounds>
  keys?: Bounds
  /** Of lists and maps. */
  elements?: Bounds
}

const maxRequestBytes = 3 * 1024 * 1024
/** Without its quotes, brackets or braces. */
const room = maxRequestBytes - 2

const scalars: Readonly<Record<string, Bounds>> = {
  boolean: { maxElements: 0, minBytes: 4 },
  number: { maxElements: 0, minBytes: 1 },
  integer: { maxElements: 0, minBytes: 1 },
}
const timeFormats: Readonly<Record<string, Bounds>> = {
  duration: { maxElements: 32, minBytes: 3 },
  date: { maxElements: 12, minBytes: 12 },
  'date-time': { maxElements: 32, minBytes: 21 },
}
const key: Bounds = { maxElements: 0, minBytes: 2 }

const positive = (limit: number): number => Math.max(0, limit)

/** How often a value of at least so many bytes fits into a request. */
export const mostIn = ({ minBytes }: Bounds): number => Math.floor(maxRequestBytes / (minBytes + 1))

/** undefined: expressions do not see such values. */
export function boundsOf(schema: Structural): Bounds | undefined {
  if (isIntOrString(schema)) return { maxElements: schema.maxLength === undefined ? room : 4 * positive(schema.maxLength), minBytes: 1 }
  switch (schema.type) {
    case 'array':
      return listBounds(schema)
    case 'object':
      return valuesOf(schema) ? mapBounds(schema) : objectBounds(isEmbedded(schema) ? objectSchema(schema) : schema)
    case 'string':
      return textBounds(schema)
    default:
      return scalars[schema.type ?? '']
  }
}

function listBounds(schema: Structural): Bounds | undefined {
  const items = itemsOf(schema)
  const elements = items && boundsOf(items)
  if (!elements) return undefined
  return { maxElements: positive(schema.maxItems ?? Math.floor(room / (elements.minBytes + 1))), minBytes: 2, elements }
}

/** A key takes its quotes, a colon and a comma, and two letters. */
const entryBytes = 6

function mapBounds(schema: Structural): Bounds | undefined {
  const values = valuesOf(schema)
  const elements = values && boundsOf(values)
  if (!elements) return undefined
  return {
    maxElements: positive(schema.maxProperties ?? Math.floor(room / (elements.minBytes + entryBytes))),
    minBytes: 2,
    keys: key,
    elements,
  }
}

function objectBounds(schema: Structural): Bounds {
  const fields = new Map<string, Bounds>()
  let minBytes = 2
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const bounds = boundsOf(property)
    if (!bounds) continue
    const escaped = escapeName(name)
    if (escaped !== undefined) fields.set(escaped, bounds)
    if (schema.required?.includes(name) && property.default === undefined) minBytes += Buffer.byteLength(name) + bounds.minBytes + 4
  }
  return { maxElements: 0, minBytes, fields }
}

function textBounds({ format = '', maxLength, enum: choices }: Structural): Bounds {
  const time = timeFormats[format]
  if (time) return time
  // A character may take four bytes.
  if (maxLength !== undefined) return { maxElements: positive(maxLength) * (format === 'byte' ? 1 : 4), minBytes: 2 }
  const longest = (choices ?? []).map(choice => (typeof choice === 'string' ? Buffer.byteLength(choice) : 0))
  return { maxElements: longest.length > 0 && format !== 'byte' ? Math.max(...longest) : room, minBytes: 2 }
}
