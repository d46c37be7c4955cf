// Service account tokens: ES256 JWTs as TokenRequest hands them out, and their check.
import { createHash, createPrivateKey, createPublicKey, createSign, createVerify, type KeyObject } from 'node:crypto'
import type { User } from '../registry/request.ts'
import { accountGroups } from './groups.ts'

export interface TokenClaims {
  aud: readonly string[]
  exp: number
  iat: number
  iss: string
  jti: string
  nbf: number
  sub: string
  'kubernetes.io': {
    namespace: string
    serviceaccount: { name: string; uid: string }
    pod?: { name: string; uid: string }
    secret?: { name: string; uid: string }
    node?: { name: string; uid?: string }
  }
}

export const defaultIssuer = 'https://kubernetes.default.svc.cluster.local'

export class TokenSigner {
  readonly #private: KeyObject
  readonly #public: KeyObject
  readonly keyId: string

  /** `key`: PEM of an EC P-256 private key. */
  constructor(key: string) {
    this.#private = createPrivateKey(key)
    this.#public = createPublicKey(this.#private)
    const spki = this.#public.export({ type: 'spki', format: 'der' })
    this.keyId = createHash('sha256').update(spki).digest('base64url')
  }

  sign(claims: TokenClaims): string {
    const text = `${part({ alg: 'ES256', kid: this.keyId })}.${part(claims)}`
    const signature = createSign('sha256').update(text).sign({ key: this.#private, dsaEncoding: 'ieee-p1363' })
    return `${text}.${signature.toString('base64url')}`
  }

  /** The claims of a token this cluster signed, expired or not; undefined otherwise. Throws for what is no JWT. */
  verify(token: string): TokenClaims | undefined {
    const [header, payload, signature] = token.split('.')
    if (!header || !payload || !signature) return undefined
    const good = createVerify('sha256')
      .update(`${header}.${payload}`)
      .verify({ key: this.#public, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
    return good ? JSON.parse(Buffer.from(payload, 'base64url').toString()) : undefined
  }

  /** The public key as /openid/v1/jwks shows it. */
  jwk(): object {
    const { kty, crv, x, y } = this.#public.export({ format: 'jwk' })
    return { use: 'sig', kty, kid: this.keyId, crv, alg: 'ES256', x, y }
  }
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export function userOf(claims: TokenClaims): User {
  const { namespace, serviceaccount, pod } = claims['kubernetes.io']
  return {
    name: `system:serviceaccount:${namespace}:${serviceaccount.name}`,
    uid: serviceaccount.uid,
    groups: [...accountGroups(namespace), 'system:authenticated'],
    extra: {
      'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`],
      ...(pod ? { 'authentication.kubernetes.io/pod-name': [pod.name], 'authentication.kubernetes.io/pod-uid': [pod.uid] } : {}),
    },
  }
}
