// The simulator's verbs over gRPC and as REST: two faces of the same thing.
import { type ClientReadableStream, status } from '@grpc/grpc-js'
import { fromJSON } from '@grpc/proto-loader'
import { service as healthService } from 'grpc-health-check'
import protobuf from 'protobufjs'
import request from 'supertest'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import { node } from '../../openapi/kinds/core/node/index.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { type Cluster, startCluster } from '../../server/index.ts'
import { type Answer, type Call, connect, fromReflection } from '../support/grpc.ts'
import { type Served, serve } from '../support/process.ts'

const pausedAt = new Date('2026-01-01T00:00:00Z')
const readyOf = async (cluster: Cluster, name: string) =>
  (await cluster.client('test').get(node, { name })).status.conditions?.find(({ type }) => type === 'Ready')?.status
const runPod = async (cluster: Cluster) => {
  const spec = { containers: [{ name: 'main', image: 'nginx' }] }
  await cluster.client('test').create(pod, { metadata: { name: 'web', namespace: 'default' }, spec })
  await cluster.settle()
}
const phaseOf = async (cluster: Cluster) => (await cluster.client('test').get(pod, { namespace: 'default', name: 'web' })).status.phase

describe('over gRPC', () => {
  let cluster: Cluster
  let call: Call
  let close: () => void
  beforeEach(async () => {
    cluster = await startCluster({ pace: 'instant', pausedAt, grpcPort: 0 })
    await cluster.settle()
    ;({ call, close } = connect(cluster.grpcAddress, (await fromReflection(cluster.grpcAddress)).simulator))
  })
  afterEach(async () => {
    close()
    await cluster.close()
  })

  test('a client made by reflection moves the clock and tells the time', async () => {
    expect(await call('AdvanceClock', { duration: '1h30m' })).toEqual({ now: '2026-01-01T01:30:00Z' })
    expect(await call('Settle')).toEqual({ now: '2026-01-01T01:30:00Z' })
    expect(cluster.clock.now().toISOString()).toBe('2026-01-01T01:30:00.000Z')
  })

  test('a node is failed and recovers', async () => {
    await call('FailNode', { name: 'node-1' })
    await call('AdvanceClock', { duration: '1m' })
    expect(await readyOf(cluster, 'node-1')).toBe('Unknown')
    await call('RecoverNode', { name: 'node-1' })
    await call('AdvanceClock', { duration: '1m' })
    expect(await readyOf(cluster, 'node-1')).toBe('True')
  })

  test('a pod is failed; its namespace is default when none is given', async () => {
    await runPod(cluster)
    await call('FailPod', { name: 'web' })
    await call('Settle')
    expect(await phaseOf(cluster)).toBe('Failed')
  })

  test('Reset and Compact', async () => {
    const client = cluster.client('test')
    const { metadata } = await client.create(configMap, { metadata: { name: 'mine', namespace: 'default' } })
    expect(await call('Reset')).toEqual({ now: '2026-01-01T00:00:00Z' })
    await expect(client.get(configMap, { namespace: 'default', name: 'mine' })).rejects.toMatchObject({ code: 404 })
    await call('Compact')
    const old = client.watch(configMap, Number(metadata.resourceVersion), AbortSignal.timeout(5000))[Symbol.asyncIterator]()
    await expect(old.next()).rejects.toMatchObject({ code: 410 })
  })

  test('what is wrong is told by status codes', async () => {
    const refused: [method: string, message: object, code: status, details: RegExp][] = [
      ['FailNode', { name: 'nobody' }, status.NOT_FOUND, /nodes "nobody" not found/],
      ['FailNode', {}, status.NOT_FOUND, /nodes "" not found/],
      ['RecoverNode', { name: 'nobody' }, status.NOT_FOUND, /nodes "nobody" not found/],
      ['FailPod', { namespace: 'kube-system', name: 'web' }, status.NOT_FOUND, /pods "web" not found/],
      ['AdvanceClock', { duration: 'soon' }, status.INVALID_ARGUMENT, /"soon" is not a duration such as 90s or 1h30m/],
      ['AdvanceClock', { duration: '-1s' }, status.INVALID_ARGUMENT, /is not a duration/],
      ['AdvanceClock', {}, status.INVALID_ARGUMENT, /is not a duration/],
    ]
    for (const [method, message, code, details] of refused)
      await expect(call(method, message), `${method} ${JSON.stringify(message)}`).rejects.toMatchObject({
        code,
        details: expect.stringMatching(details) as string,
      })
    const wrong = protobuf.parse(
      'syntax = "proto3"; package kubemock.v1; service Simulator { rpc Explode(M) returns (M); } message M {}',
    ).root
    const other = connect(cluster.grpcAddress, fromJSON(wrong.toJSON())['kubemock.v1.Simulator'] as object)
    await expect(other.call('Explode')).rejects.toMatchObject({ code: status.UNIMPLEMENTED })
    other.close()
  })

  test('health: Check, and Watch until the server closes', async () => {
    const health = connect(cluster.grpcAddress, healthService)
    for (const service of ['', 'kubemock.v1.Simulator']) expect(await health.call('check', { service })).toEqual({ status: 'SERVING' })
    await expect(health.call('check', { service: 'other' })).rejects.toMatchObject({ code: status.NOT_FOUND })
    const watching = health.client.watch?.({ service: '' }) as ClientReadableStream<Answer>
    const ended = new Promise(resolve => watching.on('error', resolve).on('end', resolve))
    expect(await new Promise(resolve => watching.once('data', resolve))).toEqual({ status: 'SERVING' })
    await cluster.close()
    await ended
    health.close()
  })
})

