// Bootstrap tokens in Secrets of kube-system: when they are over, and how they sign cluster-info for nodes that join. Pure.
import { createHmac } from 'node:crypto'
import type { ConfigMap } from '../../openapi/kinds/core/configmap.ts'
import type { Secret } from '../../openapi/kinds/core/secret/index.ts'

export const isBootstrapToken = ({ type }: Pick<Secret, 'type'>): boolean => type === 'bootstrap.kubernetes.io/token'

const textOf = ({ data = {} }: Secret, key: string): string => Buffer.from(data?.[key] ?? '', 'base64').toString()

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** Milliseconds that are left, at most 0 when it is over; undefined: it has no end. What is no time is over. */
export function remainingMs(secret: Secret, now: Date): number | undefined {
  const expiration = textOf(secret, 'expiration')
  if (expiration === '') return undefined
  return rfc3339.test(expiration) ? Date.parse(expiration) - now.getTime() : 0
}

const signature = 'jws-kubeconfig-'

/** The data that cluster-info should have: one signature for each token that may sign. */
export function signed({ data = {} }: ConfigMap, tokens: readonly Secret[], now: Date): Record<string, string> | undefined {
  const content = data?.kubeconfig
  if (content === undefined) return undefined
  const others = Object.entries(data ?? {}).filter(([key]) => !key.startsWith(signature))
  const signatures = tokens
    .filter(token => maySign(token, now))
    .map(token => {
      const id = textOf(token, 'token-id')
      return [signature + id, detachedSignature(content, id, textOf(token, 'token-secret'))]
    })
  return Object.fromEntries([...others, ...signatures])
}

function maySign(token: Secret, now: Date): boolean {
  const id = textOf(token, 'token-id')
  return (
    /^[a-z0-9]{6}$/.test(id) &&
    token.metadata.name === `bootstrap-token-${id}` &&
    textOf(token, 'token-secret') !== '' &&
    (remainingMs(token, now) ?? 1) > 0 &&
    textOf(token, 'usage-bootstrap-signing') === 'true'
  )
}

/** A JWS without its content, which stands beside it. */
function detachedSignature(content: string, id: string, secret: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid: id })).toString('base64url')
  const payload = Buffer.from(content).toString('base64url')
  return `${header}..${createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')}`
}
