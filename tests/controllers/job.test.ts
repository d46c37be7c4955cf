// What a Job does next, as a table of sentences.
import { describe, expect, test } from 'vitest'
import { Endings } from '../../controllers/job/endings.ts'
import { newPod } from '../../controllers/job/objects.ts'
import { plan } from '../../controllers/job/plan.ts'
import { failureCountKey, ignoredCountKey } from '../../controllers/job/pods.ts'
import { remainingMs } from '../../controllers/ttlafterfinished/plan.ts'
import { type Job, job } from '../../openapi/kinds/batch/job/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { aPod, now, type PodState, secondsAgo, steps, stored } from '../support/objects.ts'

const aJob = (spec: object = {}, status: object = {}, metadata: object = {}): Job =>
  stored(job, {
    metadata: { name: 'j', ...metadata },
    spec: {
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'uid-of-j' } },
      template: {
        metadata: { labels: { 'batch.kubernetes.io/controller-uid': 'uid-of-j' } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] },
      },
      ...spec,
    },
    status: { startTime: secondsAgo(60), ...status },
  })

interface Some {
  index?: number
  /** Of the container. */
  code?: number
  endedSecondsAgo?: number
  annotations?: object
  /** Its finalizer has gone. */
  counted?: true
  restarts?: number
}

/** A pod of the Job: `name` is the end of its name. */
function pod(owner: Job, name: string, state: PodState, some: Some = {}): Pod {
  const { index, code = state === 'failed' ? 1 : 0, endedSecondsAgo = 600, annotations, counted, restarts = 0 } = some
  const { metadata, spec } = newPod(owner, { suffix: name, ...(index === undefined ? {} : { index }) })
  const made = aPod({ metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } }, spec }, state)
  const ended = state === 'failed' || state === 'succeeded'
  const terminated = { exitCode: code, reason: 'Error', finishedAt: secondsAgo(endedSecondsAgo) }
  const containerStatuses = [{ name: 'c', ready: false, restartCount: restarts, state: ended ? { terminated } : { running: {} } }]
  const finalizers = counted ? [] : (made.metadata.finalizers ?? [])
  return { ...made, metadata: { ...made.metadata, finalizers }, status: { ...made.status, containerStatuses } } as unknown as Pod
}

const look = (owner: Job, ...pods: readonly Pod[]) => {
  let serial = 0
  return plan({ job: owner, pods, now, endings: new Endings().see(owner, pods), suffix: () => `new${++serial}` })
}
const uids = (...pods: readonly Pod[]) => pods.map(p => p.metadata.uid)
const conditionsOf = ({ status }: ReturnType<typeof plan>) => (status?.conditions ?? []).map(c => `${c.type} ${c.reason}`)

describe('pods of a Job', () => {
  const plain = aJob({ completions: 3, parallelism: 2 })
  const queue = aJob({ parallelism: 2 })
  const indexed = aJob({ completionMode: 'Indexed', completions: 3, parallelism: 2 })
  const one = (owner: Job, state: PodState, some: Some = {}) => pod(owner, 'a', state, some)
  const paused = aJob({ suspend: true }, { startTime: undefined })
  const cases = [
    { it: 'as many as may run at a time', of: plain, pods: [], want: ['create j-new1', 'create j-new2'] },
    { it: 'no more than are missing', of: aJob({ completions: 1, parallelism: 5 }), pods: [], want: ['create j-new1'] },
    { it: 'another for one that is there', of: plain, pods: [one(plain, 'ready')], want: ['create j-new1'] },
    { it: 'in a work queue none after a success', of: queue, pods: [one(queue, 'succeeded')], want: [] },
    { it: 'none while it is suspended', of: paused, pods: [], want: ['event Suspended'] },
    { it: 'let go when it is suspended', of: paused, pods: [one(paused, 'ready')], want: ['update j-a', 'delete j-a', 'event Suspended'] },
    { it: 'one for each index', of: indexed, pods: [], want: ['create j-0-new1', 'create j-1-new2'] },
    {
      it: 'the next index when one is done',
      of: aJob({ ...indexed.spec }, { completedIndexes: '0', succeeded: 1 }),
      pods: [one(indexed, 'ready', { index: 2 })],
      want: ['create j-1-new1'],
    },
    {
      it: 'one of two with the same index goes',
      of: indexed,
      pods: [pod(indexed, 'a', 'ready', { index: 0 }), pod(indexed, 'b', 'starting', { index: 0 })],
      want: ['update j-0-b', 'delete j-0-b'],
    },
    {
      it: 'those beyond a smaller parallelism go, the least ready first',
      of: aJob({ completions: 3, parallelism: 1 }),
      pods: [pod(plain, 'a', 'ready'), pod(plain, 'b', 'starting')],
      want: ['update j-b', 'delete j-b'],
    },
    { it: 'are none of its business once it is deleted', of: aJob({}, {}, { deletionTimestamp: secondsAgo(1) }), pods: [], want: [] },
    {
      it: 'are adopted with the finalizer',
      of: plain,
      pods: [pod(plain, 'a', 'ready', { counted: true }), pod(plain, 'b', 'ready')],
      want: ['update j-a'],
    },
  ]
  for (const { it, of, pods, want } of cases) test(it, () => expect(steps(look(of, ...pods))).toEqual(want))
})

