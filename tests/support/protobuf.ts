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

export const bytesOf = (field: Field | undefined): Buffer => (field && Buffer.isBuffer(field.value) ? field.value : Buffer.alloc(0))

/** An enveloped message in the form of the recordings. */
export function envelope(bytes: Buffer): unknown {
  const [typeMeta, raw, contentEncoding, contentType] = fieldsOf(bytes.subarray(4))
  return {
    magic: bytes.subarray(0, 4).toString('hex'),
    fields: [
      { id: typeMeta?.id, name: 'typeMeta', fields: fieldsOf(bytesOf(typeMeta)).map(field => ({ id: field.id, value: textOf(field) })) },
      { id: raw?.id, name: 'raw', fieldIds: fieldsOf(bytesOf(raw)).map(({ id }) => id) },
      { id: contentEncoding?.id, name: 'contentEncoding', value: textOf(contentEncoding) },
      { id: contentType?.id, name: 'contentType', value: textOf(contentType) },
    ],
  }
}
