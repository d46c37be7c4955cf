// What the controllers of certificate requests share: where a request stands, and what a kubelet may ask for.
import type { CertificateSigningRequest } from '../../openapi/kinds/certificates.k8s.io/certificatesigningrequest.ts'
import { DerError } from '../../openapi/values/der.ts'
import { type CertificateRequest, parseCertificateRequest } from '../../openapi/values/pkcs10.ts'

export const signers = {
  client: 'kubernetes.io/kube-apiserver-client',
  kubeletClient: 'kubernetes.io/kube-apiserver-client-kubelet',
  kubeletServing: 'kubernetes.io/kubelet-serving',
  legacy: 'kubernetes.io/legacy-unknown',
} as const

type Usages = readonly string[]

export const hasCondition = ({ status }: CertificateSigningRequest, type: string): boolean =>
  (status.conditions ?? []).some(condition => condition.type === type)

/** undefined: it cannot be read. */
export function requestOf({ spec }: CertificateSigningRequest): CertificateRequest | undefined {
  try {
    return parseCertificateRequest(Buffer.from(spec.request, 'base64').toString('latin1'))
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

const sameUsages = (usages: Usages, wanted: Usages): boolean =>
  new Set(usages).size === wanted.length && wanted.every(usage => usages.includes(usage))

/** An RSA key may also encipher keys. */
function usageProblem(usages: Usages, auth: string): string | undefined {
  const short = ['digital signature', auth]
  const all = [...short, 'key encipherment'].sort()
  return sameUsages(usages, all) || sameUsages(usages, short) ? undefined : `usages did not match [${all.join(' ')}]`
}

const ofNodes = ({ organizations }: CertificateRequest): boolean => organizations.length === 1 && organizations[0] === 'system:nodes'
const notOfNodes = 'subject organization is not system:nodes'
const notANode = 'subject common name does not begin with system:node:'

/** Why a kubelet may not have this client certificate. */
export function kubeletClientProblem(request: CertificateRequest, usages: Usages): string | undefined {
  const { dns, emails, ips, uris } = request.names
  if (!ofNodes(request)) return notOfNodes
  if (dns.length > 0) return 'DNS subjectAltNames are not allowed'
  if (emails.length > 0) return 'Email subjectAltNames are not allowed'
  if (ips.length > 0) return 'IP subjectAltNames are not allowed'
  if (uris.length > 0) return 'URI subjectAltNames are not allowed'
  if (!request.commonName.startsWith('system:node:')) return notANode
  return usageProblem(usages, 'client auth')
}

/** Why a kubelet may not have this server certificate. */
export function kubeletServingProblem(request: CertificateRequest, usages: Usages): string | undefined {
  const { dns, emails, ips, uris } = request.names
  if (!ofNodes(request)) return notOfNodes
  if (dns.length + ips.length === 0) return 'DNS or IP subjectAltName is required'
  if (emails.length > 0) return 'Email subjectAltNames are not allowed'
  if (uris.length > 0) return 'URI subjectAltNames are not allowed'
  if (!request.commonName.startsWith('system:node:')) return notANode
  return usageProblem(usages, 'server auth')
}
