import { describe, expect, test } from 'vitest'
import type { Kind } from '../../openapi/kind.ts'
import { podSummary } from '../../openapi/kinds/core/pod/columns.ts'
import { type Pod, pod } from '../../openapi/kinds/core/pod/index.ts'
import { hasReference, judgeCreate, now, prepared, steps } from '../support/strategy.ts'

const kind = pod as unknown as Kind
const aPod = (spec: object = {}, metadata: object = {}): Pod =>
  prepared(kind, { metadata: { name: 'web', ...metadata }, spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec } }) as Pod
/** The same pod with another spec, as an update would bring it. */
const changed = (old: Pod, spec: object): Pod => ({ ...old, spec: { ...old.spec, ...spec } })

/** Answers that need more than the pod: a service account, a class, another subresource. */
const admission = /serviceAccountName|priorityClassName missing|priority without class|preemptionPolicy|runtimeClassName|overhead/

describe.skipIf(!hasReference)('recorded pod creates', () => {
  const creates = steps('errors/pods.json').filter(s => !s.setup && s.request.method === 'POST' && !admission.test(s.name))
  test.each(creates.map(step => [step.name, step] as const))('%s', (_, { request, response }) => {
    const { status, warnings } = judgeCreate(kind, request.body ?? {})
    if (response.code === 422) expect(status).toEqual(response.body)
    else expect(status).toBeUndefined()
    const unknown = (text: string) => text.includes('unknown field')
    expect(warnings.map(text => `299 - ${JSON.stringify(text)}`)).toEqual((response.warnings ?? []).filter(w => !unknown(w)))
  })
})

describe('pod defaults', () => {
  const quality = [
    { it: 'nothing asked', resources: {}, want: 'BestEffort' },
    { it: 'one request', resources: { requests: { cpu: '1' } }, want: 'Burstable' },
    { it: 'limits only become requests', resources: { limits: { cpu: '1', memory: '1Gi' } }, want: 'Guaranteed' },
    {
      it: 'equal amounts in other words',
      resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1000m', memory: '1024Mi' } },
      want: 'Guaranteed',
    },
    { it: 'request below limit', resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } }, want: 'Burstable' },
  ]
  test.each(quality)('$it is $want', ({ resources, want }) => {
    expect(aPod({ containers: [{ name: 'c', image: 'nginx', resources }] }).status.qosClass).toBe(want)
  })

  const digest = `sha256:${'a'.repeat(64)}`
  const images = [
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.25', 'IfNotPresent'],
    ['registry:5000/nginx', 'Always'],
    [`nginx@${digest}`, 'IfNotPresent'],
    [`nginx:latest@${digest}`, 'Always'],
  ]
  test.each(images)('%s is pulled %s', (image, policy) => {
    expect(aPod({ containers: [{ name: 'c', image }] }).spec.containers[0]?.imagePullPolicy).toBe(policy)
  })

  test('amounts finer than a thousandth are rounded up', () => {
    const { containers } = aPod({ containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '0.0001' } } }] }).spec
    expect(containers[0]?.resources?.requests).toEqual({ cpu: '1m' })
  })

  test('a gated pod says so in its status', () => {
    expect(aPod({ schedulingGates: [{ name: 'example.com/g' }] }).status.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', lastTransitionTime: '2030-01-01T00:00:00Z' },
    ])
  })
})

describe('graceful deletion', () => {
  const bound = aPod({ nodeName: 'n1', terminationGracePeriodSeconds: 10 })
  const finished = { ...bound, status: { ...bound.status, phase: 'Succeeded' as const } }
  const cases = [
    { it: 'a pod without a node goes at once', object: aPod(), asked: undefined, want: 0 },
    { it: 'a finished pod goes at once', object: finished, asked: 30, want: 0 },
    { it: 'its own grace period', object: bound, asked: undefined, want: 10 },
    { it: 'what is asked for wins', object: bound, asked: 3, want: 3 },
    { it: 'forced', object: bound, asked: 0, want: 0 },
  ]
  test.each(cases)('$it', ({ object, asked, want }) => expect(pod.gracePeriodSeconds?.(object, asked)).toBe(want))
})

describe('pod updates', () => {
  const old = aPod({ tolerations: [{ key: 'a', operator: 'Exists' }], activeDeadlineSeconds: 100 })
  const messages = (next: Pod, before = old) =>
    (pod.validateUpdate?.(next, before) ?? []).map(e => `${e.field}: ${e.message.split('\n')[0]}`)
  const forbidden = expect.stringContaining('spec: Forbidden: pod updates may not change fields other than')
  const cases = [
    { it: 'an image', spec: { containers: old.spec.containers.map(c => ({ ...c, image: 'nginx:2' })) }, want: [] },
    { it: 'a toleration more', spec: { tolerations: [...(old.spec.tolerations ?? []), { key: 'b', operator: 'Exists' }] }, want: [] },
    { it: 'an earlier deadline', spec: { activeDeadlineSeconds: 50 }, want: [] },
    {
      it: 'a later deadline',
      spec: { activeDeadlineSeconds: 150 },
      want: ['spec.activeDeadlineSeconds: Invalid value: 150: must be less than or equal to previous value'],
    },
    { it: 'the node', spec: { nodeName: 'n2' }, want: [forbidden] },
    {
      it: 'a container more',
      spec: { containers: [...old.spec.containers, { ...old.spec.containers[0], name: 'd' }] },
      want: ['spec.containers: Forbidden: pod updates may not add or remove containers'],
    },
  ]
  test.each(cases)('$it', ({ spec, want }) => expect(messages(changed(old, spec))).toEqual(want))

  test('the refusal shows the difference as Go prints it', () => {
    const [error] = pod.validateUpdate?.(changed(old, { restartPolicy: 'Never' }), old) ?? []
    expect(error?.message).toContain('- "RestartPolicy": "Always",\n+ "RestartPolicy": "Never",\n')
  })
})

