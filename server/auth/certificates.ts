// The cluster's own CA, the server's certificate and client certificates: ECDSA P-256, DER written by hand over node:crypto.
import { createHash, createPrivateKey, createSign, generateKeyPairSync, type KeyObject, randomBytes, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'

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

const oid = {
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
  return signed({ subject, issuer: subject, spki, notBefore, notAfter, extensions }, privateKey, privateKey)
}

export function issueCertificate(authority: KeyPair, request: CertificateRequest): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const authorityCertificate = new X509Certificate(authority.certificate)
  const authoritySpki = authorityCertificate.publicKey.export({ type: 'spki', format: 'der' })
  const commonName = /CN=(.*)/.exec(authorityCertificate.subject)?.[1] ?? ''
  const usage = request.hosts ? oid.serverAuth : oid.clientAuth
  const extensions = [
    extension(oid.keyUsage, true, bitString(Buffer.from([0xa0]), 5)),
    extension(oid.extendedKeyUsage, false, sequence(objectId(usage))),
    extension(oid.basicConstraints, true, sequence()),
    extension(oid.authorityKeyIdentifier, false, sequence(tagged(0x80, keyId(authoritySpki)))),
    ...(request.hosts ? [extension(oid.subjectAltName, false, sequence(...request.hosts.map(alternativeName)))] : []),
  ]
  const body = {
    subject: distinguishedName(request.commonName, request.organizations ?? []),
    issuer: distinguishedName(commonName, []),
    spki: publicKey.export({ type: 'spki', format: 'der' }),
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    extensions,
  }
  return signed(body, privateKey, createPrivateKey(authority.key))
}

interface Body {
  subject: Buffer
  issuer: Buffer
  spki: Buffer
  notBefore: Date
  notAfter: Date
  extensions: readonly Buffer[]
}

function signed(body: Body, own: KeyObject, signer: KeyObject): KeyPair {
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
  const der = sequence(toSign, algorithm, bitString(signature, 0))
  return { certificate: pem('CERTIFICATE', der), key: own.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

const keyId = (spki: Buffer): Buffer => createHash('sha1').update(spki).digest()
const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`

function tagged(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const hex = body.length.toString(16)
  const length = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body])
}
const sequence = (...content: Buffer[]): Buffer => tagged(0x30, ...content)
const objectId = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'))
const boolean = (value: boolean): Buffer => tagged(0x01, Buffer.from([value ? 0xff : 0]))
const octets = (content: Buffer): Buffer => tagged(0x04, content)
const bitString = (content: Buffer, unused: number): Buffer => tagged(0x03, Buffer.from([unused]), content)
const utf8 = (text: string): Buffer => tagged(0x0c, Buffer.from(text))
const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(value))

const distinguishedName = (commonName: string, organizations: readonly string[]): Buffer =>
  sequence(
    ...organizations.map(name => tagged(0x31, sequence(objectId(oid.organization), utf8(name)))),
    tagged(0x31, sequence(objectId(oid.commonName), utf8(commonName))),
  )

/** UTCTime until 2049, GeneralizedTime after. */
function time(date: Date): Buffer {
  const text = date.toISOString().replace(/[-:T]/g, '').slice(0, 14)
  return date.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(`${text.slice(2)}Z`)) : tagged(0x18, Buffer.from(`${text}Z`))
}

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
