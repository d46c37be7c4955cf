// Field numbers and presence of the typed API's messages (protobuf.json), expanded when first asked for.
// An entry is "ID TYPE FLAGS JSONNAME"; ~ stands for k8s.io.apimachinery.pkg., @ for k8s.io.api. ; flags: r repeated, p pointer
// (an explicit zero is kept), o omitempty, z omitzero, i inline (its fields stand in the parent's JSON).
import data from './protobuf.json' with { type: 'json' }

export interface MessageField {
  /** Name in JSON. */
  name: string
  id: number
  /** A scalar's protobuf type or a message name in short form. */
  type: string
  repeated: boolean
  /** The key's type, when it is a map. */
  mapKey: string | undefined
  pointer: boolean
  omitempty: boolean
  omitzero: boolean
  inline: boolean
}

const messages = data as unknown as Readonly<Record<string, Readonly<Record<string, string>>>>
const expanded = new Map<string, readonly MessageField[]>()

/** 'io.k8s.api.core.v1.Pod' (a schema's title) -> '@core.v1.Pod'. */
export const messageOf = (title: string): string =>
  title
    .replace(/^io\.k8s\.apimachinery\.pkg\./, '~')
    .replace(/^io\.k8s\.api\./, '@')
    .replace(/^io\.k8s\./, 'k8s.io.')
    .replaceAll('-', '_')

export function messageFields(message: string): readonly MessageField[] | undefined {
  const known = expanded.get(message)
  if (known) return known
  const raw = messages[message]
  if (!raw) return undefined
  const fields = Object.entries(raw).map(([name, text]) => expand(name, text))
  expanded.set(message, fields)
  return fields
}

function expand(name: string, text: string): MessageField {
  const parts = text.split(' ')
  const id = Number(parts.shift())
  const isMap = parts[0]?.startsWith('map<') === true
  const mapKey = isMap ? parts.shift()?.slice(4, -1) : undefined
  const [type = '', flags = '', json] = parts
  return {
    name: json ?? name,
    id,
    type,
    mapKey,
    repeated: flags.includes('r'),
    pointer: flags.includes('p'),
    omitempty: flags.includes('o'),
    omitzero: flags.includes('z'),
    inline: flags.includes('i'),
  }
}
