// Jobs in a cluster whose clock is moved by hand.
import { describe, expect, test } from 'vitest'
import { cronJob } from '../../openapi/kinds/batch/cronjob.ts'
import { type Job, job } from '../../openapi/kinds/batch/job/index.ts'
import { event } from '../../openapi/kinds/core/event/index.ts'
import { type Pod, pod } from '../../openapi/kinds/core/pod/index.ts'
import { type Cluster, startCluster } from '../../server/index.ts'
import { now } from '../support/objects.ts'

const at = { namespace: 'default', name: 'j' }

interface Running {
  cluster: Cluster
  advance(seconds: number): Promise<void>
  status(): Promise<Job['status']>
  pods(): Promise<readonly Pod[]>
}

async function withJob(
  given: { spec?: object; pod?: object; annotations?: object },
  run: (running: Running) => Promise<void>,
): Promise<void> {
  const told: unknown[] = []
  await using cluster = await startCluster({ pausedAt: now, seed: 1, logError: error => told.push(error) })
  const client = cluster.client('test')
  const container = { name: 'c', image: 'worker' }
  const template = { metadata: { annotations: given.annotations }, spec: { restartPolicy: 'Never', containers: [container], ...given.pod } }
  await client.create(job, { metadata: at, spec: { template, ...given.spec } } as never)
  await run({
    cluster,
    advance: seconds => cluster.clock.advance(seconds * 1000),
    status: async () => (await client.get(job, at)).status,
    pods: async () => (await client.list(pod, { namespace: 'default' })).items,
  })
  expect(told).toEqual([])
}
const ended = ({ conditions = [] }: Job['status']): string => conditions.map(c => `${c.type} ${c.reason}`).at(-1) ?? ''
const after = (seconds: number) => ({ annotations: { 'kubemock.dev/complete-after': `${seconds}s` } })

