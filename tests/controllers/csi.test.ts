// A CSI driver of one's own behind --csi-endpoint: what it is asked, and what becomes of its answers.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Server, ServerCredentials, status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { csiServices } from '../../controllers/csi/services.ts'
import { event } from '../../openapi/kinds/core/event/index.ts'
import { persistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import { persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { storageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { startCluster } from '../../server/index.ts'

/** Of the specification's AccessMode. */
const singleNodeWriter = 1
type Reply = (error: object | null, answer?: object) => void
interface CsiRequest {
  name?: string
  parameters?: Record<string, string>
  capacityRange?: { requiredBytes: string }
}
type Asked = [method: string, request: CsiRequest]

/** A driver that rounds up to whole gibibytes and lives in one zone. */
async function startDriver() {
  const directory = mkdtempSync(join(tmpdir(), 'kubemock-csi-'))
  const asked: Asked[] = []
  const server = new Server()
  const method = (name: string, handle: (request: CsiRequest) => object) => ({
    [name]({ request }: { request: CsiRequest }, reply: Reply) {
      asked.push([name, request])
      try {
        reply(null, handle(request))
      } catch (error) {
        reply(error as object)
      }
    },
  })
  server.addService((await csiServices()).Controller.service, {
    ...method('createVolume', ({ name, parameters }) => {
      if (parameters?.tier === 'none') throw { code: status.INVALID_ARGUMENT, details: 'no such tier' }
      return {
        volume: {
          volumeId: `disk/${name}`,
          capacityBytes: 2 * 2 ** 30,
          volumeContext: { pool: 'p1' },
          accessibleTopology: [{ segments: { 'topology.kubernetes.io/zone': 'zone-1' } }],
        },
      }
    }),
    ...method('deleteVolume', () => ({})),
    ...method('controllerExpandVolume', ({ capacityRange }) => ({
      capacityBytes: capacityRange?.requiredBytes,
    })),
  } as never)
  const address = `unix://${join(directory, 'csi.sock')}`
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(address, ServerCredentials.createInsecure(), error => (error ? reject(error) : resolve())),
  )
  return {
    address,
    asked,
    [Symbol.dispose]() {
      server.forceShutdown()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const aClass = (name: string, parameters: Record<string, string>) => ({
  metadata: { name },
  provisioner: 'disks.example.com',
  allowVolumeExpansion: true,
  parameters,
})
const aClaim = (name: string, storage: string) => ({
  metadata: { name, namespace: 'default' },
  spec: { storageClassName: name, accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
})

test('a driver of one’s own makes, grows and deletes the volumes', async () => {
  using driver = await startDriver()
  await using cluster = await startCluster({ csiEndpoint: driver.address, pace: 'instant' })
  const client = cluster.client('test')
  const key = { namespace: 'default', name: 'fast' }
  await client.create(storageClass, aClass('fast', { tier: 'ssd', 'csi.storage.k8s.io/fstype': 'xfs' }) as never)
  await client.create(persistentVolumeClaim, aClaim('fast', '1536Mi') as never)
  await expect.poll(async () => (await client.get(persistentVolumeClaim, key)).status.phase).toBe('Bound')
  const [volume] = (await client.list(persistentVolume)).items
  expect(driver.asked[0]).toMatchObject([
    'createVolume',
    {
      name: volume?.metadata.name,
      capacityRange: { requiredBytes: '1610612736' },
      parameters: { tier: 'ssd' },
      volumeCapabilities: [{ mount: { fsType: 'xfs' }, accessMode: { mode: singleNodeWriter } }],
    },
  ])
  expect(volume?.spec).toMatchObject({
    capacity: { storage: '2Gi' },
    csi: { driver: 'disks.example.com', volumeHandle: `disk/${volume?.metadata.name}`, fsType: 'xfs', volumeAttributes: { pool: 'p1' } },
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'topology.kubernetes.io/zone', values: ['zone-1'] }] }] } },
  })
  await client.patch(persistentVolumeClaim, key, { spec: { resources: { requests: { storage: '3Gi' } } } })
  await expect.poll(async () => (await client.get(persistentVolumeClaim, key)).status.capacity?.storage).toBe('3Gi')
  await client.delete(persistentVolumeClaim, key)
  await expect.poll(async () => (await client.list(persistentVolume)).items.length).toBe(0)
  expect(driver.asked.map(([method]) => method)).toEqual(['createVolume', 'controllerExpandVolume', 'deleteVolume'])
})

test('what it refuses stands in an Event, in its own words', async () => {
  using driver = await startDriver()
  await using cluster = await startCluster({ csiEndpoint: driver.address, pace: 'instant' })
  const client = cluster.client('test')
  await client.create(storageClass, aClass('none', { tier: 'none' }) as never)
  await client.create(persistentVolumeClaim, aClaim('none', '1Gi') as never)
  const messages = async () => (await client.list(event, { namespace: 'default' })).items.map(item => item.message)
  await expect
    .poll(messages)
    .toContain('failed to provision volume with StorageClass "none": rpc error: code = InvalidArgument desc = no such tier')
})
