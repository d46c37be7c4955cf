// Events as EventLists for a server of others: --audit-webhook-config-file, a kubeconfig.
import type { RequestOptions } from 'node:https'
import { parseDuration } from '../../openapi/values/time.ts'
import { ConfigError } from '../config.ts'
import { pause, tries, waitFactor } from '../extension/backend.ts'
import { type Target, targetOf } from '../extension/kubeconfig.ts'
import type { AuditEvent } from './record.ts'
import { pluginError, type Receiver, type SinkParts } from './sink.ts'

/** `initialBackoff`: after how long it is tried again at first, a Go duration. Throws ConfigError. */
export function webhookReceiver(file: string, initialBackoff: string, { clock, logError }: SinkParts): Receiver {
  const target = targetOf(file, why => new ConfigError(`initializing audit webhook: ${why}`))
  const hurried = new AbortController()
  const sending = { clock, firstWaitMs: parseDuration(initialBackoff) ?? 0, signal: hurried.signal }
  return {
    async send(events) {
      try {
        await delivered(target, events, sending)
        return true
      } catch (error) {
        logError(pluginError('webhook', events.length, (error as Error).message))
        return false
      }
    },
    hurry: () => hurried.abort(),
    close: async () => {},
  }
}

interface Trying extends Pick<SinkParts, 'clock'> {
  /** Before the second try. */
  firstWaitMs: number
  /** No more tries after this. */
  signal: AbortSignal
}

/** Throws when the last try has failed. */
async function delivered({ url, options }: Target, events: readonly AuditEvent[], { clock, firstWaitMs, signal }: Trying): Promise<void> {
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
