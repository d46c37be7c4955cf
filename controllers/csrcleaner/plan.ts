// How long a request is kept. Pure.
import type { CertificateSigningRequest } from '../../openapi/kinds/certificates.k8s.io/certificatesigningrequest.ts'

const hourMs = 3_600_000
const pendingMs = 24 * hourMs

/** When it goes, in ms since 1970; undefined: not before somebody goes on with it. */
export function deadlineOf({ metadata, status }: CertificateSigningRequest): number | undefined {
  const conditions = status.conditions ?? []
  if (conditions.length === 0) return Date.parse(metadata.creationTimestamp) + pendingMs
  const ended = conditions.filter(({ type }) => type === 'Denied' || type === 'Failed' || (type === 'Approved' && status.certificate))
  const times = ended.map(({ lastUpdateTime }) => Date.parse(lastUpdateTime ?? '')).filter(time => !Number.isNaN(time))
  return times.length > 0 ? Math.min(...times) + hourMs : undefined
}
