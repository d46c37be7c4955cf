// The cluster's own CA, the server's certificate and client certificates: ECDSA P-256, DER written by hand over node:crypto.
import { createHash, createPrivateKey, createSign, generateKeyPairSync, type KeyObject, randomBytes, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { bitString, boolean, extension, objectId, octets, pem, sequence, tagged, time, utf8 } from './der.ts'

export interface KeyPair {
  /** PEM. */
  certificate: string
  key: string
}

export interface CertificateRequest {
  commonName: string
  organizations?: readonly string[]
  /** Names and addresses for a server certificate; none makes a client certificate. */
  hosts?: readonly string[]
  notBefore: Date
  notAfter: Date
}

export const oid = {
  commonName: '550403',
  organization: '55040a',
  ecdsaWithSha256: '2a8648ce3d040302',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  subjectAltName: '551d11',
  subjectKeyIdentifier: '551d0e',
  authorityKeyIdentifier: '551d23',
  serverAuth: '2b06010505070301',
  clientAuth: '2b06010505070302',
} as const

export function createAuthority(commonName: string, notBefore: Date, notAfter: Date): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const subject = distinguishedName(commonName, [])
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const extensions = [
    extension(oid.basicConstraints, true, sequence(boolean(true))),
    extension(oid.keyUsage, true, bitString(Buffer.from([0xa4]), 2)), // digitalSignature, keyEncipherment, keyCertSign
    extension(oid.subjectKeyIdentifier, false, octets(keyId(spki))),
  ]
  return {
    certificate: certificate({ subject, issuer: subject, spki, notBefore, notAfter, extensions }, privateKey),
    key: keyText(privateKey),
  }
}

export function issueCertificate(
  authority: KeyPair,
  { commonName, organizations = [], hosts, notBefore, notAfter }: CertificateRequest,
): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const extensions = [
    extension(oid.keyUsage, true, bitString(Buffer.from([0xa0]), 5)),
    extension(oid.extendedKeyUsage, false, sequence(objectId(hosts ? oid.serverAuth : oid.clientAuth))),
    extension(oid.basicConstraints, true, sequence()),
    ...(hosts ? [extension(oid.subjectAltName, false, sequence(...hosts.map(alternativeName)))] : []),
  ]
  const subject = distinguishedName(commonName, organizations)
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return { certificate: certify(authority, { subject, spki, notBefore, notAfter, extensions }), key: keyText(privateKey) }
}

/** What a certificate says, besides who issued it. */
export interface Certified {
  /** DER of the name and of the public key. */
  subject: Buffer
  spki: Buffer
  notBefore: Date
  notAfter: Date
  extensions: readonly Buffer[]
}

/** A certificate by the authority for a key that is somebody else's; PEM. Who issued it is added. */
export function certify(authority: KeyPair, { extensions, ...body }: Certified): string {
  const issuer = new X509Certificate(authority.certificate)
  const name = distinguishedName(/CN=(.*)/.exec(issuer.subject)?.[1] ?? '', [])
  const id = keyId(issuer.publicKey.export({ type: 'spki', format: 'der' }))
  const all = [...extensions, extension(oid.authorityKeyIdentifier, false, sequence(tagged(0x80, id)))]
  return certificate({ ...body, issuer: name, extensions: all }, createPrivateKey(authority.key))
}

interface Body extends Certified {
  issuer: Buffer
}

const keyText = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

function certificate(body: Body, signer: KeyObject): string {
  const algorithm = sequence(objectId(oid.ecdsaWithSha256))
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01
  const toSign = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial),
    algorithm,
    body.issuer,
    sequence(time(body.notBefore), time(body.notAfter)),
    body.subject,
    body.spki,
    tagged(0xa3, sequence(...body.extensions)),
  )
  const signature = createSign('sha256').update(toSign).sign(signer)
  return pem('CERTIFICATE', sequence(toSign, algorithm, bitString(signature, 0)))
}

const keyId = (spki: Buffer): Buffer => createHash('sha1').update(spki).digest()

const distinguishedName = (commonName: string, organizations: readonly string[]): Buffer =>
  sequence(
    ...organizations.map(name => tagged(0x31, sequence(objectId(oid.organization), utf8(name)))),
    tagged(0x31, sequence(objectId(oid.commonName), utf8(commonName))),
  )

function alternativeName(host: string): Buffer {
  if (isIP(host) === 4) return tagged(0x87, Buffer.from(host.split('.').map(Number)))
  if (isIP(host) === 6) return tagged(0x87, ipv6Bytes(host))
  return tagged(0x82, Buffer.from(host))
}

function ipv6Bytes(host: string): Buffer {
  const [head = '', tail] = host.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const middle = Array<string>(8 - left.length - right.length).fill('0')
  const bytes = Buffer.alloc(16)
  for (const [index, group] of [...left, ...(tail === undefined ? [] : middle), ...right].entries())
    bytes.writeUInt16BE(Number.parseInt(group, 16), index * 2)
  return bytes
}
