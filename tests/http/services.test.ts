// Services that lead out of the simulated network: where their servers are reached, by which name they are known, and how that fails.
import { describe, expect, test } from 'vitest'
import type { Kind } from '../../openapi/kind.ts'
import type { Lookup } from '../../server/admission/lookup.ts'
import { parseServiceEndpoints } from '../../server/extension/endpoints.ts'
import { createServiceResolver, isSimulated, locationsOf } from '../../server/extension/resolve.ts'
import { startCluster } from '../../server/index.ts'
import { aConfigMap, configMaps, type Rest, serveRest } from '../support/api.ts'
import { type HookServer, serveHook } from '../support/hook.ts'

const core = '/api/v1/namespaces/default'
const aService = (spec: object, name = 'hook') => ({ metadata: { name }, spec: { ports: [{ port: 443 }], ...spec } })

async function register(rest: Rest, { service, caBundle }: HookServer['behindService'], port?: number): Promise<void> {
  const clientConfig = { service: { ...service, ...(port ? { port } : {}) }, caBundle }
  const rules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }]
  const webhook = { name: 'h.test.example.com', sideEffects: 'None', admissionReviewVersions: ['v1'], rules, clientConfig }
  await rest
    .call('post', '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', {
      metadata: { name: 'it' },
      webhooks: [webhook],
    })
    .expect(201)
}

const failure = async (rest: Rest): Promise<string> =>
  (await rest.call('post', configMaps, aConfigMap('a')).expect(500)).body.message.replace(/^.*failed to call webhook: /, '')

describe('a webhook behind a Service is reached', () => {
  test('where --service-endpoints says', async () => {
    await using hook = await serveHook(() => ({ allowed: true }))
    await using rest = await serveRest({ serviceEndpoints: `default/hook=127.0.0.1:${hook.port}` })
    await rest.call('post', `${core}/services`, aService({})).expect(201)
    await register(rest, hook.behindService)
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    expect(hook.asked).toHaveLength(1)
  })

  test('at the port that is asked for', async () => {
    await using hook = await serveHook(() => ({ allowed: true }))
    await using rest = await serveRest({ serviceEndpoints: `default/hook=127.0.0.1:1, default/hook:8443=127.0.0.1:${hook.port}` })
    await rest.call('post', `${core}/services`, aService({ ports: [{ port: 8443 }] })).expect(201)
    await register(rest, hook.behindService, 8443)
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
  })

  test('under an external name, though its certificate is for the Service', async () => {
    await using hook = await serveHook(() => ({ allowed: true }))
    await using rest = await serveRest()
    await rest.call('post', `${core}/services`, aService({ type: 'ExternalName', externalName: 'localhost' })).expect(201)
    await register(rest, hook.behindService, hook.port)
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    expect(hook.asked).toHaveLength(1)
  })

  test('by the name of its certificate only', async () => {
    await using hook = await serveHook(() => ({ allowed: true }))
    await using rest = await serveRest({ serviceEndpoints: `default/other=127.0.0.1:${hook.port}` })
    await rest.call('post', `${core}/services`, aService({}, 'other')).expect(201)
    await register(rest, { ...hook.behindService, service: { ...hook.behindService.service, name: 'other' } })
    expect(await failure(rest)).toMatch(
      /^Post "https:\/\/other\.default\.svc:443\/hook\?timeout=10s": tls: failed to verify certificate: x509: /,
    )
  })
})

describe('no way leads to', () => {
  const address = 'Post "https://hook.default.svc:443/hook?timeout=10s": '
  const cases: [string, object | undefined, string, string][] = [
    ['a Service that is not there', undefined, '', 'service "hook" not found'],
    ['simulated pods', { selector: { app: 'hook' } }, '', 'no endpoints available for service "hook"'],
    ['a port it does not have', { ports: [{ port: 80 }] }, '', 'no service port 443 found for service "hook"'],
    ['a headless one', { clusterIP: 'None' }, 'default/hook=127.0.0.1:1', 'cannot route to service with ClusterIP "None"'],
    ['a server that is not up', {}, 'default/hook=127.0.0.1:1', 'dial tcp 127.0.0.1:1: connect: connection refused'],
  ]
  test.each(cases)('%s', async (_what, spec, serviceEndpoints, why) => {
    await using rest = await serveRest({ serviceEndpoints })
    if (spec) await rest.call('post', `${core}/services`, aService(spec)).expect(201)
    const service = { namespace: 'default', name: 'hook', path: '/hook' }
    await register(rest, { service, caBundle: '' })
    expect(await failure(rest)).toBe(address + why)
  })
})

