// Client certificates: whom they name, and which authorities vouch for them.
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { PeerCertificate, TLSSocket } from 'node:tls'
import { DerError, derParts, readDer } from '../../openapi/values/der.ts'
import { pemBlocks } from '../../openapi/values/pem.ts'
import { namesIn } from '../../openapi/values/pkcs10.ts'
import { ConfigError } from '../config.ts'
import type { User } from '../registry/request.ts'

/** Trusted certificates: base64 of their DER. */
export type Authorities = ReadonlySet<string>

export interface Presented {
  certificate: PeerCertificate
  /** From the certificate up to one that is trusted, as Authorities has them; empty when nobody vouches for it. */
  chain: readonly string[]
}

/** undefined: the client showed no certificate. */
export function presentedOn(socket: TLSSocket): Presented | undefined {
  const certificate = socket.getPeerCertificate?.(true)
  if (!certificate?.raw) return undefined
  const chain: string[] = []
  let next: PeerCertificate | undefined = socket.authorized ? certificate : undefined
  while (next) {
    const text: string = next.raw.toString('base64')
    // The last one is its own issuer.
    if (chain.includes(text)) break
    chain.push(text)
    next = (next as { issuerCertificate?: PeerCertificate }).issuerCertificate
  }
  return { certificate, chain }
}

export const vouches = (authorities: Authorities, { chain }: Presented): boolean => chain.some(certificate => authorities.has(certificate))

export const commonNameOf = ({ subject }: PeerCertificate): string => listOf(subject.CN)[0] ?? ''

/** undefined: it names nobody; 'invalid': several uids, or an empty one. */
export function certifiedUser(certificate: PeerCertificate): User | 'invalid' | undefined {
  const name = commonNameOf(certificate)
  const uids = uidsIn(certificate.raw)
  if (name === '') return undefined
  if (uids.length > 1 || uids[0] === '') return 'invalid'
  return {
    name,
    ...(uids[0] ? { uid: uids[0] } : {}),
    groups: [...listOf(certificate.subject.O), 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${createHash('sha256').update(certificate.raw).digest('hex')}`] },
  }
}

const listOf = (value: string | string[] | undefined): string[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])

const uidId = '1.3.6.1.4.1.57683.2'

/** Node's own reading of a subject leaves out what it has no name for. */
function uidsIn(certificate: Buffer): string[] {
  try {
    const [body] = derParts(readDer(certificate).value)
    // The version, which only the first one has not, stands before serial, algorithm, issuer, validity and subject.
    const parts = body ? derParts(body) : []
    const subject = parts[parts[0]?.tag === 0xa0 ? 5 : 4]
    return subject ? namesIn(subject).flatMap(([id, text]) => (id === uidId ? [text] : [])) : []
  } catch (error) {
    if (error instanceof DerError) return []
    throw error
  }
}

export const authoritiesOf = (...pems: readonly string[]): Authorities =>
  new Set(pems.flatMap(pem => pemBlocks(pem).map(({ bytes }) => Buffer.from(bytes).toString('base64'))))

/** The certificates of a PEM bundle, and nothing else that stands there; '' for no file. Throws ConfigError. */
export function readAuthorities(file: string): string {
  if (file === '') return ''
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError(`unable to load client CA file: ${(error as Error).message}`)
  }
  const blocks = pemBlocks(text).filter(({ type, headers }) => type === 'CERTIFICATE' && !headers)
  if (blocks.length === 0) throw new ConfigError('unable to load client CA file: data does not contain any valid RSA or ECDSA certificates')
  return blocks.map(({ bytes }) => pemOf(bytes)).join('')
}

function pemOf(bytes: Uint8Array): string {
  try {
    return new X509Certificate(bytes).toString()
  } catch (error) {
    throw new ConfigError(`unable to load client CA file: ${(error as Error).message}`)
  }
}
