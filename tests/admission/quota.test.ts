// ResourceQuota and LimitRanger: what a namespace allows, with the controller that counts.
import { describe, expect, test } from 'vitest'
import { aConfigMap, aPod, configMaps, pods, type Rest, serveRest } from '../support/api.ts'

const quotas = '/api/v1/namespaces/default/resourcequotas'
const ranges = '/api/v1/namespaces/default/limitranges'
const withResources = (name: string, resources: object, spec: object = {}) =>
  aPod(name, { containers: [{ name: 'app', image: 'nginx', resources }], ...spec })

async function withQuota(spec: object): Promise<Rest> {
  const rest = await serveRest({ controllers: 'serviceaccount-controller,resourcequota-controller' })
  await rest.call('post', quotas, { metadata: { name: 'q' }, spec }).expect(201)
  await rest.cluster.settle()
  return rest
}

async function used(rest: Rest): Promise<Record<string, string>> {
  await rest.cluster.settle()
  return (await rest.call('get', `${quotas}/q`).expect(200)).body.status.used
}

describe('quotas', () => {
  test('count what is there before, what comes and what goes', async () => {
    await using rest = await withQuota({ hard: { 'count/configmaps': '2', pods: '5' } })
    expect(await used(rest)).toEqual({ 'count/configmaps': '0', pods: '0' })
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    expect((await rest.call('get', `${quotas}/q`)).body.status.used).toEqual({ 'count/configmaps': '1', pods: '0' })
    await rest.call('post', configMaps, aConfigMap('b')).expect(201)
    const { body } = await rest.call('post', configMaps, aConfigMap('c')).expect(403)
    expect(body.message).toBe(
      'configmaps "c" is forbidden: exceeded quota: q, requested: count/configmaps=1, used: count/configmaps=2, limited: count/configmaps=2',
    )
    await rest.call('delete', `${configMaps}/a`).expect(200)
    expect(await used(rest)).toMatchObject({ 'count/configmaps': '1' })
    await rest.call('post', configMaps, aConfigMap('c')).expect(201)
  })

  test('what cannot be written after all is given back', async () => {
    await using rest = await withQuota({ hard: { configmaps: '2' } })
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    await rest.call('post', configMaps, aConfigMap('a')).expect(409)
    await rest.call('delete', `${configMaps}/a`)
    expect(await used(rest)).toEqual({ configmaps: '0' })
  })

  test('many at once never exceed them', async () => {
    await using rest = await withQuota({ hard: { configmaps: '3' } })
    const codes = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => (await rest.call('post', configMaps, aConfigMap(`c${i}`))).status),
    )
    expect(codes.filter(code => code === 201)).toHaveLength(3)
    expect(codes.filter(code => code === 403)).toHaveLength(7)
    expect(await used(rest)).toEqual({ configmaps: '3' })
  })

  test('a finished pod frees what it used', async () => {
    await using rest = await withQuota({ hard: { pods: '1', 'requests.cpu': '1' } })
    await rest.call('post', pods, withResources('a', { requests: { cpu: '600m' } })).expect(201)
    expect(await used(rest)).toEqual({ pods: '1', 'requests.cpu': '600m' })
    await rest.patch(`${pods}/a/status`, 'merge-patch', { status: { phase: 'Succeeded' } }).expect(200)
    expect(await used(rest)).toEqual({ pods: '0', 'requests.cpu': '0' })
  })

  test.each([
    ['BestEffort', aPod('it'), true],
    ['BestEffort', withResources('it', { requests: { cpu: '1' } }), false],
    ['NotBestEffort', withResources('it', { requests: { cpu: '1' } }), true],
    ['Terminating', aPod('it', { activeDeadlineSeconds: 5 }), true],
    ['Terminating', aPod('it'), false],
    ['NotTerminating', aPod('it'), true],
    ['PriorityClass', aPod('it', { priorityClassName: 'system-node-critical' }), true],
    ['PriorityClass', aPod('it'), false],
  ])('scope %s of %j: %s', async (scope, pod, counted) => {
    await using rest = await withQuota({ hard: { pods: '5' }, scopes: [scope] })
    await rest.call('post', pods, pod).expect(201)
    expect(await used(rest)).toEqual({ pods: counted ? '1' : '0' })
  })
})

describe('limit ranges', () => {
  test('set defaults and tell of it', async () => {
    await using rest = await serveRest({ controllers: 'serviceaccount-controller' })
    const limits = [{ type: 'Container', default: { cpu: '2', memory: '1Gi' }, defaultRequest: { cpu: '1' } }]
    await rest.call('post', ranges, { metadata: { name: 'l' }, spec: { limits } }).expect(201)
    const { body } = await rest.call('post', pods, aPod('it')).expect(201)
    expect(body.spec.containers[0].resources).toEqual({ limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '1', memory: '1Gi' } })
    expect(body.metadata.annotations['kubernetes.io/limit-ranger']).toBe(
      'LimitRanger plugin set: cpu, memory request for container app; cpu, memory limit for container app',
    )
  })

  test.each([
    [{ max: { cpu: '1' } }, {}, 'maximum cpu usage per Pod is 1.  No limit is specified'],
    [{ max: { cpu: '1' } }, { limits: { cpu: '2' } }, 'maximum cpu usage per Pod is 1, but limit is 2'],
    [{ min: { cpu: '1' } }, { requests: { cpu: '1m' } }, 'minimum cpu usage per Pod is 1, but request is 1m'],
    [{ min: { cpu: '1' } }, {}, 'minimum cpu usage per Pod is 1.  No request is specified'],
    [
      { maxLimitRequestRatio: { cpu: '2' } },
      { requests: { cpu: '1' }, limits: { cpu: '3' } },
      'cpu max limit to request ratio per Pod is 2, but provided ratio is 3.000000',
    ],
  ])('%j refuse %j', async (limit, resources, message) => {
    await using rest = await serveRest({ controllers: 'serviceaccount-controller' })
    await rest.call('post', ranges, { metadata: { name: 'l' }, spec: { limits: [{ type: 'Pod', ...limit }] } }).expect(201)
    const { body } = await rest.call('post', pods, withResources('it', resources)).expect(403)
    expect(body.message).toBe(`pods "it" is forbidden: ${message}`)
  })
})
