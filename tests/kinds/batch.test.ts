// Rules of batch, autoscaling and policy that no recording covers.
import { describe, expect, test } from 'vitest'
import type { FieldError } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { horizontalPodAutoscaler } from '../../openapi/kinds/autoscaling/horizontalpodautoscaler/index.ts'
import { cronJob } from '../../openapi/kinds/batch/cronjob.ts'
import { type Job, job } from '../../openapi/kinds/batch/job/index.ts'
import { podDisruptionBudget } from '../../openapi/kinds/policy/poddisruptionbudget.ts'
import { parseIndexes, printIndexes, readIndexes } from '../../openapi/values/indexes.ts'
import { prepared } from '../support/strategy.ts'

const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } }
const aJob = (spec: object = {}): Job => prepared(job as never, { metadata: { name: 'x' }, spec: { template, ...spec } }) as Job
const texts = (errors: readonly FieldError[] | undefined) => (errors ?? []).map(e => `${e.field}: ${e.message}`)
const withCode = (rule: object) => ({
  podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1], ...rule } }] },
})
const withRules = (...rules: object[]) => ({ podFailurePolicy: { rules } })
const indexed = { completionMode: 'Indexed', completions: 5 }
const success = (rule: object) => ({ ...indexed, successPolicy: { rules: [rule] } })
const rule = 'spec.podFailurePolicy.rules[0]'
const early = 'spec.successPolicy.rules[0]'

describe('a Job is refused', () => {
  const cases: [it: string, spec: object, want: string[]][] = [
    [
      'with a limit below zero',
      { backoffLimitPerIndex: -1, ...indexed },
      ['spec.backoffLimitPerIndex: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'with indexes and no number of them',
      { ...indexed, completions: undefined, parallelism: 2 },
      ['spec.completions: Required value: when completion mode is Indexed'],
    ],
    [
      'with more failed indexes than indexes',
      { ...indexed, backoffLimitPerIndex: 1, maxFailedIndexes: 6 },
      ['spec.maxFailedIndexes: Invalid value: 6: must be less than or equal to completions'],
    ],
    [
      'with very many indexes and no limits',
      { ...indexed, completions: 100_001, parallelism: 10_001, backoffLimitPerIndex: 1 },
      [
        'spec.maxFailedIndexes: Required value: must be specified when completions is above 100000',
        'spec.parallelism: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index',
      ],
    ],
    [
      'with a manager that is too long',
      { managedBy: `example.com/${'a'.repeat(60)}` },
      ['spec.managedBy: Too long: may not be more than 63 bytes'],
    ],
    [
      'with a manager of no place',
      { managedBy: 'A_b/c' },
      [expect.stringContaining('spec.managedBy: Invalid value: "A_b": a lowercase RFC 1123 subdomain') as never],
    ],
    [
      'with a rule without an action',
      withRules({ onPodConditions: [{ type: 'a' }] }),
      [`${rule}.action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]`],
    ],
    [
      'with a rule about indexes it has not',
      withRules({ action: 'FailIndex', onPodConditions: [{ type: 'a' }] }),
      [`${rule}.action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set`],
    ],
    [
      'with a rule of two kinds',
      withRules({ action: 'Count', onPodConditions: [{ type: 'a' }], onExitCodes: { operator: 'NotIn', values: [0] } }),
      [`${rule}: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported`],
    ],
    [
      'with an operator that is none',
      withCode({ operator: 'Over' }),
      [`${rule}.onExitCodes.operator: Unsupported value: "Over": supported values: "In", "NotIn"`],
    ],
    ['with a code twice', withCode({ values: [1, 1] }), [`${rule}.onExitCodes.values[1]: Duplicate value: 1`]],
    [
      'with too many codes',
      withCode({ values: Array.from({ length: 256 }, (_, i) => i + 1) }),
      [`${rule}.onExitCodes.values: Too many: 256: must have at most 255 items`],
    ],
    ['with no codes', withCode({ values: [] }), [`${rule}.onExitCodes.values: Invalid value: []: at least one value is required`]],
    [
      'with a status that is none',
      withRules({ action: 'Count', onPodConditions: [{ type: 'a', status: 'Maybe' }] }),
      [`${rule}.onPodConditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"`],
    ],
    [
      'with too many rules',
      withRules(...Array.from({ length: 21 }, () => ({ action: 'Count', onPodConditions: [{ type: 'a' }] }))),
      ['spec.podFailurePolicy.rules: Too many: 21: must have at most 20 items'],
    ],
    [
      'with a success of nothing',
      success({}),
      [`${early}: Required value: at least one of succeededCount or succeededIndexes must be specified`],
    ],
    [
      'with more successes than indexes',
      success({ succeededCount: 6 }),
      [`${early}.succeededCount: Invalid value: 6: must be less than or equal to 5 (the number of specified completions)`],
    ],
    [
      'with more successes than indexes it names',
      success({ succeededCount: 3, succeededIndexes: '0,2' }),
      [
        `${early}.succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)`,
      ],
    ],
  ]
  for (const [it, spec, want] of cases) test(it, () => expect(texts(job.validate?.(aJob(spec)))).toEqual(want))
})

describe('a suspended Job', () => {
  const old = aJob({ suspend: true })
  const change = (spec: object, status: object = {}) => {
    const before = { ...old, status } as Job
    const next = {
      ...before,
      spec: { ...old.spec, template: { ...old.spec.template, spec: { ...old.spec.template.spec, ...spec } } },
    } as Job
    return texts(job.validateUpdate?.(next, before)).map(text => text.slice(0, 14))
  }
  const container = old.spec.template.spec.containers[0]
  const node = {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }] },
  }
  test('may go elsewhere', () => {
    expect(change({ affinity: { nodeAffinity: node } })).toEqual([])
    expect(change({ tolerations: [{ operator: 'Exists' }] })).toEqual([])
  })
  test('may need more', () => expect(change({ containers: [{ ...container, resources: { requests: { cpu: '1' } } }] })).toEqual([]))
  test('may not do something else', () => {
    expect(change({ containers: [{ ...container, image: 'other' }] })).toEqual(['spec.template:'])
    expect(change({ affinity: { podAffinity: {} } })).toEqual(['spec.template:'])
  })
  test('nor once it has begun', () => {
    const began = { startTime: '2030-01-01T00:00:00Z' }
    expect(change({ nodeSelector: { a: 'b' } }, began)).toEqual(['spec.template:'])
    expect(change({ nodeSelector: { a: 'b' } }, { ...began, conditions: [{ type: 'Suspended', status: 'True' }] })).toEqual([])
  })
})

