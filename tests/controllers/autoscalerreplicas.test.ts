// How many pods a metric asks for, and how far the size goes at once: tables of upstream's rules.
import { describe, expect, test } from 'vitest'
import type { Reading } from '../../controllers/horizontalpodautoscaler/metrics.ts'
import { begun, type History, normalise, resized } from '../../controllers/horizontalpodautoscaler/rate.ts'
import { propose, type Seen } from '../../controllers/horizontalpodautoscaler/replicas.ts'
import { printedSelector } from '../../controllers/horizontalpodautoscaler/selector.ts'
import type { Metric } from '../../openapi/kinds/autoscaling/horizontalpodautoscaler/horizontalpodautoscaler.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { aPod, now, type PodState, secondsAgo } from '../support/objects.ts'

const resources = { requests: { cpu: '100m', memory: '1Mi' } }
/** It began ten minutes ago, or when it came to its state if that is later. */
function pod(name: string, state: PodState = 'ready', { seconds = 600, spec = {} }: { seconds?: number; spec?: object } = {}): Pod {
  const made = aPod({ metadata: { name }, spec: { containers: [{ name: 'app', image: 'nginx', resources }], ...spec } }, state, seconds)
  return { ...made, status: { ...made.status, ...(state === 'pending' ? {} : { startTime: secondsAgo(seconds) }) } }
}

const cpu = (averageUtilization: number): Metric => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
})
const raw = (name: string, averageValue: string): Metric => ({
  type: 'Resource',
  resource: { name, target: { type: 'AverageValue', averageValue } },
})
const qps = (averageValue: string): Metric => ({
  type: 'Pods',
  pods: { metric: { name: 'qps' }, target: { type: 'AverageValue', averageValue } },
})
const object = (target: object): Metric =>
  ({ type: 'Object', object: { describedObject: { kind: 'Service', name: 's' }, metric: { name: 'rps' }, target } }) as Metric
const external = (target: object): Metric => ({ type: 'External', external: { metric: { name: 'queue' }, target } }) as Metric

const used = (amounts: Record<string, number>, secondsAgo = 10): Reading => ({
  pods: new Map(Object.entries(amounts).map(([name, milli]) => [name, { milli, at: now.getTime() - secondsAgo * 1000, windowMs: 30_000 }])),
})

const seenOf = (pods: readonly Pod[], more: Partial<Seen> = {}): Seen => ({
  namespace: 'default',
  replicas: pods.length,
  statusReplicas: pods.length,
  pods,
  tolerances: { up: 0.1, down: 0.1 },
  now,
  ...more,
})

const [a, b, c] = ['a', 'b', 'c'].map(name => pod(name)) as [Pod, Pod, Pod]
const two = seenOf([a, b])
const whole = { type: 'Value', value: '10' }
const average = { type: 'AverageValue', averageValue: '10' }

const proposals: [it: string, metric: Metric, reading: Reading, seen: Seen, replicas: number, current: object][] = [
  ['twice the use, twice the pods', cpu(50), used({ a: 100, b: 100 }), two, 4, { averageUtilization: 100, averageValue: '100m' }],
  ['half the use, half the pods', cpu(100), used({ a: 50, b: 50 }), two, 1, { averageUtilization: 50, averageValue: '50m' }],
  ['near enough is as it should be', cpu(100), used({ a: 109, b: 109 }), two, 2, { averageUtilization: 109, averageValue: '109m' }],
  [
    'who tolerates nothing does more',
    cpu(100),
    used({ a: 109, b: 109 }),
    { ...two, tolerances: { up: 0, down: 0 } },
    3,
    { averageUtilization: 109, averageValue: '109m' },
  ],
  ['amounts as such', raw('cpu', '20m'), used({ a: 100, b: 100 }), two, 10, { averageValue: '100m' }],
  ['memory in its own unit', raw('memory', '1Mi'), used({ a: 2 ** 21 * 1000, b: 2 ** 21 * 1000 }), two, 4, { averageValue: '2Mi' }],
  ['a metric of pods', qps('10'), used({ a: 30_000, b: 10_000 }), two, 4, { averageValue: '20' }],
  [
    'who tells nothing is idle when there are too few',
    qps('10'),
    used({ a: 90_000, b: 90_000 }),
    seenOf([a, b, c]),
    18,
    { averageValue: '90' },
  ],
  ['and at the target when there are too many', qps('10'), used({ a: 1_000, b: 1_000 }), seenOf([a, b, c]), 2, { averageValue: '1' }],
  ['one that has not started is idle, too', qps('10'), used({ a: 30_000 }), seenOf([a, pod('p', 'pending')]), 3, { averageValue: '30' }],
  ['one that goes does not count', qps('10'), used({ a: 30_000, b: 0 }), seenOf([a, pod('b', 'terminating')]), 3, { averageValue: '30' }],
  [
    'CPU of a pod that is not ready yet says nothing',
    cpu(50),
    used({ a: 100, b: 0 }),
    seenOf([a, pod('b', 'unready', { seconds: 10 })]),
    2,
    { averageUtilization: 100, averageValue: '100m' },
  ],
  ['one value for ready pods', object(whole), { milli: 30_000 }, two, 6, { value: '30' }],
  ['one value that pods share', object(average), { milli: 30_000 }, two, 3, { averageValue: '15' }],
  ['the same from outside', external(whole), { milli: 5_000 }, two, 1, { value: '5' }],
  ['the same, shared', external(average), { milli: 75_000 }, two, 8, { averageValue: '37500m' }],
  ['shared near enough', external(average), { milli: 21_000 }, two, 2, { averageValue: '10500m' }],
]

