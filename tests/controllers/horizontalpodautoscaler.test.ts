// What an autoscaler decides without metrics, and the two versions of it.
import { describe, expect, test } from 'vitest'
import { readMetric } from '../../controllers/horizontalpodautoscaler/metrics.ts'
import { type Decision, needsEvidence, plan, rescaled, type Target } from '../../controllers/horizontalpodautoscaler/plan.ts'
import { type HorizontalPodAutoscaler, horizontalPodAutoscaler } from '../../openapi/kinds/autoscaling/horizontalpodautoscaler/index.ts'
import { horizontalPodAutoscalerV1 } from '../../openapi/kinds/autoscaling/horizontalpodautoscaler/v1.ts'
import { now, secondsAgo, stored } from '../support/objects.ts'

const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }
const anAutoscaler = (spec: object = {}, status: object = {}): HorizontalPodAutoscaler =>
  stored(horizontalPodAutoscaler, {
    metadata: { name: 'web' },
    spec: { scaleTargetRef: target, minReplicas: 2, maxReplicas: 5, ...spec },
    status: { desiredReplicas: 0, ...status },
  })
const size = (replicas: number, selector = 'app=web'): Target => ({ replicas, statusReplicas: replicas, selector })

/** A cluster where nobody serves metrics. */
const nobody = {
  kinds: () => [],
  elsewhere: () => ({ kinds: [], stale: [], versions: () => [], find: () => undefined, ask: async () => ({}) }),
}

async function planned(of: HorizontalPodAutoscaler, target: Target): Promise<Decision> {
  const scope = { namespace: '', selector: '' }
  const readings = await Promise.all((of.spec.metrics ?? []).map(metric => readMetric(metric, scope, nobody)))
  return plan(of, { target, history: undefined, now }, needsEvidence(of, target) ? { readings, pods: [] } : undefined)
}

async function decides(of: HorizontalPodAutoscaler, at: Target): Promise<string[]> {
  const { rescale, events, status } = await planned(of, at)
  return [
    ...(rescale ? [`to ${rescale.replicas}`] : []),
    ...(status.conditions ?? []).map(c => `${c.type}=${c.status} ${c.reason}`),
    ...events.map(({ reason }) => reason),
  ]
}

const able = 'AbleToScale=True SucceededGetScale'
const external = { type: 'External', external: { metric: { name: 'queue' }, target: { type: 'Value', value: '30' } } }
const pods = { type: 'Pods', pods: { metric: { name: 'qps' }, target: { type: 'AverageValue', averageValue: '1' } } }
const cases = [
  { it: 'up to the smallest size', of: anAutoscaler(), at: size(1), want: ['to 2', able] },
  { it: 'down to the largest', of: anAutoscaler(), at: size(6), want: ['to 5', able] },
  {
    it: 'not at all within its bounds: there is nothing to go by',
    of: anAutoscaler(),
    at: size(3),
    want: [able, 'ScalingActive=False FailedGetResourceMetric', 'FailedGetResourceMetric', 'FailedComputeMetricsReplicas'],
  },
  {
    it: 'by no other metric either',
    of: anAutoscaler({ metrics: [external, pods] }),
    at: size(3),
    want: [
      able,
      'ScalingActive=False FailedGetExternalMetric',
      'FailedGetExternalMetric',
      'FailedGetPodsMetric',
      'FailedComputeMetricsReplicas',
    ],
  },
  { it: 'not what was put to rest', of: anAutoscaler(), at: size(0), want: [able, 'ScalingActive=False ScalingDisabled'] },
  {
    it: 'not what has no selector',
    of: anAutoscaler(),
    at: size(3, ''),
    want: [able, 'ScalingActive=False InvalidSelector', 'SelectorRequired', 'FailedComputeMetricsReplicas'],
  },
  {
    it: 'not what is not there',
    of: anAutoscaler(),
    at: { problem: 'gone' },
    want: ['AbleToScale=False FailedGetScale', 'FailedGetScale'],
  },
]
describe('it scales', () => {
  for (const { it, of, at, want } of cases) test(it, async () => expect(await decides(of, at)).toEqual(want))

  test('and says so, or why it could not', async () => {
    const of = anAutoscaler()
    const decision = await planned(of, size(1))
    const done = rescaled(of, decision, undefined, now)
    expect(done.status).toMatchObject({ currentReplicas: 1, desiredReplicas: 2, lastScaleTime: secondsAgo(0) })
    expect(done.events).toEqual([
      { type: 'Normal', reason: 'SuccessfulRescale', message: 'New size: 2; reason: Current number of replicas below Spec.MinReplicas' },
    ])
    const failed = rescaled(of, decision, 'no', now)
    expect(failed.status.conditions).toMatchObject([{ type: 'AbleToScale', status: 'False', reason: 'FailedUpdateScale' }])
    expect(failed.status).not.toHaveProperty('lastScaleTime')
  })

  test('a condition keeps its time while its status stays', async () => {
    const conditions = [
      { type: 'AbleToScale', status: 'True', reason: 'SucceededRescale', message: '', lastTransitionTime: secondsAgo(99) },
    ]
    const { status } = await planned(anAutoscaler({}, { conditions }), size(3))
    expect(status.conditions).toMatchObject([
      { reason: 'SucceededGetScale', lastTransitionTime: secondsAgo(99) },
      { type: 'ScalingActive' },
    ])
  })
})