describe('counting', () => {
  const two = aJob({ completions: 2 })
  const done = pod(two, 'a', 'succeeded')

  test('an ended pod is written down before its finalizer goes', () => {
    const first = look(two, done)
    expect(steps(first)).toEqual(['create j-new1'])
    expect(first.status).toMatchObject({ active: 1, uncountedTerminatedPods: { succeeded: uids(done) } })
    expect(first.status).not.toHaveProperty('succeeded')
  })

  test('then the finalizer goes, then it is in the counter', () => {
    const noted = aJob({ completions: 2 }, { active: 1, uncountedTerminatedPods: { succeeded: uids(done) } })
    const running = pod(two, 'b', 'ready')
    expect(steps(look(noted, done, running))).toEqual(['update j-a'])
    const after = look(noted, pod(two, 'a', 'succeeded', { counted: true }), running)
    expect(after.status).toMatchObject({ succeeded: 1, uncountedTerminatedPods: {} })
    expect(steps(after)).toEqual([])
  })

  test('indexes are told in short', () => {
    const five = aJob({ completionMode: 'Indexed', completions: 6, parallelism: 6 })
    const pods = [0, 1, 2, 4, 5].map(index => pod(five, `p${index}`, 'succeeded', { index }))
    expect(look(five, ...pods).status).toMatchObject({ completedIndexes: '0-2,4,5', succeeded: 5 })
  })

  test('a deleted pod counts as failed, and is replaced after a while', () => {
    const going = pod(two, 'a', 'terminating')
    const { status } = look(two, going)
    expect(status).toMatchObject({ terminating: 1, uncountedTerminatedPods: { failed: uids(going) } })
  })

  test('unless only pods that have ended are replaced', () => {
    const patient = aJob({ completions: 2, podReplacementPolicy: 'Failed' })
    const plan = look(patient, pod(patient, 'a', 'terminating'))
    expect(steps(plan)).toEqual([])
    expect(plan.status).toMatchObject({ terminating: 1, uncountedTerminatedPods: {} })
  })
})

