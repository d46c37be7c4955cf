// Who asks: client certificate of our CA, static token, service account token, or nobody (anonymous).
import { createHash } from 'node:crypto'
import type { PeerCertificate, TLSSocket } from 'node:tls'
import { unauthorized } from '../../openapi/errors.ts'
import type { Clock } from '../clock.ts'
import type { User } from '../registry/request.ts'
import { defaultIssuer, type TokenClaims, type TokenSigner, userOf } from './tokens.ts'

export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** Whose token it is, and those of the audiences asked for that it is meant for. */
export interface Authenticated {
  user: User
  audiences: readonly string[]
}

export interface AuthenticatorOptions {
  tokens: ReadonlyMap<string, User>
  signer: Pick<TokenSigner, 'verify'>
  clock: Clock
  /** Whether what a token is bound to is still there. */
  isThere(bound: BoundObject): Promise<boolean>
}

export interface BoundObject {
  kind: 'ServiceAccount' | 'Pod' | 'Secret' | 'Node'
  namespace: string
  name: string
  /** undefined: any. */
  uid?: string
}

/** What a token that this cluster signed says. */
interface Signed {
  claims: TokenClaims
  user: User
  bound: readonly BoundObject[]
}

/** Tokens whose signature is not checked again, the oldest given up first. */
const maxSigned = 1000

export class Authenticator {
  readonly #options: AuthenticatorOptions
  readonly #signed = new Map<string, Signed>()
  /** A connection's certificate does not change. */
  readonly #bySocket = new WeakMap<object, User | null>()

  constructor(options: AuthenticatorOptions) {
    this.#options = options
  }

  /** Throws 401 for credentials that are given but wrong. */
  async authenticate(socket: object, authorization: string | undefined): Promise<User> {
    const certified = this.#certified(socket as TLSSocket)
    if (certified) return certified
    if (!authorization) return anonymous
    const [scheme = '', token = ''] = authorization.split(' ')
    if (scheme.toLowerCase() !== 'bearer' || token === '') return anonymous
    const user = (await this.authenticateToken(token, [defaultIssuer]))?.user
    if (!user) throw unauthorized()
    return user
  }

  /** undefined: nobody's, or for none of the audiences. */
  async authenticateToken(token: string, audiences: readonly string[]): Promise<Authenticated | undefined> {
    const known = this.#options.tokens.get(token)
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

  /** Time and what the token is bound to are looked at each time. */
  async #serviceAccount(token: string, audiences: readonly string[]): Promise<Authenticated | undefined> {
    const signed = this.#signed.get(token) ?? this.#verified(token)
    const valid = signed !== undefined && signed.claims.exp * 1000 > this.#options.clock.now().getTime()
    if (!valid) return undefined
    const meant = audiences.filter(audience => signed.claims.aud.includes(audience))
    if (meant.length === 0) return undefined
    for (const bound of signed.bound) if (!(await this.#options.isThere(bound))) return undefined
    return { user: signed.user, audiences: meant }
  }

  #verified(token: string): Signed | undefined {
    const claims = this.#claims(token)
    if (!claims) return undefined
    const signed = { claims, user: userOf(claims), bound: boundObjects(claims) }
    const [oldest] = this.#signed.size >= maxSigned ? this.#signed.keys() : []
    if (oldest !== undefined) this.#signed.delete(oldest)
    this.#signed.set(token, signed)
    return signed
  }

  #claims(token: string): TokenClaims | undefined {
    try {
      return this.#options.signer.verify(token)
    } catch {
      // Not a JWT at all: the same 401 as a wrong one.
      return undefined
    }
  }
}

/** A token dies with its account, and with what it is bound to besides. */
function boundObjects({ 'kubernetes.io': { namespace, serviceaccount, pod, secret, node } }: TokenClaims): BoundObject[] {
  return [
    { kind: 'ServiceAccount', namespace, ...serviceaccount },
    ...(pod ? [{ kind: 'Pod' as const, namespace, ...pod }] : []),
    ...(secret ? [{ kind: 'Secret' as const, namespace, ...secret }] : []),
    // Beside a pod the node is only told.
    ...(node && !pod ? [{ kind: 'Node' as const, namespace: '', ...node }] : []),
  ]
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
