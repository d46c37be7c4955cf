// PEM blocks: text around base64, as certificates and requests are written.

export interface PemBlock {
  type: string
  /** DER. */
  bytes: Uint8Array
  headers: boolean
}

const block = /-----BEGIN ([^\n-]+)-----[ \t]*\r?\n([\s\S]*?)-----END \1-----[ \t]*(?:\r?\n|$)/g
const header = /^[^\n:]+:[^\n]*\r?\n/

/** All blocks in order; what stands between them does not count. */
export const pemBlocks = (text: string): PemBlock[] =>
  [...text.matchAll(block)].map(([, type = '', body = '']) => ({
    type,
    headers: header.test(body),
    bytes: Buffer.from(body.replace(/^(?:[^\n:]+:[^\n]*\r?\n)+\r?\n?/, ''), 'base64'),
  }))
