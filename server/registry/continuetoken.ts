// The opaque token of a paged list: where to go on, and in which snapshot. Same shape as upstream's, so that its errors are the same.
import { badRequest, errorText } from '../../openapi/errors.ts'
import { parseJson } from '../../openapi/values/json.ts'

export interface ContinueToken {
  /** Revision of the snapshot; negative: go on in the newest state. */
  revision: number
  /** Key below the list's prefix of the last object given. */
  after: string
}

const version = 'meta.k8s.io/v1'

export const printToken = ({ revision, after }: ContinueToken): string =>
  Buffer.from(JSON.stringify({ v: version, rv: revision, start: `${after}\u0000` })).toString('base64url')

export function parseToken(text: string): ContinueToken {
  const bad = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`)
  let token: { v?: unknown; rv?: unknown; start?: unknown }
  const decoded = Buffer.from(text, 'base64url').toString('latin1')
  const first = decoded.charCodeAt(0)
  // Go quotes the byte it stumbles over as a character.
  if (first >= 0x80)
    throw bad(`invalid character '${first < 0xa0 ? `\\u00${first.toString(16)}` : decoded[0]}' looking for beginning of value`)
  try {
    token = parseJson(decoded).value as typeof token
  } catch (error) {
    throw bad(errorText(error))
  }
  if (token.v !== version) throw bad(`server does not recognize this encoded version ${String(token.v ?? '')}`)
  if (token.rv === 0 || typeof token.rv !== 'number') throw bad(`incorrect encoded start resourceVersion (version ${version})`)
  if (typeof token.start !== 'string' || token.start === '') throw bad(`encoded start key empty (version ${version})`)
  if (token.start.startsWith('/') || token.start.split('/').includes('..')) throw bad(token.start)
  return { revision: token.rv, after: token.start.endsWith('\0') ? token.start.slice(0, -1) : token.start }
}
