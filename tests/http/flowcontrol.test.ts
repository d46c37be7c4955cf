// Which flow a request belongs to, told in headers, what a FlowSchema hears of its level, and who waits for a seat.
import { describe, expect, test } from 'vitest'
import type { Kind, KubeInput, KubeObject } from '../../openapi/kind.ts'
import { bootstrapLevels, bootstrapSchemas } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/bootstrap.ts'
import { flowSchema } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/flowschema.ts'
import { priorityLevelConfiguration } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/prioritylevelconfiguration.ts'
import { concerns, fits } from '../../server/flowcontrol/match.ts'
import { requestInfo } from '../../server/http/requestinfo.ts'
import { aConfigMap, configMaps, type Rest, serveRest } from '../support/api.ts'
import { register, serveHook } from '../support/hook.ts'

const root = '/apis/flowcontrol.apiserver.k8s.io/v1'
const schemaHeader = 'x-kubernetes-pf-flowschema-uid'
const levelHeader = 'x-kubernetes-pf-prioritylevel-uid'

/** The bootstrap schema of the lowest precedence that fits. */
function schemaOf(name: string, groups: string[], verb: string, path: string): string | undefined {
  const user = { name, groups }
  const info = requestInfo(path)
  return Object.entries(bootstrapSchemas)
    .sort(([, a], [, b]) => (a.matchingPrecedence ?? 0) - (b.matchingPrecedence ?? 0))
    .find(([, { rules = [] }]) => rules.some(rule => concerns(user, rule) && fits(rule, verb, info)))?.[0]
}

describe('the schema of a request', () => {
  const authenticated = ['system:authenticated']
  const account = (namespace: string) => [...authenticated, 'system:serviceaccounts', `system:serviceaccounts:${namespace}`]
  const cases: [string, string[], string, string, string][] = [
    ['admin', ['system:masters', ...authenticated], 'list', '/api/v1/pods', 'exempt'],
    ['admin', ['system:masters', ...authenticated], 'get', '/version', 'exempt'],
    ['bob', authenticated, 'get', '/healthz', 'probes'],
    ['bob', authenticated, 'get', '/readyz/ping', 'probes'],
    ['bob', authenticated, 'get', '/healthzy', 'global-default'],
    ['system:anonymous', ['system:unauthenticated'], 'get', '/livez', 'probes'],
    ['bob', authenticated, 'list', '/api/v1/pods', 'global-default'],
    ['system:kube-scheduler', authenticated, 'list', '/api/v1/pods', 'kube-scheduler'],
    [
      'system:kube-scheduler',
      authenticated,
      'update',
      '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/x',
      'system-leader-election',
    ],
    ['system:kube-scheduler', authenticated, 'list', '/apis/coordination.k8s.io/v1/leases', 'kube-scheduler'],
    ['system:node:a', ['system:nodes', ...authenticated], 'patch', '/api/v1/nodes/a/status', 'system-node-high'],
    [
      'system:node:a',
      ['system:nodes', ...authenticated],
      'update',
      '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/a',
      'system-node-high',
    ],
    ['system:node:a', ['system:nodes', ...authenticated], 'get', '/api/v1/nodes/a/proxy', 'system-nodes'],
    ['system:serviceaccount:kube-system:x', account('kube-system'), 'list', '/api/v1/pods', 'kube-system-service-accounts'],
    ['system:serviceaccount:kube-systems:x', account('kube-systems'), 'list', '/api/v1/pods', 'service-accounts'],
  ]
  test.each(cases)('%s %o %s %s', (name, groups, verb, path, want) => expect(schemaOf(name, groups, verb, path)).toBe(want))
})

const uidOf = async (rest: Rest, path: string): Promise<string> => (await rest.call('get', `${root}/${path}`)).body.metadata.uid

