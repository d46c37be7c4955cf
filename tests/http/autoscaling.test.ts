// Autoscalers that read their metrics from extension servers: what is asked, what follows from the answer, and what is told when there is none.
import { describe, expect, onTestFinished, test } from 'vitest'
import { aPod, pods as podsPath, type Rest, serveRest } from '../support/api.ts'
import { type Extension, type ExtensionOptions, serveExtension } from '../support/extension.ts'
import { services } from '../support/farm.ts'

const groups = ['metrics.k8s.io/v1beta1', 'custom.metrics.k8s.io/v1beta2', 'external.metrics.k8s.io/v1beta1']
const root = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers'
const deployments = '/apis/apps/v1/namespaces/default/deployments'
const labels = { app: 'web' }

interface Metered {
  rest: Rest
  /** By group. */
  extensions: Record<string, Extension>
  scale(): Promise<number>
  autoscaler(): Promise<{
    status: { currentMetrics: object[]; conditions: { type: string; status: string; reason: string; message: string }[] }
  }>
  /** Reasons and messages of Events, oldest first. */
  events(): Promise<string[]>
}

/** Two pods of a Deployment, and servers of these metrics. Nobody but the autoscaler works on them. */
async function metered(metrics: object[], reply: ExtensionOptions['reply'], spec: object = {}, served = groups): Promise<Metered> {
  const extensions: Record<string, Extension> = {}
  for (const groupVersion of served) {
    const [group = '', version = ''] = groupVersion.split('/')
    const server = await serveExtension({ group, version, resources: [], reply: asked => reply?.(asked, undefined as never) })
    onTestFinished(() => server[Symbol.asyncDispose]())
    extensions[group] = server
  }
  const ports = Object.values(extensions).map(({ port }, index) => `default/farm:${index + 1}=127.0.0.1:${port}`)
  const rest = await serveRest({ controllers: 'serviceaccount-controller,horizontal-pod-autoscaler', serviceEndpoints: ports.join(',') })
  onTestFinished(() => rest[Symbol.asyncDispose]())
  const { body } = await rest.call('get', '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication').expect(200)
  const listened = served.map((_, index) => ({ name: `p${index + 1}`, port: index + 1 }))
  if (served.length > 0)
    await rest.call('post', '/api/v1/namespaces/default/services', { metadata: { name: 'farm' }, spec: { ports: listened } }).expect(201)
  for (const [index, groupVersion] of served.entries()) {
    const [group = '', version = ''] = groupVersion.split('/')
    const { caBundle, trust } = extensions[group] as Extension
    trust(body.data)
    const service = { namespace: 'default', name: 'farm', port: index + 1 }
    const priorities = { groupPriorityMinimum: 100, versionPriority: 100 }
    await rest
      .call('post', services, { metadata: { name: `${version}.${group}` }, spec: { group, version, service, caBundle, ...priorities } })
      .expect(201)
  }
  await rest.cluster.settle()
  await aDeployment(rest)
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }
  await rest
    .call('post', root, { metadata: { name: 'web' }, spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 10, metrics, ...spec } })
    .expect(201)
  await rest.cluster.settle()
  return {
    rest,
    extensions,
    scale: async () => (await rest.call('get', `${deployments}/web`).expect(200)).body.spec.replicas,
    autoscaler: async () => (await rest.call('get', `${root}/web`).expect(200)).body,
    async events() {
      const { body: list } = await rest.call('get', '/api/v1/namespaces/default/events').expect(200)
      return list.items.map(({ reason, message }: { reason: string; message: string }) => `${reason}: ${message}`)
    },
  }
}

async function aDeployment({ call, patch, cluster }: Rest): Promise<void> {
  const containers = [{ name: 'app', image: 'nginx', resources: { requests: { cpu: '100m' } } }]
  const template = { metadata: { labels }, spec: { containers } }
  await call('post', deployments, { metadata: { name: 'web' }, spec: { replicas: 2, selector: { matchLabels: labels }, template } }).expect(
    201,
  )
  await patch(`${deployments}/web/status`, 'merge-patch', { status: { replicas: 2 } }).expect(200)
  const long = new Date(cluster.clock.now().getTime() - 600_000).toISOString().replace('.000Z', 'Z')
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: long }]
  for (const name of ['a', 'b']) {
    await call('post', podsPath, { ...aPod(name, { containers }), metadata: { name, labels } }).expect(201)
    await patch(`${podsPath}/${name}/status`, 'merge-patch', { status: { phase: 'Running', startTime: long, conditions } }).expect(200)
  }
}

