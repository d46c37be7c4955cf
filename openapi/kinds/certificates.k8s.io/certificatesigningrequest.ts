// CertificateSigningRequest: its approval and its certificate are written through subresources of their own.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf, type StrategyContext, type View } from '../../kind.ts'
import { CertificateSigningRequest as schema } from '../../schemas/certificates.ts'
import { humanDuration, printTime } from '../../values/time.ts'
import { validate, validateUpdate } from './validation.ts'

export interface CertificateSigningRequest extends ObjectOf<typeof schema> {}
export type CertificateSigningRequestInput = InputOf<typeof schema>

const columns = [
  nameColumn,
  ageColumn,
  text<CertificateSigningRequest>('SignerName', 'The signer that is asked.', ({ spec }) => spec.signerName),
  text<CertificateSigningRequest>('Requestor', 'The user who asks.', ({ spec }) => spec.username ?? ''),
  text<CertificateSigningRequest>('RequestedDuration', 'How long the certificate should be good.', ({ spec }) =>
    spec.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000),
  ),
  text<CertificateSigningRequest>('Condition', 'What was decided, and whether there is a certificate.', condition),
]

function condition({ status }: CertificateSigningRequest): string {
  const has = (type: string) => (status.conditions ?? []).some(c => c.type === type)
  const decided = ['Approved', 'Denied'].filter(has).slice(-1)
  const shown = [...(decided.length > 0 ? decided : ['Pending']), ...(has('Failed') ? ['Failed'] : [])]
  return [...shown, ...(status.certificate ? ['Issued'] : [])].join(',')
}

/** Who asks is what the server says, not the client. */
function prepareForCreate(draft: CertificateSigningRequest, { user }: StrategyContext): void {
  const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...spec } = draft.spec
  draft.spec = {
    ...spec,
    username: user.name,
    ...(user.uid ? { uid: user.uid } : {}),
    ...(user.groups.length > 0 ? { groups: [...user.groups] } : {}),
    ...(user.extra ? { extra: Object.fromEntries(Object.entries(user.extra).map(([key, values]) => [key, [...values]])) } : {}),
  }
}

/** Conditions tell when they came, and since when they stand. */
function withTimes(draft: CertificateSigningRequest, old: CertificateSigningRequest, now: Date): void {
  for (const condition of draft.status.conditions ?? []) {
    const same = (old.status.conditions ?? []).find(c => c.type === condition.type && c.status === condition.status)
    condition.lastUpdateTime ||= printTime(now)
    condition.lastTransitionTime ||= same?.lastTransitionTime || printTime(now)
  }
}

const approval: View<CertificateSigningRequest> = {
  prepareForUpdate(draft, old, { now }) {
    withTimes(draft, old, now)
    draft.spec = old.spec
    const { conditions: _old, ...status } = old.status
    const { conditions } = draft.status
    draft.status = { ...status, ...(conditions ? { conditions } : {}) }
  },
  validateUpdate: (next, old) => validateUpdate(next, old, 'approval'),
}

/** Of CN=jane, O=devs. */
const exampleRequest =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIYU1JR0FBZ0VBTUI0eERUQUxCZ05WQkFvTUJHUmxkbk14RFRBTEJnTlZCQU1NQkdwaGJtVXdXVEFUQm' +
  'djcQpoa2pPUFFJQkJnZ3Foa2pPUFFNQkJ3TkNBQVMyUVp1QjZlcUx1VTFJcWNacW9FMFE5RGc2RVBtVDRrRkJJcjJqCnFDTXBJb3JvN0VacTJ2QTB0Ujh3UlpnNWk2QXZn' +
  'am0ydnEydkNBM0xySjVnL0hjSW9BQXdDZ1lJS29aSXpqMEUKQXdJRFNRQXdSZ0loQUk4N3dBTGdqeEN1Sm5Ed2tEWTcvSk5ySTI1cXY3NXpEd0RzZVorZ3NlTW1BaUVBNG' +
  'Q1RAo3ZHdDVEtXbjJVd2haNE1DYVY3SUROcmdHeTQrc0VhZDN4aFdtNWc9Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo='

export const certificateSigningRequest = defineKind<CertificateSigningRequest, CertificateSigningRequestInput>({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  scope: 'Cluster',
  names: { plural: 'certificatesigningrequests', singular: 'certificatesigningrequest', shortNames: ['csr'] },
  schema,
  columns,
  subresources: { status: true, connect: ['approval'] },
  views: { approval },
  selectableFields: [{ label: 'spec.signerName', value: ({ spec }) => spec.signerName }],
  resetFields: ['spec'],
  validateName: () => [],
  prepareForCreate,
  prepareForUpdate(draft, old) {
    draft.spec = old.spec
  },
  prepareForStatusUpdate: (draft, old, { now }) => withTimes(draft, old, now),
  validate,
  validateUpdate: (next, old) => validateUpdate(next, old, 'main'),
  validateStatusUpdate: (next, old) => validateUpdate(next, old, 'status'),
  example: {
    metadata: { name: 'example' },
    spec: { request: exampleRequest, signerName: 'example.com/signer', usages: ['client auth'] },
  },
})
