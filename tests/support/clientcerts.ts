// Authorities and client certificates of a test's own, and requests that show them.
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { certify, createAuthority, issueCertificate, type KeyPair, oid } from '../../server/auth/certificates.ts'
import { bitString, boolean, extension, objectId, pem, sequence, tagged, utf8 } from '../../server/auth/der.ts'

const day = 86_400_000
const at = (days: number): Date => new Date(Date.now() + days * day)

export const anAuthority = (name: string): KeyPair => createAuthority(name, at(-2), at(30))

/** An authority that another one vouches for. */
export function anIntermediate(root: KeyPair, name: string): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = certify(root, {
    subject: sequence(tagged(0x31, sequence(objectId(oid.commonName), utf8(name)))),
    spki: publicKey.export({ type: 'spki', format: 'der' }),
    notBefore: at(-2),
    notAfter: at(30),
    extensions: [
      extension(oid.basicConstraints, true, sequence(boolean(true))),
      extension(oid.keyUsage, true, bitString(Buffer.from([0xa4]), 2)),
    ],
  })
  return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

/** Good for a day, or as many days as given; below 0 it is over. */
export const aClient = (authority: KeyPair, commonName: string, organizations: readonly string[] = [], days = 1): KeyPair =>
  issueCertificate(authority, { commonName, organizations, notBefore: at(-2), notAfter: at(days) })

/** A subject of any attributes: DER of the OID in hex, and the text. */
export function aClientOf(authority: KeyPair, ...attributes: readonly (readonly [id: string, text: string])[]): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = certify(authority, {
    subject: sequence(...attributes.map(([id, text]) => tagged(0x31, sequence(objectId(id), utf8(text))))),
    spki: publicKey.export({ type: 'spki', format: 'der' }),
    notBefore: at(-2),
    notAfter: at(1),
    extensions: [extension(oid.extendedKeyUsage, false, sequence(objectId(oid.clientAuth)))],
  })
  return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

/** Base64 of a request for a client certificate. */
export function aCertificateRequest(commonName: string, organization: string): string {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = (id: string, text: string) => tagged(0x31, sequence(objectId(id), utf8(text)))
  const subject = sequence(name('550403', commonName), name('55040a', organization))
  const info = sequence(tagged(0x02, Buffer.from([0])), subject, publicKey.export({ type: 'spki', format: 'der' }), tagged(0xa0))
  const der = sequence(info, sequence(objectId('2a8648ce3d040302')), bitString(sign('sha256', info, privateKey), 0))
  return Buffer.from(pem('CERTIFICATE REQUEST', der)).toString('base64')
}

/** A file that goes with the test. */
export function aFile(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'kubemock-file-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'file')
  writeFileSync(file, text)
  return file
}

interface Asking {
  client?: KeyPair
  headers?: Record<string, string | string[]>
  method?: string
  body?: object
}

/** On a connection of its own. */
export function ask(
  url: string,
  path: string,
  { client, headers = {}, method = 'GET', body }: Asking,
): Promise<{ code: number; body: Answer }> {
  const tls = client ? { cert: client.certificate, key: client.key } : {}
  return new Promise((resolve, reject) => {
    const options = { method, rejectUnauthorized: false, agent: false, headers: { 'content-type': 'application/json', ...headers }, ...tls }
    request(new URL(path, url), options, answer => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', part => {
        text += part
      })
      answer.on('end', () => resolve({ code: answer.statusCode ?? 0, body: JSON.parse(text) }))
    })
      .on('error', reject)
      .end(body && JSON.stringify(body))
  })
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the server says
type Answer = any

const reviews = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

/** What the server takes the client for; a code when it lets nobody in. */
export async function whoAmI(url: string, asking: Asking): Promise<Answer> {
  const { code, body } = await ask(url, reviews, { method: 'POST', body: {}, ...asking })
  return code === 201 ? body.status.userInfo : code
}
