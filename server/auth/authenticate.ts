// Who asks: client certificate of our CA, static token, service account token, or nobody (anonymous).
import type { PeerCertificate, TLSSocket } from 'node:tls'
import { unauthorized } from '../../openapi/errors.ts'
import type { Clock } from '../clock.ts'
import type { User } from '../registry/request.ts'
import { type TokenSigner, userOf } from './tokens.ts'

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
    const user = this.#tokens.get(token) ?? this.#serviceAccount(token)
    if (!user) throw unauthorized()
    return user
  }

  #certified(socket: TLSSocket): User | undefined {
    const known = this.#bySocket.get(socket)
    if (known !== undefined) return known ?? undefined
    const certificate = socket.authorized ? socket.getPeerCertificate?.() : undefined
    const user = certificate?.subject ? subjectUser(certificate) : null
    this.#bySocket.set(socket, user)
    return user ?? undefined
  }

  #serviceAccount(token: string): User | undefined {
    try {
      const claims = this.#signer.verify(token, this.#clock.now())
      return claims && userOf(claims)
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
  return { name: Array.isArray(names) ? (names[0] ?? '') : (names ?? ''), groups: [...groups, 'system:authenticated'] }
}