describe('the status of a Job', () => {
  const time = '2030-01-01T00:00:00Z'
  const is = (type: string) => ({ type, status: 'True' })
  const complete = { conditions: [is('SuccessCriteriaMet'), is('Complete')], startTime: time, completionTime: time }
  const cases: [it: string, status: object, before: object, want: string[]][] = [
    ['may be over', complete, {}, []],
    [
      'may not stop being over',
      {},
      complete,
      [
        ...['Complete', 'SuccessCriteriaMet'].map(t => `status.conditions: Invalid value: cannot disable the terminal ${t}=True condition`),
        'status.completionTime: Invalid value: null: field is immutable',
        'status.startTime: Required value: startTime cannot be removed for unsuspended job',
      ],
    ],
    [
      'is not over while pods run',
      { ...complete, active: 1 },
      {},
      ['status.active: Invalid value: 1: active>0 is invalid for finished job'],
    ],
    [
      'is not over while pods go',
      { ...complete, terminating: 1 },
      {},
      ['status.terminating: Invalid value: 1: terminating>0 is invalid for finished job'],
    ],
    [
      'is not over while pods are to be counted',
      { ...complete, uncountedTerminatedPods: { failed: ['a'] } },
      {},
      [
        'status.uncountedTerminatedPods: Invalid value: {"Succeeded":null,"Failed":["a"]}: uncountedTerminatedPods needs to be empty for finished job',
      ],
    ],
    [
      'does not end before it begins',
      { ...complete, completionTime: '2029-01-01T00:00:00Z' },
      {},
      ['status.completionTime: Invalid value: "2029-01-01T00:00:00Z": completionTime cannot be set before startTime'],
    ],
    [
      'is not both well and ill',
      { conditions: [is('SuccessCriteriaMet'), is('FailureTarget')] },
      {},
      ['status.conditions: Invalid value: cannot set SuccessCriteriaMet=true and FailureTarget=true conditions'],
    ],
    [
      'names each pod once',
      { uncountedTerminatedPods: { succeeded: ['a', ''], failed: ['a'] } },
      {},
      [
        'status.uncountedTerminatedPods.succeeded[1]: Invalid value: "": must not be empty',
        'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"',
      ],
    ],
    [
      'has no indexes',
      { completedIndexes: '0' },
      {},
      ['status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode'],
    ],
    [
      'has no failed indexes',
      { failedIndexes: '' },
      {},
      ['status.failedIndexes: Invalid value: "": cannot set non-null failedIndexes when backoffLimitPerIndex is null'],
    ],
    [
      'began when it began',
      { startTime: '2031-01-01T00:00:00Z' },
      { startTime: time },
      ['status.startTime: Invalid value: "2031-01-01T00:00:00Z": field is immutable'],
    ],
  ]
  for (const [it, status, before, want] of cases)
    test(it, () => {
      const old = { ...aJob(), status: before } as Job
      expect(texts(job.validateStatusUpdate?.({ ...old, status } as Job, old))).toEqual(want)
    })

  test('tells indexes that there are, each as done or failed', () => {
    const old = aJob({ ...indexed, backoffLimitPerIndex: 1 })
    const errors = (status: object) => texts(job.validateStatusUpdate?.({ ...old, status } as Job, old))
    expect(errors({ completedIndexes: '0,5' })).toEqual([
      'status.completedIndexes: Invalid value: "0,5": error parsing completedIndexes: too large index: "5"',
    ])
    expect(errors({ completedIndexes: '0-2', failedIndexes: '2' })).toEqual([
      'status.failedIndexes: Invalid value: "2": failedIndexes and completedIndexes overlap at index: 2',
    ])
  })
})

