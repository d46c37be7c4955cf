// The audit log: what the policy wants told of a request goes to all sinks.
import { readFileSync } from 'node:fs'
import { aggregate } from '../../openapi/errors.ts'
import { ConfigError } from '../config.ts'
import { logErrors, logReceiver } from './log.ts'
import { type AuditConfig, sendingOf } from './options.ts'
import { parsePolicy } from './policy.ts'
import { type Arrival, type AuditEvent, type AuditRecord, openRecord } from './record.ts'
import { sendingErrors, sinkOf } from './sending.ts'
import type { Sink, SinkParts } from './sink.ts'
import { webhookReceiver } from './webhook.ts'

export interface Auditor {
  /** undefined: nothing is to be told of it. `kept`: whether that it came could be told. */
  begin(arrival: Arrival): Promise<{ record: AuditRecord; kept: boolean } | undefined>
  /** Events that were told, and requests that could not go on. */
  counts(): { events: number; rejected: number }
  close(): Promise<void>
}

/** undefined: there is nothing to tell, or nobody to tell it. Throws ConfigError. */
export function createAuditor(config: AuditConfig, parts: SinkParts): Auditor | undefined {
  const policy = config.auditPolicyFile === '' ? undefined : parsePolicy(policyText(config.auditPolicyFile), config.auditPolicyFile)
  const [toLog, toWebhook] = [sendingOf(config, 'log'), sendingOf(config, 'webhook')]
  const wrong = [
    ...(config.auditLogPath === '' ? [] : [...sendingErrors('log', toLog), ...logErrors(config)]),
    ...(config.auditWebhookConfigFile === '' ? [] : sendingErrors('webhook', toWebhook)),
  ]
  if (wrong.length > 0) throw new ConfigError(aggregate(wrong))
  const sinks: Sink[] = [
    ...(config.auditLogPath === '' ? [] : [sinkOf(logReceiver(config, parts), toLog, parts)]),
    ...(config.auditWebhookConfigFile === ''
      ? []
      : [sinkOf(webhookReceiver(config.auditWebhookConfigFile, config.auditWebhookInitialBackoff, parts), toWebhook, parts)]),
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
      return openRecord(arrival, { telling, now: () => parts.clock.now(), emit })
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