describe('pod summary', () => {
  const started = { startedAt: '2029-12-31T23:59:00Z' }
  const container = (state: object, more: object = {}) => ({
    name: 'c',
    image: 'nginx',
    imageID: '',
    ready: false,
    restartCount: 0,
    state,
    lastState: {},
    ...more,
  })
  const withStatus = (status: object, metadata: object = {}): Pod => {
    const object = aPod({}, metadata)
    return { ...object, metadata: { ...object.metadata, ...metadata }, status: { ...object.status, ...status } }
  }
  const deleted = { deletionTimestamp: '2030-01-01T00:00:30Z' }
  const cases = [
    { it: 'pending', object: withStatus({}), want: '0/1 Pending 0' },
    {
      it: 'creating',
      object: withStatus({ containerStatuses: [container({ waiting: { reason: 'ContainerCreating' } })] }),
      want: '0/1 ContainerCreating 0',
    },
    {
      it: 'running',
      object: withStatus({ phase: 'Running', containerStatuses: [container({ running: started }, { ready: true })] }),
      want: '1/1 Running 0',
    },
    {
      it: 'restarted a minute ago',
      object: withStatus({
        phase: 'Running',
        containerStatuses: [
          container(
            { running: started },
            { ready: true, restartCount: 2, lastState: { terminated: { exitCode: 1, finishedAt: '2029-12-31T23:59:00Z' } } },
          ),
        ],
      }),
      want: '1/1 Running 2 (60s ago)',
    },
    {
      it: 'failed without a reason',
      object: withStatus({ phase: 'Failed', containerStatuses: [container({ terminated: { exitCode: 3 } })] }),
      want: '0/1 ExitCode:3 0',
    },
    {
      it: 'terminating',
      object: withStatus({ phase: 'Running', containerStatuses: [container({ running: started }, { ready: true })] }, deleted),
      want: '1/1 Terminating 0',
    },
    { it: 'on a lost node', object: withStatus({ phase: 'Running', reason: 'NodeLost' }, deleted), want: '0/1 Unknown 0' },
  ]
  test.each(cases)('$it', ({ object, want }) => {
    const { ready, status, restarts } = podSummary(object, now)
    expect(`${ready} ${status} ${restarts}`).toBe(want)
  })
})

describe('narrow doors to a pod', () => {
  const context = { now, user: { name: 'admin', groups: [] } }
  const resources = { requests: { cpu: '100m' } }
  const old = aPod({ containers: [{ name: 'c', image: 'nginx', resources }] })
  const through = (name: string, spec: object) => {
    const next = changed(old, spec)
    pod.views?.[name]?.prepareForUpdate(next, old, context)
    return { next, errors: (pod.views?.[name]?.validateUpdate(next, old) ?? []).map(e => `${e.field}: ${e.message}`) }
  }
  const ephemeral = (fields: object) => aPod({ ephemeralContainers: [{ name: 'e', image: 'busybox', ...fields }] }).spec.ephemeralContainers
  const withResources = (amounts: object) => ({
    containers: aPod({ containers: [{ name: 'c', image: 'other', resources: amounts }] }).spec.containers,
  })

  test('ephemeralcontainers takes nothing else', () => {
    const { next, errors } = through('ephemeralcontainers', { ephemeralContainers: ephemeral({}), hostname: 'other' })
    expect(errors).toEqual([])
    expect(next.spec).toEqual({ ...old.spec, ephemeralContainers: ephemeral({}) })
  })

  test('ephemeral containers have no ports and a target that exists', () => {
    expect(
      through('ephemeralcontainers', { ephemeralContainers: ephemeral({ ports: [{ containerPort: 1 }], targetContainerName: 'z' }) })
        .errors,
    ).toEqual([
      'spec.ephemeralContainers[0].targetContainerName: Not found: "z"',
      'spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container',
    ])
  })

  test('resize takes amounts and leaves the image', () => {
    const { next, errors } = through('resize', withResources({ requests: { cpu: '200m' } }))
    expect(errors).toEqual([])
    expect(next.spec.containers[0]).toMatchObject({ image: 'nginx', resources: { requests: { cpu: '200m' } } })
  })

  const refused = [
    {
      it: 'quality of service',
      amounts: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } },
      want: ['spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing'],
    },
    {
      it: 'other resources',
      amounts: { requests: { cpu: '100m', 'ephemeral-storage': '1Gi' } },
      want: ['spec: Forbidden: only cpu and memory resources are mutable'],
    },
  ]
  test.each(refused)('resize does not change $it', ({ amounts, want }) =>
    expect(through('resize', withResources(amounts)).errors).toEqual(want),
  )
})
