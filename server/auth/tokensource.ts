// Who can say whose a token is.
import type { User } from '../registry/request.ts'

/** Whose token it is, and those of the audiences asked for that it is meant for. */
export interface Authenticated {
  user: User
  audiences: readonly string[]
}

/** undefined: nobody's, or for none of the audiences. Throws TokenError. */
export type TokenSource = (token: string, audiences: readonly string[]) => Promise<Authenticated | undefined>

/** It cannot be said; a TokenReview tells why. */
export class TokenError extends Error {}