test('indexes as text', () => {
  expect(printIndexes(new Set([7, 1, 2, 3, 5, 6]))).toBe('1-3,5-7')
  expect(printIndexes([0, 1, 4])).toBe('0,1,4')
  expect([...readIndexes('1-3,7,9-12', 10)]).toEqual([1, 2, 3, 7, 9])
  const problem = (text: string) => parseIndexes(text, 10)
  expect(problem('1,1')).toEqual({ problem: 'non-increasing order, previous: 1, current: 1' })
  expect(problem('1-2-3')).toMatchObject({ problem: expect.stringContaining('the fragment "1-2-3" violates') })
  expect(problem('a')).toEqual({ problem: 'cannot convert string to integer for index: "a"' })
})

const make = (kind: unknown, spec: object): KubeObject => prepared(kind as Kind, { metadata: { name: 'x' }, spec })
const judged = (kind: unknown, spec: object) => texts((kind as Kind).validate?.(make(kind, spec)))

test('a CronJob leaves selectors to its Jobs', () => {
  const spec = { schedule: '@daily', jobTemplate: { spec: { template, selector: { matchLabels: { a: 'b' } } } } }
  expect(judged(cronJob, spec)).toEqual([
    'spec.jobTemplate.spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: `selector` will be auto-generated',
  ])
})

test('an autoscaler asks for what can be', () => {
  const base = { scaleTargetRef: { apiVersion: 'v1', kind: 'ReplicationController', name: 'a%b' }, maxReplicas: 3 }
  const target = { type: 'AverageValue', averageValue: '0' }
  const external = { metric: { name: '' }, target: { type: 'Value', value: '1', averageValue: '1' } }
  expect(
    judged(horizontalPodAutoscaler, {
      ...base,
      metrics: [
        { type: 'Pods', pods: { metric: { name: 'm' }, target } },
        { type: 'External', external },
      ],
    }),
  ).toEqual([
    `spec.scaleTargetRef.name: Invalid value: "a%b": may not contain '%'`,
    'spec.metrics[0].pods.target.averageValue: Invalid value: "0": must be positive',
    'spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue',
    'spec.metrics[1].external.metric.name: Required value: must specify a metric name',
    'spec.metrics[1].external.target.value: Forbidden: may not set both a target value for metric and a per-pod target',
  ])
})

test('an Indexed Job has a name that its pods can have', () => {
  const named = prepared(job as never, { metadata: { name: 'a.b' }, spec: { template, ...indexed } }) as Job
  expect(texts(job.validate?.(named))).toEqual([
    'metadata.name: Invalid value: "a.b": will not able to create pod with invalid DNS label: a.b-4',
  ])
})

test('a budget asks for what there can be', () => {
  expect(judged(podDisruptionBudget, { maxUnavailable: '101%' })).toEqual([
    'spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
  ])
})

describe('the labels of a Job', () => {
  const made = (metadata: object, pod: object) =>
    prepared(job as never, { metadata: { name: 'x', ...metadata }, spec: { template: { ...template, metadata: pod } } }).metadata.labels
  const generated = ['batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name', 'controller-uid', 'job-name']
  test('are those of its pods, generated ones among them', () => {
    expect(Object.keys(made({}, {}) ?? {})).toEqual(generated)
    expect(Object.keys(made({}, { labels: { a: '1' } }) ?? {})).toEqual(['a', ...generated])
  })
  test('unless it has some', () => expect(made({ labels: { own: '1' } }, { labels: { a: '1' } })).toEqual({ own: '1' }))
})
