// A server of others is asked whose a token is: --authentication-token-webhook-config-file, a kubeconfig.
import { parseDuration } from '../../openapi/values/time.ts'
import type { Clock } from '../clock.ts'
import { type Config, ConfigError } from '../config.ts'
import { ExpiringCache } from '../expiringcache.ts'
import { askReview } from '../extension/backend.ts'
import { CallError } from '../extension/call.ts'
import { targetOf } from '../extension/kubeconfig.ts'
import { withAuthenticated } from './groups.ts'
import { defaultIssuer } from './tokens.ts'
import { type Authenticated, TokenError, type TokenSource } from './tokensource.ts'

const cacheSize = 10_000
const firstWaitMs = 500

interface Status {
  authenticated?: boolean
  user?: { username?: string; uid?: string; groups?: readonly string[]; extra?: Readonly<Record<string, readonly string[]>> }
  audiences?: readonly string[]
  error?: string
}

/** undefined: there is none. Throws ConfigError. */
export function tokenWebhook(config: Config, clock: Clock): TokenSource | undefined {
  if (config.authenticationTokenWebhookConfigFile === '') return undefined
  const target = targetOf(config.authenticationTokenWebhookConfigFile, why => new ConfigError(`webhook token authentication: ${why}`))
  const apiVersion = `authentication.k8s.io/${config.authenticationTokenWebhookVersion}`
  const ttlMs = parseDuration(config.authenticationTokenWebhookCacheTtl) ?? 0
  const known = new ExpiringCache<{ found: Authenticated | undefined }>(clock, cacheSize)
  return async (token, audiences) => {
    const key = JSON.stringify([token, audiences])
    const before = known.get(key)
    if (before) return before.found
    const review = { kind: 'TokenReview', apiVersion, spec: { token, audiences }, status: { user: {} } }
    const found = authenticated(await told(askReview<Status>(target, review, { clock, firstWaitMs })), audiences)
    known.set(key, { found }, ttlMs)
    return found
  }
}

/** Throws TokenError when there is no answer. */
async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw error instanceof CallError ? new TokenError(error.message) : error
  }
}

/** An answer that names no audience is about this server. */
function authenticated({ authenticated: yes, user = {}, audiences, error }: Status, wanted: readonly string[]): Authenticated | undefined {
  const meant = audiences?.length ? audiences : [defaultIssuer]
  const both = wanted.filter(audience => meant.includes(audience))
  if (both.length === 0) return undefined
  if (!yes && error) throw new TokenError(error)
  if (!yes) return undefined
  const { username: name = '', uid, groups = [], extra } = user
  return {
    user: { name, ...(uid ? { uid } : {}), groups: withAuthenticated(name, groups), ...(extra ? { extra } : {}) },
    audiences: both,
  }
}
