// How many pods a ReplicaSet makes or takes away, and which go first.
import { describe, expect, test } from 'vitest'
import { type Observed, plan } from '../../controllers/replicaset/plan.ts'
import type { Kind } from '../../openapi/kind.ts'
import { type ReplicaSet, replicaSet } from '../../openapi/kinds/apps/replicaset.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { replicationController } from '../../openapi/kinds/core/replicationcontroller.ts'
import { aPod, now, type PodState, secondsAgo, steps, stored } from '../support/objects.ts'

const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }
const aSet = (replicas: number, spec: object = {}, metadata: object = {}): ReplicaSet =>
  stored(replicaSet, {
    metadata: { name: 'web', ...metadata },
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template, ...spec },
    status: { replicas: 0 },
  })
const pod = (name: string, state: PodState = 'ready', metadata: object = {}, spec: object = {}): Pod =>
  aPod({ metadata: { name, labels: { app: 'web' }, ...metadata }, spec }, state)

function see(set: ReplicaSet, pods: readonly Pod[] = []): Observed {
  let count = 0
  return { kind: replicaSet as unknown as Kind, set, pods, now, suffix: () => String(count++) }
}

describe('actions', () => {
  const cases: { it: string; seen: Observed; want: string[] }[] = [
    { it: 'makes what is missing', seen: see(aSet(3), [pod('a')]), want: ['create web-0', 'create web-1'] },
    {
      it: 'does not count pods that are going or over',
      seen: see(aSet(2), [pod('a', 'terminating'), pod('b', 'failed'), pod('c')]),
      want: ['create web-0'],
    },
    { it: 'is content', seen: see(aSet(1), [pod('a', 'pending')]), want: [] },
    { it: 'takes a pod without a node first', seen: see(aSet(1), [pod('a'), pod('b', 'pending')]), want: ['delete b'] },
    { it: 'then one that is not ready', seen: see(aSet(1), [pod('a', 'unready'), pod('b')]), want: ['delete a'] },
    {
      it: 'then the cheap one',
      seen: see(aSet(1), [pod('a'), pod('b', 'ready', { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '-5' } })]),
      want: ['delete b'],
    },
    {
      it: 'then one on the fuller node',
      seen: see(aSet(2), [
        pod('a', 'ready', {}, { nodeName: 'node-1' }),
        pod('b', 'ready', {}, { nodeName: 'node-2' }),
        pod('c', 'ready', {}, { nodeName: 'node-2' }),
      ]),
      want: ['delete b'],
    },
    {
      it: 'then the youngest',
      seen: see(aSet(1), [pod('a'), pod('b', 'ready', { creationTimestamp: secondsAgo(5) })]),
      want: ['delete b'],
    },
    { it: 'does nothing while it is being deleted', seen: see(aSet(3, {}, { deletionTimestamp: secondsAgo(1) })), want: [] },
  ]
  for (const { it, seen, want } of cases) test(it, () => expect(steps(plan(seen))).toEqual(want))
})

describe('status', () => {
  test('counts pods', () => {
    const { status } = plan(see(aSet(3), [pod('a'), pod('b', 'unready'), pod('c', 'terminating'), pod('d', 'failed')]))
    expect(status).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      readyReplicas: 1,
      availableReplicas: 1,
      terminatingReplicas: 1,
      observedGeneration: 1,
    })
  })
  test('a pod is available after minReadySeconds, and the set comes back for it', () => {
    const { status, requeueAfterMs } = plan(
      see(aSet(1, { minReadySeconds: 10 }), [aPod({ metadata: { name: 'a', labels: { app: 'web' } } }, 'ready', 4)]),
    )
    expect(status).toMatchObject({ readyReplicas: 1 })
    expect(status).not.toHaveProperty('availableReplicas')
    expect(requeueAfterMs).toBe(6_000)
  })
  test('a set that lets its pods go keeps its counts', () => {
    const orphaning = stored(replicaSet, {
      ...aSet(1, {}, { generation: 2, deletionTimestamp: secondsAgo(0), finalizers: ['orphan'] }),
      status: { replicas: 1 },
    })
    expect(plan(see(orphaning)).status).toEqual({ replicas: 1, observedGeneration: 2 })
  })
})

test('a ReplicationController does the same, and does not count those that are going', () => {
  const kind = replicationController as unknown as Kind
  const set = stored(replicationController, {
    metadata: { name: 'rc' },
    spec: { replicas: 1, selector: { app: 'web' }, template },
    status: { replicas: 0 },
  })
  const decided = plan({ kind, set, pods: [], now, suffix: () => 'x' })
  expect(decided.actions).toMatchObject([
    { do: 'create', object: { metadata: { name: 'rc-x', ownerReferences: [{ kind: 'ReplicationController' }] } } },
  ])
  expect(decided.status).toEqual({ replicas: 0, observedGeneration: 1 })
})
