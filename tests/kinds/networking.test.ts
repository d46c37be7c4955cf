// What the recordings leave open about Ingresses, NetworkPolicies, addresses and their ranges.
import { describe, expect, test } from 'vitest'
import type { Kind } from '../../openapi/kind.ts'
import { ingress } from '../../openapi/kinds/networking.k8s.io/ingress.ts'
import { ingressClass } from '../../openapi/kinds/networking.k8s.io/ingressclass.ts'
import { ipAddress } from '../../openapi/kinds/networking.k8s.io/ipaddress.ts'
import { networkPolicy } from '../../openapi/kinds/networking.k8s.io/networkpolicy.ts'
import { type ServiceCIDR, serviceCidr } from '../../openapi/kinds/networking.k8s.io/servicecidr.ts'
import { contains, parseCidr, printCidr } from '../../openapi/values/cidr.ts'
import { cells, judgeCreate, prepared } from '../support/strategy.ts'

const causes = (kind: unknown, spec: object, metadata: object = {}): string[] => {
  const { status } = judgeCreate(kind as Kind, { metadata: { name: 'it', namespace: 'default', ...metadata }, spec })
  return (status?.details?.causes ?? []).map(cause => `${cause.field}: ${cause.message}`)
}

const backend = { service: { name: 'web', port: { number: 80 } } }
const withPath = (path: object) => ({ rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend, ...path }] } }] })
const inPath = 'spec.rules[0].http.paths[0]'

describe('ingresses', () => {
  const cases = [
    {
      it: 'ends in a step back',
      spec: withPath({ path: '/a/..' }),
      want: [`${inPath}.path: Invalid value: "/a/..": cannot end with '/..'`],
    },
    { it: 'is implementation specific', spec: withPath({ path: '/a//b', pathType: 'ImplementationSpecific' }), want: [] },
    { it: 'has none, implementation specific', spec: withPath({ path: undefined, pathType: 'ImplementationSpecific' }), want: [] },
    {
      it: 'leads to a bad resource',
      spec: withPath({ backend: { resource: { apiGroup: 'A', kind: 'a/b', name: '..' } } }),
      want: [/resource.apiGroup: Invalid value: "A"/, /kind: .* may not contain '\/'/, /name: .* may not be '..'/],
    },
    { it: 'has a wildcard in its certificate', spec: { defaultBackend: backend, tls: [{ hosts: ['*.a.b'] }] }, want: [] },
  ]
  test.each(cases)('a path $it', ({ spec, want }) => {
    const got = causes(ingress, spec)
    expect(got).toHaveLength(want.length)
    for (const [index, text] of want.entries()) expect(got[index]).toMatch(text)
  })

  test('rules without a host count among the rest', () => {
    const hosts = (names: readonly (string | undefined)[]) =>
      cells(
        ingress as unknown as Kind,
        prepared(ingress as unknown as Kind, { metadata: { name: 'it' }, spec: { rules: names.map(host => ({ host })) } }),
      )[2]
    expect(hosts(['a', undefined])).toBe('a')
    expect(hosts(['a', 'b', 'c', undefined])).toBe('a,b,c + 1 more...')
  })
})

test('the path of a controller', () => {
  const of = (controller: string) => causes(ingressClass, { controller }, { namespace: undefined })
  expect(of('a.b/c/d')).toEqual([])
  expect(of('a.b/ ')).toEqual([
    "spec.controller: Invalid value: \" \": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
  ])
})

describe('policies', () => {
  const ports = (port: object) => causes(networkPolicy, { ingress: [{ ports: [port] }] })
  const block = (ipBlock: object) => causes(networkPolicy, { ingress: [{ from: [{ ipBlock }] }] })
  test('a range of ports ends within the ports', () =>
    expect(ports({ port: 1, endPort: 65_536 })).toEqual([
      'spec.ingress[0].ports[0].endPort: Invalid value: 65536: must be between 1 and 65535, inclusive',
    ]))
  test.each([
    ['010.0.0.0/8', 'must not have leading 0s in IP or prefix length'],
    ['::ffff:10.0.0.0/104', 'must not have an IPv4-mapped IPv6 address'],
    ['fd00::1/64', 'must not have bits set beyond the prefix length'],
  ])('%s: %s', (cidr, why) => expect(block({ cidr })).toEqual([`spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "${cidr}": ${why}`]))
  test('a hole of another family is no hole', () =>
    expect(block({ cidr: '10.0.0.0/8', except: ['fd00::/64'] })[0]).toContain('strict subset'))
  test('IPv6 should be in canonical form', () => {
    const policy = { metadata: { name: 'it', namespace: 'default' }, spec: { egress: [{ to: [{ ipBlock: { cidr: 'FD00:0::/32' } }] }] } }
    expect(judgeCreate(networkPolicy as unknown as Kind, policy).warnings[0]).toBe(
      'spec.egress[0].to[0].ipBlock.cidr: IPv6 CIDR value "FD00:0::/32" should be in RFC 5952 canonical format ("fd00::/32")',
    )
  })
})

