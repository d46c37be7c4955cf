// CertificateSigning: who writes the certificate of a request, or what became of it, must be allowed to sign for its signer.
import type { CertificateSigningRequest } from '../../openapi/kinds/certificates.k8s.io/certificatesigningrequest.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { Authorizer } from '../auth/attributes.ts'
import { type AdmissionPlugin, refused } from './chain.ts'
import { mayActForSigner } from './signers.ts'

export const certificateSigning = (authorizer: Authorizer): AdmissionPlugin => ({
  name: 'CertificateSigning',
  kinds: ['CertificateSigningRequest.certificates.k8s.io'],
  async validate(asked) {
    if (asked.operation !== 'UPDATE' || asked.request.subresource !== 'status') return
    const { status: next } = asked.object as CertificateSigningRequest
    const { status: before, spec } = asked.old as CertificateSigningRequest
    if (next.certificate === before.certificate && deepEqual(next.conditions ?? [], before.conditions ?? [])) return
    if (!(await mayActForSigner(authorizer, asked.request.user, 'sign', spec.signerName)))
      throw refused(asked, `user not permitted to sign requests with signerName ${JSON.stringify(spec.signerName)}`)
  },
})