describe('a metric asks for pods', () => {
  test.each(proposals)('%s', (_it, metric, reading, seen, replicas, current) => {
    const found = propose(metric, reading, seen)
    expect(found).toMatchObject({ replicas })
    const status = 'status' in found ? found.status : undefined
    expect(status?.type).toBe(metric.type)
    expect(status?.resource?.current ?? status?.pods?.current ?? status?.object?.current ?? status?.external?.current).toEqual(current)
  })

  const container: Metric = {
    type: 'ContainerResource',
    containerResource: { name: 'cpu', container: 'app', target: { type: 'Utilization', averageUtilization: 50 } },
  }
  const bare = pod('x', 'ready', { spec: { containers: [{ name: 'other', image: 'nginx' }] } })
  const failures: [it: string, metric: Metric, reading: Reading, pods: Pod[], reason: string, text: string, told: string][] = [
    [
      'nobody to ask',
      cpu(50),
      { problem: 'no' },
      [a],
      'FailedGetResourceMetric',
      'failed to get cpu utilization: unable to get metrics for resource cpu: no',
      'failed to get cpu resource metric value: failed to get cpu utilization: unable to get metrics for resource cpu: no',
    ],
    [
      'nothing that is asked for',
      cpu(50),
      used({ x: 5 }),
      [bare],
      'FailedGetResourceMetric',
      'failed to get cpu utilization: missing request for cpu in container other of Pod x',
      'failed to get cpu resource metric value: failed to get cpu utilization: missing request for cpu in container other of Pod x',
    ],
    [
      'no such container',
      container,
      used({ x: 5 }),
      [bare],
      'FailedGetContainerResourceMetric',
      'failed to get cpu utilization: container app not found in Pod x',
      'failed to get app container metric value: failed to get cpu utilization: container app not found in Pod x',
    ],
    [
      'no pods',
      qps('1'),
      used({ a: 1 }),
      [],
      'FailedGetPodsMetric',
      'no pods returned by selector while calculating replica count',
      'failed to get pods metric value: no pods returned by selector while calculating replica count',
    ],
    [
      'none that is ready',
      qps('1'),
      used({}),
      [a],
      'FailedGetPodsMetric',
      'did not receive metrics for targeted pods (pods might be unready)',
      'failed to get pods metric value: did not receive metrics for targeted pods (pods might be unready)',
    ],
    [
      'an object',
      object(average),
      { problem: 'no' },
      [a],
      'FailedGetObjectMetric',
      'unable to get metric rps: Service on default s/no',
      'failed to get object metric value: failed to get rps object metric: unable to get metric rps: Service on default s/no',
    ],
    [
      'something outside',
      external(whole),
      { problem: 'no' },
      [a],
      'FailedGetExternalMetric',
      'unable to get external metric default/queue/nil: no',
      'failed to get queue external metric value: failed to get external metric queue: unable to get external metric default/queue/nil: no',
    ],
  ]
  test.each(failures)('or cannot: %s', (_it, metric, reading, pods, reason, text, told) => {
    expect(propose(metric, reading, seenOf(pods))).toEqual({ reason, text, told })
  })

  test('a selector is printed as Go prints the structure', () => {
    const matchExpressions = [{ key: 'z', operator: 'In', values: ['1', '2'] }]
    expect(printedSelector({ matchLabels: { b: '2', a: '1' }, matchExpressions })).toBe(
      '&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:z,Operator:In,Values:[1 2],},},}',
    )
  })
})

