// The audit log: what the policy wants told of a request goes to all sinks.
import { readFileSync } from 'node:fs'
import type { Clock } from '../clock.ts'
import { type Config, ConfigError } from '../config.ts'
import { logSink } from './log.ts'
import { parsePolicy } from './policy.ts'
import { type Arrival, type AuditEvent, type AuditRecord, openRecord } from './record.ts'
import type { Sink } from './sink.ts'
import { webhookSink } from './webhook.ts'

export interface Auditor {
  /** undefined: nothing is to be told of it. `kept`: whether that it came could be told. */
  begin(arrival: Arrival): Promise<{ record: AuditRecord; kept: boolean } | undefined>
  /** Events that were told, and requests that could not go on. */
  counts(): { events: number; rejected: number }
  close(): Promise<void>
}

export interface AuditParts {
  clock: Clock
  logError(error: unknown): void
}

/** undefined: there is nothing to tell, or nobody to tell it. Throws ConfigError. */
export function createAuditor(config: Config, { clock, logError }: AuditParts): Auditor | undefined {
  const policy = config.auditPolicyFile === '' ? undefined : parsePolicy(policyText(config.auditPolicyFile), config.auditPolicyFile)
  const sinks: Sink[] = [
    ...(config.auditLogPath === '' ? [] : [logSink(config.auditLogPath, config.auditLogFormat, logError)]),
    ...(config.auditWebhookConfigFile === ''
      ? []
      : [webhookSink(config.auditWebhookConfigFile, config.auditWebhookMode, { clock, logError })]),
  ]
  const close = async () => void (await Promise.all(sinks.map(sink => sink.close())))
  if (!policy || sinks.length === 0) {
    void close()
    return undefined
  }
  const counts = { events: 0, rejected: 0 }
  const emit = async (event: AuditEvent): Promise<boolean> => {
    counts.events++
    const kept = await Promise.all(sinks.map(sink => sink.write(event)))
    if (kept.every(Boolean)) return true
    counts.rejected++
    return false
  }
  return {
    async begin(arrival) {
      const telling = policy(arrival.asked)
      if (!telling || telling.level === 'None') return undefined
      return openRecord(arrival, { telling, now: () => clock.now(), emit })
    },
    counts: () => counts,
    close,
  }
}

function policyText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError(`loading audit policy file: failed to read file path ${JSON.stringify(file)}: ${(error as Error).message}`)
  }
}
