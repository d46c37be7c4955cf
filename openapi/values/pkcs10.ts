// PKCS#10: what a certificate request asks for. Whether it is signed with its own key is checked where keys are (server/auth).
import { type Der, DerError, derObjectId, derParts, derText, readDer } from './der.ts'
import { pemBlocks } from './pem.ts'

export interface CertificateRequest {
  commonName: string
  organizations: readonly string[]
  /** OID and text of each part of the subject, in order. */
  subject: readonly (readonly [id: string, text: string])[]
  /** SubjectPublicKeyInfo. */
  publicKey: Buffer
  names: AlternativeNames
  /** What the signature is over, the OID of its algorithm, and the signature. */
  signed: Buffer
  algorithm: string
  signature: Buffer
}

export interface AlternativeNames {
  dns: readonly string[]
  emails: readonly string[]
  /** As bytes in hex: 4 or 16. */
  ips: readonly string[]
  uris: readonly string[]
  /** The value of the extension, to be copied as it is. */
  value?: Buffer
}

const commonNameId = '2.5.4.3'
const organizationId = '2.5.4.10'
const extensionRequestId = '1.2.840.113549.1.9.14'
const alternativeNameId = '2.5.29.17'

/** Throws DerError, also for what is no PEM of the right kind; its message is what a client is told. */
export function parseCertificateRequest(pem: string): CertificateRequest {
  const [block] = pemBlocks(pem)
  if (block?.type !== 'CERTIFICATE REQUEST') throw new DerError('PEM block type must be CERTIFICATE REQUEST')
  const { value, rest } = readDer(Buffer.from(block.bytes))
  if (rest.length > 0) throw new DerError('asn1: syntax error: trailing data')
  const [info, algorithm, signature] = derParts(value)
  const [, subject, publicKey, attributes] = info ? derParts(info) : []
  if (!info || !algorithm || signature?.tag !== 0x03 || !subject || !publicKey) throw malformed()
  const parts = namesIn(subject)
  const attributesOf = (id: string) => parts.flatMap(([name, text]) => (name === id ? [text] : []))
  return {
    commonName: attributesOf(commonNameId).at(-1) ?? '',
    organizations: attributesOf(organizationId),
    subject: parts,
    publicKey: publicKey.whole,
    names: alternativeNames(attributes),
    signed: info.whole,
    algorithm: derObjectId(derParts(algorithm)[0] ?? algorithm),
    signature: signature.content.subarray(1),
  }
}

const malformed = (): DerError => new DerError('asn1: structure error: tags do not match')

/** OID and text of each part of a name, in order. Throws DerError. */
export function namesIn(subject: Der): (readonly [string, string])[] {
  return derParts(subject).flatMap(set =>
    derParts(set).map(pair => {
      const [id, value] = derParts(pair)
      if (!id || !value) throw malformed()
      return [derObjectId(id), derText(value)] as const
    }),
  )
}

function alternativeNames(attributes: Der | undefined): AlternativeNames {
  const none = { dns: [], emails: [], ips: [], uris: [] }
  const requested = attributes && derParts(attributes).find(attribute => isId(attribute, extensionRequestId))
  const extensions = requested && derParts(requested)[1]
  const list = extensions && derParts(extensions)[0]
  const extension = list && derParts(list).find(item => isId(item, alternativeNameId))
  const value = extension && derParts(extension).at(-1)
  if (!value) return none
  const names = derParts(readDer(value.content).value)
  const ofTag = (tag: number) => names.filter(name => name.tag === tag).map(name => name.content)
  return {
    dns: ofTag(0x82).map(String),
    emails: ofTag(0x81).map(String),
    ips: ofTag(0x87).map(bytes => bytes.toString('hex')),
    uris: ofTag(0x86).map(String),
    value: value.content,
  }
}

function isId(value: Der, id: string): boolean {
  const [first] = derParts(value)
  return first !== undefined && derObjectId(first) === id
}
