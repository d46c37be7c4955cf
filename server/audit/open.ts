// Few clusters have an audit log: what it takes is loaded for those.
import type { Auditor } from './index.ts'
import type { AuditConfig } from './options.ts'
import type { SinkParts } from './sink.ts'

/** undefined: nothing is told. Throws ConfigError. */
export const openAuditor = async (config: AuditConfig, parts: SinkParts): Promise<Auditor | undefined> =>
  config.auditPolicyFile || config.auditLogPath || config.auditWebhookConfigFile
    ? (await import('./index.ts')).createAuditor(config, parts)
    : undefined
