// CertificateSubjectRestriction: no certificate for clients makes anybody a master.
import type { CertificateSigningRequest } from '../../openapi/kinds/certificates.k8s.io/certificatesigningrequest.ts'
import { parseCertificateRequest } from '../../openapi/values/pkcs10.ts'
import { type AdmissionPlugin, refused } from './chain.ts'

const signer = 'kubernetes.io/kube-apiserver-client'

export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  kinds: ['CertificateSigningRequest.certificates.k8s.io'],
  validate(asked) {
    const { spec } = asked.object as CertificateSigningRequest
    if (asked.operation !== 'CREATE' || spec.signerName !== signer) return
    const { organizations } = parseCertificateRequest(Buffer.from(spec.request, 'base64').toString('latin1'))
    if (organizations.includes('system:masters')) throw refused(asked, `use of ${signer} signer with system:masters group is not allowed`)
  },
}
