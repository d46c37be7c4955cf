// How events are sent: modes, batches and truncation.
import { describe, expect, test } from 'vitest'
import { auditOptions, type Sending, sendingOf } from '../../server/audit/options.ts'
import type { AuditEvent } from '../../server/audit/record.ts'
import { sendingErrors, sinkOf } from '../../server/audit/sending.ts'
import { fitted } from '../../server/audit/truncate.ts'
import { ControlledClock } from '../../server/clock.ts'
import { ConfigError, defaults } from '../../server/config.ts'
import { configMaps, serveRest } from '../support/api.ts'
import { policyOf, serveAudited } from '../support/audit.ts'
import { aFile } from '../support/clientcerts.ts'

const webhook = sendingOf(defaults(), 'webhook')
const log = sendingOf(defaults(), 'log')

test('flags have the names and values of upstream', () => {
  expect(
    Object.values(auditOptions)
      .map(({ flag, value }) => `${flag}=${value}`)
      .sort(),
  ).toEqual([
    'audit-log-batch-buffer-size=10000',
    'audit-log-batch-max-size=1',
    'audit-log-batch-max-wait=0s',
    'audit-log-batch-throttle-burst=0',
    'audit-log-batch-throttle-enable=false',
    'audit-log-batch-throttle-qps=0',
    'audit-log-compress=false',
    'audit-log-format=json',
    'audit-log-maxage=366',
    'audit-log-maxbackup=100',
    'audit-log-maxsize=100',
    'audit-log-mode=blocking',
    'audit-log-path=',
    'audit-log-truncate-enabled=false',
    'audit-log-truncate-max-batch-size=10485760',
    'audit-log-truncate-max-event-size=102400',
    'audit-log-version=audit.k8s.io/v1',
    'audit-policy-file=',
    'audit-webhook-batch-buffer-size=10000',
    'audit-webhook-batch-max-size=400',
    'audit-webhook-batch-max-wait=30s',
    'audit-webhook-batch-throttle-burst=15',
    'audit-webhook-batch-throttle-enable=true',
    'audit-webhook-batch-throttle-qps=10',
    'audit-webhook-config-file=',
    'audit-webhook-initial-backoff=10s',
    'audit-webhook-mode=batch',
    'audit-webhook-truncate-enabled=false',
    'audit-webhook-truncate-max-batch-size=10485760',
    'audit-webhook-truncate-max-event-size=102400',
    'audit-webhook-version=audit.k8s.io/v1',
  ])
})

describe('is refused', () => {
  test.each<[sending: Partial<Sending>, says: string[]]>([
    [{}, []],
    [{ mode: 'later' }, ['invalid audit webhook mode later, allowed modes are "batch,blocking,blocking-strict"']],
    [{ batchBufferSize: 0 }, ['invalid audit batch webhook buffer size 0, must be a positive number']],
    [{ batchMaxSize: -1 }, ['invalid audit batch webhook max batch size -1, must be a positive number']],
    [{ batchThrottleQps: 0 }, ['invalid audit batch webhook throttle QPS 0, must be a positive number']],
    [{ batchThrottleBurst: 0 }, ['invalid audit batch webhook throttle burst 0, must be a positive number']],
    [{ batchThrottleBurst: 0, batchThrottleEnable: false }, []],
    [{ batchMaxSize: 0, mode: 'blocking' }, []],
    [{ truncateMaxEventSize: 0 }, ['invalid audit truncate webhook max event size 0, must be a positive number']],
    [
      { truncateMaxEventSize: 2, truncateMaxBatchSize: 1 },
      ['invalid audit truncate webhook max batch size 1, must be greater than max event size (2)'],
    ],
  ])('%o', (sending, says) => expect(sendingErrors('webhook', { ...webhook, ...sending })).toEqual(says))

  test('at start, all of it at once', async () => {
    const start = serveRest({ auditLogPath: '-', auditLogMode: 'x', auditLogMaxage: -1, auditLogFormat: 'xml' })
    await expect(start).rejects.toThrow(ConfigError)
    await expect(start).rejects.toThrow(
      '[invalid audit log mode x, allowed modes are "batch,blocking,blocking-strict", invalid audit log format xml, allowed formats are "legacy,json", --audit-log-maxage -1 can\'t be a negative number]',
    )
  })
  test('a version that there is not, and a time that is none', () => {
    expect(() => auditOptions.auditLogVersion.parse('audit.k8s.io/v1beta1')).toThrow(ConfigError)
    expect(() => auditOptions.auditWebhookBatchMaxWait.parse('30')).toThrow('"30" is not a duration, such as 1m30s')
    expect(auditOptions.auditWebhookBatchMaxWait.parse('1m30s')).toBe('1m30s')
  })
})

const anEvent = (auditID = ''): AuditEvent => ({ auditID, level: 'Metadata', stage: 'ResponseComplete' }) as AuditEvent

