// Events as EventLists for a server of others: --audit-webhook-config-file, a kubeconfig, and --audit-webhook-mode.
import { readFileSync } from 'node:fs'
import type { RequestOptions } from 'node:https'
import { dirname, resolve } from 'node:path'
import type { Clock } from '../clock.ts'
import { parseYaml, YamlError } from '../codec/yaml.ts'
import { ConfigError } from '../config.ts'
import { trusting } from '../trust.ts'
import type { AuditEvent } from './record.ts'
import type { Sink } from './sink.ts'

const modes = ['batch', 'blocking', 'blocking-strict'] as const

const maxBatch = 400
const maxWaitMs = 30_000
const bufferSize = 10_000
/** Upstream's: five tries, with longer and longer waits between them. */
const tries = 5
const firstWaitMs = 10_000
const waitFactor = 1.5

export interface WebhookParts {
  clock: Clock
  logError(error: unknown): void
}

/** Throws ConfigError. */
export function webhookSink(file: string, mode: string, { clock, logError }: WebhookParts): Sink {
  if (!(modes as readonly string[]).includes(mode))
    throw new ConfigError(`invalid audit webhook mode ${mode}, allowed modes are ${JSON.stringify(modes.join(','))}`)
  const target = targetOf(file)
  const ending = new AbortController()
  const send = async (events: readonly AuditEvent[]): Promise<boolean> => {
    try {
      await delivered(target, events, { clock, signal: ending.signal })
      return true
    } catch (error) {
      logError(new Error(`Error in audit plugin 'webhook' affecting ${events.length} audit events: ${(error as Error).message}`))
      return false
    }
  }
  if (mode === 'batch') return batched(send, { clock, logError, ending })
  return {
    write: async event => (await send([event])) || mode === 'blocking',
    close: async () => ending.abort(),
  }
}

interface Batching extends WebhookParts {
  ending: AbortController
}

function batched(send: (events: readonly AuditEvent[]) => Promise<boolean>, { clock, logError, ending }: Batching): Sink {
  const kept: AuditEvent[] = []
  let sending: Promise<unknown> = Promise.resolve()
  /** Events that are not out yet, with those that are being sent. */
  let unsent = 0
  let cancel: (() => void) | undefined
  const flush = () => {
    cancel?.()
    cancel = undefined
    while (kept.length > 0) {
      const events = kept.splice(0, maxBatch)
      sending = sending.then(async () => {
        await send(events)
        unsent -= events.length
      })
    }
  }
  return {
    async write(event) {
      if (unsent >= bufferSize) {
        logError(new Error("Error in audit plugin 'buffered' affecting 1 audit events: audit buffer queue blocked"))
        return true
      }
      unsent++
      kept.push(event)
      if (kept.length >= maxBatch) flush()
      else cancel ??= clock.after(maxWaitMs, flush)
      return true
    },
    async close() {
      // One try for what is left: nobody waits for a server that is not there.
      ending.abort()
      flush()
      await sending
    },
  }
}

interface Target {
  url: string
  options: RequestOptions
}

interface Sending {
  clock: Clock
  /** No more tries after this. */
  signal: AbortSignal
}

/** Throws when the last try has failed. */
async function delivered({ url, options }: Target, events: readonly AuditEvent[], { clock, signal }: Sending): Promise<void> {
  const items = events.map(({ kind: _kind, apiVersion: _version, ...event }) => event)
  const body = JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}, items })
  for (let attempt = 1, waitMs = firstWaitMs; ; attempt++, waitMs *= waitFactor) {
    const problem = await post(url, options, body)
    if (problem === undefined) return
    if (attempt >= tries || signal.aborted || !problem.again) throw new Error(`Post ${JSON.stringify(url)}: ${problem.why}`)
    await new Promise<void>(done => {
      const end = () => {
        cancel()
        signal.removeEventListener('abort', end)
        done()
      }
      const cancel = clock.after(waitMs, end)
      signal.addEventListener('abort', end)
    })
  }
}

interface Problem {
  why: string
  /** It may go better another time. */
  again: boolean
}

async function post(url: string, options: RequestOptions, body: string): Promise<Problem | undefined> {
  const { request } = url.startsWith('https:') ? await import('node:https') : await import('node:http')
  const headers = { ...options.headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise(resolved => {
    const sent = request(url, { ...options, headers, method: 'POST', agent: false }, response => {
      const code = response.statusCode ?? 0
      response.resume()
      response.on('end', () =>
        resolved(code >= 200 && code < 300 ? undefined : { why: `the server answered ${code}`, again: code >= 500 || code === 429 }),
      )
    })
    sent.on('error', error => resolved({ why: error.message, again: true })).end(body)
  })
}

interface Kubeconfig {
  'current-context'?: string
  contexts?: { name: string; context?: { cluster?: string; user?: string } }[]
  clusters?: { name: string; cluster?: Record<string, unknown> }[]
  users?: { name: string; user?: Record<string, unknown> }[]
}

/** Where a kubeconfig leads, and with what. Throws ConfigError. */
function targetOf(file: string): Target {
  const refuse = (why: string) => new ConfigError(`initializing audit webhook: ${why}`)
  let config: Kubeconfig
  try {
    config = (parseYaml(readFileSync(file, 'utf8')).value ?? {}) as Kubeconfig
  } catch (error) {
    if (error instanceof YamlError || (error as NodeJS.ErrnoException).code) throw refuse((error as Error).message)
    throw error
  }
  const named = <T extends { name: string }>(list: readonly T[] | undefined, name: string | undefined) =>
    list?.find(item => item.name === name)
  const context = named(config.contexts, config['current-context'])?.context ?? {}
  const cluster = named(config.clusters, context.cluster)?.cluster ?? {}
  const user = named(config.users, context.user)?.user ?? {}
  const text = (fields: Record<string, unknown>, name: string): string | undefined => (fields[name] ? String(fields[name]) : undefined)
  const bytes = (fields: Record<string, unknown>, name: string): Buffer | undefined => {
    const [data, path] = [text(fields, `${name}-data`), text(fields, name)]
    if (data) return Buffer.from(data, 'base64')
    return path ? readFileSync(resolve(dirname(file), path)) : undefined
  }
  const url = text(cluster, 'server')
  if (!url) throw refuse('invalid configuration: no server has been provided')
  const [name, password, token] = [text(user, 'username'), text(user, 'password'), text(user, 'token')]
  const basic = name ? `Basic ${Buffer.from(`${name}:${password ?? ''}`).toString('base64')}` : undefined
  const authorization = token ? `Bearer ${token}` : basic
  return {
    url,
    options: {
      ...trusting(bytes(cluster, 'certificate-authority')),
      cert: bytes(user, 'client-certificate'),
      key: bytes(user, 'client-key'),
      ...(cluster['insecure-skip-tls-verify'] ? { rejectUnauthorized: false } : {}),
      headers: authorization ? { authorization } : {},
    },
  }
}