describe('the work of a pod', () => {
  test('is done after a moment', () =>
    withJob({}, async ({ advance, status }) => {
      await advance(2)
      expect(await status()).toMatchObject({ succeeded: 1, completionTime: expect.any(String) })
    }))
  test('or when its command ends, as it ends', () =>
    withJob(
      { spec: { backoffLimit: 0 }, pod: { containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', 'sleep 20; exit 3'] }] } },
      async running => {
        await running.advance(15)
        expect(await running.status()).toMatchObject({ active: 1, ready: 1 })
        await running.advance(10)
        expect(ended(await running.status())).toBe('Failed BackoffLimitExceeded')
        expect((await running.pods())[0]?.status.containerStatuses?.[0]?.state.terminated?.exitCode).toBe(3)
      },
    ))
  test('takes its time when the program is not known', () =>
    withJob(
      { ...after(30), pod: { containers: [{ name: 'c', image: 'perl', command: ['sh', '-c', 'perl -e 1'] }] } },
      async ({ advance, status }) => {
        await advance(25)
        expect(await status()).toMatchObject({ active: 1 })
        await advance(10)
        expect(ended(await status())).toBe('Complete CompletionsReached')
      },
    ))
})

test('one index fails, the others go on', () =>
  withJob(
    {
      spec: { completionMode: 'Indexed', completions: 3, parallelism: 3, backoffLimitPerIndex: 1 },
      annotations: { 'kubemock.dev/fail-index': '1', 'kubemock.dev/exit-code': '7' },
    },
    async ({ advance, status, pods }) => {
      await advance(5)
      expect(await status()).toMatchObject({ completedIndexes: '0,2', failedIndexes: '' })
      await advance(30)
      expect(await status()).toMatchObject({ completedIndexes: '0,2', failedIndexes: '1', failed: 2, succeeded: 2 })
      expect(ended(await status())).toBe('Failed FailedIndexes')
      expect((await pods()).every(({ metadata }) => metadata.finalizers === undefined)).toBe(true)
    },
  ))

describe('a pod that somebody deletes', () => {
  const remove = async ({ cluster, pods, advance }: Running) => {
    await advance(2)
    const [running] = await pods()
    await cluster.client('test').delete(pod, { namespace: 'default', name: running?.metadata.name ?? '' })
    await advance(1)
    return running?.metadata.name
  }
  test('has failed, and another does its work', () =>
    withJob(after(60), async running => {
      const name = await remove(running)
      expect(await running.status()).toMatchObject({ failed: 1, terminating: 0 })
      expect(await running.pods()).toEqual([])
      await running.advance(12)
      expect((await running.pods()).map(({ metadata }) => metadata.name === name)).toEqual([false])
    }))
  test('comes to its end where only ended pods are replaced', () =>
    withJob({ ...after(60), spec: { podReplacementPolicy: 'Failed' } }, async running => {
      await remove(running)
      expect(await running.status()).toMatchObject({ failed: 1, terminating: 0 })
      expect(await running.pods()).toEqual([])
      await running.advance(12)
      expect(await running.status()).toMatchObject({ active: 1, failed: 1 })
    }))
})

test('an Indexed Job is made larger and smaller while it runs', () =>
  withJob(
    { ...after(60), spec: { completionMode: 'Indexed', completions: 2, parallelism: 2 } },
    async ({ cluster, advance, status, pods }) => {
      await advance(2)
      const resize = (size: number) => cluster.client('test').patch(job, at, { spec: { completions: size, parallelism: size } })
      await resize(4)
      await advance(2)
      expect(await status()).toMatchObject({ active: 4 })
      await resize(1)
      await advance(2)
      expect((await pods()).map(({ spec }) => spec.hostname)).toEqual(['j-0'])
      await advance(60)
      expect(await status()).toMatchObject({ completedIndexes: '0', succeeded: 1 })
    },
  ))

test('pods that a deleted Job leaves behind are let go', () =>
  withJob(after(60), async ({ cluster, advance, pods }) => {
    await advance(2)
    await cluster.client('test').delete(job, at)
    await advance(2)
    const [left] = await pods()
    expect(left?.metadata).not.toHaveProperty('ownerReferences')
    expect(left?.metadata).not.toHaveProperty('finalizers')
  }))

test('another controller may run a Job', () =>
  withJob({ spec: { managedBy: 'example.com/mine' } }, async ({ advance, status, pods }) => {
    await advance(5)
    expect([await status(), await pods()]).toEqual([{}, []])
  }))

test('a Job by hand takes the pods that fit', () => {
  const labels = { app: 'mine' }
  const template = { metadata: { labels }, spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'worker' }] } }
  const spec = { manualSelector: true, selector: { matchLabels: labels }, template, suspend: true }
  return withJob({ spec }, async ({ cluster, advance, pods, status }) => {
    const client = cluster.client('test')
    const alone = { metadata: { name: 'alone', namespace: 'default', labels }, spec: template.spec }
    await client.create(pod, { ...alone, metadata: { ...alone.metadata, annotations: { 'kubemock.dev/complete-after': '20s' } } } as never)
    await client.patch(job, at, { spec: { suspend: false } })
    await advance(5)
    expect((await pods()).map(({ metadata }) => [metadata.name, metadata.ownerReferences?.[0]?.name])).toEqual([['alone', 'j']])
    expect(await status()).toMatchObject({ active: 1 })
  })
})

test('a CronJob starts its Jobs on time, keeps three, and its Jobs go with it', async () => {
  await using cluster = await startCluster({ pausedAt: now, seed: 1 })
  const client = cluster.client('test')
  const key = { namespace: 'default', name: 'tick' }
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'worker' }] } }
  await client.create(cronJob, { metadata: key, spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } } } as never)
  await cluster.clock.advance(5 * 60_000 + 10_000)
  const minute = (count: number) => `tick-${now.getTime() / 60_000 + count}`
  const jobs = async () => (await client.list(job, { namespace: 'default' })).items.map(({ metadata }) => metadata.name)
  expect(await jobs()).toEqual([3, 4, 5].map(minute))
  const { status } = await client.get(cronJob, key)
  expect(status).toEqual({ lastScheduleTime: '2026-01-01T12:05:00Z', lastSuccessfulTime: expect.stringContaining('2026-01-01T12:05:0') })
  const reasons = (await client.list(event, { namespace: 'default' })).items
    .filter(e => e.involvedObject.name === 'tick')
    .map(e => e.reason)
  expect([...new Set(reasons)].sort()).toEqual(['SawCompletedJob', 'SuccessfulCreate', 'SuccessfulDelete'])
  await client.delete(cronJob, key, { propagationPolicy: 'Background' })
  await cluster.clock.advance(2_000)
  expect(await jobs()).toEqual([])
})