describe('endpoints', () => {
  const slice = (addresses: string[], ready = true, name?: string) =>
    ({ endpoints: [{ addresses, conditions: { ready } }], ports: [{ name, port: 8443 }] }) as never
  const legacy = { subsets: [{ addresses: [{ ip: '10.24.0.2' }, { ip: '192.0.2.3' }], ports: [{ port: 9443 }] }] } as never
  const cases: [string, never[], undefined | never, object[]][] = [
    [
      'outside of the simulated network count',
      [slice(['10.24.0.2']), slice(['192.0.2.1'])],
      undefined,
      [{ host: '192.0.2.1', port: 8443 }],
    ],
    ['count when they are ready', [slice(['192.0.2.1'], false), slice(['192.0.2.2'])], undefined, [{ host: '192.0.2.2', port: 8443 }]],
    ['count by the name of the port', [slice(['192.0.2.1'], true, 'other')], undefined, []],
    ['of the older kind count when there are no slices', [], legacy, [{ host: '192.0.2.3', port: 9443 }]],
    ['of the older kind are in their slices, when there are any', [slice(['192.0.2.1'])], legacy, [{ host: '192.0.2.1', port: 8443 }]],
  ]
  test.each(cases)('%s', (_what, slices, endpoints, want) => expect(locationsOf('', slices, endpoints)).toEqual(want))

  test('are looked at for a Service that nobody made a pin for', async () => {
    const objects: Record<string, unknown> = {
      Service: { metadata: { name: 'hook' }, spec: { type: 'ClusterIP', ports: [{ port: 443 }] } },
      EndpointSlice: { ...(slice(['192.0.2.1']) as object), metadata: { labels: { 'kubernetes.io/service-name': 'hook' } } },
    }
    const lookup = { get: async ({ kind }: Kind) => objects[kind], list: async ({ kind }: Kind) => [objects[kind]] } as unknown as Lookup
    const resolver = createServiceResolver(lookup, new Map())
    expect(await resolver.resolve({ namespace: 'default', name: 'hook', port: 443 })).toEqual({ host: '192.0.2.1', port: 8443 })
  })
})

test('what is simulated: services, pods and nodes', () => {
  const all = ['10.0.0.1', '10.24.0.5', '10.43.7.9', '10.128.0.1', '10.1.0.1', '10.48.0.1', '192.168.1.7', 'fd00::1', '203.0.113.9']
  expect(all.filter(isSimulated)).toEqual(['10.0.0.1', '10.24.0.5', '10.43.7.9', '10.128.0.1'])
})

describe('--service-endpoints', () => {
  test('names Services, ports and addresses of both families', () =>
    expect([...parseServiceEndpoints('a/b=h.example.com:1, c/d:443=[::1]:65535')]).toEqual([
      ['a/b', { host: 'h.example.com', port: 1 }],
      ['c/d:443', { host: '::1', port: 65535 }],
    ]))

  test.each(['b=h:1', 'a/b=h', 'a/b=h:0', 'a/b=h:65536', 'a/b=::1:80', 'a/b', 'a/b=h:1;c/d=h:2'])('%s is refused', text =>
    expect(startCluster({ serviceEndpoints: text })).rejects.toThrow(
      `--service-endpoints: ${JSON.stringify(text)} is not NAMESPACE/NAME[:PORT]=HOST:PORT`,
    ),
  )
  test('nothing is there twice', () =>
    expect(() => parseServiceEndpoints('a/b=h:1,a/b=h:2')).toThrow('--service-endpoints: a/b is there twice'))
})
