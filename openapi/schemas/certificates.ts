import type { FromSchema } from 'json-schema-to-ts'
import { bytes, field, int32, list, map, object, string, time } from '../schema.ts'
import { objectHead } from './meta.ts'

export const CertificateSigningRequestSpec = object(
  'io.k8s.api.certificates.v1.CertificateSigningRequestSpec',
  'What is to be signed, by whom, and who asks. It cannot be changed.',
  {
    expirationSeconds: int32('How long the certificate should be good, in seconds, at least 600. Signers may choose a shorter time.'),
    extra: map(list(string(''), ''), 'What else was known of the user who asked; filled in by the server.'),
    groups: list(string(''), 'Groups of the user who asked; filled in by the server.', { 'x-kubernetes-list-type': 'atomic' }),
    request: bytes('The X.509 request, PEM with block type CERTIFICATE REQUEST, as base64.'),
    signerName: string(
      'Name of the signer, domain/path. kubernetes.io/kube-apiserver-client, -client-kubelet and kubelet-serving are signed by the cluster itself.',
    ),
    uid: string('UID of the user who asked; filled in by the server.'),
    usages: list(
      string('', {
        enum: [
          'any',
          'cert sign',
          'client auth',
          'code signing',
          'content commitment',
          'crl sign',
          'data encipherment',
          'decipher only',
          'digital signature',
          'email protection',
          'encipher only',
          'ipsec end system',
          'ipsec tunnel',
          'ipsec user',
          'key agreement',
          'key encipherment',
          'microsoft sgc',
          'netscape sgc',
          'ocsp signing',
          's/mime',
          'server auth',
          'signing',
          'timestamping',
        ],
      }),
      "What the key may be used for, such as 'client auth' or 'server auth'. Signers allow only what fits them.",
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    username: string('Name of the user who asked; filled in by the server.'),
  },
  ['request', 'signerName'],
)
export type CertificateSigningRequestSpec = FromSchema<typeof CertificateSigningRequestSpec>

export const CertificateSigningRequestCondition = object(
  'io.k8s.api.certificates.v1.CertificateSigningRequestCondition',
  'A decision about a request.',
  {
    lastTransitionTime: time('When the status last became another one.'),
    lastUpdateTime: time('When the condition was last changed.'),
    message: string('The decision in words.'),
    reason: string('The decision in one word.'),
    status: string('True, False or Unknown. Approved, Denied and Failed can only be True.'),
    type: string('Approved, Denied, Failed or any other name. Approved and Denied exclude each other and stay.'),
  },
  ['type', 'status'],
)
export type CertificateSigningRequestCondition = FromSchema<typeof CertificateSigningRequestCondition>

export const CertificateSigningRequestStatus = object(
  'io.k8s.api.certificates.v1.CertificateSigningRequestStatus',
  'What was decided, and the certificate.',
  {
    certificate: bytes('The signed certificate, perhaps with its chain, PEM as base64. Once there, it stays.'),
    conditions: list(CertificateSigningRequestCondition, 'What was decided about the request.', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
    }),
  },
)
export type CertificateSigningRequestStatus = FromSchema<typeof CertificateSigningRequestStatus>

export const CertificateSigningRequest = object(
  'io.k8s.api.certificates.v1.CertificateSigningRequest',
  'Asks a signer for an X.509 certificate: approved or denied first, signed then.',
  {
    ...objectHead,
    spec: field(CertificateSigningRequestSpec, 'What is to be signed.', { default: {} }),
    status: field(CertificateSigningRequestStatus, 'What became of it. Approval is written through its own subresource.', { default: {} }),
  },
  ['spec'],
)
export type CertificateSigningRequest = FromSchema<typeof CertificateSigningRequest>
