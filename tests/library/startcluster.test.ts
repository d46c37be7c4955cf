// startCluster(): clusters inside a test's own process.
import { describe, expect, test } from 'vitest'
import { deployment } from '../../openapi/kinds/apps/deployment.ts'
import { statefulSet } from '../../openapi/kinds/apps/statefulset.ts'
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import { namespace } from '../../openapi/kinds/core/namespace.ts'
import { node } from '../../openapi/kinds/core/node/index.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { type Cluster, startCluster } from '../../server/index.ts'

const template = (app: string) => ({ metadata: { labels: { app } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } })
const aSet = (name: string, replicas: number) => ({
  metadata: { name, namespace: 'default' },
  spec: { replicas, serviceName: name, selector: { matchLabels: { app: name } }, template: template(name) },
})
const aDeployment = (name: string, replicas: number) => ({
  metadata: { name, namespace: 'default' },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name) },
})
const pausedAt = new Date('2026-01-01T00:00:00Z')
const minuteMs = 60_000

const pods = async (cluster: Cluster) => (await cluster.client('test').list(pod, { namespace: 'default' })).items
const readyOf = async (cluster: Cluster, name: string) =>
  (await cluster.client('test').get(node, { name })).status.conditions?.find(({ type }) => type === 'Ready')?.status

