// Which requests are signed, and why others never will be. Pure.
import type { CertificateSigningRequest } from '../../openapi/kinds/certificates.k8s.io/certificatesigningrequest.ts'
import type { CertificateRequest } from '../../openapi/values/pkcs10.ts'
import { hasCondition, kubeletClientProblem, kubeletServingProblem, requestOf, signers } from '../runtime/certificates.ts'

export type Decision = { sign: CertificateRequest } | { problem: string }

type Check = (request: CertificateRequest, usages: readonly string[]) => string | undefined

const checks: Readonly<Record<string, Check>> = {
  [signers.client]: (_request, usages) => clientUsageProblem(usages),
  [signers.kubeletClient]: kubeletClientProblem,
  [signers.kubeletServing]: kubeletServingProblem,
  [signers.legacy]: () => undefined,
}

/** undefined: it is not approved, it has its certificate, it failed, or another signer is asked. */
export function decide(request: CertificateSigningRequest): Decision | undefined {
  const { spec, status } = request
  const check = checks[spec.signerName]
  if (!check || status.certificate || hasCondition(request, 'Failed') || hasCondition(request, 'Denied')) return undefined
  if (!hasCondition(request, 'Approved')) return undefined
  const asked = requestOf(request)
  if (!asked) return { problem: 'PEM block type must be CERTIFICATE REQUEST' }
  const problem = check(asked, spec.usages ?? [])
  return problem === undefined ? { sign: asked } : { problem }
}

const optional = ['digital signature', 'key encipherment']

function clientUsageProblem(usages: readonly string[]): string | undefined {
  const strange = usages.find(usage => usage !== 'client auth' && !optional.includes(usage))
  if (strange !== undefined) return `invalid usage for client certificate: ${strange}`
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth'
}