describe('the end', () => {
  const single = aJob()
  const success = pod(single, 'a', 'succeeded')
  const failure = pod(single, 'a', 'failed')
  const announced = (type: string, reason: string) => ({ conditions: [{ type, status: 'True', reason, message: 'why' }] })

  test('is announced first, and comes when all is counted', () => {
    expect(conditionsOf(look(single, success))).toEqual(['SuccessCriteriaMet CompletionsReached'])
    const next = aJob(
      {},
      { ...announced('SuccessCriteriaMet', 'CompletionsReached'), uncountedTerminatedPods: { succeeded: uids(success) } },
    )
    const last = look(next, pod(single, 'a', 'succeeded', { counted: true }))
    expect(conditionsOf(last)).toEqual(['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached'])
    expect(last.status).toMatchObject({ succeeded: 1, completionTime: secondsAgo(0) })
  })

  test('waits for pods that are going', () => {
    const next = aJob({}, { ...announced('FailureTarget', 'DeadlineExceeded'), failed: 1 })
    expect(conditionsOf(look(next, pod(single, 'a', 'terminating', { counted: true })))).toEqual(['FailureTarget DeadlineExceeded'])
    expect(conditionsOf(look(next))).toEqual(['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded'])
  })

  test('a Job that is over only lets its pods go', () => {
    expect(steps(look(aJob({}, announced('Complete', 'CompletionsReached')), success))).toEqual(['update j-a'])
  })

  const onFailure = (limit: number) => {
    const template = { ...single.spec.template, spec: { ...single.spec.template.spec, restartPolicy: 'OnFailure' } }
    return aJob({ template, backoffLimit: limit })
  }
  const indexed = (spec: object, status: object = {}) =>
    aJob({ completionMode: 'Indexed', completions: 3, parallelism: 3, ...spec }, status)
  const byCode = (action: string) => ({ podFailurePolicy: { rules: [{ action, onExitCodes: { operator: 'In', values: [42] } }] } })
  const byCondition = {
    podFailurePolicy: { rules: [{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }] },
  }
  const disrupted: Pod = { ...failure, status: { ...failure.status, conditions: [{ type: 'DisruptionTarget', status: 'True' }] } } as never
  const policy = { successPolicy: { rules: [{ succeededIndexes: '0-1', succeededCount: 1 }] } }
  const ends = [
    { it: 'more failures than it may have', of: aJob({ backoffLimit: 0 }), pods: [failure], want: ['FailureTarget BackoffLimitExceeded'] },
    { it: 'as many as it may have', of: aJob({ backoffLimit: 1 }), pods: [failure], want: [] },
    {
      it: 'restarts in place count',
      of: onFailure(2),
      pods: [pod(single, 'a', 'ready', { restarts: 2 })],
      want: ['FailureTarget BackoffLimitExceeded'],
    },
    { it: 'its time is up', of: aJob({ activeDeadlineSeconds: 60 }), pods: [], want: ['FailureTarget DeadlineExceeded'] },
    { it: 'its time is not up', of: aJob({ activeDeadlineSeconds: 61 }), pods: [], want: [] },
    {
      it: 'a rule fails it',
      of: aJob(byCode('FailJob')),
      pods: [pod(single, 'a', 'failed', { code: 42 })],
      want: ['FailureTarget PodFailurePolicy'],
    },
    { it: 'no rule fits', of: aJob(byCode('FailJob')), pods: [failure], want: [] },
    { it: 'a rule about conditions', of: aJob(byCondition), pods: [disrupted], want: ['FailureTarget PodFailurePolicy'] },
    {
      it: 'an ignored failure does not count',
      of: aJob({ backoffLimit: 0, ...byCode('Ignore') }),
      pods: [pod(single, 'a', 'failed', { code: 42 })],
      want: [],
    },
    {
      it: 'too many indexes failed',
      of: indexed({ backoffLimitPerIndex: 0, maxFailedIndexes: 0 }),
      pods: [pod(indexed({}), 'a', 'failed', { index: 1 })],
      want: ['FailureTarget MaxFailedIndexesExceeded'],
    },
    {
      it: 'every index is done or failed',
      of: indexed({ backoffLimitPerIndex: 0 }, { completedIndexes: '0,2' }),
      pods: [pod(indexed({}), 'a', 'failed', { index: 1 })],
      want: ['FailureTarget FailedIndexes'],
    },
    {
      it: 'a rule says what is enough',
      of: indexed(policy),
      pods: [pod(indexed({}), 'a', 'succeeded', { index: 1 })],
      want: ['SuccessCriteriaMet SuccessPolicy'],
    },
    { it: 'another index is not enough', of: indexed(policy), pods: [pod(indexed({}), 'a', 'succeeded', { index: 2 })], want: [] },
  ]
  for (const { it, of, pods, want } of ends) test(it, () => expect(conditionsOf(look(of, ...pods))).toEqual(want))

  test('says which container failed how', () => {
    const { status } = look(aJob(byCode('FailJob')), pod(single, 'a', 'failed', { code: 42 }))
    expect(status?.conditions?.[0]?.message).toBe(
      'Container c for pod default/j-a failed with exit code 42 matching FailJob rule at index 0',
    )
  })

  test('takes what still runs with it: failed if it fails, uncounted if it succeeds', () => {
    const running = pod(single, 'b', 'ready')
    const failing = look(aJob({ backoffLimit: 0, parallelism: 2 }), failure, running)
    expect(steps(failing)).toEqual(['delete j-b'])
    expect(failing.status?.uncountedTerminatedPods).toEqual({ failed: uids(failure, running) })
    const succeeding = indexed(policy)
    const early = look(succeeding, pod(succeeding, 'a', 'succeeded', { index: 0 }), pod(succeeding, 'b', 'ready', { index: 2 }))
    expect(steps(early)).toEqual(['update j-2-b', 'delete j-2-b'])
    expect(early.status?.uncountedTerminatedPods).toEqual({})
  })
})

