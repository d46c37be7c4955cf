// Audit logs of a test's own cluster.
import { existsSync, readFileSync } from 'node:fs'
import type { AuditEvent } from '../../server/audit/record.ts'
import type { StartOptions } from '../../server/index.ts'
import { type Rest, serveRest } from './api.ts'
import { aFile } from './clientcerts.ts'

export const policyOf = (...rules: object[]): string => JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules })

export interface Audited extends Rest {
  /** What was told since the last time, optionally only of one stage. */
  told(stage?: string): AuditEvent[]
}

/** Everything in a file, from when the test begins to look. */
export async function serveAudited(rules: object[], options: StartOptions = {}): Promise<Audited> {
  const auditLogPath = `${aFile('')}.log`
  const rest = await serveRest({ auditPolicyFile: aFile(policyOf(...rules)), auditLogPath, ...options })
  let read = 0
  return {
    ...rest,
    told(stage) {
      const lines = existsSync(auditLogPath) ? readFileSync(auditLogPath, 'utf8').trim().split('\n').filter(Boolean) : []
      const fresh = lines.slice(read).map(line => JSON.parse(line) as AuditEvent)
      read = lines.length
      return stage ? fresh.filter(event => event.stage === stage) : fresh
    },
    [Symbol.asyncDispose]: () => rest.cluster.close(),
  }
}
