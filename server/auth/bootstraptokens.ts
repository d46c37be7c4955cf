// Bootstrap tokens: ID.SECRET, kept in Secrets of kube-system, for nodes that join.
import { timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../openapi/kinds/core/secret/index.ts'
import type { User } from '../registry/request.ts'

export interface BootstrapToken {
  id: string
  secret: string
}

/** undefined: it does not look like one. */
export function parseBootstrapToken(text: string): BootstrapToken | undefined {
  const [, id, secret] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(text) ?? []
  return id && secret ? { id, secret } : undefined
}

export const bootstrapSecretName = ({ id }: BootstrapToken): string => `bootstrap-token-${id}`

const extraGroup = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/

/** Who has the token, by the Secret that is kept under its name; undefined: nobody may come in with it now. */
export function bootstrapUser({ metadata, type, data = {} }: Secret, token: BootstrapToken, now: Date): User | undefined {
  const text = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString()
  if (metadata.deletionTimestamp || type !== 'bootstrap.kubernetes.io/token') return undefined
  if (!isSame(text('token-secret'), token.secret) || text('token-id') !== token.id) return undefined
  if (hasExpired(text('expiration'), now) || text('usage-bootstrap-authentication') !== 'true') return undefined
  const extra = text('auth-extra-groups')
  const groups = extra === '' ? [] : extra.split(',')
  if (!groups.every(group => extraGroup.test(group))) return undefined
  return {
    name: `system:bootstrap:${token.id}`,
    groups: [...[...new Set(['system:bootstrappers', ...groups])].sort(), 'system:authenticated'],
  }
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** What is no time is over; without one it never is. */
const hasExpired = (expiration: string, now: Date): boolean =>
  expiration !== '' && !(rfc3339.test(expiration) && Date.parse(expiration) > now.getTime())
