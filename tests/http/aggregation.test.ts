// Groups that an API server behind a Service answers for: who it is told to be asked by, what it is sent, and what comes back.
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { connect, type TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { startCluster } from '../../server/index.ts'
import { type Rest, serveRest } from '../support/api.ts'
import { aClient, aFile, anAuthority } from '../support/clientcerts.ts'
import { type ExtensionOptions, serveExtension } from '../support/extension.ts'
import { aFarm, anApiService, farm, path, services } from '../support/farm.ts'

const availableOf = async (rest: Rest) => {
  const { body } = await rest.call('get', `${services}/v1.farm.example.com`).expect(200)
  return body.status.conditions?.find(({ type }: { type: string }) => type === 'Available')
}

describe('a request goes on', () => {
  test('in the name of who asked, and of nobody else', async () => {
    await using both = await aFarm({ reply: () => ({ kind: 'Cow', metadata: { name: 'bella' } }) })
    const { rest, extension } = both
    const asking = rest
      .call('get', `${path}/namespaces/default/cows/bella?b=2&a=1`)
      .set('impersonate-user', 'jäne')
      .set('impersonate-uid', 'u-1')
      .set('impersonate-group', 'system:masters')
      .set('impersonate-extra-example.com%2fscope', 'a b')
      .set('x-remote-user', 'root')
      .set('x-remote-extra-more', 'x')
      .set('x-forwarded-for', '192.0.2.1')
      .set('audit-id', 'a-1')
    const { body, headers } = await asking.expect(200)
    expect(body).toEqual({ kind: 'Cow', metadata: { name: 'bella' } })
    expect(headers['x-kubernetes-pf-flowschema-uid']).toMatch(/./)
    const [asked] = extension.asked
    expect(asked).toMatchObject({
      method: 'GET',
      url: `${path}/namespaces/default/cows/bella?b=2&a=1`,
      uid: 'u-1',
      groups: ['system:masters', 'system:authenticated'],
      extra: { 'example.com/scope': ['a b'] },
    })
    expect(Buffer.from(asked?.user ?? '', 'latin1').toString()).toBe('jäne')
    expect(asked?.headers).toMatchObject({
      'x-forwarded-for': '192.0.2.1, 127.0.0.1',
      'x-forwarded-host': `127.0.0.1:${extension.port}`,
      'audit-id': 'a-1',
    })
    expect(Object.keys(asked?.headers ?? {}).filter(name => /^(authorization|impersonate-|x-remote-extra-more)/.test(name))).toEqual([])
  })

  test('after it was allowed', async () => {
    await using both = await aFarm({ reply: () => ({}) })
    const { rest, extension } = both
    const { body } = await rest.call('get', `${path}/namespaces/default/cows`).set('impersonate-user', 'jane').expect(403)
    expect(body.message).toBe(
      'cows.farm.example.com is forbidden: User "jane" cannot list resource "cows" in API group "farm.example.com" in the namespace "default"',
    )
    expect(extension.asked).toEqual([])
  })

  test('with a body of any size and kind, and so does the answer', async () => {
    const large = 'x'.repeat(5 * 1024 * 1024)
    await using both = await aFarm({ reply: ({ body }) => ({ code: 418, text: body }) })
    const { rest, extension } = both
    const answer = await rest.call('post', `${path}/namespaces/default/cows`, large).set('content-type', 'text/x-cow').expect(418)
    expect(answer.text).toHaveLength(large.length)
    expect(extension.asked[0]?.headers).toMatchObject({ 'content-type': 'text/x-cow', 'content-length': String(large.length) })
    expect(answer.headers['content-type']).toBe('text/plain')
  })

  test('without the admission of this server', async () => {
    await using both = await aFarm({ reply: () => ({ kind: 'Cow' }) })
    await both.rest.call('post', `${path}/namespaces/none/cows`, { kind: 'Cow' }).expect(200)
    expect(both.extension.asked.map(({ body }) => body)).toEqual(['{"kind":"Cow"}'])
  })
})

/** Streams that are open at the extension server: what they say next, and when they end there. */
function streams() {
  let tell: (text: string) => void = () => {}
  let ended: () => void = () => {}
  const over = new Promise<void>(resolve => {
    ended = resolve
  })
  const reply: ExtensionOptions['reply'] = (_asked, outgoing) => {
    outgoing.on('close', ended)
    outgoing.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    tell = text => void outgoing.write(text)
  }
  return { reply, over, tell: (text: string) => tell(text) }
}

function openWatch({ cluster }: Rest, signal?: AbortSignal): Promise<IncomingMessage> {
  const options = { rejectUnauthorized: false, agent: false, headers: { authorization: `Bearer ${cluster.adminToken}` }, signal }
  return new Promise((resolve, reject) => {
    const sent = request(new URL(`${path}/cows?watch=true`, cluster.url), options, resolve)
    sent.on('error', reject).end()
  })
}

describe('a watch', () => {
  test('tells each event when it comes, and ends upstream when the client goes', async () => {
    const { reply, over, tell } = streams()
    await using both = await aFarm({ reply })
    const going = new AbortController()
    const answer = await openWatch(both.rest, going.signal)
    answer.on('error', () => {})
    for (const text of ['first', 'second']) {
      const told = new Promise<string>(resolve => answer.once('data', part => resolve(String(part))))
      tell(text)
      expect(await told).toBe(text)
    }
    going.abort()
    await over
  })

  test('ends with the cluster', async () => {
    const { reply, over } = streams()
    await using both = await aFarm({ reply })
    const answer = await openWatch(both.rest)
    const gone = new Promise(resolve => answer.once('error', resolve))
    answer.resume()
    await both.rest.cluster.close()
    await over
    expect(String(await gone)).toMatch(/aborted/)
  })
})

describe('a change of protocol', () => {
  const upgraded = async (rest: Rest, headers: string): Promise<{ socket: TLSSocket; read(until: RegExp): Promise<string> }> => {
    const { hostname, port } = new URL(rest.cluster.url)
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false })
    let text = ''
    let changed: () => void = () => {}
    socket.on('data', part => {
      text += part
      changed()
    })
    socket.on('close', () => changed())
    socket.write(`POST ${path}/namespaces/default/cows/bella/milk HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`)
    return {
      socket,
      async read(until) {
        while (!until.test(text) && !socket.destroyed)
          await new Promise<void>(resolve => {
            changed = resolve
          })
        return text
      },
    }
  }

  test('is made with the server behind, and both sides speak', async () => {
    let user: unknown
    await using both = await aFarm({
      upgrade(incoming, socket) {
        user = incoming.headers['x-remote-user']
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Milk: yes\r\n\r\nhello ')
        socket.on('data', part => socket.write(`<${part}>`))
        socket.on('error', () => {})
      },
    })
    const token = `Authorization: Bearer ${both.rest.cluster.adminToken}`
    const { socket, read } = await upgraded(both.rest, `Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n${token}`)
    expect(await read(/hello $/)).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n[\s\S]*X-Milk: yes\r\n/)
    socket.write('moo')
    expect(await read(/<moo>/)).toMatch(/hello <moo>$/)
    expect(user).toBe('kubernetes-admin')
    socket.destroy()
  })

  test('is made for whoever brings a token as a subprotocol, which goes no further', async () => {
    let told: object = {}
    await using both = await aFarm({
      upgrade(incoming, socket) {
        told = incoming.headers
        socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nover')
      },
    })
    const token = Buffer.from(both.rest.cluster.adminToken).toString('base64url')
    const offered = `Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.${token}, milk`
    const { read } = await upgraded(both.rest, `Connection: Upgrade\r\nUpgrade: websocket\r\n${offered}`)
    expect(await read(/over/)).toMatch(/^HTTP\/1\.1 101 /)
    expect(told).toMatchObject({ upgrade: 'websocket', 'sec-websocket-protocol': 'milk', 'x-remote-user': 'kubernetes-admin' })
  })

  test('is refused in the words of the server behind', async () => {
    await using both = await aFarm({ reply: () => ({ code: 403, text: 'no milk' }) })
    const token = `Authorization: Bearer ${both.rest.cluster.adminToken}`
    const { read } = await upgraded(both.rest, `Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n${token}`)
    expect(await read(/no milk/)).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/)
  })
})

