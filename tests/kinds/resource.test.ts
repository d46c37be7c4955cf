// Claims of devices, and the devices there are: what the recordings leave open.
import { describe, expect, test } from 'vitest'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { deviceClass } from '../../openapi/kinds/resource.k8s.io/deviceclass.ts'
import { type ResourceClaim, resourceClaim } from '../../openapi/kinds/resource.k8s.io/resourceclaim.ts'
import { resourceClaimTemplate } from '../../openapi/kinds/resource.k8s.io/resourceclaimtemplate.ts'
import { resourceSlice } from '../../openapi/kinds/resource.k8s.io/resourceslice.ts'
import { serveRest } from '../support/api.ts'
import { cells, judgeCreate, prepared } from '../support/strategy.ts'

const causes = (kind: unknown, spec: object, metadata: object = {}): string[] => {
  const { status } = judgeCreate(kind as Kind, { metadata: { name: 'it', ...metadata }, spec })
  return (status?.details?.causes ?? []).map(cause => `${cause.field}: ${cause.message}`)
}
const exactly = { deviceClassName: 'gpu' }
const requests = [
  { name: 'one', exactly },
  {
    name: 'any',
    firstAvailable: [
      { name: 'big', ...exactly },
      { name: 'small', ...exactly },
    ],
  },
]
const inNamespace = { namespace: 'default' }

describe('claims', () => {
  const ofRequest = (request: object) => causes(resourceClaim, { devices: { requests: [{ name: 'r', ...request }] } }, inNamespace)
  const ofExactly = (more: object) => ofRequest({ exactly: { ...exactly, ...more } })
  const ofDevices = (devices: object) => causes(resourceClaim, { devices: { requests, ...devices } }, inNamespace)
  const at = 'spec.devices.requests[0]'
  const oneOf = 'exactly one of `exactly` or `firstAvailable` is required'
  const unknown = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"
  const cases = [
    { it: 'neither', got: () => ofRequest({}), want: [`${at}: Required value: ${oneOf}`] },
    {
      it: 'both',
      got: () => ofRequest({ exactly, firstAvailable: [{ name: 'a', ...exactly }] }),
      want: [`${at}: Invalid value: null: ${oneOf}, but multiple fields are set`],
    },
    {
      it: 'all, with a number',
      got: () => ofExactly({ allocationMode: 'All', count: 2 }),
      want: [`${at}.exactly.count: Invalid value: 2: must not be specified when allocationMode is 'All'`],
    },
    {
      it: 'a mode nobody knows',
      got: () => ofExactly({ allocationMode: 'Some' }),
      want: [`${at}.exactly.allocationMode: Unsupported value: "Some": supported values: "All", "ExactCount"`],
    },
    {
      it: 'a toleration with a value that is not compared',
      got: () => ofExactly({ tolerations: [{ key: 'a', operator: 'Exists', value: 'b', effect: 'Foo' }] }),
      want: [
        `${at}.exactly.tolerations[0].value: Invalid value: "b": must be empty for operator \`Exists\``,
        `${at}.exactly.tolerations[0].effect: Unsupported value: "Foo": supported values: "NoExecute", "NoSchedule", "None"`,
      ],
    },
    {
      it: 'constraints of requests and alternatives',
      got: () => ofDevices({ constraints: [{ requests: ['one', 'any/big'], matchAttribute: 'a.b/c' }] }),
      want: [],
    },
    {
      it: 'a constraint without a domain, of an unknown alternative',
      got: () => ofDevices({ constraints: [{ requests: ['any/huge'], matchAttribute: 'model' }] }),
      want: [
        `spec.devices.constraints[0].requests[0]: Invalid value: "any/huge": ${unknown}`,
        'spec.devices.constraints[0].matchAttribute: Invalid value: "model": a fully qualified name must be a domain and a name separated by a slash',
      ],
    },
    {
      it: 'configuration without parameters',
      got: () => ofDevices({ config: [{ requests: ['one', 'one'], opaque: { driver: 'a.b' } }] }),
      want: ['spec.devices.config[0].requests[1]: Duplicate value: "one"', 'spec.devices.config[0].opaque.parameters: Required value'],
    },
    {
      it: 'too many requests',
      got: () => ofDevices({ requests: Array.from({ length: 33 }, (_, i) => ({ name: `r${i}`, exactly })) }),
      want: ['spec.devices.requests: Too many: 33: must have at most 32 items'],
    },
  ]
  test.each(cases)('$it', ({ got, want }) => expect(got()).toEqual(want))

  test('templates bring labels and annotations only', () =>
    expect(causes(resourceClaimTemplate, { metadata: { name: 'x', labels: { a: 'b' } }, spec: { devices: {} } }, inNamespace)).toEqual([
      'spec.metadata.name: Forbidden: cannot be set',
    ]))
})