describe('after a failure', () => {
  const single = aJob({ completions: 5 })
  const failed = (name: string, endedSecondsAgo: number) => pod(single, name, 'failed', { endedSecondsAgo, counted: true })
  const waits = [
    { it: 'ten seconds after the first', pods: [failed('a', 2)], want: 8_000 },
    { it: 'twenty after the second', pods: [failed('a', 30), failed('b', 2)], want: 18_000 },
    {
      it: 'as after the first when there was a success between',
      pods: [failed('a', 30), failed('b', 2), pod(single, 'c', 'succeeded', { endedSecondsAgo: 20, counted: true })],
      want: 8_000,
    },
    { it: 'not at all when that is long ago', pods: [failed('a', 10)], want: undefined },
  ]
  for (const { it, pods, want } of waits)
    test(`the next pod comes ${it}`, () => {
      const { requeueAfterMs, actions } = look(single, ...pods)
      expect({ requeueAfterMs, creates: actions.length > 0 }).toEqual({ requeueAfterMs: want, creates: want === undefined })
    })

  const perIndex = aJob({ completionMode: 'Indexed', completions: 2, parallelism: 2, backoffLimitPerIndex: 2 })
  const lost = pod(perIndex, 'a', 'failed', { index: 0, endedSecondsAgo: 15, annotations: { [failureCountKey]: '0' } })
  const other = pod(perIndex, 'b', 'ready', { index: 1 })

  test('an index counts its own failures, in its next pod', () => {
    const { actions, status } = look(perIndex, lost, other)
    const [created] = actions
    expect(created?.do === 'create' && created.object.metadata.annotations).toMatchObject({ [failureCountKey]: '1' })
    // Until that is there, the failed one is kept and not counted.
    expect(status).toMatchObject({ failedIndexes: '', uncountedTerminatedPods: {} })
    const next = pod(perIndex, 'c', 'ready', { index: 0, annotations: { [failureCountKey]: '1' } })
    expect(look(perIndex, lost, next, other).status).toMatchObject({ uncountedTerminatedPods: { failed: uids(lost) } })
  })

  test('an index that has failed too often is given up', () => {
    const last = pod(perIndex, 'a', 'failed', { index: 0, annotations: { [failureCountKey]: '2' } })
    const { actions, status } = look(perIndex, last, other)
    expect(actions).toEqual([])
    expect(status).toMatchObject({ failedIndexes: '0', uncountedTerminatedPods: { failed: uids(last) } })
  })

  test('failures that do not count are counted apart', () => {
    const ignoring = aJob({
      ...perIndex.spec,
      podFailurePolicy: { rules: [{ action: 'Ignore', onExitCodes: { operator: 'NotIn', values: [3] } }] },
      podReplacementPolicy: 'Failed',
    })
    const [created] = look(ignoring, lost, other).actions
    expect(created?.do === 'create' && created.object.metadata.annotations).toMatchObject({
      [failureCountKey]: '0',
      [ignoredCountKey]: '1',
    })
  })
})

describe('a pause', () => {
  const paused = {
    conditions: [{ type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' }],
    startTime: undefined,
  }

  test('stops the clock', () => {
    const { status } = look(aJob({ suspend: true, activeDeadlineSeconds: 30 }))
    expect(status).not.toHaveProperty('startTime')
    expect(status?.conditions).toMatchObject([{ type: 'Suspended', status: 'True', reason: 'JobSuspended' }])
  })

  test('starts it again when it is over', () => {
    const resumed = look(aJob({ activeDeadlineSeconds: 30 }, paused))
    expect(steps(resumed)).toEqual(['create j-new1', 'event Resumed'])
    expect(resumed.status).toMatchObject({
      startTime: secondsAgo(0),
      conditions: [{ type: 'Suspended', status: 'False', reason: 'JobResumed' }],
    })
    expect(resumed.requeueAfterMs).toBe(30_000)
  })
})

test('how pods ended is remembered beyond them, and not for another Job of that name', () => {
  const endings = new Endings()
  const failed = aPod({ metadata: { name: 'p', uid: 'p' } }, 'failed')
  const [first, second] = ['1', '2'].map(uid => aJob({}, {}, { uid })) as [Job, Job]
  expect(endings.see(first, [failed])).toHaveLength(1)
  expect(endings.see(first, [])).toHaveLength(1)
  expect(endings.see(second, [])).toEqual([])
  expect(endings.see(first, [failed])).toHaveLength(1)
  endings.forget({ namespace: first.metadata.namespace, name: first.metadata.name })
  expect(endings.see(first, [])).toEqual([])
})

test('the status of a failed action counts only what is there', () => {
  const { status, failedStatus } = look(aJob())
  expect([status?.active, failedStatus?.('refused').active]).toEqual([1, undefined])
})

describe('a Job that is over is kept', () => {
  const ended = (type: string, spec: object) => aJob(spec, { conditions: [{ type, status: 'True', lastTransitionTime: secondsAgo(10) }] })
  const cases = [
    { it: 'for its time', of: ended('Complete', { ttlSecondsAfterFinished: 15 }), want: 5_000 },
    { it: 'no longer', of: ended('Failed', { ttlSecondsAfterFinished: 10 }), want: 0 },
    { it: 'for ever without a time', of: ended('Complete', {}), want: undefined },
    { it: 'while it runs', of: aJob({ ttlSecondsAfterFinished: 0 }), want: undefined },
  ]
  for (const { it, of, want } of cases) test(it, () => expect(remainingMs(of, now)).toBe(want))
})
