// Ranges of cluster IPs, and the addresses of Services in them.
import { describe, expect, test } from 'vitest'
import { plan } from '../../controllers/servicecidr/plan.ts'
import type { IPAddress } from '../../openapi/kinds/networking.k8s.io/ipaddress.ts'
import type { ServiceCIDR } from '../../openapi/kinds/networking.k8s.io/servicecidr.ts'
import { serveRest } from '../support/api.ts'

const now = new Date('2026-01-01T00:01:00Z')
const aRange = (name: string, cidr: string, meta: object = {}) =>
  ({ metadata: { name, ...meta }, spec: { cidrs: [cidr] }, status: {} }) as unknown as ServiceCIDR
const anAddress = (name: string, managedBy = 'ipallocator.k8s.io') =>
  ({ metadata: { name, labels: { 'ipaddress.kubernetes.io/managed-by': managedBy } }, spec: {} }) as unknown as IPAddress

describe('service CIDR plan', () => {
  const finalizers = ['networking.k8s.io/service-cidr-finalizer']
  const gone = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers }
  const leaving = aRange('it', '10.1.0.0/24', gone)
  const cases = [
    { it: 'is ready', range: aRange('it', '10.1.0.0/24'), want: 'keep' },
    { it: 'leaves when nobody needs it', range: leaving, want: 'release' },
    { it: 'waits a while', range: aRange('it', '10.1.0.0/24', { ...gone, deletionTimestamp: '2026-01-01T00:00:55Z' }), want: 'wait' },
    { it: 'is not ours to keep any more', range: aRange('it', '10.1.0.0/24', { ...gone, finalizers: ['a/b'] }), want: 'nothing' },
    { it: 'stays for an address', range: leaving, addresses: ['10.1.0.7'], want: 'keep' },
    { it: 'is not kept by an address elsewhere', range: leaving, addresses: ['10.2.0.7'], want: 'release' },
    { it: 'leaves its addresses to a range around it', range: leaving, others: ['10.0.0.0/8'], addresses: ['10.1.0.7'], want: 'release' },
    { it: 'leaves an address to a range within it', range: leaving, others: ['10.1.0.0/28'], addresses: ['10.1.0.7'], want: 'release' },
    { it: 'stays for what lies outside of that', range: leaving, others: ['10.1.0.0/28'], addresses: ['10.1.0.77'], want: 'keep' },
  ]
  test.each(cases)('$it', ({ range, others = [], addresses = [], want }) => {
    const all = [range, ...others.map((cidr, index) => aRange(`other-${index}`, cidr))]
    expect(plan(range, { all, addresses: addresses.map(ip => anAddress(ip)), now }).do).toBe(want)
  })

  test('addresses that somebody made by hand keep nothing', () =>
    expect(plan(leaving, { all: [leaving], addresses: [anAddress('10.1.0.7', 'me')], now }).do).toBe('release'))
})

const root = '/apis/networking.k8s.io/v1'
const services = '/api/v1/namespaces/default/services'
const aService = (name: string, spec: object = {}) => ({ metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } })

test('a Service has an IPAddress as long as it has the address', async () => {
  await using rest = await serveRest()
  const { clusterIP } = (await rest.call('post', services, aService('web')).expect(201)).body.spec
  const { body } = await rest.call('get', `${root}/ipaddresses/${clusterIP}`).expect(200)
  expect(body.spec.parentRef).toEqual({ resource: 'services', namespace: 'default', name: 'web' })
  await rest.call('delete', `${root}/ipaddresses/${clusterIP}`).expect(200)
  const again = await rest.call('get', `${root}/ipaddresses/${clusterIP}`).expect(200)
  expect(again.body.metadata.uid).not.toBe(body.metadata.uid)
  await rest.patch(`${services}/web`, 'merge-patch', {
    spec: { type: 'ExternalName', externalName: 'a.b', clusterIP: '', clusterIPs: null },
  })
  await rest.call('get', `${root}/ipaddresses/${clusterIP}`).expect(404)
  await rest.call('post', services, aService('taken', { clusterIP })).expect(201)
  await rest.call('delete', `${services}/taken`).expect(200)
  await rest.call('get', `${root}/ipaddresses/${clusterIP}`).expect(404)
})

test('an address that somebody took by hand is not given out', async () => {
  await using rest = await serveRest()
  const mine = { metadata: { name: '10.0.9.9' }, spec: { parentRef: { resource: 'things', name: 'mine' } } }
  await rest.call('post', `${root}/ipaddresses`, mine).expect(201)
  const refused = await rest.call('post', services, aService('web', { clusterIP: '10.0.9.9' })).expect(422)
  expect(refused.body.message).toContain('failed to allocate IP 10.0.9.9: provided IP is already allocated')
  await rest.call('delete', `${root}/ipaddresses/10.0.9.9`).expect(200)
  await rest.call('post', services, aService('web', { clusterIP: '10.0.9.9' })).expect(201)
})

test('a new range gives addresses, and leaves when they are back', async () => {
  await using rest = await serveRest({ controllers: '*' })
  const inNewRange = aService('web', { clusterIP: '10.99.0.7' })
  await rest.call('post', services, inNewRange).expect(422)
  await rest.call('post', `${root}/servicecidrs`, { metadata: { name: 'more' }, spec: { cidrs: ['10.99.0.0/24'] } }).expect(201)
  await rest.cluster.settle()
  await rest.call('post', services, inNewRange).expect(201)
  const range = async () => (await rest.call('get', `${root}/servicecidrs/more`)).body
  expect(await range()).toMatchObject({
    metadata: { finalizers: ['networking.k8s.io/service-cidr-finalizer'] },
    status: { conditions: [{ type: 'Ready', status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' }] },
  })
  await rest.call('delete', `${root}/servicecidrs/more`).expect(200)
  await rest.cluster.settle()
  expect((await range()).status.conditions).toMatchObject([{ status: 'False', reason: 'Terminating' }])
  await rest.call('post', services, aService('other', { clusterIP: '10.99.0.8' })).expect(422)
  await rest.call('delete', `${services}/web`).expect(200)
  await rest.cluster.clock.advance(10_000)
  expect((await range()).code).toBe(404)
})
