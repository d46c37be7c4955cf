// Where events go.
import type { AuditEvent } from './record.ts'

export interface Sink {
  /** false: it is lost, and the request must not go on. */
  write(event: AuditEvent): Promise<boolean>
  /** Whatever is kept back goes out first. */
  close(): Promise<void>
}