describe('a size goes', () => {
  const at = now.getTime()
  const before = (seconds: number) => at - seconds * 1000
  const calm: History = { recommendations: [{ replicas: 1, at: before(3000) }], ups: [], downs: [] }
  const recent = (replicas: number, seconds: number): History => ({ ...calm, recommendations: [{ replicas, at: before(seconds) }] })
  const up = { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }] }
  const down = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }] }
  const rules = (scaleUp: object = {}, scaleDown: object = {}) => ({ scaleUp: { ...up, ...scaleUp }, scaleDown: { ...down, ...scaleDown } })
  type Row = [
    it: string,
    behavior: object | undefined,
    history: History,
    current: number,
    desired: number,
    want: number,
    able: string,
    limited: string,
  ]
  const [fine, within] = ['ReadyForNewScale', 'False DesiredWithinRange']
  const rows: Row[] = [
    ['as asked', undefined, calm, 2, 3, 3, fine, within],
    ['no further than twice', undefined, calm, 4, 20, 8, fine, 'True ScaleUpLimit'],
    ['no further than four from little', undefined, calm, 1, 20, 4, fine, 'True ScaleUpLimit'],
    ['not above the maximum', undefined, calm, 8, 20, 10, fine, 'True TooManyReplicas'],
    ['not below the minimum', undefined, calm, 3, 0, 1, fine, 'True TooFewReplicas'],
    ['down when five minutes agree', undefined, recent(5, 301), 5, 2, 2, fine, within],
    ['not down before', undefined, recent(5, 299), 5, 2, 5, 'ScaleDownStabilized', within],
    ['by rules, up', rules(), calm, 3, 9, 5, fine, 'True ScaleUpLimit'],
    ['by rules, less after a change', rules(), resized(calm, { from: 2, to: 3, now: before(30) }), 3, 9, 4, fine, 'True ScaleUpLimit'],
    [
      'by rules, as much when that is long ago',
      rules(),
      resized(calm, { from: 2, to: 3, now: before(61) }),
      3,
      9,
      5,
      fine,
      'True ScaleUpLimit',
    ],
    ['by rules, down', rules(), calm, 8, 1, 4, fine, 'True ScaleDownLimit'],
    ['by rules, not up at all', rules({ selectPolicy: 'Disabled' }), calm, 3, 9, 3, fine, 'True ScaleUpLimit'],
    ['by rules, not down at all', rules({}, { selectPolicy: 'Disabled' }), calm, 3, 1, 3, fine, 'True ScaleDownLimit'],
    ['by rules, up when a window agrees', rules({ stabilizationWindowSeconds: 60 }), recent(4, 30), 3, 9, 4, 'ScaleUpStabilized', within],
    [
      'by rules, down when a window agrees',
      rules({}, { stabilizationWindowSeconds: 60 }),
      recent(7, 30),
      8,
      2,
      7,
      'ScaleDownStabilized',
      within,
    ],
    ['by rules, down after five minutes otherwise', rules(), recent(8, 299), 8, 2, 8, 'ScaleDownStabilized', within],
    [
      'by the policy that changes least',
      rules({ selectPolicy: 'Min', policies: [...up.policies, { type: 'Percent', value: 100, periodSeconds: 60 }] }),
      ...([calm, 8, 20, 10, fine, 'True TooManyReplicas'] as const),
    ],
  ]
  test.each(rows)('%s', (_it, behavior, history, current, desired, want, able, limited) => {
    const found = normalise(behavior as never, history, { current, desired, min: 1, max: 10, now: at })
    expect([found.replicas, found.able.reason, `${found.limited.status} ${found.limited.reason}`]).toEqual([want, able, limited])
    expect(found.history.recommendations.at(-1)).toEqual({ replicas: desired, at })
  })

  test('what is long ago is forgotten', () => {
    const { history } = normalise(undefined, begun(3, before(3_601)), { current: 3, desired: 3, min: 1, max: 9, now: at })
    expect(history.recommendations).toHaveLength(1)
    expect(resized(resized(begun(1, at), { from: 1, to: 2, now: before(3_601) }), { from: 2, to: 4, now: at }).ups).toEqual([{ by: 2, at }])
  })
})
