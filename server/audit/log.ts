// Events as lines of a file or of the standard output: --audit-log-path and --audit-log-format.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigError } from '../config.ts'
import type { AuditEvent } from './record.ts'
import type { Sink } from './sink.ts'

const formats: Readonly<Record<string, (event: AuditEvent) => string>> = { legacy: legacyLine, json: event => JSON.stringify(event) }

/** `path` '-': the standard output. Throws ConfigError for a format nobody knows and a file that cannot be opened. */
export function logSink(path: string, format: string, logError: (error: unknown) => void): Sink {
  const line = formats[format]
  if (!line)
    throw new ConfigError(`invalid audit log format ${format}, allowed formats are ${JSON.stringify(Object.keys(formats).join(','))}`)
  if (path === '-') return { write: async event => process.stdout.write(`${line(event)}\n`) || true, close: async () => {} }
  const file = opened(path)
  let open = true
  return {
    // At once, as upstream's blocking mode: who has the answer finds the event.
    async write(event) {
      try {
        // What ends with the cluster itself comes too late.
        if (open) writeSync(file, `${line(event)}\n`)
      } catch (error) {
        // The request is not to blame.
        logError(new Error(`Error in audit plugin 'log' affecting 1 audit events: ${(error as Error).message}`))
      }
      return true
    },
    async close() {
      if (open) closeSync(file)
      open = false
    },
  }
}

function opened(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true })
    return openSync(path, 'a', 0o600)
  } catch (error) {
    throw new ConfigError(`ensureLogFile: ${(error as Error).message}`)
  }
}

const quote = JSON.stringify
const quotedList = (list: readonly string[]): string => list.map(text => quote(text)).join(',')

function legacyLine(event: AuditEvent): string {
  const { user, impersonatedUser: other } = event
  const fields = {
    id: event.auditID,
    stage: event.stage,
    ip: event.sourceIPs?.[0] ?? '<unknown>',
    method: event.verb,
    user: user.username || '<none>',
    groups: user.username && user.groups?.length ? quotedList(user.groups) : '<none>',
    as: other?.username ?? '<self>',
    asgroups: other?.groups ? quotedList(other.groups) : '<lookup>',
    'user-agent': event.userAgent ?? '',
    namespace: event.objectRef?.namespace ?? '<none>',
    uri: event.requestURI,
    response: String(event.responseStatus?.code ?? '<deferred>'),
  }
  const text = Object.entries(fields).map(([name, value]) => `${name}=${quote(value)}`)
  return `${event.requestReceivedTimestamp.replace(/\.?0*Z$/, 'Z')} AUDIT: ${text.join(' ')}`
}
