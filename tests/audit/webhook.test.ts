// --audit-webhook-config-file and --audit-webhook-mode.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { sendingOf } from '../../server/audit/options.ts'
import type { AuditEvent } from '../../server/audit/record.ts'
import { sinkOf } from '../../server/audit/sending.ts'
import { webhookReceiver } from '../../server/audit/webhook.ts'
import { defaults } from '../../server/config.ts'
import { configMaps, pods, serveRest } from '../support/api.ts'
import { policyOf } from '../support/audit.ts'
import { aFile } from '../support/clientcerts.ts'

describe('the webhook', () => {
  /** Keeps what it gets; answers with `code`. */
  async function serveSink(code = () => 200) {
    const lists: { kind: string; items: AuditEvent[] }[] = []
    const authorizations: unknown[] = []
    const server = createServer(async (incoming, outgoing) => {
      const parts: Buffer[] = []
      for await (const part of incoming) parts.push(part as Buffer)
      lists.push(JSON.parse(Buffer.concat(parts).toString()))
      authorizations.push(incoming.headers.authorization)
      outgoing.writeHead(code()).end()
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    const config = {
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
      clusters: [{ name: 'k', cluster: { server: `http://127.0.0.1:${port}/audit` } }],
      users: [{ name: 'u', user: { token: 't' } }],
    }
    return {
      lists,
      authorizations,
      file: aFile(JSON.stringify(config)),
      async [Symbol.asyncDispose]() {
        server.closeAllConnections()
        await new Promise(done => server.close(done))
      },
    }
  }
  const serve = (auditWebhookConfigFile: string, auditWebhookMode: string, logError: (error: unknown) => void = () => {}) =>
    serveRest({
      auditPolicyFile: aFile(policyOf({ level: 'Metadata', verbs: ['list'] })),
      auditWebhookConfigFile,
      auditWebhookMode,
      logError,
    })

  test('gets events together, every half minute and at the end', async () => {
    await using sink = await serveSink()
    const rest = await serve(sink.file, 'batch')
    await rest.call('get', configMaps).expect(200)
    await rest.call('get', pods).expect(200)
    expect(sink.lists).toEqual([])
    await rest.cluster.clock.advance(30_000)
    await expect.poll(() => sink.lists).toHaveLength(1)
    expect(sink.lists[0]).toMatchObject({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {} })
    expect(sink.lists[0]?.items.map(({ stage, objectRef }) => [stage, objectRef?.resource])).toEqual([
      ['RequestReceived', 'configmaps'],
      ['ResponseComplete', 'configmaps'],
      ['RequestReceived', 'pods'],
      ['ResponseComplete', 'pods'],
    ])
    expect(sink.lists[0]?.items[0]).not.toHaveProperty('kind')
    expect(sink.authorizations).toEqual(['Bearer t'])
    await rest.call('get', pods).expect(200)
    await rest.cluster.close()
    expect(sink.lists).toHaveLength(2)
  })

  test('is tried again', async () => {
    let left = 2
    await using sink = await serveSink(() => (left-- > 0 ? 503 : 200))
    await using rest = await serve(sink.file, 'batch')
    await rest.call('get', pods).expect(200)
    await rest.cluster.clock.advance(30_000)
    for (const [count, ms] of [
      [1, 10_000],
      [2, 15_000],
    ] as const) {
      await expect.poll(() => sink.lists).toHaveLength(count)
      // The answer has to arrive before there is somebody who waits.
      const moreAfter = async () => {
        await rest.cluster.clock.advance(ms)
        return sink.lists.length
      }
      await expect.poll(moreAfter).toBe(count + 1)
    }
  })

  test('that is away for long is kept only so many events', async () => {
    await using away = await serveSink(() => 503)
    const errors: unknown[] = []
    const parts = { clock: { now: () => new Date(0), after: () => () => {} }, logError: (error: unknown) => errors.push(error) }
    const sink = sinkOf(webhookReceiver(away.file, '10s', parts), sendingOf(defaults(), 'webhook'), parts)
    const event = { stage: 'ResponseComplete' } as AuditEvent
    // Fifteen batches go at once, and are tried again on their own.
    for (let count = 0; count < 15 * 400 + 10_000; count++) await sink.write(event)
    expect(errors).toEqual([])
    expect(await sink.write(event)).toBe(true)
    expect(String(errors[0])).toBe("Error: Error in audit plugin 'buffered' affecting 1 audit events: audit buffer queue blocked")
    await sink.close()
  })

  test('has each event before the request goes on, when it blocks', async () => {
    await using sink = await serveSink(() => 400)
    const errors: unknown[] = []
    await using rest = await serve(sink.file, 'blocking', error => errors.push(error))
    await rest.call('get', pods).expect(200)
    expect(sink.lists.map(({ items }) => items.map(({ stage }) => stage))).toEqual([['RequestReceived'], ['ResponseComplete']])
    expect(String(errors[0])).toContain("Error in audit plugin 'webhook' affecting 1 audit events: Post \"http://127.0.0.1:")
  })

  test('keeps requests from going on, when it is strict', async () => {
    await using sink = await serveSink(() => 400)
    await using rest = await serve(sink.file, 'blocking-strict')
    const { text } = await rest.call('get', pods).expect(500)
    expect(text).toBe(`Internal Server Error: "${pods}": failed to store audit event\n`)
    expect((await rest.call('get', '/metrics')).text).toMatch(/^apiserver_audit_requests_rejected_total 1$/m)
  })
})
