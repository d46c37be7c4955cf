import { describe, expect, test } from 'vitest'
import { isReason } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { type Service, service } from '../../openapi/kinds/core/service/index.ts'
import { wallClock } from '../../server/clock.ts'
import { createIds } from '../../server/ids.ts'
import type { Hook } from '../../server/registry/hooks.ts'
import type { RequestContext } from '../../server/registry/request.ts'
import { createServiceHooks } from '../../server/registry/services.ts'
import { MemoryStorage } from '../../server/storage/memory.ts'
import { prepared } from '../support/strategy.ts'

const request = (dryRun = false): RequestContext => ({
  user: { name: 'admin', groups: [] },
  namespace: 'default',
  dryRun,
  fieldManager: 'test',
  warn: () => {},
})
const aService = (spec: object = {}): Service =>
  prepared(service as unknown as Kind, { metadata: { name: 'web' }, spec: { ports: [{ port: 80 }], ...spec } }) as Service
/** With the ranges that the cluster has. */
async function aHook(...cidrs: string[]): Promise<Hook> {
  const storage = new MemoryStorage()
  for (const [index, cidr] of (cidrs.length > 0 ? cidrs : ['10.0.0.0/24']).entries()) {
    const range = { metadata: { name: `range-${index}` }, spec: { cidrs: [cidr] }, status: {} }
    await storage.write(`/networking.k8s.io/servicecidrs/range-${index}`, range as unknown as KubeObject, 0)
  }
  const [hook] = createServiceHooks({ ids: createIds(1), storage, clock: wallClock(), time: () => '2026-01-01T00:00:00Z' })
  return hook as Hook
}

/** The refusal's causes, or what was given. */
async function reserved(hook: Hook, draft: Service, current?: Service, dryRun = false) {
  try {
    return { service: draft, reservation: await hook.reserve(draft, current, request(dryRun)), causes: [] }
  } catch (error) {
    if (!isReason(error, 'Invalid')) throw error
    return { service: draft, reservation: undefined, causes: (error.status.details?.causes ?? []).map(c => `${c.field}: ${c.message}`) }
  }
}
const asked = { clusterIP: '10.0.0.9' }
const taken = ['spec.clusterIPs: Invalid value: ["10.0.0.9"]: failed to allocate IP 10.0.0.9: provided IP is already allocated']

describe('addresses and ports of services', () => {
  test('an address is had once', async () => {
    const hook = await aHook()
    await (await reserved(hook, aService(asked))).reservation?.commit()
    expect((await reserved(hook, aService(asked))).causes).toEqual(taken)
  })

  test('what was not written gives its address back', async () => {
    const hook = await aHook()
    await (await reserved(hook, aService(asked))).reservation?.undo()
    expect((await reserved(hook, aService(asked))).causes).toEqual([])
  })

  test('a port that cannot be had gives the address back', async () => {
    const hook = await aHook()
    const refused = await reserved(hook, aService({ ...asked, type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }))
    expect(refused.causes).toEqual([
      'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    ])
    expect((await reserved(hook, aService(asked))).causes).toEqual([])
  })

  test('a dry run takes nothing, and counts ports from above the range', async () => {
    const hook = await aHook()
    const tried = await reserved(hook, aService({ ...asked, type: 'NodePort' }), undefined, true)
    expect(tried.service.spec.ports?.[0]?.nodePort).toBe(32_769)
    expect((await reserved(hook, aService(asked))).causes).toEqual([])
  })

  test('one number serves both protocols of a port', async () => {
    const ports = [
      { name: 'a', port: 53, protocol: 'TCP' },
      { name: 'b', port: 53, protocol: 'UDP' },
    ]
    const [first, second] = (await reserved(await aHook(), aService({ type: 'NodePort', ports }))).service.spec.ports ?? []
    expect(first?.nodePort).toBe(second?.nodePort)
  })

  test('an update gives back what it no longer has, once it is written', async () => {
    const hook = await aHook()
    const old = (await reserved(hook, aService({ ...asked, type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] }))).service
    const port = { type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] }
    const plain = await reserved(hook, aService(asked), old)
    expect((await reserved(hook, aService(port))).causes).toEqual([
      'spec.ports[0].nodePort: Invalid value: 30001: provided port is already allocated',
    ])
    await plain.reservation?.commit()
    expect((await reserved(hook, aService(port))).causes).toEqual([])
  })

  test('a range that is full gives way to the next, and to the part that is kept for those who ask', async () => {
    const hook = await aHook('10.1.0.0/30', '10.2.0.0/30')
    const given = []
    for (let i = 0; i < 4; i++) given.push((await reserved(hook, aService())).service.spec.clusterIP)
    expect(given.sort()).toEqual(['10.1.0.1', '10.1.0.2', '10.2.0.1', '10.2.0.2'])
    await expect(reserved(hook, aService())).rejects.toThrow('failed to allocate a serviceIP: range is full')
  })

  const families = [
    { it: 'an address: one family', spec: {}, want: ['IPv4'], policy: 'SingleStack' },
    { it: 'headless with a selector: one', spec: { clusterIP: 'None', selector: { a: 'b' } }, want: ['IPv4'], policy: 'SingleStack' },
    { it: 'headless without: both', spec: { clusterIP: 'None' }, want: ['IPv4', 'IPv6'], policy: 'RequireDualStack' },
  ]
  test.each(families)('$it', async ({ spec, want, policy }) => {
    const { ipFamilies, ipFamilyPolicy } = (await reserved(await aHook(), aService(spec))).service.spec
    expect([ipFamilies, ipFamilyPolicy]).toEqual([want, policy])
  })

  test('a balancer that keeps traffic on its node gets a port for its health', async () => {
    const { spec } = (await reserved(await aHook(), aService({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' }))).service
    expect(spec.healthCheckNodePort).toBeGreaterThanOrEqual(30_000)
  })
})
