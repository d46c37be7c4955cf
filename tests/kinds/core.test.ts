import { describe, expect, test } from 'vitest'
import type { Kind } from '../../openapi/kind.ts'
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import { limitRange } from '../../openapi/kinds/core/limitrange/index.ts'
import { node } from '../../openapi/kinds/core/node/index.ts'
import { secret } from '../../openapi/kinds/core/secret/index.ts'
import { type Service, service } from '../../openapi/kinds/core/service/index.ts'
import { type Event, event } from '../../openapi/kinds/events.k8s.io/event.ts'
import { encodeBase64 } from '../../openapi/values/base64.ts'
import { compared, recordedCreates } from '../support/recordedcreates.ts'
import { hasReference, judgeCreate, prepared } from '../support/strategy.ts'

const mine = ['ConfigMap', 'Endpoints', 'Event', 'LimitRange', 'Namespace', 'Node', 'ResourceQuota', 'Secret', 'Service', 'ServiceAccount']
/** Decided where addresses and ports are given out, or by admission. */
const stateful =
  /no dry run|nodePort (twice|out of range)|clusterIP (out of range|already)|ipFamilies v6$|RequireDualStack|create: |of a missing account|quantity$/

describe.skipIf(!hasReference)('recorded creates', () => {
  const core = recordedCreates('errors/core.json', (kind, name) => mine.includes(kind) && !stateful.test(name))
  const slices = recordedCreates('errors/networking.json', kind => kind === 'EndpointSlice')
  const leases = recordedCreates('errors/policy.json', kind => kind === 'Lease')

  test('are there', () => expect(core.length + slices.length + leases.length).toBeGreaterThan(120))

  test.each([...core, ...slices, ...leases])('%s', (_, recorded) => {
    const { want, got } = compared(recorded)
    expect(got).toEqual(want)
  })
})

const problems = (kind: unknown, body: object): string[] => {
  const { status } = judgeCreate(kind as Kind, body)
  return (status?.details?.causes ?? []).map(cause => `${cause.field}: ${cause.message}`)
}

describe('services', () => {
  const aService = (spec: object = {}): Service =>
    prepared(service as unknown as Kind, { metadata: { name: 'web' }, spec: { ports: [{ port: 80 }], ...spec } }) as Service
  const refused = [
    { it: 'no port', spec: { ports: [] }, want: ['spec.ports: Required value'] },
    { it: 'headless without ports', spec: { ports: [], clusterIP: 'None' }, want: [] },
    {
      it: 'an address that is none',
      spec: { clusterIP: '10.0.0' },
      want: ['spec.clusterIPs[0]: Invalid value: "10.0.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
    },
    {
      it: 'a node port without a node',
      spec: { ports: [{ port: 80, nodePort: 30_000 }] },
      want: ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    },
    {
      it: 'a policy for traffic that never comes',
      spec: { externalTrafficPolicy: 'Local' },
      want: ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
    },
    {
      it: 'leading zeros',
      spec: { externalIPs: ['010.1.1.1'] },
      want: ['spec.externalIPs[0]: Invalid value: "010.1.1.1": must not have leading 0s'],
    },
  ]
  test.each(refused)('$it', ({ spec, want }) =>
    expect(problems(service, { metadata: { name: 'web' }, spec: { ports: [{ port: 80 }], ...spec } })).toEqual(want),
  )

  const given = (spec: object): Service => {
    const object = aService(spec)
    return { ...object, spec: { ...object.spec, clusterIP: '10.0.0.9', clusterIPs: ['10.0.0.9'], ipFamilies: ['IPv4'] } }
  }
  const updated = (old: Service, spec: object): Service => {
    const next = aService(spec)
    service.prepareForUpdate?.(next, old, { now: new Date(0), user: { name: 'admin', groups: [] } })
    return next
  }
  const messages = (next: Service, old: Service) => (service.validateUpdate?.(next, old) ?? []).map(e => `${e.field}: ${e.message}`)

  test('an update that leaves the address out keeps it', () => {
    const next = updated(given({}), {})
    expect([next.spec.clusterIP, next.spec.clusterIPs]).toEqual(['10.0.0.9', ['10.0.0.9']])
  })
  test('an address does not change', () => {
    const old = given({})
    expect(messages(updated(old, { clusterIP: '10.0.0.10' }), old)).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["10.0.0.10"]: may not change once set',
    ])
  })
  test('a node port stays with its port, and goes with the type', () => {
    const old = given({ type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] })
    expect(updated(old, { type: 'NodePort', ports: [{ port: 81 }] }).spec.ports?.[0]?.nodePort).toBe(30_001)
    const plain = updated(old, { ports: [{ port: 80, nodePort: 30_001 }], externalTrafficPolicy: 'Cluster' })
    expect([plain.spec.ports?.[0]?.nodePort, plain.spec.externalTrafficPolicy]).toEqual([undefined, undefined])
  })
  test('an alias has no address', () => {
    const next = updated(given({}), { type: 'ExternalName', externalName: 'example.com', internalTrafficPolicy: 'Cluster' })
    expect([next.spec.clusterIP, next.spec.clusterIPs, next.spec.internalTrafficPolicy]).toEqual([undefined, undefined, undefined])
  })
})

