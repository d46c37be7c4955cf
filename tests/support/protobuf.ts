// Protobuf on the wire, read without any schema.

export interface Field {
  id: number
  value: Buffer | number
}

export function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = []
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes.readUInt8(at++)
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const id = Math.floor(tag / 8)
    if (tag % 8 === 0) fields.push({ id, value: varint() })
    else {
      const length = varint()
      fields.push({ id, value: bytes.subarray(at, at + length) })
      at += length
    }
  }
  return fields
}

export const textOf = (field: Field | undefined): string | undefined => field?.value.toString()
