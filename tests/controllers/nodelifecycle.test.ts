// What a node's silence means for its conditions, its taints and its pods.
import { describe, expect, test } from 'vitest'
import { graceMs, lostConditions, wantedTaints } from '../../controllers/nodelifecycle/plan.ts'
import { judge, quarantineMs } from '../../controllers/podgc/plan.ts'
import { evictionDelayMs } from '../../controllers/tainteviction/plan.ts'
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import { aNode, aPod, now, secondsAgo } from '../support/objects.ts'

const heard = (msAgo: number): Date => new Date(now.getTime() - msAgo)

describe('heartbeats', () => {
  test('a node that was heard of stays as it is', () => {
    expect(lostConditions(aNode('n'), heard(graceMs - 1), now)).toBeUndefined()
  })
  test('after the grace period everything is unknown', () => {
    expect(lostConditions(aNode('n'), heard(graceMs), now)).toEqual([
      {
        type: 'Ready',
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastTransitionTime: secondsAgo(0),
      },
    ])
  })
  test('a node that never said anything is given as long', () => {
    expect(lostConditions(aNode('n'), undefined, now)).toHaveLength(1)
  })
  test('what is unknown already is not told again', () => {
    expect(lostConditions(aNode('n', { ready: 'Unknown' }), heard(graceMs * 2), now)).toBeUndefined()
  })
})

describe('taints', () => {
  const shown = (node: Node) => wantedTaints(node, now).map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')} ${effect}`)
  const cases: { it: string; node: Node; want: string[] }[] = [
    { it: 'ready', node: aNode('n'), want: [] },
    { it: 'not ready', node: aNode('n', { ready: 'False' }), want: ['not-ready NoSchedule', 'not-ready NoExecute'] },
    { it: 'unreachable', node: aNode('n', { ready: 'Unknown' }), want: ['unreachable NoSchedule', 'unreachable NoExecute'] },
    { it: 'cordoned', node: aNode('n', { spec: { unschedulable: true } }), want: ['unschedulable NoSchedule'] },
    {
      it: 'short of memory',
      node: aNode('n', {
        status: {
          conditions: [
            { type: 'Ready', status: 'True' },
            { type: 'MemoryPressure', status: 'True' },
          ],
        },
      }),
      want: ['memory-pressure NoSchedule'],
    },
    {
      it: "others' taints stay, its own go with their cause",
      node: aNode('n', {
        spec: {
          taints: [
            { key: 'mine', effect: 'NoSchedule' },
            { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
          ],
        },
      }),
      want: ['mine NoSchedule'],
    },
  ]
  for (const { it, node, want } of cases) test(it, () => expect(shown(node)).toEqual(want))
  test('a taint keeps the instant it was added', () => {
    const since = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: secondsAgo(100) }
    expect(wantedTaints(aNode('n', { ready: 'Unknown', spec: { taints: [since] } }), now)).toContainEqual(since)
  })
})

describe('eviction', () => {
  const lost = aNode('n', { spec: { taints: [{ key: 'a', effect: 'NoExecute', timeAdded: secondsAgo(100) }] } })
  const tolerating = (...tolerations: object[]) => aPod({ metadata: { name: 'p' }, spec: { nodeName: 'n', tolerations } })
  const cases: { it: string; pod: ReturnType<typeof aPod>; node?: Node; want: number | undefined }[] = [
    { it: 'stays on a node without such taints', pod: tolerating(), node: aNode('n'), want: undefined },
    { it: 'goes at once when it does not tolerate it', pod: tolerating(), want: 0 },
    { it: 'stays when it tolerates it for ever', pod: tolerating({ key: 'a', operator: 'Exists' }), want: undefined },
    { it: 'stays as long as it tolerates it', pod: tolerating({ key: 'a', operator: 'Exists', tolerationSeconds: 300 }), want: 200_000 },
    { it: 'goes when that is over', pod: tolerating({ key: 'a', operator: 'Exists', tolerationSeconds: 60 }), want: 0 },
    {
      it: 'the shortest patience counts',
      pod: tolerating({ key: 'a', operator: 'Exists', tolerationSeconds: 300 }, { operator: 'Exists', tolerationSeconds: 150 }),
      want: 50_000,
    },
  ]
  for (const { it, pod, node = lost, want } of cases) test(it, () => expect(evictionDelayMs(pod, node, now)).toBe(want))
})

describe('pods nobody will finish', () => {
  const out = aNode('n', {
    ready: 'Unknown',
    spec: { taints: [{ key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' }] },
  })
  const pod = (state: 'ready' | 'terminating' | 'pending', readySeconds = 600) =>
    aPod({ metadata: { name: 'p', creationTimestamp: secondsAgo(3600) } }, state, readySeconds)
  const cases: { it: string; got: object; want: object }[] = [
    { it: 'a pod on a node that is there', got: judge(pod('ready'), aNode('n'), now), want: { do: 'nothing' } },
    {
      it: 'a terminating pod on a lost node waits for it',
      got: judge(pod('terminating'), aNode('n', { ready: 'Unknown' }), now),
      want: { do: 'nothing' },
    },
    { it: 'unless the node is out of service', got: judge(pod('terminating'), out, now), want: { do: 'delete' } },
    { it: 'which says nothing to a pod that is not going', got: judge(pod('ready'), out, now), want: { do: 'nothing' } },
    {
      it: 'a pod of a node that is gone waits a while',
      got: judge(pod('ready', 10), undefined, now),
      want: { do: 'wait', ms: quarantineMs - 10_000 },
    },
    {
      it: 'then it goes',
      got: judge(pod('ready'), undefined, now),
      want: { do: 'delete', condition: { reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' } },
    },
  ]
  for (const { it, got, want } of cases) test(it, () => expect(got).toEqual(want))
})
