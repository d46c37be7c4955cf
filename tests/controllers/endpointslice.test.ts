// Which endpoints a service has, and in which slices they lie; and what becomes of endpoints made by hand.
import { describe, expect, test } from 'vitest'
import { subsetsOf } from '../../controllers/endpoints/plan.ts'
import { plan } from '../../controllers/endpointslice/plan.ts'
import { plan as mirror } from '../../controllers/endpointslicemirroring/plan.ts'
import type { Action } from '../../controllers/runtime/controller.ts'
import { endpoints } from '../../openapi/kinds/core/endpoints/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { type Service, service } from '../../openapi/kinds/core/service/index.ts'
import { type EndpointSlice, endpointSlice } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import { aNode, aPod, type PodState, secondsAgo, steps, stored } from '../support/objects.ts'

const aService = (spec: object = {}): Service =>
  stored(service, {
    metadata: { name: 'web' },
    spec: { clusterIP: '10.0.0.7', selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec },
  })
const pod = (name: string, state: PodState = 'ready', spec: object = {}): Pod =>
  aPod({ metadata: { name, labels: { app: 'web' } }, spec }, state)
const zone = aNode('node-0', { labels: { 'topology.kubernetes.io/zone': 'zone-0' } })

function see(of: Service, pods: readonly Pod[], slices: readonly EndpointSlice[] = []): Action[] {
  return plan({ service: of, pods, slices, node: () => zone, suffix: () => 'abcde' })
}
const sliceOf = ([action]: readonly Action[]): EndpointSlice => {
  if (!action || action.do === 'event') throw new Error('no slice is written')
  return stored(endpointSlice, action.object)
}
const shown = ({ endpoints: list }: EndpointSlice): string[] =>
  (list ?? []).map(
    ({ targetRef, conditions: c }) => `${targetRef?.name} ready=${c?.ready} serving=${c?.serving} terminating=${c?.terminating}`,
  )

describe('endpoints', () => {
  const cases: { it: string; service?: Service; pods: Pod[]; want: string[] }[] = [
    { it: 'a ready pod', pods: [pod('a')], want: ['a ready=true serving=true terminating=false'] },
    { it: 'a pod that is not ready', pods: [pod('a', 'unready')], want: ['a ready=false serving=false terminating=false'] },
    { it: 'a pod that is going', pods: [pod('a', 'terminating')], want: ['a ready=false serving=true terminating=true'] },
    { it: 'a pod without address, and one that is over', pods: [pod('a', 'pending'), pod('b', 'failed')], want: [] },
    {
      it: 'publishNotReadyAddresses: ready, though not serving',
      service: aService({ publishNotReadyAddresses: true }),
      pods: [pod('a', 'unready')],
      want: ['a ready=true serving=false terminating=false'],
    },
  ]
  for (const { it, service: of = aService(), pods, want } of cases) test(it, () => expect(shown(sliceOf(see(of, pods)))).toEqual(want))
  test('where it is and what it is called', () => {
    const named = pod('a', 'ready', { hostname: 'a', subdomain: 'web' })
    expect(sliceOf(see(aService({ clusterIP: 'None' }), [named]))).toMatchObject({
      metadata: {
        name: 'web-abcde',
        generateName: 'web-',
        labels: { 'service.kubernetes.io/headless': '', 'kubernetes.io/service-name': 'web' },
      },
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: [{ hostname: 'a', nodeName: 'node-0', zone: 'zone-0', addresses: ['10.24.0.9'] }],
    })
    expect(sliceOf(see(aService(), [pod('a', 'ready', { hostname: 'a', subdomain: 'other' })])).endpoints?.[0]).not.toHaveProperty(
      'hostname',
    )
  })
})