describe('the status of claims', () => {
  const device = { request: 'one', driver: 'a.b', pool: 'p', device: 'd0' }
  const aClaim = (status: object = {}, metadata: object = {}): ResourceClaim =>
    ({
      ...prepared(resourceClaim as unknown as Kind, { metadata: { name: 'it', ...metadata }, spec: { devices: { requests } } }),
      status,
    }) as ResourceClaim
  const allocated = (more: object = {}) => ({ allocation: { devices: { results: [{ ...device, ...more }] } } })
  const changed = (next: object, old: object = {}, metadata: object = {}) =>
    (resourceClaim.validateStatusUpdate?.(aClaim(next, metadata), aClaim(old, metadata)) ?? []).map(e => `${e.field}: ${e.message}`)
  const pod = { resource: 'pods', name: 'p', uid: 'u' }

  test('only what is allocated is reserved', () =>
    expect(changed({ reservedFor: [pod] })).toEqual(['status.reservedFor: Forbidden: may not be specified when `allocated` is not set']))
  test('an allocation stays', () =>
    expect(changed(allocated({ device: 'd1' }), allocated())[0]).toMatch(
      /^status.allocation: Invalid value: \{"Devices":.*field is immutable$/,
    ))
  test('a claim that goes takes no more pods', () => {
    const going = { deletionTimestamp: '2026-01-01T00:00:00Z' }
    const two = { ...allocated(), reservedFor: [pod, { ...pod, uid: 'v' }] }
    expect(changed(two, { ...allocated(), reservedFor: [pod] }, going)[0]).toContain('new entries may not be added')
    expect(changed({ ...allocated(), reservedFor: [pod] }, two, going)).toEqual([])
  })
  test('drivers speak of allocated devices', () => {
    const conditions = [{ type: 'Ready', status: 'Yes', reason: 'a b', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }]
    const { request: _, ...named } = device
    expect(changed({ ...allocated(), devices: [{ ...named, conditions, networkData: { ips: ['10.0.0.1', '10.0.0.1/08'] } }] })).toEqual([
      'status.devices[0].conditions[0].status: Unsupported value: "Yes": supported values: "False", "True", "Unknown"',
      expect.stringContaining('status.devices[0].conditions[0].reason: Invalid value: "a b": a condition reason must start'),
      expect.stringContaining('status.devices[0].networkData.ips[0]: Invalid value: "10.0.0.1": must be a valid address in CIDR form'),
      expect.stringContaining('status.devices[0].networkData.ips[1]: Invalid value: "10.0.0.1/08": must be a valid address in CIDR form'),
    ])
    expect(changed({ ...allocated(), devices: [{ ...named, device: 'd9' }] })).toEqual([
      'status.devices[0]: Invalid value: a.b/p/d9: must be an allocated device in the claim',
    ])
  })
  test('a share has a proper identity', () =>
    expect(changed(allocated({ shareID: 'x' }))).toEqual([
      'status.allocation.devices.results[0].shareID: Invalid value: "x": error validating uid: invalid UUID length: 1',
    ]))
  test('what is said of devices goes with them', () => {
    const { request: _, ...named } = device
    const [next, old] = [aClaim({ devices: [named] }), aClaim({ ...allocated(), devices: [named] })]
    resourceClaim.prepareForStatusUpdate?.(next, old, { now: new Date(), user: { name: '', groups: [] } })
    expect(next.status).toEqual({})
  })
  test('its state in words', () => {
    const going = { deletionTimestamp: '2026-01-01T00:00:00Z' }
    const state = (claim: KubeObject) => cells(resourceClaim as unknown as Kind, claim)[1]
    expect(state(aClaim({}, going))).toBe('deleted')
    expect(state(aClaim(allocated(), going))).toBe('deleted,allocated')
  })
})

describe('slices', () => {
  const base = { driver: 'a.b', nodeName: 'n', pool: { name: 'p', generation: 1, resourceSliceCount: 1 } }
  const ofDevice = (device: object, spec: object = {}) => causes(resourceSlice, { ...base, devices: [{ name: 'd', ...device }], ...spec })
  const at = 'spec.devices[0]'
  const shared = (requestPolicy: object) =>
    ofDevice({ allowMultipleAllocations: true, capacity: { memory: { value: '8Gi', requestPolicy } } })
  const policy = `${at}.capacity[memory].requestPolicy`
  const cases = [
    {
      it: 'is on one node or on all',
      got: () => causes(resourceSlice, { ...base, allNodes: true }),
      want: [/^spec: Invalid value: "\{`nodeName`, `allNodes`\}": exactly one of/],
    },
    {
      it: 'says where it is',
      got: () => causes(resourceSlice, { ...base, nodeName: undefined }),
      want: [/^spec: Required value: exactly one of/],
    },
    {
      it: 'says it for each device',
      got: () => ofDevice({}, { nodeName: undefined, perDeviceNodeSelection: true }),
      want: [/^spec.devices\[0\]: Required value: exactly one of/],
    },
    { it: 'or for none', got: () => ofDevice({ allNodes: true }), want: [/can only be set if `perDeviceNodeSelection`/] },
    {
      it: 'an attribute has one value',
      got: () => ofDevice({ attributes: { a: { bool: true, int: 1 } } }),
      want: [/^spec.devices\[0\].attributes\[a\]: .*exactly one value must be specified/],
    },
    {
      it: 'lists of values are a gate that is off',
      got: () => ofDevice({ attributes: { a: { strings: ['x'] } } }),
      want: [/attributes\[a\]: Invalid value: "": exactly one value/],
    },
    { it: 'a version is a version', got: () => ofDevice({ attributes: { a: { version: '1.2' } } }), want: [/semver.org spec 2.0.0/] },
    {
      it: 'an attribute has a name',
      got: () => ofDevice({ attributes: { 'a.b/': { int: 1 } } }),
      want: [/attributes: Invalid value: "": the name must not be empty/],
    },
    {
      it: 'a taint has an effect',
      got: () => ofDevice({ taints: [{ key: 'a', effect: '' }] }),
      want: [/taints\[0\].effect: Required value/],
    },
    {
      it: 'conditions come with failures',
      got: () => ofDevice({ bindingConditions: ['a'] }),
      want: [/bindingFailureConditions are required/],
    },
    {
      it: 'a policy is for shared devices',
      got: () => ofDevice({ capacity: { memory: { value: '1', requestPolicy: { default: '1' } } } }),
      want: [/requestPolicy: Forbidden: allowMultipleAllocations must be true/],
    },
    {
      it: 'amounts rise',
      got: () => shared({ default: '1Gi', validValues: ['2Gi', '1Gi', '9Gi'] }),
      want: [
        `${policy}.validValues[1]: Invalid value: "1Gi": values must be sorted in ascending order`,
        /validValues\[2\].*option is larger than capacity value: 8Gi/,
      ],
    },
    {
      it: 'the usual amount is one of them',
      got: () => shared({ default: '3Gi', validValues: ['1Gi'] }),
      want: [/default value is not valid/],
    },
    {
      it: 'a range goes in steps',
      got: () => shared({ default: '3Gi', validRange: { min: '1Gi', max: '4Gi', step: '2Gi' } }),
      want: [`${policy}.validRange.step: Invalid value: "4Gi": value is not a multiple of a given step (2Gi) from (1Gi)`],
    },
    {
      it: 'not of nothing',
      got: () => shared({ default: '1Gi', validRange: { min: '1Gi', step: '0' } }),
      want: [/step: Invalid value: "0": must be greater than zero/],
    },
    {
      it: 'counters have a set',
      got: () => ofDevice({ consumesCounters: [{ counterSet: '', counters: {} }] }),
      want: [/counterSet: Required value/, /counters: Required value/],
    },
  ]
  test.each(cases)('$it', ({ got, want }) => {
    const texts = got()
    expect(texts).toHaveLength(want.length)
    for (const [index, text] of want.entries()) {
      if (typeof text === 'string') expect(texts[index]).toBe(text)
      else expect(texts[index]).toMatch(text)
    }
  })

  test('a taint gets its time', () => {
    const slice = prepared(resourceSlice as unknown as Kind, {
      metadata: { name: 'it' },
      spec: { ...base, devices: [{ name: 'd', taints: [{ key: 'a', effect: 'None' }] }] },
    })
    expect(slice).toMatchObject({ spec: { devices: [{ taints: [{ timeAdded: '2030-01-01T00:00:00Z' }] }] } })
  })
})

test('a class may stand for an extended resource', () => {
  expect(causes(deviceClass, { extendedResourceName: 'a.b/gpu' })).toEqual([])
  expect(causes(deviceClass, { extendedResourceName: 'cpu' })).toEqual([
    'spec.extendedResourceName: Invalid value: "cpu": must be a valid extended resource name',
  ])
})

test('access for administrators needs a namespace for it', async () => {
  await using rest = await serveRest()
  const claims = '/apis/resource.k8s.io/v1/namespaces/default/resourceclaims'
  const claim = { metadata: { name: 'it' }, spec: { devices: { requests: [{ name: 'r', exactly: { ...exactly, adminAccess: true } }] } } }
  const why = 'admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace'
  const refused = (await rest.call('post', claims, claim).expect(422)).body
  expect(refused.message).toBe(`ResourceClaim.resource.k8s.io "it" is invalid: spec.devices.requests[0].adminAccess: Forbidden: ${why}`)
  await rest.patch('/api/v1/namespaces/default', 'merge-patch', { metadata: { labels: { 'resource.kubernetes.io/admin-access': 'true' } } })
  const { headers } = await rest.call('post', claims, claim).expect(201)
  expect(headers.warning).toBe('299 - "kubemock allocates no devices: somebody must write the status of the claim"')
})