const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }
const usage = (amount: string) => ({
  kind: 'PodMetricsList',
  items: ['a', 'b'].map(name => ({
    metadata: { name, namespace: 'default' },
    timestamp: '2026-01-01T00:00:00Z',
    window: '30s',
    containers: [{ name: 'app', usage: { cpu: amount, memory: '1Mi' } }],
  })),
})
const values = (value: string, ...names: string[]) => ({
  kind: 'MetricValueList',
  items: names.map(name => ({ describedObject: { kind: 'Pod', name }, metric: { name: 'm' }, timestamp: '2026-01-01T00:00:00Z', value })),
})

const selector = { matchLabels: { route: 'x' } }
const metric = { name: 'rps', selector }
const service = { kind: 'Service', name: 'web', apiVersion: 'v1' }
const ingress = { kind: 'Ingress', name: 'web', apiVersion: 'networking.k8s.io/v1' }
const custom = '/apis/custom.metrics.k8s.io/v1beta2/namespaces/default'
const pods = (averageValue: string) => ({ type: 'Pods', pods: { metric, target: { type: 'AverageValue', averageValue } } })
const object = (describedObject: object) => ({
  type: 'Object',
  object: { describedObject, metric: { name: 'rps' }, target: { type: 'Value', value: '10' } },
})

const asked: [it: string, metric: object, answer: object, url: string, name: string][] = [
  [
    'CPU',
    cpu,
    usage('100m'),
    '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods?labelSelector=app%3Dweb',
    'cpu resource utilization (percentage of request)',
  ],
  [
    'a metric of pods',
    pods('5'),
    values('10', 'a', 'b'),
    `${custom}/pods/*/rps?labelSelector=app%3Dweb&metricLabelSelector=route%3Dx`,
    'pods metric rps',
  ],
  ['a metric of an object', object(service), values('20', 'web'), `${custom}/services/web/rps`, 'Service metric rps'],
  ['of one in a group', object(ingress), values('20', 'web'), `${custom}/ingresses.networking.k8s.io/web/rps`, 'Ingress metric rps'],
  [
    'of the namespace',
    object({ kind: 'Namespace', name: 'default', apiVersion: 'v1' }),
    values('20', 'x'),
    `${custom}/metrics/rps`,
    'Namespace metric rps',
  ],
  [
    'something outside',
    { type: 'External', external: { metric: { name: 'queue', selector }, target: { type: 'AverageValue', averageValue: '10' } } },
    values('20', 'x', 'y'),
    '/apis/external.metrics.k8s.io/v1beta1/namespaces/default/queue?labelSelector=route%3Dx',
    'external metric queue(&LabelSelector{MatchLabels:map[string]string{route: x,},MatchExpressions:[]LabelSelectorRequirement{},})',
  ],
]

test.each(asked)('%s: twice as much as there should be', async (_it, one, answer, url, name) => {
  const { rest, extensions, scale, autoscaler, events } = await metered([one], () => answer)
  await rest.cluster.clock.advance(15_000)
  expect(await scale()).toBe(4)
  const questions = Object.values(extensions).flatMap(extension => extension.asked)
  expect(questions.map(each => [each.url, each.user])).toEqual([[url, 'system:horizontal-pod-autoscaler']])
  const { status } = await autoscaler()
  expect(status).toMatchObject({ currentReplicas: 2, desiredReplicas: 4, lastScaleTime: '2026-01-01T00:00:15Z' })
  expect(status.currentMetrics).toMatchObject([{ type: (one as { type: string }).type }])
  const told = status.conditions.map(({ type, status: value, reason, message }) => [type, value, reason, message])
  expect(told).toEqual([
    ['AbleToScale', 'True', 'SucceededRescale', 'the HPA controller was able to update the target scale to 4'],
    ['ScalingActive', 'True', 'ValidMetricFound', `the HPA was able to successfully calculate a replica count from ${name}`],
    ['ScalingLimited', 'False', 'DesiredWithinRange', 'the desired count is within the acceptable range'],
  ])
  expect(await events()).toEqual([`SuccessfulRescale: New size: 4; reason: ${name} above target`])
})

test('the metric that asks for most wins', async () => {
  const { rest, scale } = await metered([cpu, pods('2')], ({ url }) => (url.includes('/custom.') ? values('6', 'a', 'b') : usage('25m')))
  await rest.cluster.clock.advance(15_000)
  expect(await scale()).toBe(4)
})