describe('the headers', () => {
  test('name the schema and its level', async () => {
    await using rest = await serveRest()
    const { headers } = await rest.call('get', configMaps)
    expect(headers[schemaHeader]).toBe(await uidOf(rest, 'flowschemas/exempt'))
    expect(headers[levelHeader]).toBe(await uidOf(rest, 'prioritylevelconfigurations/exempt'))
    const anonymous = await rest.call('get', configMaps).set('authorization', '').expect(403)
    expect(anonymous.headers[schemaHeader]).toBe(await uidOf(rest, 'flowschemas/global-default'))
  })

  test('are not there when nobody is known, nor for what streams without end', async () => {
    await using rest = await serveRest()
    const unknown = await rest.call('get', configMaps).set('authorization', 'Bearer nobody').expect(401)
    expect(unknown.headers).not.toHaveProperty(schemaHeader)
    const log = await rest.call('get', '/api/v1/namespaces/default/pods/none/log').expect(404)
    expect(log.headers).not.toHaveProperty(schemaHeader)
  })

  test('follow a schema that is made, changed and deleted', async () => {
    await using rest = await serveRest()
    const mine = async () => (await rest.call('get', '/healthz').set('authorization', '')).headers[schemaHeader]
    const probes = await uidOf(rest, 'flowschemas/probes')
    expect(await mine()).toBe(probes)
    const rules = [
      {
        subjects: [{ kind: 'Group', group: { name: 'system:unauthenticated' } }],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      },
    ]
    const spec = { priorityLevelConfiguration: { name: 'workload-low' }, matchingPrecedence: 2, rules }
    await rest.call('post', `${root}/flowschemas`, { metadata: { name: 'anybody' }, spec }).expect(201)
    await rest.cluster.settle()
    expect(await mine()).toBe(await uidOf(rest, 'flowschemas/anybody'))
    await rest.patch(`${root}/flowschemas/anybody`, 'merge-patch', { spec: { matchingPrecedence: 3 } }).expect(200)
    await rest.cluster.settle()
    expect(await mine()).toBe(probes)
    await rest.call('delete', `${root}/flowschemas/probes`).expect(200)
    await rest.cluster.settle()
    expect(await mine()).toBe(await uidOf(rest, 'flowschemas/anybody'))
  })

  test('a schema whose level is missing dangles and matches nothing', async () => {
    await using rest = await serveRest()
    const dangling = async () => {
      await rest.cluster.clock.advance(1000)
      return (await rest.call('get', `${root}/flowschemas/mine`)).body.status.conditions[0]
    }
    const rules = [{ subjects: [{ kind: 'Group', group: { name: '*' } }], nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }] }]
    const spec = { priorityLevelConfiguration: { name: 'mine' }, matchingPrecedence: 2, rules }
    await rest.call('post', `${root}/flowschemas`, { metadata: { name: 'mine' }, spec }).expect(201)
    expect(await dangling()).toMatchObject({
      type: 'Dangling',
      status: 'True',
      reason: 'NotFound',
      message: 'This FlowSchema references the PriorityLevelConfiguration object named "mine" but there is no such object',
    })
    const { headers } = await rest.call('get', '/healthz').set('authorization', '')
    expect(headers[schemaHeader]).toBe(await uidOf(rest, 'flowschemas/probes'))
    const limited = { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } }
    await rest.call('post', `${root}/prioritylevelconfigurations`, { metadata: { name: 'mine' }, spec: limited }).expect(201)
    expect(await dangling()).toMatchObject({ status: 'False', reason: 'Found' })
  })
})

test('a fresh cluster, and one that was reset, has the bootstrap objects', async () => {
  await using rest = await serveRest()
  const names = async (plural: string) =>
    (await rest.call('get', `${root}/${plural}`)).body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)
  for (const again of [false, true]) {
    if (again) await rest.cluster.simulator.reset()
    expect(await names('flowschemas')).toEqual(Object.keys(bootstrapSchemas).sort())
    expect(await names('prioritylevelconfigurations')).toEqual(Object.keys(bootstrapLevels).sort())
  }
})

