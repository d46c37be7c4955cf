// Events as lines of a file or of the standard output: --audit-log-path and --audit-log-format.
import { ConfigError } from '../config.ts'
import type { AuditConfig } from './options.ts'
import type { AuditEvent } from './record.ts'
import { RotatingFile } from './rotatingfile.ts'
import { pluginError, type Receiver, type SinkParts } from './sink.ts'

const formats: Readonly<Record<string, (event: AuditEvent) => string>> = { legacy: legacyLine, json: event => JSON.stringify(event) }
const megabyte = 1024 * 1024

/** What is wrong with the flags, in the words of upstream. */
export const logErrors = (config: AuditConfig): string[] => [
  ...(formats[config.auditLogFormat]
    ? []
    : [`invalid audit log format ${config.auditLogFormat}, allowed formats are ${JSON.stringify(Object.keys(formats).join(','))}`]),
  ...(['Maxage', 'Maxbackup', 'Maxsize'] as const)
    .filter(name => config[`auditLog${name}`] < 0)
    .map(name => `--audit-log-${name.toLowerCase()} ${config[`auditLog${name}`]} can't be a negative number`),
]

/** Throws ConfigError for a file that cannot be opened. */
export function logReceiver(config: AuditConfig, { clock, logError }: SinkParts): Receiver {
  const line = formats[config.auditLogFormat] as (event: AuditEvent) => string
  const file = config.auditLogPath === '-' ? undefined : opened(config, { clock, logError })
  let open = true
  const write = (event: AuditEvent): boolean => {
    try {
      // What ends with the cluster itself comes too late.
      if (!file) process.stdout.write(`${line(event)}\n`)
      else if (open) file.write(`${line(event)}\n`)
      return true
    } catch (error) {
      logError(pluginError('log', 1, (error as Error).message))
      return false
    }
  }
  return {
    send: async events => events.map(write).every(Boolean),
    hurry: () => {},
    async close() {
      open = false
      await file?.close()
    },
  }
}

function opened(config: AuditConfig, parts: SinkParts): RotatingFile {
  try {
    return new RotatingFile(config.auditLogPath, {
      ...parts,
      maxBytes: config.auditLogMaxsize * megabyte,
      maxFiles: config.auditLogMaxbackup,
      maxDays: config.auditLogMaxage,
      compress: config.auditLogCompress,
    })
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
