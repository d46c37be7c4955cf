// What a WebSocket's client offers to speak.
import type { Exchange } from '../exchange.ts'

/** Begins one that is none: a token. */
export const tokenPrefix = 'base64url.bearer.authorization.k8s.io.'

export const subprotocolsOf = ({ headers }: Pick<Exchange, 'headers'>): string[] =>
  (headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
