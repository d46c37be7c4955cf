// A pod's life with the clock moved by hand: init containers in order, programs that end, restarts by policy, trouble by annotation.
import { describe, expect, test } from 'vitest'
import { programOf } from '../../controllers/kubelet/programs.ts'
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import { event } from '../../openapi/kinds/core/event/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { service } from '../../openapi/kinds/core/service/index.ts'
import { type Cluster, startCluster } from '../../server/index.ts'

type Spec = Pick<Pod['spec'], 'restartPolicy'> & { containers?: object[]; initContainers?: object[]; volumes?: object[] }

async function withPod(
  { annotations, ...spec }: Partial<Spec> & { annotations?: Record<string, string> },
  run: (look: () => Promise<string>, cluster: Cluster) => Promise<void>,
): Promise<void> {
  await using cluster = await startCluster({ nodes: 1, pausedAt: new Date('2026-01-01T00:00:00Z') })
  await cluster.settle()
  const client = cluster.client('test')
  const containers = spec.containers ?? [{ name: 'app', image: 'nginx' }]
  await client.create(podKind, { metadata: { name: 'it', namespace: 'default', annotations }, spec: { ...spec, containers } } as never)
  await run(async () => shown(await client.get(podKind, { namespace: 'default', name: 'it' })), cluster)
}

const stateOf = ({ state, restartCount }: NonNullable<Pod['status']['containerStatuses']>[number]): string => {
  const what = state.running ? 'running' : (state.waiting?.reason ?? `${state.terminated?.reason} ${state.terminated?.exitCode}`)
  return restartCount > 0 ? `${what} x${restartCount}` : what
}
const shown = ({ status }: Pod): string =>
  [status.phase, ...[...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].map(stateOf)].join(', ')

const shell = (script: string, more: object = {}) => ({ name: 'app', image: 'busybox', command: ['sh', '-c', script], ...more })

test('init containers run one after the other, sidecars beside them', () =>
  withPod(
    {
      initContainers: [
        { name: 'first', image: 'busybox', command: ['sleep', '3'] },
        { name: 'side', image: 'envoy', restartPolicy: 'Always' },
        { name: 'last', image: 'some-migration' },
      ],
    },
    async (look, { clock }) => {
      const seen = [await look()]
      for (let step = 0; step < 60; step++) {
        await clock.advance(100)
        const now = await look()
        if (now !== seen.at(-1)) seen.push(now)
      }
      const waiting = 'PodInitializing'
      expect(seen.filter(line => line.includes(','))).toEqual([
        `Pending, ${waiting}, ${waiting}, ${waiting}, ${waiting}`,
        `Pending, running, ${waiting}, ${waiting}, ${waiting}`,
        `Pending, Completed 0, ${waiting}, ${waiting}, ${waiting}`,
        `Pending, Completed 0, running, ${waiting}, ${waiting}`,
        'Running, Completed 0, running, Completed 0, running',
      ])
    },
  ))

test('an init container that fails is tried again, or takes the pod with it', async () => {
  const initContainers = [{ name: 'first', image: 'busybox', command: ['false'] }]
  await withPod({ initContainers, restartPolicy: 'Never' }, async (look, { clock }) => {
    await clock.advance(2_000)
    expect(await look()).toBe('Failed, Error 1, PodInitializing')
  })
  await withPod({ initContainers }, async (look, { clock }) => {
    await clock.advance(60_000)
    expect(await look()).toMatch(/^Pending, Error 1 x[23], PodInitializing$/)
  })
})

describe('a program that ends', () => {
  const cases = [
    { it: 'well, for good', script: 'echo done', restartPolicy: 'Never', afterMs: 2_000, want: 'Succeeded, Completed 0' },
    { it: 'badly, for good', script: 'echo oh >&2; exit 3', restartPolicy: 'Never', afterMs: 2_000, want: 'Failed, Error 3' },
    {
      it: 'well, when only failure restarts',
      script: 'exit 0',
      restartPolicy: 'OnFailure',
      afterMs: 2_000,
      want: 'Succeeded, Completed 0',
    },
    { it: 'badly, and backs off', script: 'exit 1', restartPolicy: 'OnFailure', afterMs: 2_000, want: 'Running, CrashLoopBackOff x1' },
    {
      it: 'well, and starts again all the same',
      script: 'exit 0',
      restartPolicy: 'Always',
      afterMs: 40_000,
      want: 'Running, CrashLoopBackOff x3',
    },
    { it: 'in its time', script: 'sleep 5; sleep 5; exit 2', restartPolicy: 'Never', afterMs: 9_000, want: 'Running, running' },
    { it: 'after its time', script: 'sleep 5; sleep 5; exit 2', restartPolicy: 'Never', afterMs: 11_000, want: 'Failed, Error 2' },
  ] as const
  test.each(cases)('$it', ({ script, restartPolicy, afterMs, want }) =>
    withPod({ restartPolicy, containers: [shell(script)] }, async (look, { clock }) => {
      await clock.advance(afterMs)
      expect(await look()).toBe(want)
    }),
  )
  test('that the shell does not have stays up, as the server it is', () =>
    withPod({ restartPolicy: 'Never', containers: [shell('cd /tmp && exec my-server --port 80')] }, async (look, { clock }) => {
      await clock.advance(10_000)
      expect(await look()).toBe('Running, running')
    }))
})

test('an init container waits for a name that comes', async () => {
  const waiting = shell('until nslookup db; do echo waiting; sleep 2; done', { name: 'wait' })
  await withPod({ initContainers: [waiting] }, async (look, { clock, client }) => {
    await clock.advance(20_000)
    expect(await look()).toBe('Pending, running, PodInitializing')
    await client('test').create(service, { metadata: { name: 'db', namespace: 'default' }, spec: { ports: [{ port: 5432 }] } } as never)
    await clock.advance(5_000)
    expect(await look()).toBe('Running, Completed 0, running')
  })
})