/** Keeps the ids that it gets, batch by batch. */
function receiving(sending: Sending, takes = true) {
  const batches: string[][] = []
  const errors: unknown[] = []
  const clock = new ControlledClock(async () => {}, new Date(0))
  const receiver = {
    send: async (events: readonly AuditEvent[]) => {
      batches.push(events.map(({ auditID }) => auditID))
      return takes
    },
    hurry: () => {},
    close: async () => {},
  }
  const sink = sinkOf(receiver, sending, { clock, logError: error => errors.push(error) })
  return { batches, errors, clock, sink, write: (...ids: string[]) => Promise.all(ids.map(id => sink.write(anEvent(id)))) }
}

describe('in batches', () => {
  const small = { ...webhook, batchMaxSize: 2, batchMaxWait: '10s', batchThrottleEnable: false }

  test('as soon as there are enough, or when one has waited', async () => {
    const { batches, clock, write } = receiving(small)
    await write('a', 'b', 'c')
    expect(batches).toEqual([['a', 'b']])
    await clock.advance(9_999)
    expect(batches).toHaveLength(1)
    await clock.advance(1)
    expect(batches).toEqual([['a', 'b'], ['c']])
    expect(clock.untilNextMs()).toBeUndefined()
  })

  test('not more at once than may be, and not faster in the long run', async () => {
    const { batches, clock, write, errors } = receiving({
      ...small,
      ...{ batchThrottleEnable: true, batchThrottleQps: 2, batchThrottleBurst: 1, batchBufferSize: 4 },
    })
    await write('a', 'b', 'c', 'd', 'e')
    expect(batches).toEqual([['a', 'b']])
    await clock.advance(500)
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    await clock.advance(10_000)
    expect(batches.at(-1)).toEqual(['e'])
    await clock.advance(500)
    await write('f', 'g', 'h', 'i', 'j', 'k', 'l')
    expect(batches.at(-1)).toEqual(['f', 'g'])
    expect(errors.map(String)).toEqual(["Error: Error in audit plugin 'buffered' affecting 1 audit events: audit buffer queue blocked"])
  })

  test('all of it at the end', async () => {
    const { batches, sink, write } = receiving({ ...small, batchThrottleEnable: true, batchThrottleQps: 1, batchThrottleBurst: 1 })
    await write('a', 'b', 'c', 'd', 'e')
    await sink.close()
    expect(batches).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  })

  test('of one, for a file', async () => {
    const { batches, write } = receiving({ ...log, mode: 'batch' })
    expect(await write('a', 'b')).toEqual([true, true])
    expect(batches).toEqual([['a'], ['b']])
  })
})

test.each([
  ['blocking', true],
  ['blocking-strict', false],
])('%s, when it cannot be kept', async (mode, goesOn) => {
  const { write } = receiving({ ...log, mode }, false)
  expect(await write('a')).toEqual([goesOn])
})

test.skipIf(process.platform !== 'linux')('a request does not go on without a line in the file, when that is strict', async () => {
  await using rest = await serveRest({
    auditPolicyFile: aFile(policyOf({ level: 'Metadata', verbs: ['list'] })),
    ...{ auditLogPath: '/dev/full', auditLogMode: 'blocking-strict', logError: () => {} },
  })
  expect((await rest.call('get', configMaps).expect(500)).text).toContain('failed to store audit event')
})

describe('truncation', () => {
  const event = (level: string, requestObject?: object) => ({ ...anEvent(), level, requestObject, annotations: { a: 'b' } }) as AuditEvent
  const large = { data: 'x'.repeat(500) }
  test.each<[what: string, AuditEvent, number, object | undefined]>([
    ['what fits stays', event('Request', large), 1000, { requestObject: large, annotations: { a: 'b' } }],
    ['objects go', event('Request', large), 500, { annotations: { a: 'b', 'audit.k8s.io/truncated': 'true' } }],
    ['what has none cannot be made smaller', event('Metadata'), 20, undefined],
    ['what is too large without them goes', event('Request', large), 20, undefined],
  ])('%s', (_what, before, max, want) => {
    const after = fitted(before, max)
    if (want) expect(after).toMatchObject(want)
    else expect(after).toBeUndefined()
    if (want && !('requestObject' in want)) expect(after).not.toHaveProperty('requestObject')
  })

  test('in the file, with a word about what is lost', async () => {
    const errors: unknown[] = []
    const flags = { auditLogTruncateEnabled: true, auditLogTruncateMaxEventSize: 2000, logError: (error: unknown) => errors.push(error) }
    await using rest = await serveAudited(
      [
        { level: 'RequestResponse', verbs: ['create'] },
        { level: 'Metadata', verbs: ['get'] },
      ],
      flags,
    )
    await rest.call('post', configMaps, { metadata: { name: 'a' }, data: { large: 'x'.repeat(2000) } }).expect(201)
    const [told] = rest.told('ResponseComplete')
    expect(told).toMatchObject({ annotations: { 'audit.k8s.io/truncated': 'true' }, responseStatus: { code: 201 } })
    expect(told).not.toHaveProperty('responseObject')
    expect(errors).toEqual([])
    await rest.call('get', `${configMaps}/a?x=${'y'.repeat(2000)}`).expect(200)
    expect(rest.told()).toEqual([])
    expect(errors.map(String)).toEqual(Array(2).fill(expect.stringContaining("Error in audit plugin 'truncate' affecting 1 audit events")))
  })
})
