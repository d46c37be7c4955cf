// How many pods a budget lets go.
import { describe, expect, test } from 'vitest'
import { type Observed, plan } from '../../controllers/disruption/plan.ts'
import { staleInMs } from '../../controllers/disruption/stale.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { type PodDisruptionBudget, podDisruptionBudget } from '../../openapi/kinds/policy/poddisruptionbudget.ts'
import { aPod, now, type PodState, secondsAgo, stored } from '../support/objects.ts'

const aBudget = (spec: object, status: object = {}): PodDisruptionBudget =>
  stored(podDisruptionBudget, { metadata: { name: 'b' }, spec: { selector: {}, ...spec }, status })
const pods = (...states: PodState[]): Pod[] => states.map((state, index) => aPod({ metadata: { name: `p${index}` } }, state))
const see = (budget: PodDisruptionBudget, there: readonly Pod[], scale: Observed['scale'] = { pods: there.length }) =>
  plan({ budget, pods: there, scale, now })

/** allowed, healthy of desired, of expected */
const told = ({ status }: ReturnType<typeof plan>) =>
  `${status.disruptionsAllowed} of ${status.currentHealthy}/${status.desiredHealthy}/${status.expectedPods} ${status.conditions?.[0]?.reason}`

describe('a budget allows', () => {
  const three = pods('ready', 'ready', 'ready')
  const cases = [
    { it: 'what is more than must be left', of: aBudget({ minAvailable: 2 }), pods: three, want: '1 of 3/2/3 SufficientPods' },
    { it: 'nothing when just that is there', of: aBudget({ minAvailable: 3 }), pods: three, want: '0 of 3/3/3 InsufficientPods' },
    {
      it: 'nothing while too many are missing already',
      of: aBudget({ minAvailable: 2 }),
      pods: pods('ready', 'unready'),
      want: '0 of 1/2/2 InsufficientPods',
    },
    { it: 'a share, rounded up', of: aBudget({ minAvailable: '50%' }), pods: three, want: '1 of 3/2/3 SufficientPods' },
    { it: 'so many to be missing', of: aBudget({ maxUnavailable: 1 }), pods: three, want: '1 of 3/2/3 SufficientPods' },
    { it: 'a share to be missing, rounded up', of: aBudget({ maxUnavailable: '34%' }), pods: three, want: '2 of 3/1/3 SufficientPods' },
    {
      it: 'counted from what the workload wants',
      of: aBudget({ maxUnavailable: 1 }),
      pods: three,
      scale: { pods: 5 },
      want: '0 of 3/4/5 InsufficientPods',
    },
    { it: 'nothing where there are no pods', of: aBudget({ minAvailable: 0 }), pods: [], want: '0 of 0/0/0 InsufficientPods' },
    {
      it: 'pods that are going count for nothing',
      of: aBudget({ minAvailable: 1 }),
      pods: pods('ready', 'terminating'),
      want: '0 of 1/1/2 InsufficientPods',
    },
    { it: 'nothing when it says nothing', of: aBudget({}), pods: three, want: '0 of 3/0/0 InsufficientPods' },
  ]
  for (const { it, of, pods, scale, want } of cases) test(it, () => expect(told(see(of, pods, scale))).toBe(want))
})

describe('an evicted pod', () => {
  const evicted = (seconds: number) => aBudget({ minAvailable: 1 }, { disruptedPods: { p0: secondsAgo(seconds) } })
  const there = pods('ready', 'ready', 'ready')

  test('counts as gone before it goes', () => {
    const outcome = see(evicted(20), there)
    expect(told(outcome)).toBe('1 of 2/1/3 SufficientPods')
    expect(outcome.status.disruptedPods).toEqual({ p0: secondsAgo(20) })
    expect(outcome.requeueAfterMs).toBe(100_001)
  })
  test('is forgotten when it is seen to go', () =>
    expect(see(evicted(20), pods('terminating', 'ready')).status).not.toHaveProperty('disruptedPods'))
  test('counts again when it stayed for two minutes', () => {
    const outcome = see(evicted(121), there)
    expect(told(outcome)).toBe('2 of 3/1/3 SufficientPods')
    expect(outcome.late.map(({ metadata }) => metadata.name)).toEqual(['p0'])
  })
})

test('without a workload to ask, shares are unknown and nothing is allowed', () => {
  const { status, problem } = see(aBudget({ maxUnavailable: 1 }), pods('ready'), { problem: 'found no controllers for pod "p0"' })
  expect(status).toMatchObject({ disruptionsAllowed: 0, conditions: [{ status: 'False', reason: 'SyncFailed', message: problem }] })
})

test('what is as it was stays the same object', () => {
  const budget = aBudget({ minAvailable: 1 })
  const { status } = see(budget, pods('ready'))
  expect(see({ ...budget, status }, pods('ready')).status).toBe(status)
})

test('a pod that was to go and stays is safe again after two minutes', () => {
  const target = (state: PodState, seconds: number): Pod => {
    const [pod] = pods(state) as [Pod]
    const conditions = [{ type: 'DisruptionTarget', status: 'True', lastTransitionTime: secondsAgo(seconds) }]
    return { ...pod, status: { ...pod.status, conditions } } as Pod
  }
  expect(staleInMs(target('ready', 100), now)).toBe(20_000)
  expect(staleInMs(target('ready', 120), now)).toBe(0)
  expect(staleInMs(target('terminating', 120), now)).toBeUndefined()
  expect(staleInMs(target('failed', 120), now)).toBeUndefined()
  expect(staleInMs(pods('ready')[0] as Pod, now)).toBeUndefined()
})