describe('clusters', () => {
  test('live beside each other on ports of their own', async () => {
    await using one = await startCluster({ nodes: 1 })
    await using two = await startCluster({ nodes: 2, grpcPort: 0, dnsPort: 0 })
    expect(one.url).not.toBe(two.url)
    expect(one).toMatchObject({ grpcAddress: '', dnsAddress: '' })
    expect(two.grpcAddress).toMatch(/^127\.0\.0\.1:\d+$/)
    await one.client('test').create(configMap, { metadata: { name: 'mine', namespace: 'default' } })
    await Promise.all([one.settle(), two.settle()])
    const names = async (cluster: Cluster) => (await cluster.client('test').list(configMap)).items.map(({ metadata }) => metadata.name)
    expect(await names(one)).toContain('mine')
    expect(await names(two)).not.toContain('mine')
    expect((await two.client('test').list(node)).items).toHaveLength(2)
  })

  test('settle() waits until everybody is done', async () => {
    await using cluster = await startCluster({ pace: 'instant', pausedAt })
    await cluster.client('test').create(deployment, aDeployment('web', 20))
    await cluster.settle()
    expect((await cluster.client('test').get(deployment, { namespace: 'default', name: 'web' })).status.readyReplicas).toBe(20)
  })

  test('a port in use leaves no part of a cluster behind', async () => {
    await using first = await startCluster({ grpcPort: 0 })
    const taken = Number(first.grpcAddress.split(':')[1])
    await expect(startCluster({ dnsPort: taken, grpcPort: taken })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('the clock of a cluster may be at any year: certificates are good now', async () => {
    for (const year of [1999, 2099]) {
      await using cluster = await startCluster({ pausedAt: new Date(Date.UTC(year, 0)) })
      const { KubeConfig, CoreV1Api } = await import('@kubernetes/client-node')
      const config = new KubeConfig()
      config.loadFromString(cluster.kubeconfig)
      const { metadata } = await config.makeApiClient(CoreV1Api).readNamespace({ name: 'default' })
      expect(metadata?.creationTimestamp?.getUTCFullYear()).toBe(year)
    }
  })

  test('a seed gives the same names each time', async () => {
    const run = async (seed: number) => {
      await using cluster = await startCluster({ pace: 'instant', pausedAt, seed })
      await cluster.client('test').create(deployment, aDeployment('web', 3))
      await cluster.settle()
      return (await pods(cluster)).map(({ metadata, spec }) => `${metadata.name} ${metadata.uid} ${spec.nodeName}`)
    }
    const [first, again, other] = [await run(7), await run(7), await run(8)]
    expect(first).toHaveLength(3)
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })
})

describe('a lost node', () => {
  test('is NotReady after its heartbeats were missed, and ready again when it comes back', async () => {
    await using cluster = await startCluster({ pace: 'instant', pausedAt })
    await cluster.settle()
    await cluster.simulator.failNode('node-1')
    await cluster.clock.advance(30_000)
    expect(await readyOf(cluster, 'node-1')).toBe('True')
    await cluster.clock.advance(30_000)
    expect(await readyOf(cluster, 'node-1')).toBe('Unknown')
    expect(await readyOf(cluster, 'node-0')).toBe('True')
    await cluster.simulator.recoverNode('node-1')
    await cluster.clock.advance(30_000)
    expect(await readyOf(cluster, 'node-1')).toBe('True')
    expect((await cluster.client('test').get(node, { name: 'node-1' })).spec.taints ?? []).toEqual([])
  })

  test("keeps a StatefulSet's pod until someone forces its deletion; a Deployment's is replaced", async () => {
    await using cluster = await startCluster({ pace: 'instant', pausedAt })
    const client = cluster.client('test')
    await client.create(statefulSet, aSet('db', 1))
    await cluster.settle()
    const key = { namespace: 'default', name: 'db-0' }
    const lost = await client.get(pod, key)
    const where = lost.spec.nodeName ?? ''
    await client.create(deployment, {
      ...aDeployment('web', 1),
      spec: {
        ...aDeployment('web', 1).spec,
        template: { ...template('web'), spec: { ...template('web').spec, nodeSelector: { 'kubernetes.io/hostname': where } } },
      },
    })
    await cluster.settle()
    await cluster.simulator.failNode(where)
    await cluster.clock.advance(minuteMs)
    expect((await client.get(pod, key)).metadata.deletionTimestamp).toBeUndefined()
    expect((await client.get(pod, key)).status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'False' }))

    await cluster.clock.advance(6 * minuteMs)
    expect((await client.get(pod, key)).metadata).toMatchObject({ uid: lost.metadata.uid, deletionTimestamp: expect.any(String) as string })
    const web = (await pods(cluster)).filter(({ metadata }) => metadata.labels?.app === 'web')
    expect(web.map(({ spec, metadata }) => [spec.nodeName ?? '', Boolean(metadata.deletionTimestamp)]).sort()).toEqual([
      ['', false],
      [where, true],
    ])

    await cluster.clock.advance(60 * minuteMs)
    expect((await client.get(pod, key)).metadata.uid).toBe(lost.metadata.uid)
    await client.delete(pod, key, { gracePeriodSeconds: 0 })
    await cluster.settle()
    const successor = await client.get(pod, key)
    expect(successor.metadata.uid).not.toBe(lost.metadata.uid)
    expect(successor.spec.nodeName).not.toBe(where)
    expect(successor.status.phase).toBe('Running')
  })
})

test('reset() is the first moment again, seen by watchers as deletions', async () => {
  await using cluster = await startCluster({ pace: 'instant', pausedAt })
  const client = cluster.client('test')
  await cluster.settle()
  const everything = async () =>
    (
      await Promise.all(
        client.kinds().map(async kind => (await client.list(kind)).items.map(o => `${o.kind} ${o.metadata.namespace}/${o.metadata.name}`)),
      )
    )
      .flat()
      .filter(name => !name.startsWith('Event '))
      .sort()
  const before = await everything()
  await client.create(namespace, { metadata: { name: 'extra' } })
  await client.create(deployment, aDeployment('web', 2))
  await cluster.simulator.failNode('node-2')
  await cluster.settle()
  const { revision } = await client.list(pod)
  await cluster.simulator.reset()
  expect(await everything()).toEqual(before)
  await cluster.clock.advance(2 * minuteMs)
  expect(await readyOf(cluster, 'node-2')).toBe('True')
  const seen: string[] = []
  for await (const events of client.watch(pod, revision, AbortSignal.timeout(10_000))) {
    seen.push(...events.map(({ type }) => type))
    if (seen.length >= 2) break
  }
  expect(seen).toEqual(['DELETED', 'DELETED'])
})
