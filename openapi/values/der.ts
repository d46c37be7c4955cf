// ASN.1 in its distinguished encoding, as far as certificates and their requests need it to be read.

export interface Der {
  tag: number
  /** What is inside. */
  content: Buffer
  /** Tag, length and content. */
  whole: Buffer
}

export class DerError extends Error {}

/** One value at the start of `bytes`, and what follows it. Throws DerError. */
export function readDer(bytes: Buffer): { value: Der; rest: Buffer } {
  const tag = bytes[0]
  const first = bytes[1]
  if (tag === undefined || first === undefined) throw new DerError('asn1: syntax error: data truncated')
  let start = 2
  let length = first
  if (first & 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 4) throw new DerError('asn1: syntax error: unsupported length')
    if (bytes.length < 2 + count) throw new DerError('asn1: syntax error: data truncated')
    length = bytes.readUIntBE(2, count)
    start += count
  }
  const end = start + length
  if (end > bytes.length) throw new DerError('asn1: syntax error: data truncated')
  return { value: { tag, content: bytes.subarray(start, end), whole: bytes.subarray(0, end) }, rest: bytes.subarray(end) }
}

/** The parts of a constructed value. Throws DerError. */
export function derParts({ content }: Pick<Der, 'content'>): Der[] {
  const parts: Der[] = []
  for (let rest = content; rest.length > 0; ) {
    const read = readDer(rest)
    parts.push(read.value)
    rest = read.rest
  }
  return parts
}

/** '2.5.4.3' */
export function derObjectId({ content }: Pick<Der, 'content'>): string {
  const numbers: number[] = []
  let value = 0
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    numbers.push(value)
    value = 0
  }
  const [head = 0, ...tail] = numbers
  const top = Math.min(Math.floor(head / 40), 2)
  return [top, head - top * 40, ...tail].join('.')
}

/** A string of any of the types names come in. */
export const derText = ({ tag, content }: Der): string =>
  tag === 0x1e ? Buffer.from(content).swap16().toString('utf16le') : content.toString(tag === 0x14 ? 'latin1' : 'utf8')
