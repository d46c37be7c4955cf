// Who asks: client certificate of our CA, static token, service account token, or nobody (anonymous).
import { createHash } from 'node:crypto'
import type { PeerCertificate, TLSSocket } from 'node:tls'
import { unauthorized } from '../../openapi/errors.ts'
import type { Clock } from '../clock.ts'
import type { User } from '../registry/request.ts'
import { defaultIssuer, type TokenSigner, userOf } from './tokens.ts'

export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

export class Authenticator {
  readonly #tokens: ReadonlyMap<string, User>
  readonly #signer: TokenSigner
  readonly #clock: Clock
  /** A connection's certificate does not change. */
  readonly #bySocket = new WeakMap<object, User | null>()

  constructor(tokens: ReadonlyMap<string, User>, signer: TokenSigner, clock: Clock) {
    this.#tokens = tokens
    this.#signer = signer
    this.#clock = clock
  }

  /** Throws 401 for credentials that are given but wrong. */
  authenticate(socket: object, authorization: string | undefined): User {
    const certified = this.#certified(socket as TLSSocket)
    if (certified) return certified
    if (!authorization) return anonymous
    const [scheme = '', token = ''] = authorization.split(' ')
    if (scheme.toLowerCase() !== 'bearer' || token === '') return anonymous
    const user = this.authenticateToken(token, [defaultIssuer])?.user
    if (!user) throw unauthorized()
    return user
  }

  /** Whose token it is, if it is for one of the audiences; those it is for. */
  authenticateToken(token: string, audiences: readonly string[]): { user: User; audiences: readonly string[] } | undefined {
    const known = this.#tokens.get(token)
    // Such a token is for whoever the server is, and for nobody else.
    if (known) return audiences.includes(defaultIssuer) ? { user: known, audiences: [defaultIssuer] } : undefined
    return this.#serviceAccount(token, audiences)
  }

  #certified(socket: TLSSocket): User | undefined {
    const known = this.#bySocket.get(socket)
    if (known !== undefined) return known ?? undefined
    const certificate = socket.authorized ? socket.getPeerCertificate?.() : undefined
    const user = certificate?.subject ? subjectUser(certificate) : null
    this.#bySocket.set(socket, user)
    return user ?? undefined
  }

  #serviceAccount(token: string, audiences: readonly string[]): { user: User; audiences: readonly string[] } | undefined {
    try {
      const claims = this.#signer.verify(token, this.#clock.now())
      const meant = audiences.filter(audience => claims?.aud.includes(audience))
      return claims && meant.length > 0 ? { user: userOf(claims), audiences: meant } : undefined
    } catch {
      // Not a JWT at all: the same 401 as a wrong one.
      return undefined
    }
  }
}

function subjectUser(certificate: PeerCertificate): User {
  const organizations = certificate.subject.O as string | string[] | undefined
  const groups = organizations === undefined ? [] : Array.isArray(organizations) ? organizations : [organizations]
  const names = certificate.subject.CN as string | string[] | undefined
  return {
    name: Array.isArray(names) ? (names[0] ?? '') : (names ?? ''),
    groups: [...groups, 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${createHash('sha256').update(certificate.raw).digest('hex')}`] },
  }
}
