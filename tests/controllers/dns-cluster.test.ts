// The cluster's DNS in a cluster: records come with ready pods, go with them, and both transports of the port answer.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { statefulSet } from '../../openapi/kinds/apps/statefulset.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { service } from '../../openapi/kinds/core/service/index.ts'
import { startCluster } from '../../server/index.ts'
import { decodeAnswer, encodeQuery, type RecordedAnswer } from '../support/dnspacket.ts'

let cluster: Awaited<ReturnType<typeof startCluster>>
beforeAll(async () => {
  cluster = await startCluster({ pace: 'instant', dnsPort: 0, pausedAt: new Date('2026-01-01T00:00:00Z') })
})
afterAll(() => cluster.close())

async function ask(name: string, type: string): Promise<RecordedAnswer> {
  await cluster.settle()
  const socket = createSocket('udp4')
  const [host = '', port] = cluster.dnsAddress.split(':')
  socket.send(encodeQuery({ name, type, class: 'IN' }, { edns: { udp: 4096 } }), Number(port), host)
  const [message] = await once(socket, 'message')
  socket.close()
  return decodeAnswer(message)
}

const peers = async () => (await ask('dullahan.default.svc.cluster.local.', 'SRV')).answer.map(({ data }) => data)
const peer = (weight: number, ordinal: number) => `0 ${weight} 80 web-${ordinal}.dullahan.default.svc.cluster.local.`

test('a headless service answers with one SRV record per ready pod, and an address for each', async () => {
  const client = cluster.client('test')
  await client.create(service, {
    metadata: { name: 'dullahan', namespace: 'default' },
    spec: { clusterIP: 'None', selector: { app: 'web' }, ports: [{ name: 'web', port: 80 }] },
  })
  expect((await ask('dullahan.default.svc.cluster.local.', 'SRV')).rcode).toBe('NXDOMAIN')
  await client.create(statefulSet, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 3,
      serviceName: 'dullahan',
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  })
  await cluster.clock.advance(60_000)
  const { answer, additional, flags } = await ask('dullahan.default.svc.cluster.local.', 'SRV')
  expect(answer.map(({ data }) => data).sort()).toEqual([0, 1, 2].map(ordinal => peer(33, ordinal)))
  expect(additional.map(({ name }) => name).sort()).toEqual([0, 1, 2].map(n => `web-${n}.dullahan.default.svc.cluster.local.`))
  expect(flags).toEqual(['qr', 'aa', 'rd'])
})

test('each pod has a name, and its address leads back to it', async () => {
  const { status } = await cluster.client('test').get(pod, { namespace: 'default', name: 'web-1' })
  const [{ data } = { data: '' }] = (await ask('web-1.dullahan.default.svc.cluster.local.', 'A')).answer
  expect(data).toBe(status.podIP)
  const back = await ask(`${data.split('.').reverse().join('.')}.in-addr.arpa.`, 'PTR')
  expect(back.answer.map(record => record.data)).toEqual(['web-1.dullahan.default.svc.cluster.local.'])
})

test('scaling to one leaves one record, and deleting the service none', async () => {
  const client = cluster.client('test')
  await client.patch(statefulSet, { namespace: 'default', name: 'web' }, { spec: { replicas: 1 } })
  await cluster.clock.advance(60_000)
  expect(await peers()).toEqual([peer(100, 0)])
  await client.delete(service, { namespace: 'default', name: 'dullahan' })
  const gone = await ask('dullahan.default.svc.cluster.local.', 'SRV')
  expect([gone.rcode, gone.authority[0]?.type]).toEqual(['NXDOMAIN', 'SOA'])
})

test('the serial is the time of the last change', async () => {
  const [{ data } = { data: '' }] = (await ask('cluster.local.', 'SOA')).answer
  const serial = Number(data.split(' ')[2])
  expect(serial).toBeGreaterThanOrEqual(Date.parse('2026-01-01T00:00:00Z') / 1000)
  expect(serial).toBeLessThanOrEqual(cluster.clock.now().getTime() / 1000)
})