describe('as autoscaling/v1', () => {
  const { storedAs } = horizontalPodAutoscalerV1
  const selector = { matchLabels: { a: 'b' } }
  const whole = stored(horizontalPodAutoscaler, {
    metadata: { name: 'web', annotations: { own: 'stays' } },
    spec: {
      scaleTargetRef: target,
      maxReplicas: 5,
      metrics: [
        { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
        {
          type: 'ContainerResource',
          containerResource: { name: 'cpu', container: 'c', target: { type: 'Utilization', averageUtilization: 9 } },
        },
        { type: 'Pods', pods: { metric: { name: 'qps', selector }, target: { type: 'AverageValue', averageValue: '10' } } },
        {
          type: 'Object',
          object: {
            describedObject: { kind: 'Service', name: 's', apiVersion: 'v1' },
            metric: { name: 'rps' },
            target: { type: 'Value', value: '2k' },
          },
        },
        { type: 'External', external: { metric: { name: 'queue', selector }, target: { type: 'AverageValue', averageValue: '30' } } },
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
      behavior: { scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }], tolerance: '50m' } },
    },
    status: {
      currentReplicas: 2,
      desiredReplicas: 3,
      lastScaleTime: secondsAgo(9),
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 10, averageValue: '100m' } } }],
      conditions: [{ type: 'AbleToScale', status: 'True', reason: 'R', message: 'm', lastTransitionTime: secondsAgo(9) }],
    },
  })

  test('it shows the use of CPU in fields, the rest in annotations', () => {
    const v1 = storedAs?.decode(whole) as unknown as { metadata: { annotations: object }; spec: object; status: object }
    expect(v1.spec).toEqual({ scaleTargetRef: target, minReplicas: 1, maxReplicas: 5, targetCPUUtilizationPercentage: 70 })
    expect(v1.status).toMatchObject({ currentReplicas: 2, desiredReplicas: 3, currentCPUUtilizationPercentage: 10 })
    const names = ['metrics', 'current-metrics', 'conditions', 'behavior'].map(name => `autoscaling.alpha.kubernetes.io/${name}`)
    expect(Object.keys(v1.metadata.annotations).sort()).toEqual([...names, 'own'].sort())
  })

  test('and comes back as it was', () => expect(storedAs?.encode(storedAs.decode(whole))).toEqual(whole))

  test('text that is none is as good as none', () => {
    const annotations = { 'autoscaling.alpha.kubernetes.io/metrics': '{', 'autoscaling.alpha.kubernetes.io/behavior': '' }
    const v1 = stored(horizontalPodAutoscalerV1, {
      metadata: { name: 'web', annotations },
      spec: { scaleTargetRef: target, maxReplicas: 5 },
    })
    expect(storedAs?.encode(v1)).toMatchObject({ spec: { metrics: [{ resource: { target: { averageUtilization: 80 } } }] } })
    expect(storedAs?.encode(v1).metadata).not.toHaveProperty('annotations')
  })
})