describe('configuration', () => {
  const old = prepared(configMap as unknown as Kind, { metadata: { name: 'a' }, data: { a: '1' }, immutable: true })
  const changes = [
    { it: 'a value', change: { data: { a: '2' } }, want: ['data'] },
    { it: 'the lock', change: { immutable: undefined }, want: ['immutable'] },
    { it: 'a label', change: { metadata: { ...old.metadata, labels: { a: 'b' } } }, want: [] },
  ]
  test.each(changes)('a locked map: $it', ({ change, want }) =>
    expect((configMap.validateUpdate?.({ ...old, ...change } as never, old as never) ?? []).map(e => e.field)).toEqual(want),
  )

  test('more than a mebibyte is too much', () =>
    expect(problems(configMap, { metadata: { name: 'a' }, data: { a: 'x'.repeat(1024 * 1024), b: 'y' } })).toEqual([
      '[]: Too long: may not be more than 1048576 bytes',
    ]))

  const pem = (type: string) => `-----BEGIN ${type}-----\nAQ==\n-----END ${type}-----\n`
  const certificates = [
    { it: 'nothing', crt: '', key: '', want: ['tls: failed to find any PEM data in certificate input'] },
    { it: 'no key', crt: pem('CERTIFICATE'), key: '', want: ['tls: failed to find any PEM data in key input'] },
    {
      it: 'a key for a certificate',
      crt: pem('PRIVATE KEY'),
      key: pem('PRIVATE KEY'),
      want: [
        'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [PRIVATE KEY]',
      ],
    },
    { it: 'both', crt: pem('CERTIFICATE'), key: pem('RSA PRIVATE KEY'), want: [] },
  ]
  test.each(certificates)('a certificate of $it', ({ crt, key, want }) => {
    const data = { 'tls.crt': encodeBase64(crt), 'tls.key': encodeBase64(key) }
    expect(judgeCreate(secret as unknown as Kind, { metadata: { name: 'a' }, type: 'kubernetes.io/tls', data }).warnings).toEqual(want)
  })
})

describe('limits', () => {
  const defaults = [
    { it: 'from max', item: { max: { cpu: '2' } }, want: { default: { cpu: '2' }, defaultRequest: { cpu: '2' } } },
    { it: 'from min', item: { min: { cpu: '1' } }, want: { default: undefined, defaultRequest: { cpu: '1' } } },
    {
      it: 'given',
      item: { max: { cpu: '4' }, default: { cpu: '2' }, defaultRequest: { cpu: '1' } },
      want: { default: { cpu: '2' }, defaultRequest: { cpu: '1' } },
    },
  ]
  test.each(defaults)('a container takes what is $it', ({ item, want }) => {
    const { spec } = prepared(limitRange as unknown as Kind, {
      metadata: { name: 'a' },
      spec: { limits: [{ type: 'Container', ...item }] },
    }) as never
    const [{ default: limit, defaultRequest }] = (spec as { limits: [{ default?: object; defaultRequest?: object }] }).limits
    expect({ default: limit, defaultRequest }).toEqual(want)
  })
})

describe('nodes', () => {
  test('the single pod range is the first of the list', () => {
    const { spec } = prepared(node as unknown as Kind, { metadata: { name: 'a' }, spec: { podCIDR: '10.1.0.0/24' } }) as never
    expect(spec).toMatchObject({ podCIDR: '10.1.0.0/24', podCIDRs: ['10.1.0.0/24'] })
  })
  test('what can be allocated is the capacity where nothing is said', () => {
    const { status } = prepared(node as unknown as Kind, { metadata: { name: 'a' }, status: { capacity: { cpu: '4' } } }) as never
    expect(status).toMatchObject({ allocatable: { cpu: '4' } })
  })
})

describe('events of both versions', () => {
  const example = prepared(event as unknown as Kind, { ...event.example }) as Event
  const whole: Event = { ...example, apiVersion: 'events.k8s.io/v1', kind: 'Event' }

  test('there and back is the same', () => {
    const { storedAs } = event
    expect(storedAs?.decode(storedAs.encode(whole))).toEqual(whole)
  })
  test('in the older words', () =>
    expect(event.storedAs?.encode(whole)).toMatchObject({
      apiVersion: 'v1',
      involvedObject: { kind: 'Pod', name: 'example' },
      reportingComponent: 'example.com/controller',
      firstTimestamp: null,
      source: {},
    }))
  test('only a series may go on', () => {
    const going = { ...whole, series: { count: 2, lastObservedTime: '2024-01-01T00:00:01.000000Z' } }
    expect(event.validateUpdate?.(going, whole)).toEqual([])
    expect((event.validateUpdate?.({ ...whole, note: 'other' }, whole) ?? []).map(e => e.field)).toEqual(['message'])
  })
})