test('less is believed after five minutes', async () => {
  let load = '100m'
  const { rest, scale, autoscaler } = await metered([cpu], () => usage(load))
  const { clock } = rest.cluster
  await clock.advance(15_000)
  expect(await scale()).toBe(4)
  load = '10m'
  await clock.advance(285_000)
  expect(await scale()).toBe(4)
  expect((await autoscaler()).status.conditions[0]).toMatchObject({ reason: 'ScaleDownStabilized' })
  await clock.advance(60_000)
  expect(await scale()).toBe(1)
})

const rules = { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } }

test('and not faster than its rules', async () => {
  const { rest, scale, autoscaler } = await metered([cpu], () => usage('1'), { behavior: rules })
  const { clock } = rest.cluster
  await clock.advance(15_000)
  expect(await scale()).toBe(3)
  await clock.advance(30_000)
  expect(await scale()).toBe(3)
  expect((await autoscaler()).status.conditions.at(-1)).toMatchObject({ type: 'ScalingLimited', status: 'True', reason: 'ScaleUpLimit' })
  await clock.advance(45_000)
  expect(await scale()).toBe(4)
})

describe('what cannot be read is told', () => {
  const unread = 'unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API'
  const tells = async ({ rest, scale, autoscaler, events }: Metered) => {
    await rest.cluster.clock.advance(15_000)
    expect(await scale()).toBe(2)
    const active = (await autoscaler()).status.conditions.find(({ type }) => type === 'ScalingActive')
    return { active, events: await events() }
  }

  test.each([
    [
      'an answer that is no',
      { code: 500, text: JSON.stringify({ kind: 'Status', code: 500, message: 'out of order' }) },
      `${unread}: out of order`,
    ],
    ['an empty one', { items: [] }, 'unable to get metrics for resource cpu: no metrics returned from resource metrics API'],
    [
      'none for these pods',
      usage('x').items && { items: [{ ...usage('1').items[0], metadata: { name: 'other' } }] },
      'no metrics returned matched known pods',
    ],
  ])('%s', async (_it, answer, why) => {
    const { active, events } = await tells(await metered([cpu], () => answer))
    const text = `failed to get cpu utilization: ${why}`
    expect(active).toMatchObject({
      status: 'False',
      reason: 'FailedGetResourceMetric',
      message: `the HPA was unable to compute the replica count: ${text}`,
    })
    expect(events).toEqual([
      `FailedGetResourceMetric: ${text}`,
      `FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${text}`,
    ])
  })

  test('a server that is away', async () => {
    const all = await metered([cpu], () => usage('1'))
    const { extensions, rest } = all
    for (const extension of Object.values(extensions)) extension.down = true
    const { active } = await tells(all)
    const away = `failed to get cpu utilization: ${unread}: the server is currently unable to handle the request (get pods.metrics.k8s.io)`
    expect(active?.message).toBe(`the HPA was unable to compute the replica count: ${away}`)
    await rest.cluster.clock.advance(60_000)
    expect((await all.autoscaler()).status.conditions.find(({ type }) => type === 'ScalingActive')?.message).toContain(away)
    for (const extension of Object.values(extensions)) extension.down = false
    await rest.cluster.clock.advance(60_000)
    expect(await all.scale()).toBeGreaterThan(2)
  })

  test('no server at all', async () => {
    const { active } = await tells(await metered([cpu], undefined, {}, []))
    expect(active?.message).toContain(`${unread}: the server could not find the requested resource (get pods.metrics.k8s.io)`)
  })

  test('of an object that nobody knows', async () => {
    const { active } = await tells(
      await metered([object({ kind: 'Cow', name: 'bella', apiVersion: 'farm.example.com/v1' })], () => values('1', 'x')),
    )
    expect(active?.message).toContain(
      'unable to map kind Cow.farm.example.com to resource: no matches for kind "Cow" in group "farm.example.com"',
    )
  })

  test('one of two: up it goes by the other, down it does not', async () => {
    const away = { code: 500, text: 'no' }
    const up = await metered([cpu, pods('2')], ({ url }) => (url.includes('/custom.') ? values('4', 'a', 'b') : away))
    await up.rest.cluster.clock.advance(15_000)
    expect(await up.scale()).toBe(4)
    const { active } = await tells(await metered([cpu, pods('2')], ({ url }) => (url.includes('/custom.') ? values('1', 'a', 'b') : away)))
    expect(active).toMatchObject({ status: 'False', reason: 'FailedGetResourceMetric' })
  })
})
