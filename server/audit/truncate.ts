// Events that are too large lose their objects: --audit-log-truncate-enabled and --audit-webhook-truncate-enabled.
import { isAtLeast } from './policy.ts'
import type { AuditEvent } from './record.ts'
import { pluginError, type Sink } from './sink.ts'

/** Bytes of its line. */
const sizeOf = (event: AuditEvent): number => Buffer.byteLength(JSON.stringify(event)) + 1

export const truncated = (sink: Sink, maxBytes: number, logError: (error: unknown) => void): Sink => ({
  async write(event) {
    const small = fitted(event, maxBytes)
    if (small) return sink.write(small)
    logError(pluginError('truncate', 1, 'event is too large even after truncating'))
    return true
  },
  close: () => sink.close(),
})

/** As much of it as fits; undefined: nothing. */
export function fitted(event: AuditEvent, maxBytes: number): AuditEvent | undefined {
  if (sizeOf(event) <= maxBytes) return event
  if (!isAtLeast(event.level, 'Request')) return undefined
  const { requestObject: _request, responseObject: _response, annotations, ...rest } = event
  const small = { ...rest, annotations: { ...annotations, 'audit.k8s.io/truncated': 'true' } }
  return sizeOf(small) <= maxBytes ? small : undefined
}
