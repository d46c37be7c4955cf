// Which nodes run a DaemonSet's pod, and which pods are replaced.
import { describe, expect, test } from 'vitest'
import { newPod } from '../../controllers/daemonset/objects.ts'
import { type Observed, plan, revisionLabel } from '../../controllers/daemonset/plan.ts'
import { type ControllerRevision, controllerRevision } from '../../openapi/kinds/apps/controllerrevision.ts'
import { type DaemonSet, daemonSet } from '../../openapi/kinds/apps/daemonset.ts'
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { aNode, aPod, now, type PodState, steps, stored } from '../support/objects.ts'

const aSet = (spec: object = {}, podSpec: object = {}, image = 'nginx:1'): DaemonSet =>
  stored(daemonSet, {
    metadata: { name: 'ag' },
    spec: {
      selector: { matchLabels: { app: 'ag' } },
      template: { metadata: { labels: { app: 'ag' } }, spec: { containers: [{ name: 'c', image }], ...podSpec } },
      ...spec,
    },
    status: {},
  })

const nodes = [0, 1, 2].map(n => aNode(`node-${n}`))

function revisionOf(set: DaemonSet, revision = 1): ControllerRevision {
  const [create] = plan({ set, pods: [], nodes: [], history: [], now, suffix: () => 'x' }).actions
  if (create?.do !== 'create') throw new Error('a new set makes its revision first')
  return stored(controllerRevision, { ...create.object, revision })
}
const hashOf = (set: DaemonSet): string => revisionOf(set).metadata.labels?.[revisionLabel] ?? ''

const pod = (set: DaemonSet, node: string, state: PodState = 'ready'): Pod => {
  const { metadata, spec } = newPod(set, node, hashOf(set), node)
  return aPod({ metadata, spec: { ...(spec as object), ...(state === 'pending' ? {} : { nodeName: node }) } }, state)
}

function see(
  set: DaemonSet,
  pods: readonly Pod[] = [],
  more: { nodes?: readonly Node[]; history?: readonly ControllerRevision[] } = {},
): Observed {
  let count = 0
  return { set, pods, nodes, history: [revisionOf(set)], now, suffix: () => String(count++), ...more }
}

const one = aSet()
const two = aSet({}, {}, 'nginx:2')
const all = (set: DaemonSet, state: PodState = 'ready') => nodes.map(({ metadata }) => pod(set, metadata.name, state))
const both = { history: [revisionOf(one), revisionOf(two, 2)] }
const tainted = (effect: string) => [aNode('node-0', { spec: { taints: [{ key: 'a', value: 'b', effect }] } })]

describe('actions', () => {
  const cases: { it: string; seen: Observed; want: string[] }[] = [
    { it: 'a pod for each node', seen: see(one), want: ['create ag-0', 'create ag-1', 'create ag-2'] },
    {
      it: 'none where one is, or is going',
      seen: see(one, [pod(one, 'node-0', 'pending'), pod(one, 'node-1', 'terminating')]),
      want: ['create ag-0'],
    },
    {
      it: 'only on nodes it selects',
      seen: see(aSet({}, { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } })),
      want: ['create ag-0'],
    },
    {
      it: 'leaves nodes it no longer selects',
      seen: see(aSet({}, { nodeSelector: { a: 'b' } }), [pod(one, 'node-0')]),
      want: ['delete ag-node-0'],
    },
    {
      it: 'cordoned nodes too',
      seen: see(one, [], {
        nodes: [
          aNode('node-0', { spec: { unschedulable: true, taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] } }),
        ],
      }),
      want: ['create ag-0'],
    },
    { it: 'not on tainted ones', seen: see(one, [], { nodes: tainted('NoSchedule') }), want: [] },
    { it: 'a pod may stay where it could not start', seen: see(one, [pod(one, 'node-0')], { nodes: tainted('NoSchedule') }), want: [] },
    { it: 'but not with NoExecute', seen: see(one, [pod(one, 'node-0')], { nodes: tainted('NoExecute') }), want: ['delete ag-node-0'] },
    {
      it: 'a failed pod is made again',
      seen: see(one, [pod(one, 'node-0', 'failed'), pod(one, 'node-1'), pod(one, 'node-2')]),
      want: ['delete ag-node-0'],
    },
    { it: 'pods of nodes that are gone go', seen: see(one, [pod(one, 'node-9')], { nodes: [] }), want: ['delete ag-node-9'] },
    { it: 'a new template replaces one at a time', seen: see(two, all(one), both), want: ['delete ag-node-0'] },
    { it: 'and waits for it', seen: see(two, [pod(two, 'node-0', 'starting'), pod(one, 'node-1'), pod(one, 'node-2')], both), want: [] },
    {
      it: 'as many as may be missing',
      seen: see(
        aSet({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%' } } }, {}, 'nginx:2'),
        all(one),
        both,
      ),
      want: ['delete ag-node-0', 'delete ag-node-1'],
    },
    {
      it: 'old pods that do not work go at once',
      seen: see(two, all(one, 'unready'), both),
      want: ['delete ag-node-0', 'delete ag-node-1', 'delete ag-node-2'],
    },
    {
      it: 'OnDelete leaves it to the user',
      seen: see(aSet({ updateStrategy: { type: 'OnDelete' } }, {}, 'nginx:2'), all(one), both),
      want: [],
    },
  ]
  for (const { it, seen, want } of cases) test(it, () => expect(steps(plan(seen))).toEqual(want))
})

test('a pod is meant for its node and bears its troubles', () => {
  const [create] = plan(see(one)).actions
  expect(create).toMatchObject({
    object: {
      metadata: { generateName: 'ag-', labels: { [revisionLabel]: hashOf(one), 'pod-template-generation': '1' } },
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', values: ['node-0'] }] }],
            },
          },
        },
        tolerations: expect.arrayContaining([expect.objectContaining({ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' })]),
      },
    },
  })
})

test('status counts nodes and pods', () => {
  const { status } = plan(see(two, [pod(two, 'node-0'), pod(one, 'node-1', 'unready')], both))
  expect(status).toEqual({
    desiredNumberScheduled: 3,
    currentNumberScheduled: 2,
    numberMisscheduled: 0,
    numberReady: 1,
    updatedNumberScheduled: 1,
    numberAvailable: 1,
    numberUnavailable: 2,
    observedGeneration: 1,
  })
})

test('comes back when a pod will count as available', () => {
  const { metadata, spec } = pod(aSet(), 'node-0')
  const { requeueAfterMs, status } = plan(see(aSet({ minReadySeconds: 10 }), [aPod({ metadata, spec }, 'ready', 4)]))
  expect(requeueAfterMs).toBe(6_000)
  expect(status).toMatchObject({ numberReady: 1, numberUnavailable: 3 })
})
