import { describe, expect, test } from 'vitest'
import { isReason } from '../../openapi/errors.ts'
import type { Kind } from '../../openapi/kind.ts'
import { type Service, service } from '../../openapi/kinds/core/service/index.ts'
import { createIds } from '../../server/ids.ts'
import type { RequestContext } from '../../server/registry/request.ts'
import { createServiceHook } from '../../server/registry/services.ts'
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
const aHook = () => createServiceHook({ ids: createIds(1), serviceRange: '10.0.0.0/24' })

/** The refusal's causes, or what was given. */
function reserved(hook: ReturnType<typeof aHook>, draft: Service, current?: Service, dryRun = false) {
  try {
    return { service: draft, reservation: hook.reserve(draft, current, request(dryRun)), causes: [] }
  } catch (error) {
    if (!isReason(error, 'Invalid')) throw error
    return { service: draft, reservation: undefined, causes: (error.status.details?.causes ?? []).map(c => `${c.field}: ${c.message}`) }
  }
}
const asked = { clusterIP: '10.0.0.9' }
const taken = ['spec.clusterIPs: Invalid value: ["10.0.0.9"]: failed to allocate IP 10.0.0.9: provided IP is already allocated']

describe('addresses and ports of services', () => {
  test('an address is had once', () => {
    const hook = aHook()
    reserved(hook, aService(asked)).reservation?.commit()
    expect(reserved(hook, aService(asked)).causes).toEqual(taken)
  })

  test('what was not written gives its address back', () => {
    const hook = aHook()
    reserved(hook, aService(asked)).reservation?.undo()
    expect(reserved(hook, aService(asked)).causes).toEqual([])
  })

  test('a port that cannot be had gives the address back', () => {
    const hook = aHook()
    const refused = reserved(hook, aService({ ...asked, type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }))
    expect(refused.causes).toEqual([
      'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    ])
    expect(reserved(hook, aService(asked)).causes).toEqual([])
  })

  test('a dry run takes nothing, and counts ports from above the range', () => {
    const hook = aHook()
    const tried = reserved(hook, aService({ ...asked, type: 'NodePort' }), undefined, true)
    expect(tried.service.spec.ports?.[0]?.nodePort).toBe(32_769)
    expect(reserved(hook, aService(asked)).causes).toEqual([])
  })

  test('one number serves both protocols of a port', () => {
    const ports = [
      { name: 'a', port: 53, protocol: 'TCP' },
      { name: 'b', port: 53, protocol: 'UDP' },
    ]
    const [first, second] = reserved(aHook(), aService({ type: 'NodePort', ports })).service.spec.ports ?? []
    expect(first?.nodePort).toBe(second?.nodePort)
  })

  test('an update gives back what it no longer has, once it is written', () => {
    const hook = aHook()
    const old = reserved(hook, aService({ ...asked, type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] })).service
    const port = { type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] }
    const plain = reserved(hook, aService(asked), old)
    expect(reserved(hook, aService(port)).causes).toEqual([
      'spec.ports[0].nodePort: Invalid value: 30001: provided port is already allocated',
    ])
    plain.reservation?.commit()
    expect(reserved(hook, aService(port)).causes).toEqual([])
  })

  const families = [
    { it: 'an address: one family', spec: {}, want: ['IPv4'], policy: 'SingleStack' },
    { it: 'headless with a selector: one', spec: { clusterIP: 'None', selector: { a: 'b' } }, want: ['IPv4'], policy: 'SingleStack' },
    { it: 'headless without: both', spec: { clusterIP: 'None' }, want: ['IPv4', 'IPv6'], policy: 'RequireDualStack' },
  ]
  test.each(families)('$it', ({ spec, want, policy }) => {
    const { ipFamilies, ipFamilyPolicy } = reserved(aHook(), aService(spec)).service.spec
    expect([ipFamilies, ipFamilyPolicy]).toEqual([want, policy])
  })

  test('a balancer that keeps traffic on its node gets a port for its health', () => {
    const { spec } = reserved(aHook(), aService({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' })).service
    expect(spec.healthCheckNodePort).toBeGreaterThanOrEqual(30_000)
  })
})
