// Who asks: whom a front proxy names, client certificate of a trusted CA, static token, bootstrap token, service account token, or nobody (anonymous).
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { unauthorized } from '../../openapi/errors.ts'
import type { Secret } from '../../openapi/kinds/core/secret/index.ts'
import type { Clock } from '../clock.ts'
import type { User } from '../registry/request.ts'
import { bootstrapSecretName, bootstrapUser, parseBootstrapToken } from './bootstraptokens.ts'
import { type Authorities, certifiedUser, presentedOn, vouches } from './clientcertificates.ts'
import { type FrontProxy, isProxy, proxiedUser } from './frontproxy.ts'
import { defaultIssuer, type TokenClaims, type TokenSigner, userOf } from './tokens.ts'
import { type Authenticated, TokenError, type TokenSource } from './tokensource.ts'

export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

export interface AuthenticatorOptions {
  /** Whose client certificates name users. */
  clients: Authorities
  /** Whose headers name users. */
  frontProxy?: FrontProxy
  tokens: ReadonlyMap<string, User>
  signer: Pick<TokenSigner, 'verify'>
  clock: Clock
  /** The Secrets that bootstrap tokens are kept in, by name; absent: there are no such tokens. */
  bootstrapSecret?(name: string): Promise<Secret | undefined>
  /** Whether what a token is bound to is still there. */
  isThere(bound: BoundObject): Promise<boolean>
  /** Is asked last. */
  webhook?: TokenSource
}

/** Who asks, and on which connection. */
export type Asking = Pick<IncomingMessage, 'socket' | 'headers' | 'rawHeaders'>

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

/** What the certificate of a connection is good for. */
interface Certified {
  user: User | undefined
  /** It says in headers for whom it asks. */
  proxy: boolean
  /** One was shown that does not count. */
  failed: boolean
}

export class Authenticator {
  readonly #options: AuthenticatorOptions
  readonly #signed = new Map<string, Signed>()
  /** A connection's certificate does not change. */
  readonly #bySocket = new WeakMap<object, Certified>()

  constructor(options: AuthenticatorOptions) {
    this.#options = options
  }

  /** Throws 401 for credentials that are given but wrong. */
  async authenticate(request: Asking, authorization: string | undefined): Promise<User> {
    const { frontProxy } = this.#options
    const certified = this.#certified(request.socket as TLSSocket)
    const proxied = certified.proxy && frontProxy ? proxiedUser(frontProxy, request) : undefined
    if (proxied) return proxied
    if (certified.user) return certified.user
    const [scheme = '', token = ''] = authorization?.split(' ') ?? []
    const given = scheme.toLowerCase() === 'bearer' && token !== ''
    const user = given ? await this.#userOfToken(token) : undefined
    if (user) return user
    if (given || certified.failed) throw unauthorized()
    return anonymous
  }

  async #userOfToken(token: string): Promise<User | undefined> {
    try {
      return (await this.authenticateToken(token, [defaultIssuer]))?.user
    } catch (error) {
      if (error instanceof TokenError) return undefined
      throw error
    }
  }

  /** undefined: nobody's, or for none of the audiences. Throws TokenError. */
  async authenticateToken(token: string, audiences: readonly string[]): Promise<Authenticated | undefined> {
    const known = this.#options.tokens.get(token)
    const user = known ?? (await this.#bootstrap(token))
    // Such a token is for whoever the server is, and for nobody else.
    if (user) return audiences.includes(defaultIssuer) ? { user, audiences: [defaultIssuer] } : undefined
    return (await this.#serviceAccount(token, audiences)) ?? this.#options.webhook?.(token, audiences)
  }

  async #bootstrap(text: string): Promise<User | undefined> {
    const { bootstrapSecret, clock } = this.#options
    const token = bootstrapSecret && parseBootstrapToken(text)
    const secret = token && (await bootstrapSecret(bootstrapSecretName(token)))
    return secret && bootstrapUser(secret, token, clock.now())
  }

  #certified(socket: TLSSocket): Certified {
    const known = this.#bySocket.get(socket)
    if (known) return known
    const presented = presentedOn(socket)
    const { clients, frontProxy } = this.#options
    const user = presented && (vouches(clients, presented) ? certifiedUser(presented.certificate) : 'invalid')
    const proxy = presented !== undefined && frontProxy !== undefined && isProxy(frontProxy, presented)
    const certified = { proxy, user: user === 'invalid' ? undefined : user, failed: user === 'invalid' }
    this.#bySocket.set(socket, certified)
    return certified
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
