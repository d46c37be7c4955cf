// Events as controllers record them.
import { expect, test } from 'vitest'
import { event } from '../../openapi/kinds/core/event/index.ts'
import { persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { storageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { startCluster } from '../../server/index.ts'
import { now } from '../support/objects.ts'

test('what several controllers say of one object at one instant is all kept', async () => {
  await using cluster = await startCluster({ pausedAt: now })
  const client = cluster.client('test')
  await client.create(storageClass, { metadata: { name: 'fast' }, provisioner: 'csi.example.com' })
  await client.create(persistentVolumeClaim, {
    metadata: { name: 'c', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } },
  })
  await expect.poll(async () => (await client.get(persistentVolumeClaim, { namespace: 'default', name: 'c' })).status.phase).toBe('Bound')
  await cluster.settle()
  const { items } = await client.list(event, { namespace: 'default' })
  expect(items.map(e => e.reason).sort()).toEqual(['ExternalProvisioning', 'Provisioning', 'ProvisioningSucceeded'])
})

test('the scheduler writes the newer form', async () => {
  await using cluster = await startCluster({ pausedAt: now })
  const client = cluster.client('test')
  await client.create(pod, { metadata: { name: 'p', namespace: 'default' }, spec: { containers: [{ name: 'c', image: 'nginx' }] } })
  await cluster.settle()
  const { items } = await client.list(event, { namespace: 'default' })
  expect(items.find(e => e.reason === 'Scheduled')).toMatchObject({
    action: 'Binding',
    reportingComponent: 'default-scheduler',
    eventTime: '2026-01-01T12:00:00.000000Z',
    firstTimestamp: null,
    source: {},
  })
})
