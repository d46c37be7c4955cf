// Which requests are recognized as those of a kubelet, and what its user must be allowed. Pure.
import type { CertificateSigningRequest } from '../../openapi/kinds/certificates.k8s.io/certificatesigningrequest.ts'
import { hasCondition, kubeletClientProblem, requestOf, signers } from '../runtime/certificates.ts'

export interface Recognition {
  /** Of certificatesigningrequests: who may create it is approved. */
  subresource: 'selfnodeclient' | 'nodeclient'
  message: string
}

const self: Recognition = {
  subresource: 'selfnodeclient',
  message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
}
const other: Recognition = {
  subresource: 'nodeclient',
  message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
}

/** In the order they are tried; none when it is decided or not ours to decide. */
export function recognitions(request: CertificateSigningRequest): Recognition[] {
  const { spec, status } = request
  if (spec.signerName !== signers.kubeletClient || status.certificate) return []
  if (hasCondition(request, 'Approved') || hasCondition(request, 'Denied')) return []
  const asked = requestOf(request)
  if (!asked || kubeletClientProblem(asked, spec.usages ?? []) !== undefined) return []
  return spec.username === asked.commonName ? [self, other] : [other]
}

export const approval = (message: string) => ({ type: 'Approved', status: 'True', reason: 'AutoApproved', message })
