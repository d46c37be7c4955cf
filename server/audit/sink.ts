// Where events go.
import type { Clock } from '../clock.ts'
import type { AuditEvent } from './record.ts'

export interface Sink {
  /** false: it is lost, and the request must not go on. */
  write(event: AuditEvent): Promise<boolean>
  /** Whatever is kept back goes out first. */
  close(): Promise<void>
}

/** What takes events. */
export interface Receiver {
  /** false: they are lost, and that was told. */
  send(events: readonly AuditEvent[]): Promise<boolean>
  /** Nothing is tried a second time from now on. */
  hurry(): void
  close(): Promise<void>
}

export interface SinkParts {
  clock: Clock
  logError(error: unknown): void
}

/** As upstream tells of it. */
export const pluginError = (plugin: string, events: number, why: string): Error =>
  new Error(`Error in audit plugin '${plugin}' affecting ${events} audit events: ${why}`)