describe('slices', () => {
  const of = aService()
  const one = sliceOf(see(of, [pod('a')]))
  const hundred = Array.from({ length: 101 }, (_, n) => pod(`p-${n}`))
  const two = aService({ ports: [{ name: 'http', port: 80, targetPort: 'web' }] })
  const listening = (name: string, port: number) =>
    pod(name, 'ready', { containers: [{ name: 'c', image: 'x', ports: [{ name: 'web', containerPort: port, protocol: 'TCP' }] }] })
  test('an empty service has an empty slice', () => expect(steps({ actions: see(of, []) })).toEqual(['create web-abcde']))
  test('a slice that says it all is left alone', () => expect(see(of, [pod('a')], [one])).toEqual([]))
  test('a change updates it', () => expect(steps({ actions: see(of, [pod('a', 'unready')], [one]) })).toEqual(['update web-abcde']))
  test('a hundred to a slice', () =>
    expect(see(of, hundred).map(a => (a.do === 'create' ? (a.object as EndpointSlice).endpoints?.length : 0))).toEqual([100, 1]))
  test('pods with other numbers behind a named port lie apart', () =>
    expect(see(two, [listening('a', 1), listening('b', 2)])).toHaveLength(2))
  test('slices that are too many go', () =>
    expect(
      steps({ actions: see(of, [pod('a')], [one, stored(endpointSlice, { ...one, metadata: { ...one.metadata, name: 'web-zzzzz' } })]) }),
    ).toEqual(['delete web-zzzzz']))
})

test('the old Endpoints show ready and other addresses apart, and nothing that is going', () => {
  const [subset] = subsetsOf(aService(), [pod('a'), pod('b', 'unready'), pod('c', 'terminating')])
  expect(subset?.addresses?.map(a => a.targetRef?.name)).toEqual(['a'])
  expect(subset?.notReadyAddresses?.map(a => a.targetRef?.name)).toEqual(['b'])
})

describe('endpoints made by hand', () => {
  const given = stored(endpoints, {
    metadata: { name: 'ext' },
    subsets: [
      {
        addresses: [{ ip: '192.0.2.1' }, { ip: '2001:db8::1' }],
        notReadyAddresses: [{ ip: '192.0.2.2' }],
        ports: [{ port: 80, protocol: 'TCP' }],
      },
    ],
  })
  const made = mirror(given, [], () => 'abcde')
  const slices = made.map(action => sliceOf([action]))
  test('are mirrored, each address family for itself', () => {
    expect(slices).toMatchObject([
      {
        addressType: 'IPv4',
        endpoints: [
          { addresses: ['192.0.2.1'], conditions: { ready: true } },
          { addresses: ['192.0.2.2'], conditions: { ready: false } },
        ],
        ports: [{ name: '', port: 80 }],
      },
      { addressType: 'IPv6', endpoints: [{ addresses: ['2001:db8::1'] }] },
    ])
    expect(slices[0]?.metadata).toMatchObject({
      labels: { 'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io', 'kubernetes.io/service-name': 'ext' },
      ownerReferences: [{ kind: 'Endpoints', name: 'ext' }],
    })
  })
  test('and then left alone', () => expect(mirror(given, slices, () => 'zzzzz')).toEqual([]))
  test('slices go with what they mirror', () =>
    expect(steps({ actions: mirror({ ...given, subsets: [] }, slices, () => 'z') })).toEqual(['delete ext-abcde', 'delete ext-abcde']))
})

describe('when what is shown happened', () => {
  const trigger = 'endpoints.kubernetes.io/last-change-trigger-time'
  const old = aService()
  const since = (seconds: number) => aPod({ metadata: { name: `ready-${seconds}`, labels: { app: 'web' } } }, 'ready', seconds)
  const annotations = ([action]: readonly Action[]) =>
    action?.do === 'update' || action?.do === 'create' ? action.object.metadata.annotations : undefined
  const first = see(old, [])
  const shows = (seconds: number) => sliceOf(see(old, [since(seconds)], [sliceOf(first)]))
  test('a new slice shows the service', () => expect(annotations(first)).toEqual({ [trigger]: old.metadata.creationTimestamp }))
  test('the next one the pod that became ready', () =>
    expect(annotations(see(old, [since(60)], [sliceOf(first)]))).toEqual({ [trigger]: secondsAgo(60) }))
  test('the earliest of several', () =>
    expect(annotations(see(old, [since(60), since(30)], [sliceOf(first)]))).toEqual({ [trigger]: secondsAgo(60) }))
  test('not what was shown before', () =>
    expect(annotations(see(old, [since(60), since(30)], [shows(60)]))).toEqual({ [trigger]: secondsAgo(30) }))
  test('of pods that became ready in the same second each is news', () => {
    const other = aPod({ metadata: { name: 'other', labels: { app: 'web' } } }, 'ready', 60)
    expect(annotations(see(old, [since(60), other], [shows(60)]))).toEqual({ [trigger]: secondsAgo(60) })
  })
  test('a pod that goes brings no such time', () => expect(annotations(see(old, [], [shows(60)]))).toBeUndefined())
})
