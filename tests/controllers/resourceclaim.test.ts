// Claims of devices: made from templates, waited for, reserved, given back.
import { describe, expect, test } from 'vitest'
import { newClaim, released, useless, wanted } from '../../controllers/resourceclaim/plan.ts'
import { deviceNeeds, deviceProblems, reservations } from '../../controllers/scheduler/devices.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { type ResourceClaim, resourceClaim } from '../../openapi/kinds/resource.k8s.io/resourceclaim.ts'
import type { ResourceClaimTemplate } from '../../openapi/kinds/resource.k8s.io/resourceclaimtemplate.ts'
import { aPod as aPodBody, pods as podsPath, serveRest } from '../support/api.ts'
import { aNode, aPod, type PodState, stored } from '../support/objects.ts'

const devices = { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu' } }] }
const withClaims = (resourceClaims: object[], state: PodState = 'pending', statuses: object[] = []): Pod => {
  const pod = aPod({ metadata: { name: 'it' }, spec: { resourceClaims } }, state)
  return { ...pod, status: { ...pod.status, resourceClaimStatuses: statuses } } as Pod
}
const aClaim = (name: string, metadata: object = {}, status: object = {}): ResourceClaim =>
  ({ ...stored(resourceClaim, { metadata: { name, namespace: 'default', ...metadata }, spec: { devices } }), status }) as ResourceClaim
const ofTemplate = [{ name: 'gpu', resourceClaimTemplateName: 'big' }]
const madeFor = (pod: Pod, entry = 'gpu') => ({
  annotations: { 'resource.kubernetes.io/pod-claim-name': entry },
  ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid, controller: true }],
})
const consumer = (pod: Pod) => ({ resource: 'pods', name: pod.metadata.name, uid: pod.metadata.uid })
const allocation = { devices: { results: [{ request: 'gpu', driver: 'a.b', pool: 'p', device: 'd' }] } }

describe('resource claim plan', () => {
  const pod = withClaims(ofTemplate)
  const known = withClaims(ofTemplate, 'pending', [{ name: 'gpu', resourceClaimName: 'it-gpu-abc' }])
  const names = (pod_: Pod, claims: ResourceClaim[] = []) =>
    wanted({ pod: pod_, claims }).map(w => `${w.entry} of ${w.found?.metadata.name ?? w.template}`)
  const cases = [
    { it: 'a claim is made', got: names(pod), want: ['gpu of big'] },
    { it: 'one that is there is found', got: names(pod, [aClaim('x', madeFor(pod))]), want: ['gpu of x'] },
    { it: 'one that the pod knows is enough', got: names(known, [aClaim('it-gpu-abc')]), want: [] },
    { it: 'one that is gone is made again', got: names(known), want: ['gpu of big'] },
    { it: 'none is needed where the status says so', got: names(withClaims(ofTemplate, 'pending', [{ name: 'gpu' }])), want: [] },
    { it: 'claims by name are not ours', got: names(withClaims([{ name: 'gpu', resourceClaimName: 'mine' }])), want: [] },
    { it: 'pods that are done need none', got: names(withClaims(ofTemplate, 'succeeded')), want: [] },
  ]
  test.each(cases)('$it', ({ got, want }) => expect(got).toEqual(want))

  test('long names are cut so that both can be told', () => {
    const template = { spec: { spec: { devices }, metadata: { labels: { a: 'b' } } } } as unknown as ResourceClaimTemplate
    const long = { ...pod, metadata: { ...pod.metadata, name: 'p'.repeat(60) } }
    const { metadata } = newClaim(long, 'c'.repeat(60), template)
    expect(metadata.generateName).toBe(`${'p'.repeat(28)}-${'c'.repeat(28)}-`)
    expect(newClaim(long, 'gpu', template).metadata.generateName).toBe(`${'p'.repeat(53)}-gpu-`)
    expect(metadata.labels).toEqual({ a: 'b' })
  })

  test('what a pod no longer uses is given back, and deallocated when it was the last', () => {
    const [other, done] = [aPod({ metadata: { name: 'other', uid: 'other' } }), withClaims(ofTemplate, 'succeeded')]
    const shared = aClaim('shared', {}, { allocation, reservedFor: [consumer(other), consumer(done)] })
    const own = aClaim('own', madeFor(done), { allocation, reservedFor: [consumer(done)] })
    const statuses = released('it', { pod: done, claims: [shared, own] }).map(c => c.status)
    expect(statuses).toEqual([{ allocation, reservedFor: [consumer(other)] }, {}])
    expect(released('it', { pod: undefined, claims: [own] }).map(c => c.status)).toEqual([{}])
    expect(
      released('it', { pod: withClaims(ofTemplate), claims: [aClaim('x', {}, { reservedFor: [consumer(withClaims(ofTemplate))] })] }),
    ).toEqual([])
    expect(useless({ pod: done, claims: [own, aClaim('free', madeFor(done))] }).map(c => c.metadata.name)).toEqual(['free'])
  })
})

