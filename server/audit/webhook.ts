// Events as EventLists for a server of others: --audit-webhook-config-file, a kubeconfig, and --audit-webhook-mode.
import type { RequestOptions } from 'node:https'
import type { Clock } from '../clock.ts'
import { ConfigError } from '../config.ts'
import { pause, tries, waitFactor } from '../extension/backend.ts'
import { type Target, targetOf } from '../extension/kubeconfig.ts'
import type { AuditEvent } from './record.ts'
import type { Sink } from './sink.ts'

const modes = ['batch', 'blocking', 'blocking-strict'] as const

const maxBatch = 400
const maxWaitMs = 30_000
const bufferSize = 10_000
const firstWaitMs = 10_000

export interface WebhookParts {
  clock: Clock
  logError(error: unknown): void
}

/** Throws ConfigError. */
export function webhookSink(file: string, mode: string, { clock, logError }: WebhookParts): Sink {
  if (!(modes as readonly string[]).includes(mode))
    throw new ConfigError(`invalid audit webhook mode ${mode}, allowed modes are ${JSON.stringify(modes.join(','))}`)
  const target = targetOf(file, why => new ConfigError(`initializing audit webhook: ${why}`))
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
    await pause(clock, waitMs, signal)
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
