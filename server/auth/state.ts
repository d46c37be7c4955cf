// What outlives a start: the CA, the key of service account tokens, the admin token; and the kubeconfig made of them.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ConfigError } from '../config.ts'
import { createAuthority, issueCertificate, type KeyPair } from './certificates.ts'

export interface Secrets {
  authority: KeyPair
  /** Who is vouched for by it speaks for others to extension API servers. */
  frontProxyAuthority: KeyPair
  /** PEM of the key that signs service account tokens. */
  tokenKey: string
  adminToken: string
}

const dayMs = 86_400_000
export const authorityDays = 3650
export const certificateDays = 365

/** Reads the state directory, or makes what is missing; '' keeps everything in memory. */
export function loadSecrets(directory: string, now: Date): Secrets {
  const file = directory === '' ? '' : join(directory, 'secrets.json')
  const known = file !== '' && existsSync(file) ? readSecrets(file) : undefined
  if (known?.frontProxyAuthority) return known as Secrets
  const authority = (name: string) =>
    createAuthority(name, new Date(now.getTime() - dayMs), new Date(now.getTime() + authorityDays * dayMs))
  const secrets: Secrets = {
    authority: authority('kubemock-ca'),
    frontProxyAuthority: authority('front-proxy-ca'),
    tokenKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    adminToken: randomBytes(24).toString('base64url'),
    // What an earlier version left.
    ...known,
  }
  if (file !== '') writePrivate(file, JSON.stringify(secrets, null, 2))
  return secrets
}

function readSecrets(file: string): Partial<Secrets> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new ConfigError(`${file} is damaged: remove it, and the next start makes a new CA`)
  }
}

const serviceNames = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local', 'localhost']

export function serverCertificate({ authority }: Secrets, extraHosts: readonly string[], now: Date): KeyPair {
  const hosts = [
    ...new Set([...serviceNames, '127.0.0.1', '::1', '10.0.0.1', ...extraHosts.filter(h => h !== '' && h !== '0.0.0.0' && h !== '::')]),
  ]
  return issueCertificate(authority, { commonName: 'kube-apiserver', hosts, ...validity(now) })
}

export const adminCertificate = ({ authority }: Secrets, now: Date): KeyPair =>
  issueCertificate(authority, { commonName: 'kubernetes-admin', organizations: ['system:masters'], ...validity(now) })

/** Who this server is to extension API servers. */
export const frontProxyCertificate = ({ frontProxyAuthority }: Secrets, now: Date): KeyPair =>
  issueCertificate(frontProxyAuthority, { commonName: frontProxyName, ...validity(now) })

export const frontProxyName = 'front-proxy-client'

const validity = (now: Date) => ({
  notBefore: new Date(now.getTime() - dayMs),
  notAfter: new Date(now.getTime() + certificateDays * dayMs),
})

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** A kubeconfig of the admin, its context named kubemock. */
export function kubeconfig(server: string, { authority }: Secrets, admin: KeyPair): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: kubemock
  cluster:
    server: ${server}
    certificate-authority-data: ${base64(authority.certificate)}
users:
- name: kubemock-admin
  user:
    client-certificate-data: ${base64(admin.certificate)}
    client-key-data: ${base64(admin.key)}
contexts:
- name: kubemock
  context:
    cluster: kubemock
    user: kubemock-admin
current-context: kubemock
`
}

/** Only its owner may read it. */
export function writePrivate(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text, { mode: 0o600 })
  chmodSync(file, 0o600)
}