describe('devices of a pod', () => {
  const pod = withClaims([{ name: 'gpu', resourceClaimName: 'mine' }])
  const needs = (claim?: ResourceClaim) => deviceNeeds(pod, () => claim)
  const on = (zone: string) => ({
    ...allocation,
    nodeSelector: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] }] },
  })
  const node = aNode('node-0', { labels: { zone: 'a' } })
  test('are waited for', () => {
    expect(needs().isWaiting).toBe(true)
    expect(needs(aClaim('mine', { deletionTimestamp: '2026-01-01T00:00:00Z' })).isWaiting).toBe(true)
    expect(deviceNeeds(withClaims(ofTemplate), () => undefined).isWaiting).toBe(true)
  })
  test.each([
    ['not allocated', {}, ['cannot allocate all claims']],
    ['anywhere', { allocation }, []],
    ['here', { allocation: on('a') }, []],
    ['elsewhere', { allocation: on('b') }, ['resourceclaim not available on the node']],
  ])('%s', (_, status, want) => expect(deviceProblems(node, needs(aClaim('mine', {}, status)))).toEqual(want))
  test('are reserved once', () => {
    const [reserved] = reservations(pod, needs(aClaim('mine', {}, { allocation })))
    expect(reserved?.status.reservedFor).toEqual([consumer(pod)])
    expect(reservations(pod, needs(reserved))).toEqual([])
  })
})

test('a pod gets its claim from a template, waits for its devices, and gives them back', async () => {
  await using rest = await serveRest({ controllers: '*', nodes: 1, pace: 'instant' })
  const group = '/apis/resource.k8s.io/v1/namespaces/default'
  const status = async () => (await rest.call('get', `${podsPath}/it`)).body.status
  const claims = async () => (await rest.call('get', `${group}/resourceclaims`)).body.items as ResourceClaim[]
  await rest.call('post', podsPath, aPodBody('it', { resourceClaims: ofTemplate })).expect(201)
  await rest.cluster.settle()
  const { body } = await rest.call('get', '/api/v1/namespaces/default/events')
  expect(body.items[0]).toMatchObject({
    reason: 'FailedResourceClaimCreation',
    message: 'PodResourceClaim gpu: resource claim template "big": resourceclaimtemplate.resource.k8s.io "big" not found',
    source: { component: 'resource_claim' },
  })
  await rest.call('post', `${group}/resourceclaimtemplates`, { metadata: { name: 'big' }, spec: { spec: { devices } } }).expect(201)
  await rest.cluster.clock.advance(5_000)
  const [made] = await claims()
  expect(made?.metadata.name).toMatch(/^it-gpu-[a-z0-9]{5}$/)
  expect(await status()).toMatchObject({
    phase: 'Pending',
    resourceClaimStatuses: [{ name: 'gpu', resourceClaimName: made?.metadata.name }],
    conditions: [{ type: 'PodScheduled', message: expect.stringMatching(/^0\/1 nodes are available: 1 cannot allocate all claims\. /) }],
  })
  await rest.patch(`${group}/resourceclaims/${made?.metadata.name}/status`, 'merge-patch', { status: { allocation } }).expect(200)
  await rest.cluster.clock.advance(1_000)
  expect((await status()).phase).toBe('Running')
  expect((await claims())[0]?.status.reservedFor).toMatchObject([{ resource: 'pods', name: 'it' }])
  await rest.call('delete', `${podsPath}/it?gracePeriodSeconds=0`).expect(200)
  await rest.cluster.clock.advance(5_000)
  expect(await claims()).toEqual([])
})
