// Text to base64, over UTF-8.

/** Bytes turned to a binary string at a time: a call takes only so many arguments. */
const chunk = 8192

export function encodeBase64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  let binary = ''
  for (let i = 0; i < bytes.length; i += chunk) binary += String.fromCharCode(...bytes.subarray(i, i + chunk))
  return btoa(binary)
}
