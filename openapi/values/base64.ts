// Text and bytes to and from base64, over UTF-8.

/** Bytes turned to a binary string at a time: a call takes only so many arguments. */
const chunk = 8192

export function encodeBase64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  let binary = ''
  for (let i = 0; i < bytes.length; i += chunk) binary += String.fromCharCode(...bytes.subarray(i, i + chunk))
  return btoa(binary)
}

export const decodeBase64 = (text: string): string => Buffer.from(text, 'base64').toString()

/** Bytes that base64 text stands for. */
export const decodedLength = (text: string): number => Math.floor((text.replace(/=+$/, '').length * 3) / 4)

/** Bytes of text. */
export const utf8Length = (text: string): number => Buffer.byteLength(text)
