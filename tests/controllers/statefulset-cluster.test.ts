// StatefulSets in a cluster whose clock is moved by hand.
import { expect, test } from 'vitest'
import { statefulSet } from '../../openapi/kinds/apps/statefulset.ts'
import { event } from '../../openapi/kinds/core/event/index.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { startCluster } from '../../server/index.ts'
import { now } from '../support/objects.ts'

const web = {
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    serviceName: 'web',
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
  },
}

test('a set that is made anew while its old pods end waits for their names, and says nothing', async () => {
  const told: unknown[] = []
  await using cluster = await startCluster({ pausedAt: now, logError: error => told.push(error) })
  const client = cluster.client('test')
  await client.create(statefulSet, web)
  await cluster.clock.advance(5_000)
  await client.delete(statefulSet, { namespace: 'default', name: 'web' }, { propagationPolicy: 'Background' })
  const { metadata } = await client.create(statefulSet, web)
  await cluster.clock.advance(10_000)
  const { items } = await client.list(pod, { namespace: 'default' })
  expect(items.map(p => [p.metadata.name, p.metadata.ownerReferences?.[0]?.uid, p.status.phase])).toEqual([
    ['web-0', metadata.uid, 'Running'],
    ['web-1', metadata.uid, 'Running'],
  ])
  expect(told).toEqual([])
  const warnings = (await client.list(event, { namespace: 'default' })).items.filter(
    e => e.type === 'Warning' && e.source.component !== 'kubelet',
  )
  expect(warnings).toEqual([])
})
