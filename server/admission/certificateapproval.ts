// CertificateApproval: who approves or denies a certificate request must be allowed to approve for its signer.
import type { CertificateSigningRequest } from '../../openapi/kinds/certificates.k8s.io/certificatesigningrequest.ts'
import type { Authorizer } from '../auth/attributes.ts'
import { type AdmissionPlugin, refused } from './chain.ts'
import { mayActForSigner } from './signers.ts'

export const certificateApproval = (authorizer: Authorizer): AdmissionPlugin => ({
  name: 'CertificateApproval',
  kinds: ['CertificateSigningRequest.certificates.k8s.io'],
  async validate(asked) {
    if (asked.operation !== 'UPDATE' || asked.request.subresource !== 'approval') return
    const { signerName } = (asked.old as CertificateSigningRequest).spec
    if (!(await mayActForSigner(authorizer, asked.request.user, 'approve', signerName)))
      throw refused(asked, `user not permitted to approve requests with signerName ${JSON.stringify(signerName)}`)
  },
})
