// Certificates for requests of others: what the cluster's own signers sign, and whether a request is signed with its own key.
import { createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto'
import { invalid, invalidObject } from '../../openapi/errors.ts'
import type { Kind } from '../../openapi/kind.ts'
import {
  type CertificateSigningRequest,
  certificateSigningRequest,
} from '../../openapi/kinds/certificates.k8s.io/certificatesigningrequest.ts'
import { DerError, derObjectId } from '../../openapi/values/der.ts'
import { type CertificateRequest, parseCertificateRequest } from '../../openapi/values/pkcs10.ts'
import type { Clock } from '../clock.ts'
import { type Hook, nothing } from '../registry/hooks.ts'
import { certify, type KeyPair, oid } from './certificates.ts'
import { bitString, extension, objectId, sequence, tagged, utf8 } from './der.ts'

const maxSeconds = 365 * 86_400
const minSeconds = 600
/** Clocks of clients may be a little behind. */
const backdateMs = 300_000

/** Certificates by the authority, no longer than a year and no longer than the authority itself. */
export function requestSigner(authority: KeyPair, { now }: Pick<Clock, 'now'>) {
  return (request: CertificateRequest, usages: readonly string[], seconds: number = maxSeconds): string => {
    const at = now().getTime()
    const good = Math.min(Math.max(seconds, minSeconds), maxSeconds) * 1000
    const end = Math.min(at + good, Date.parse(new X509Certificate(authority.certificate).validTo))
    return certify(authority, {
      subject: subjectOf(request),
      spki: request.publicKey,
      notBefore: new Date(at - backdateMs),
      notAfter: new Date(end),
      extensions: extensionsOf(request, usages),
    })
  }
}

/** The parts a signer keeps, in the order it writes them: country, organization, unit, locality, province, street, postal code, name, serial. */
const kept = ['550406', '55040a', '55040b', '550407', '550408', '550409', '550411', '550403', '550405']

/** Values of one sort are one set, as Go writes names; all else is left out. */
function subjectOf({ subject }: CertificateRequest): Buffer {
  return sequence(
    ...kept.flatMap(hex => {
      const id = objectId(hex)
      const values = subject
        .filter(([other]) => other === derObjectId({ content: id.subarray(2) }))
        .map(([, text]) => sequence(id, nameText(text)))
      return values.length > 0 ? [tagged(0x31, ...values.sort(Buffer.compare))] : []
    }),
  )
}

const nameText = (text: string): Buffer => (/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text) ? tagged(0x13, Buffer.from(text)) : utf8(text))

/** By their bit in KeyUsage. */
const keyUsages = [
  ['digital signature', 'signing'],
  ['content commitment'],
  ['key encipherment'],
  ['data encipherment'],
  ['key agreement'],
  ['cert sign'],
  ['crl sign'],
  ['encipher only'],
  ['decipher only'],
]

const extendedUsages: Readonly<Record<string, string>> = {
  any: '551d2500',
  'server auth': oid.serverAuth,
  'client auth': oid.clientAuth,
  'code signing': '2b06010505070303',
  'email protection': '2b06010505070304',
  's/mime': '2b06010505070304',
  'ipsec end system': '2b06010505070305',
  'ipsec tunnel': '2b06010505070306',
  'ipsec user': '2b06010505070307',
  timestamping: '2b06010505070308',
  'ocsp signing': '2b06010505070309',
  'microsoft sgc': '2b0601040182370a0303',
  'netscape sgc': '6086480186f8420401',
}

function extensionsOf({ names }: CertificateRequest, usages: readonly string[]): Buffer[] {
  const bits = keyUsages.map(aliases => aliases.some(alias => usages.includes(alias)))
  const extended = [...new Set(usages.flatMap(usage => extendedUsages[usage] ?? []))]
  return [
    ...(bits.includes(true) ? [extension(oid.keyUsage, true, bitsOf(bits))] : []),
    ...(extended.length > 0 ? [extension(oid.extendedKeyUsage, false, sequence(...extended.map(objectId)))] : []),
    extension(oid.basicConstraints, true, sequence()),
    ...(names.value ? [extension(oid.subjectAltName, false, names.value)] : []),
  ]
}

/** Named bits: trailing zeros are cut. */
function bitsOf(bits: readonly boolean[]): Buffer {
  const last = bits.lastIndexOf(true)
  const bytes = Buffer.alloc(Math.floor(last / 8) + 1)
  for (const [index, set] of bits.entries()) if (set) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index & 7))
  return bitString(bytes, 7 - (last & 7))
}

/** Refuses requests that are not signed with the key they are for. */
export const requestSignatureHook: Hook = {
  resource: `${certificateSigningRequest.names.plural}.${certificateSigningRequest.group}`,
  reserve(draft, current) {
    const { metadata, spec } = draft as CertificateSigningRequest
    const problem = current ? undefined : signatureProblem(spec.request)
    if (problem)
      throw invalidObject(certificateSigningRequest as unknown as Kind, metadata.name, [invalid('spec.request', spec.request, problem)])
    return nothing
  },
  afterDelete: () => {},
}

/** undefined also for what cannot be read: validation says so. */
function signatureProblem(request: string | undefined): string | undefined {
  let parsed: CertificateRequest
  try {
    parsed = parseCertificateRequest(Buffer.from(request ?? '', 'base64').toString('latin1'))
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
  const algorithm = algorithms[parsed.algorithm]
  if (!algorithm) return 'x509: cannot verify signature: algorithm unimplemented'
  const key = keyOf(parsed)
  const good = key !== undefined && verify(algorithm.hash, parsed.signed, key, parsed.signature)
  return good ? undefined : algorithm.problem
}

const rsa = 'crypto/rsa: verification error'
const ecdsa = 'x509: ECDSA verification failure'
const algorithms: Readonly<Record<string, { hash: string | null; problem: string }>> = {
  '1.2.840.113549.1.1.11': { hash: 'sha256', problem: rsa },
  '1.2.840.113549.1.1.12': { hash: 'sha384', problem: rsa },
  '1.2.840.113549.1.1.13': { hash: 'sha512', problem: rsa },
  '1.2.840.10045.4.3.2': { hash: 'sha256', problem: ecdsa },
  '1.2.840.10045.4.3.3': { hash: 'sha384', problem: ecdsa },
  '1.2.840.10045.4.3.4': { hash: 'sha512', problem: ecdsa },
  '1.3.101.112': { hash: null, problem: 'x509: Ed25519 verification failure' },
}

function keyOf({ publicKey }: CertificateRequest): KeyObject | undefined {
  try {
    return createPublicKey({ key: publicKey, type: 'spki', format: 'der' })
  } catch (error) {
    // OpenSSL tells in its own ways that these bytes are no key.
    if (error instanceof Error) return undefined
    throw error
  }
}
