// The flags of the audit log. Those of how events are sent are there twice, for the file and for the webhook.
import { ConfigError, duration, integer, number, type Option, text, yesOrNo } from '../option.ts'

/** How events are sent, whatever takes them. */
export interface Sending {
  /** batch, blocking or blocking-strict. */
  mode: string
  /** Only in batch mode: how many events wait at most, and go together at most. */
  batchBufferSize: number
  batchMaxSize: number
  /** For how long they wait for others: a Go duration. */
  batchMaxWait: string
  /** How many batches go a second in the long run, and at once. */
  batchThrottleEnable: boolean
  batchThrottleQps: number
  batchThrottleBurst: number
  /** Events of more bytes lose their objects, and go nowhere when they still are too large. */
  truncateEnabled: boolean
  truncateMaxBatchSize: number
  truncateMaxEventSize: number
  /** Of the events. */
  version: string
}

export type Target = 'log' | 'webhook'
type Key<T extends Target, K extends keyof Sending> = `audit${Capitalize<T>}${Capitalize<K>}`

type SendingConfig = { [K in keyof Sending as Key<'log', K> | Key<'webhook', K>]: Sending[K] }

export interface AuditConfig extends SendingConfig {
  /** Which requests are told in the audit log, and how much of them: a file of an audit.k8s.io/v1 Policy. */
  auditPolicyFile: string
  /** Where they are told: a file, '-' for the standard output. */
  auditLogPath: string
  /** json or legacy. */
  auditLogFormat: string
  /** A file of more megabytes is put aside, 0 for never. */
  auditLogMaxsize: number
  /** So many of these are kept, and for so many days; 0 for all, and for ever. */
  auditLogMaxbackup: number
  auditLogMaxage: number
  /** They are compressed. */
  auditLogCompress: boolean
  /** A kubeconfig of the server that is told of them. */
  auditWebhookConfigFile: string
  /** After how long it is tried again at first: a Go duration. */
  auditWebhookInitialBackoff: string
}

const count = integer(-(2 ** 31), 2 ** 31 - 1)
const size = integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)

/** There is one. */
const version = (text: string): string => {
  if (text !== 'audit.k8s.io/v1') throw new ConfigError('invalid group version, allowed versions are ["audit.k8s.io/v1"]')
  return text
}

const truncating = { truncateEnabled: false, truncateMaxBatchSize: 10 * 1024 * 1024, truncateMaxEventSize: 100 * 1024 }

/** Upstream's: a file gains nothing by batches. */
const standard: Readonly<Record<Target, Sending>> = {
  log: {
    mode: 'blocking',
    ...{ batchBufferSize: 10_000, batchMaxSize: 1, batchMaxWait: '0s' },
    ...{ batchThrottleEnable: false, batchThrottleQps: 0, batchThrottleBurst: 0 },
    ...truncating,
    version: 'audit.k8s.io/v1',
  },
  webhook: {
    mode: 'batch',
    ...{ batchBufferSize: 10_000, batchMaxSize: 400, batchMaxWait: '30s' },
    ...{ batchThrottleEnable: true, batchThrottleQps: 10, batchThrottleBurst: 15 },
    ...truncating,
    version: 'audit.k8s.io/v1',
  },
}

const sending: { readonly [K in keyof Sending]: Pick<Option<Sending[K]>, 'flag' | 'parse' | 'about'> } = {
  mode: { flag: 'mode', parse: text, about: 'how it gets events: batch, blocking or blocking-strict' },
  batchBufferSize: { flag: 'batch-buffer-size', parse: count, about: 'in batch mode, how many events may wait' },
  batchMaxSize: { flag: 'batch-max-size', parse: count, about: 'in batch mode, how many events go together' },
  batchMaxWait: { flag: 'batch-max-wait', parse: duration, about: 'in batch mode, how long events wait for others' },
  batchThrottleEnable: { flag: 'batch-throttle-enable', parse: yesOrNo, about: 'in batch mode, whether batches are limited' },
  batchThrottleQps: { flag: 'batch-throttle-qps', parse: number, about: 'in batch mode, batches a second in the long run' },
  batchThrottleBurst: { flag: 'batch-throttle-burst', parse: count, about: 'in batch mode, batches at once' },
  truncateEnabled: { flag: 'truncate-enabled', parse: yesOrNo, about: 'whether large events lose their objects' },
  truncateMaxBatchSize: { flag: 'truncate-max-batch-size', parse: size, about: 'bytes of a batch' },
  truncateMaxEventSize: { flag: 'truncate-max-event-size', parse: size, about: 'bytes of an event' },
  version: { flag: 'version', parse: version, about: 'version of events' },
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)
const keyOf = (target: Target, name: string): string => `audit${capital(target)}${capital(name)}`

type OptionsOf<C> = { readonly [K in keyof C]: Option<C[K]> }

const sendingOptions = Object.fromEntries(
  (['log', 'webhook'] as const).flatMap(target =>
    Object.entries(sending).map(([name, { flag, about, parse }]) => [
      keyOf(target, name),
      { flag: `audit-${target}-${flag}`, value: standard[target][name as keyof Sending], parse, about: `audit ${target}: ${about}` },
    ]),
  ),
) as unknown as OptionsOf<SendingConfig>

/** What was configured for one of them. */
export const sendingOf = (config: SendingConfig, target: Target): Sending =>
  Object.fromEntries(Object.keys(sending).map(name => [name, config[keyOf(target, name) as keyof SendingConfig]])) as unknown as Sending

export const auditOptions: OptionsOf<AuditConfig> = {
  auditPolicyFile: { flag: 'audit-policy-file', value: '', parse: text, about: 'policy of the audit log' },
  auditLogPath: { flag: 'audit-log-path', value: '', parse: text, about: "file of the audit log, '-' for the standard output" },
  auditLogFormat: { flag: 'audit-log-format', value: 'json', parse: text, about: 'its lines: json or legacy' },
  auditLogMaxsize: { flag: 'audit-log-maxsize', value: 100, parse: count, about: 'megabytes after which it is put aside, 0 for never' },
  auditLogMaxbackup: { flag: 'audit-log-maxbackup', value: 100, parse: count, about: 'how many old files are kept, 0 for all' },
  auditLogMaxage: { flag: 'audit-log-maxage', value: 366, parse: count, about: 'for how many days they are kept, 0 for ever' },
  auditLogCompress: { flag: 'audit-log-compress', value: false, parse: yesOrNo, about: 'whether they are compressed' },
  auditWebhookConfigFile: {
    flag: 'audit-webhook-config-file',
    value: '',
    parse: text,
    about: 'kubeconfig of a server that gets the audit log',
  },
  auditWebhookInitialBackoff: {
    flag: 'audit-webhook-initial-backoff',
    value: '10s',
    parse: duration,
    about: 'after how long it is tried again at first',
  },
  ...sendingOptions,
}