describe('addresses', () => {
  const parentRef = { resource: 'services', namespace: 'default', name: 'web' }
  test.each([
    ['2001:db8::1', []],
    ['2001:DB8::1', ['metadata.name: Invalid value: "2001:DB8::1": must be in canonical form ("2001:db8::1")']],
    ['1:0:0:2:0:0:0:3', ['metadata.name: Invalid value: "1:0:0:2:0:0:0:3": must be in canonical form ("1:0:0:2::3")']],
    ['::ffff:1.2.3.4', ['metadata.name: Invalid value: "::ffff:1.2.3.4": must not be an IPv4-mapped IPv6 address']],
    ['010.0.0.1', ['metadata.name: Invalid value: "010.0.0.1": must not have leading 0s']],
  ])('%s', (name, want) => expect(causes(ipAddress, { parentRef }, { name, namespace: undefined })).toEqual(want))
})

describe('ranges', () => {
  const aRange = (...cidrs: string[]) =>
    prepared(serviceCidr as unknown as Kind, { metadata: { name: 'it' }, spec: { cidrs } }) as ServiceCIDR
  const changed = (now: string[], old: string[]) =>
    (serviceCidr.validateUpdate?.(aRange(...now), aRange(...old)) ?? []).map(e => `${e.field}: ${e.message}`)
  const cases = [
    { it: 'a second family comes', now: ['10.1.0.0/16', 'fd00::/64'], want: [] },
    {
      it: 'the first may not change by that',
      now: ['10.2.0.0/16', 'fd00::/64'],
      want: ['spec.cidrs[0]: Invalid value: "10.2.0.0/16": field is immutable'],
    },
    { it: 'none may go', now: [], want: ['spec.cidrs: Invalid value: null: field is immutable'] },
  ]
  test.each(cases)('$it', ({ now, want }) => expect(changed(now, ['10.1.0.0/16'])).toEqual(want))
  test('in canonical form', () =>
    expect(causes(serviceCidr, { cidrs: ['fd00:0:0::/64'] }, { namespace: undefined })).toEqual([
      'spec.cidrs[0]: Invalid value: "fd00:0:0::/64": must be in canonical form ("fd00::/64")',
    ]))
  test.each([
    ['10.0.0.0/8', '10.255.255.255/32', true],
    ['10.0.0.0/8', '11.0.0.0/32', false],
    ['0.0.0.0/0', '1.2.3.4/32', true],
    ['::/0', '1.2.3.4/32', false],
    ['fd00::/63', 'fd00:0:0:1::/64', true],
  ])('%s and %s', (outer, inner, want) => {
    const [a, b] = [parseCidr(outer), parseCidr(inner)]
    expect(a && b && contains(a, b)).toBe(want)
    expect(a && printCidr(a)).toBe(outer)
  })
})

test('an address keeps its owner, and does not lose it', () => {
  const anAddress = (parentRef?: object) => ({ metadata: { name: '10.0.0.9' }, spec: parentRef ? { parentRef } : {} })
  const old = anAddress({ resource: 'services', name: 'a' })
  const changed = (next: object) => (ipAddress.validateUpdate?.(next as never, old as never) ?? []).map(e => `${e.field}: ${e.message}`)
  expect(changed(old)).toEqual([])
  expect(changed(anAddress())).toEqual(['spec.parentRef: Invalid value: null: field is immutable'])
  expect(changed(anAddress({ resource: 'services', name: 'b' }))).toEqual([
    'spec.parentRef: Invalid value: {"Group":"","Resource":"services","Namespace":"","Name":"b"}: field is immutable',
  ])
})
