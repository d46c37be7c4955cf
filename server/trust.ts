// Whom a TLS connection believes.
import type { SecureContextOptions } from 'node:tls'

export type Trust = Pick<SecureContextOptions, 'ca' | 'allowPartialTrustChain'>

/** PEM. These authorities alone; as for Go, any certificate may be one: an intermediate, or the server's own. undefined: the usual ones. */
export const trusting = (ca: Buffer | string | undefined): Trust => (ca ? { ca, allowPartialTrustChain: true } : {})

interface WithContext {
  _sharedCreds?: { context?: { setAllowPartialTrustChain?(): void } }
}

/** The same for a server that has its authorities: Node's does not hand the option on. */
export const allowPartialChains = (server: object): void => (server as WithContext)._sharedCreds?.context?.setAllowPartialTrustChain?.()

/** A caBundle, which is base64. */
export const trustingBundle = (caBundle: string | undefined): Trust => trusting(caBundle && Buffer.from(caBundle, 'base64'))