describe('a level without seats', () => {
  const anonymous = (rest: Rest, path: string) => rest.call('get', path).set('authorization', '')

  async function closeLevel(rest: Rest, limitResponse: object): Promise<void> {
    // It borrows none.
    const limited = { nominalConcurrencyShares: 0, borrowingLimitPercent: 0, limitResponse }
    await rest
      .call('post', `${root}/prioritylevelconfigurations`, { metadata: { name: 'shut' }, spec: { type: 'Limited', limited } })
      .expect(201)
    const subjects = [{ kind: 'Group', group: { name: 'system:unauthenticated' } }]
    const everywhere = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true }
    const rules = [{ subjects, nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }], resourceRules: [everywhere] }]
    const schema = { priorityLevelConfiguration: { name: 'shut' }, matchingPrecedence: 2, rules, distinguisherMethod: { type: 'ByUser' } }
    await rest.call('post', `${root}/flowschemas`, { metadata: { name: 'shut' }, spec: schema }).expect(201)
    await rest.cluster.settle()
  }

  test('serves one after the other where nobody can wait, refuses, and says when to come again', async () => {
    await using rest = await serveRest({ authorizationMode: 'AlwaysAllow' })
    await closeLevel(rest, { type: 'Reject' })
    await anonymous(rest, '/version').expect(200)
    let answer = () => {}
    const called = new Promise<void>(resolve => {
      answer = resolve
    })
    await using hook = await serveHook(async () => {
      await called
      return { allowed: true }
    })
    await register(rest, 'validating', { clientConfig: hook.client })
    const slow = rest
      .call('post', configMaps, aConfigMap('a'))
      .set('authorization', '')
      .then(({ status }) => status)
    while (hook.asked.length === 0) await new Promise(resolve => setImmediate(resolve))
    const { headers, text } = await anonymous(rest, '/version').expect(429)
    expect(text).toBe('Too many requests, please try again later.\n')
    expect(headers).toMatchObject({ 'retry-after': '1', 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
    expect(headers[schemaHeader]).toBe(await uidOf(rest, 'flowschemas/shut'))
    const metrics = (await rest.call('get', '/metrics').buffer(true)).text
    expect(metrics).toContain('rejected_requests_total{flow_schema="shut",priority_level="shut",reason="concurrency-limit"} 1\n')
    // Who is exempt does not notice.
    await rest.call('get', '/version').expect(200)
    answer()
    expect(await slow).toBe(201)
    await anonymous(rest, '/version').expect(200)
  })

  test('lets wait for a quarter of a minute, or until there are some', async () => {
    await using rest = await serveRest()
    await closeLevel(rest, { type: 'Queue', queuing: { queues: 8, handSize: 2, queueLengthLimit: 10 } })
    const waiting = async () => {
      const metrics = (await rest.call('get', '/metrics').buffer(true)).text
      return /current_inqueue_requests\{flow_schema="shut",priority_level="shut"\} (\d+)/.exec(metrics)?.[1]
    }
    const late = anonymous(rest, '/version').then(({ status }) => status)
    while ((await waiting()) !== '1') await new Promise(resolve => setImmediate(resolve))
    await rest.cluster.clock.advance(15_000)
    expect(await late).toBe(429)
    const waited = (await rest.call('get', '/metrics').buffer(true)).text
    const labels = 'flow_schema="shut",priority_level="shut",execute="false"'
    expect(waited).toContain(`request_wait_duration_seconds_bucket{${labels},le="10"} 0\n`)
    expect(waited).toContain(`request_wait_duration_seconds_sum{${labels}} 15\n`)
    // Who is exempt never waits.
    expect(waited).not.toContain('request_wait_duration_seconds_count{flow_schema="exempt"')
    const borrows = anonymous(rest, '/version').then(({ status }) => status)
    while ((await waiting()) !== '1') await new Promise(resolve => setImmediate(resolve))
    await rest
      .patch(`${root}/prioritylevelconfigurations/shut`, 'merge-patch', { spec: { limited: { borrowingLimitPercent: null } } })
      .expect(200)
    await rest.cluster.clock.advance(10_000)
    expect(await borrows).toBe(200)
    const more = { spec: { limited: { borrowingLimitPercent: 0 } } }
    await rest.patch(`${root}/prioritylevelconfigurations/shut`, 'merge-patch', more).expect(200)
    await rest.cluster.settle()
    const lucky = anonymous(rest, '/version').then(({ status }) => status)
    while ((await waiting()) !== '1') await new Promise(resolve => setImmediate(resolve))
    const seats = { spec: { limited: { nominalConcurrencyShares: 10 } } }
    await rest.patch(`${root}/prioritylevelconfigurations/shut`, 'merge-patch', seats).expect(200)
    expect(await lucky).toBe(200)
  })
})

test('the bootstrap objects are as their authors would have written them through the API', async () => {
  await using rest = await serveRest()
  const producer = rest.cluster.client('api-priority-and-fairness-config-producer-v1')
  const consumer = rest.cluster.client('api-priority-and-fairness-config-consumer-v1')
  for (const kind of [priorityLevelConfiguration, flowSchema] as unknown as Kind[])
    for (const before of (await producer.list(kind)).items as (KubeObject & { spec: object; status?: { conditions?: object[] } })[]) {
      const { name, annotations } = before.metadata
      await producer.delete(kind, { name })
      await producer.create(kind, { metadata: { name, annotations }, spec: before.spec } as KubeInput)
      if (before.status?.conditions) await consumer.apply(kind, { metadata: { name }, status: before.status }, 'status')
      const now = await producer.get(kind, { name })
      const { uid, resourceVersion } = now.metadata
      expect(now).toStrictEqual({ ...before, metadata: { ...before.metadata, uid, resourceVersion } })
    }
})
