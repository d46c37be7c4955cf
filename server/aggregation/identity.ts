// In which headers an extension server is told who asks, as front proxies tell it.
import type { User } from '../registry/request.ts'

/** Bytes of UTF-8 as Node takes them: Latin-1 letters. */
const bytes = (text: string): string => Buffer.from(text).toString('latin1')

export function identityHeaders({ name, uid, groups, extra = {} }: User): Record<string, string | string[]> {
  return {
    'X-Remote-User': bytes(name),
    ...(uid ? { 'X-Remote-Uid': bytes(uid) } : {}),
    ...(groups.length > 0 ? { 'X-Remote-Group': groups.map(bytes) } : {}),
    ...Object.fromEntries(Object.entries(extra).map(([key, values]) => [`X-Remote-Extra-${escaped(key)}`, values.map(bytes)])),
  }
}

const legal = /[!#$&'*+.^_`|~0-9A-Za-z-]/

/** What may not stand in a header's name is percent-encoded. */
const escaped = (key: string): string =>
  [...Buffer.from(key)]
    .map(byte => {
      const letter = String.fromCharCode(byte)
      return legal.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')

/** What a client says of itself that is for this server only, or that only a front proxy may say. */
export const isCredential = (header: string): boolean => /^(authorization|impersonate-.*|x-remote-(user|uid|group|extra-.*))$/.test(header)