describe('availability', () => {
  test('is passed once the server has answered, and the certificate is not looked at', async () => {
    await using both = await aFarm({}, { caBundle: Buffer.from(anAuthority('other').certificate).toString('base64') })
    expect(await availableOf(both.rest)).toEqual({
      type: 'Available',
      status: 'True',
      lastTransitionTime: '2026-01-01T00:00:00Z',
      reason: 'Passed',
      message: 'all checks passed',
    })
    // By requests it is.
    const { text, headers } = await both.rest.call('get', `${path}/cows`).expect(503)
    expect(text).toBe('error trying to reach service: tls: failed to verify certificate: x509: certificate signed by unknown authority\n')
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
  })

  test('is looked at again and again', async () => {
    await using both = await aFarm({ reply: () => ({ kind: 'CowList' }) })
    const { rest, extension } = both
    extension.down = true
    await rest.cluster.clock.advance(30_000)
    const address = `https://127.0.0.1:${extension.port}${path}`
    expect(await availableOf(rest)).toEqual({
      type: 'Available',
      status: 'False',
      lastTransitionTime: '2026-01-01T00:00:30Z',
      reason: 'FailedDiscoveryCheck',
      message: `failing or missing response from ${address}: Get "${address}": EOF`,
    })
    await rest.call('get', `${path}/cows`).expect(503, 'service unavailable\n')
    extension.down = false
    await rest.cluster.clock.advance(30_000)
    expect(await availableOf(rest)).toMatchObject({ status: 'True', reason: 'Passed' })
    await rest.call('get', `${path}/cows`).expect(200)
  })

  test('follows the Service', async () => {
    await using both = await aFarm()
    const { rest } = both
    const farmService = '/api/v1/namespaces/default/services/farm'
    const told = async () => {
      await rest.cluster.settle()
      const { reason, message } = await availableOf(rest)
      return [reason, message]
    }
    await rest.patch(farmService, 'merge-patch', { spec: { ports: [{ port: 80 }] } }).expect(200)
    expect(await told()).toEqual(['ServicePortError', 'service/farm in "default" is not listening on port 443'])
    await rest.call('delete', farmService).expect(200)
    expect(await told()).toEqual(['ServiceNotFound', 'service/farm in "default" is not present'])
  })

  test('follows endpoints', async () => {
    await using rest = await serveRest()
    await rest.call('post', '/api/v1/namespaces/default/services', {
      metadata: { name: 'farm' },
      spec: { ports: [{ name: 'a', port: 443 }] },
    })
    await rest.call('post', services, anApiService({ caBundle: '' })).expect(201)
    const told = async () => {
      await rest.cluster.settle()
      const { reason, message } = await availableOf(rest)
      return [reason, message]
    }
    expect(await told()).toEqual(['EndpointsNotFound', 'cannot find endpointslices for service/farm in "default"'])
    const slices = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices'
    const slice = {
      metadata: { name: 'farm-1', labels: { 'kubernetes.io/service-name': 'farm' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.24.0.2'] }],
      ports: [{ name: 'b', port: 443 }],
    }
    await rest.call('post', slices, slice).expect(201)
    expect(await told()).toEqual(['MissingEndpoints', 'endpointslices for service/farm in "default" have no addresses with port name "a"'])
    await rest.patch(`${slices}/farm-1`, 'merge-patch', { ports: [{ name: 'a', port: 443 }] }).expect(200)
    // A simulated pod serves nothing.
    expect(await told()).toEqual(['FailedDiscoveryCheck', 'no endpoints available for service "farm"'])
  })

  test('is not asked of a server that lets this one not in', async () => {
    const own = anAuthority('own')
    const flags = { requestheaderClientCaFile: aFile(own.certificate), requestheaderAllowedNames: 'aggregator' }
    const client = aClient(own, 'aggregator')
    const shown = { proxyClientCertFile: aFile(client.certificate), proxyClientKeyFile: aFile(client.key) }
    for (const [more, reason] of [
      [{}, 'FailedDiscoveryCheck'],
      [shown, 'Passed'],
    ] as const) {
      await using extension = await serveExtension(farm)
      await using rest = await serveRest({ ...flags, ...more, serviceEndpoints: `default/farm=127.0.0.1:${extension.port}` })
      extension.trust({ 'requestheader-client-ca-file': own.certificate, 'requestheader-allowed-names': '["aggregator"]' })
      await rest.call('post', '/api/v1/namespaces/default/services', { metadata: { name: 'farm' }, spec: { ports: [{ port: 443 }] } })
      await rest.call('post', services, anApiService(extension)).expect(201)
      await rest.cluster.settle()
      expect(await availableOf(rest)).toMatchObject({ reason })
    }
    await expect(startCluster({ proxyClientCertFile: 'x' })).rejects.toThrow(
      '--proxy-client-cert-file and --proxy-client-key-file belong together',
    )
  })
})

describe('a namespace that is deleted', () => {
  const namespace = '/api/v1/namespaces/field'
  const conditions = async ({ call }: Rest) => {
    const { body } = await call('get', namespace).expect(200)
    return Object.fromEntries(body.status.conditions.map(({ type, ...rest }: { type: string }) => [type, rest]))
  }

  test('waits for a server whose resources nobody knows', async () => {
    await using both = await aFarm({ reply: () => ({ kind: 'CowList', items: [] }) }, {}, { controllers: 'namespace-controller' })
    const { rest, extension } = both
    extension.down = true
    await rest.cluster.clock.advance(30_000)
    await rest.call('post', '/api/v1/namespaces', { metadata: { name: 'field' } }).expect(201)
    await rest.call('delete', namespace).expect(200)
    await rest.cluster.settle()
    const version = 'farm.example.com/v1'
    expect((await conditions(rest)).NamespaceDeletionDiscoveryFailure).toMatchObject({
      status: 'True',
      reason: 'DiscoveryFailed',
      message: `Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: ${version}: stale GroupVersion discovery: ${version}`,
    })
    extension.down = false
    await rest.cluster.clock.advance(40_000)
    await rest.call('get', namespace).expect(404)
    expect(extension.asked.map(({ method, url, user }) => [method, url, user])).toEqual([
      ['DELETE', `${path}/namespaces/field/cows`, 'system:namespace-controller'],
      ['GET', `${path}/namespaces/field/cows`, 'system:namespace-controller'],
    ])
  })

  test('waits for what is left there, and for what cannot be deleted', async () => {
    let reply: object = { kind: 'CowList', items: [{ metadata: { name: 'bella' } }] }
    await using both = await aFarm({ reply: () => reply }, {}, { controllers: 'namespace-controller' })
    const { rest } = both
    await rest.call('post', '/api/v1/namespaces', { metadata: { name: 'field' } }).expect(201)
    await rest.call('delete', namespace).expect(200)
    await rest.cluster.settle()
    expect((await conditions(rest)).NamespaceContentRemaining).toMatchObject({
      status: 'True',
      message: 'Some resources are remaining: cows.farm.example.com has 1 resource instances',
    })
    reply = { code: 500, text: 'no' }
    await rest.cluster.clock.advance(1_000)
    expect((await conditions(rest)).NamespaceDeletionContentFailure).toMatchObject({
      status: 'True',
      reason: 'ContentDeletionFailed',
      message: 'Failed to delete all resource types, 1 remaining: no',
    })
    reply = { kind: 'CowList', items: [] }
    await rest.cluster.clock.advance(1_000)
    await rest.call('get', namespace).expect(404)
  })
})

test('/metrics tells which APIServices are unavailable, how often they became so, and how often discovery was put together', async () => {
  await using both = await aFarm()
  const { rest, extension } = both
  const told = async () => {
    const { text } = await rest.call('get', '/metrics').buffer(true).expect(200)
    const lines = text.split('\n').filter(line => /^aggregator_/.test(line) && /farm|count/.test(line))
    return lines.map(line => line.replace(/^aggregator_/, ''))
  }
  const name = 'name="v1.farm.example.com"'
  const discovery = () => rest.call('get', '/apis').set('accept', 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList')
  expect(await told()).toEqual(['discovery_aggregation_count_total 0', `unavailable_apiservice{${name}} 0`])
  for (let i = 0; i < 2; i++) await discovery().expect(200)
  extension.down = true
  await rest.cluster.clock.advance(30_000)
  await discovery().expect(200)
  expect(await told()).toEqual([
    'discovery_aggregation_count_total 2',
    `unavailable_apiservice{${name}} 1`,
    `unavailable_apiservice_total{${name},reason="FailedDiscoveryCheck"} 1`,
  ])
  extension.down = false
  await rest.cluster.clock.advance(30_000)
  extension.down = true
  await rest.cluster.clock.advance(30_000)
  expect((await told()).at(-1)).toBe(`unavailable_apiservice_total{${name},reason="FailedDiscoveryCheck"} 2`)
  await rest.call('delete', `${services}/v1.farm.example.com`).expect(200)
  await rest.cluster.settle()
  expect((await told()).filter(line => line.startsWith('unavailable_apiservice{'))).toEqual([])
})