test('one that waits with a tool the shell does not have does not wait', () =>
  withPod({ initContainers: [shell('until nc -z db 5432; do sleep 1; done', { name: 'wait' })] }, async (look, { clock }) => {
    await clock.advance(3_000)
    expect(await look()).toBe('Running, Completed 0, running')
  }))

describe('what a pod refers to and is not there', () => {
  const aMap = { metadata: { name: 'settings', namespace: 'default' }, data: { color: 'blue' } }
  const reference = { name: 'settings', key: 'color' }
  const messages = async (cluster: Cluster) =>
    (await cluster.client('test').list(event, { namespace: 'default' })).items.map(({ reason, message }) => `${reason}: ${message}`)

  test('a volume waits for it', () =>
    withPod({ volumes: [{ name: 'conf', configMap: { name: 'settings' } }] }, async (look, cluster) => {
      await cluster.clock.advance(5_000)
      expect(await look()).toBe('Pending, ContainerCreating')
      expect(await messages(cluster)).toContain('FailedMount: MountVolume.SetUp failed for volume "conf" : configmap "settings" not found')
      await cluster.client('test').create(configMap, aMap)
      await cluster.clock.advance(1_000)
      expect(await look()).toBe('Running, running')
    }))

  test('a container cannot be made without it', () => {
    const containers = [{ name: 'app', image: 'nginx', env: [{ name: 'COLOR', valueFrom: { configMapKeyRef: reference } }] }]
    return withPod({ containers }, async (look, cluster) => {
      await cluster.clock.advance(5_000)
      expect(await look()).toBe('Pending, CreateContainerConfigError')
      expect(await messages(cluster)).toContain('Failed: Error: configmap "settings" not found')
      await cluster.client('test').create(configMap, { ...aMap, data: { other: '1' } })
      await cluster.clock.advance(1_000)
      expect(await look()).toBe('Pending, CreateContainerConfigError')
      await cluster.client('test').patch(configMap, { namespace: 'default', name: 'settings' }, { data: { color: 'red' } })
      await cluster.clock.advance(1_000)
      expect(await look()).toBe('Running, running')
    })
  })

  test('unless it is optional', () => {
    const env = [{ name: 'COLOR', valueFrom: { configMapKeyRef: { ...reference, optional: true } } }]
    return withPod({ containers: [{ name: 'app', image: 'nginx', env }] }, async (look, { clock }) => {
      await clock.advance(1_000)
      expect(await look()).toBe('Running, running')
    })
  })
})

test('what a container does by its command', () => {
  const does = (container: object) => programOf({ name: 'app', ...container } as never)
  expect(does({ image: 'nginx' })).toEqual({ does: 'serve' })
  expect(does({ image: 'nginx', args: ['-g', 'daemon off;'] })).toEqual({ does: 'serve' })
  expect(does({ image: 'busybox' })).toEqual({ does: 'serve' })
  expect(does({ image: 'busybox:1.36', args: ['sleep', '1h'] })).toEqual({ does: 'sleep', ms: 3_600_000 })
  expect(does({ image: 'alpine', command: ['sleep', 'infinity'] })).toEqual({ does: 'stay' })
  expect(does({ image: 'alpine', command: ['/bin/sh', '-c', 'while true; do date; sleep 1; done'] })).toEqual({ does: 'stay' })
  expect(does({ image: 'alpine', command: ['tail', '-f', '/dev/null'] })).toEqual({ does: 'stay' })
  expect(does({ image: 'mine', command: ['/app/server'] })).toEqual({ does: 'serve' })
  expect(does({ image: 'mine', command: ['/bin/echo'], args: ['hi'] })).toEqual({ does: 'run', argv: ['/bin/echo', 'hi'] })
  const stdin = true
  expect(does({ image: 'busybox', stdin })).toEqual({ does: 'listen', argv: ['sh'] })
  expect(does({ image: 'nginx', args: ['bash', '-il'], stdin })).toEqual({ does: 'listen', argv: ['bash', '-il'] })
  expect(does({ image: 'alpine', command: ['cat'], stdin })).toEqual({ does: 'listen', argv: ['cat'] })
  expect(does({ image: 'alpine', command: ['cat', '/etc/hostname'], stdin })).toEqual({ does: 'run', argv: ['cat', '/etc/hostname'] })
  expect(does({ image: 'alpine', command: ['sh', '-c', 'exit 3'], stdin })).toEqual({ does: 'exit', exitCode: 3 })
  expect(does({ image: 'nginx', stdin })).toEqual({ does: 'serve' })
})

describe('trouble by annotation', () => {
  const cases = [
    { mode: 'pending', want: 'Pending, ContainerCreating' },
    { mode: 'unready', want: 'Running, running' },
    { mode: 'crash', want: 'Running, CrashLoopBackOff x3' },
    { mode: 'fail', want: 'Failed, Error 1' },
    { mode: 'complete', want: 'Succeeded, Completed 0' },
    { mode: 'oom', want: 'Running, CrashLoopBackOff x3' },
  ]
  test.each(cases)('$mode', ({ mode, want }) =>
    withPod({ annotations: { 'kubemock.dev/mode': mode } }, async (look, { clock }) => {
      await clock.advance(5_000)
      expect(await look()).toBe(want)
    }),
  )
  test('complete-after', () =>
    withPod({ annotations: { 'kubemock.dev/mode': 'complete', 'kubemock.dev/complete-after': '1m' } }, async (look, { clock }) => {
      await clock.advance(30_000)
      expect(await look()).toBe('Running, running')
      await clock.advance(31_000)
      expect(await look()).toBe('Succeeded, Completed 0')
    }))
})