describe('as REST', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ pace: 'instant', pausedAt })
    await cluster.settle()
  })
  afterAll(() => cluster.close())

  const send = (method: 'get' | 'post' | 'put', path: string, body?: string | object, token = cluster.adminToken) => {
    const sent = request(cluster.url)[method](`/_kubemock/${path}`).disableTLSCerts()
    if (token) sent.set('authorization', `Bearer ${token}`)
    return body === undefined ? sent : sent.set('content-type', 'application/json').send(body)
  }

  test('every verb does what gRPC does', async () => {
    await runPod(cluster)
    expect((await send('get', 'health')).body).toEqual({ status: 'ok' })
    expect((await send('get', 'info')).body).toMatchObject({ version: 'v1.36.3', url: cluster.url, nodes: 3, pace: 'instant' })
    expect((await send('get', 'kubeconfig')).text).toBe(cluster.kubeconfig)
    expect((await send('post', 'pods/default/web/fail')).body).toEqual({ namespace: 'default', pod: 'web', failed: true })
    expect((await send('post', 'nodes/node-2/fail')).body).toEqual({ node: 'node-2', failed: true })
    expect((await send('post', 'clock', { advance: '1m' })).body).toEqual({ now: '2026-01-01T00:01:00Z' })
    expect(await readyOf(cluster, 'node-2')).toBe('Unknown')
    expect(await phaseOf(cluster)).toBe('Failed')
    expect((await send('post', 'nodes/node-2/recover')).body).toEqual({ node: 'node-2', failed: false })
    expect((await send('post', 'settle')).body).toEqual({ now: '2026-01-01T00:01:00Z' })
    expect((await send('get', 'clock')).body).toEqual({ now: '2026-01-01T00:01:00Z' })
    expect((await send('post', 'compact')).status).toBe(200)
    expect((await send('post', 'reset')).status).toBe(200)
    await expect(phaseOf(cluster)).rejects.toMatchObject({ code: 404 })
  })

  test('what is wrong is a Status', async () => {
    const refused: [answer: Promise<{ body: object }>, code: number, message: RegExp][] = [
      [send('get', 'info', undefined, ''), 403, /User "system:anonymous" cannot get path "\/_kubemock\/info"/],
      [send('post', 'reset', undefined, ''), 403, /cannot post path/],
      [send('get', 'info', undefined, 'wrong'), 401, /Unauthorized/],
      [send('post', 'nodes/nobody/fail'), 404, /nodes "nobody" not found/],
      [send('post', 'pods/default/nobody/fail'), 404, /pods "nobody" not found/],
      [send('post', 'nowhere'), 404, /could not find the requested resource/],
      [send('get', 'reset'), 405, /not (supported|allow)/],
      [send('put', 'clock'), 405, /not (supported|allow)/],
      [send('post', 'clock', { advance: 'soon' }), 400, /"soon" is not a duration such as 90s or 1h30m/],
      [send('post', 'clock', { advance: 5 }), 400, /5 is not a duration/],
      [send('post', 'clock'), 400, /is not a duration/],
      [send('post', 'clock', '{"advance"'), 400, /the body is not JSON/],
      [send('post', 'clock', '[]'), 400, /the body must be a JSON object/],
      [send('post', 'clock', { advance: '1s', speed: 2 }), 400, /unknown field "speed"/],
    ]
    for (const [answer, code, message] of refused)
      expect((await answer).body).toMatchObject({
        kind: 'Status',
        status: 'Failure',
        code,
        message: expect.stringMatching(message) as string,
      })
  })

  test('is described by a document that names every path and its parameters', async () => {
    const { body } = (await send('get', 'openapi')) as {
      body: { openapi: string; paths: Record<string, Record<string, { parameters?: { name: string }[] }>> }
    }
    expect(body.openapi).toBe('3.0.3')
    const described = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method} ${path.replace('/_kubemock/', '')}`),
    )
    expect(described.sort()).toEqual(
      [
        ...['health', 'info', 'kubeconfig', 'clock', 'openapi'].map(path => `get ${path}`),
        ...['clock', 'settle', 'reset', 'compact', 'nodes/{name}/fail', 'nodes/{name}/recover', 'pods/{namespace}/{name}/fail'].map(
          path => `post ${path}`,
        ),
      ].sort(),
    )
    expect(body.paths['/_kubemock/pods/{namespace}/{name}/fail']?.post?.parameters?.map(({ name }) => name)).toEqual(['namespace', 'name'])
    // Each description holds: without its body every path answers as it says it may.
    for (const [path, methods] of Object.entries(body.paths))
      for (const [method, { responses }] of Object.entries(methods) as unknown as [string, { responses: object }][]) {
        const answer = await send(method as 'get', path.replace('/_kubemock/', '').replace(/\{\w+\}/g, 'nobody'))
        expect(Object.keys(responses), `${method} ${path}`).toContain(String(answer.status))
      }
  })
})

describe('the built program', () => {
  let served: Served
  beforeAll(async () => {
    served = await serve()
  })
  afterAll(() => served.stop())

  test('lists its services by reflection, and they answer', async () => {
    const address = /gRPC {2}(\S+)/.exec(served.greeting)?.[1] ?? ''
    const { services, simulator } = await fromReflection(address)
    expect(services).toEqual(expect.arrayContaining(['grpc.health.v1.Health', 'kubemock.v1.Simulator']))
    const { call, close } = connect(address, simulator)
    expect(await call('Settle')).toEqual({ now: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string })
    close()
    const health = connect(address, healthService)
    expect(await health.call('check', { service: '' })).toEqual({ status: 'SERVING' })
    health.close()
  })
})
