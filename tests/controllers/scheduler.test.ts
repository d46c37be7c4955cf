// Where a pod goes, or the sentence that says why nowhere.
import { describe, expect, test } from 'vitest'
import { schedule } from '../../controllers/scheduler/plan.ts'
import { emptyMemory, Snapshot } from '../../controllers/scheduler/snapshot.ts'
import type { VolumeFacts } from '../../controllers/scheduler/volumes.ts'
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import { type PersistentVolume, persistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { storageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { aNode, aPod, stored } from '../support/objects.ts'

const zones = [0, 1, 2].map(n => aNode(`node-${n}`, { labels: { zone: `zone-${n}` } }))
const waiting = (spec: object = {}, metadata: object = {}): Pod =>
  aPod({ metadata: { name: 'p', labels: { app: 'web' }, ...metadata }, spec }, 'pending')
const placed = (node: string, spec: object = {}, name = `on-${node}`): Pod =>
  aPod({ metadata: { name, labels: { app: 'web' } }, spec: { nodeName: node, ...spec } })
const asking = (resources: object) => ({ containers: [{ name: 'c', image: 'nginx', resources: { requests: resources } }] })

const noVolumes: VolumeFacts = { claim: () => undefined, volume: () => undefined, volumes: () => [], class: () => undefined }

function decide(
  pod: Pod,
  { nodes = zones, pods = [] as Pod[], facts = noVolumes }: { nodes?: Node[]; pods?: Pod[]; facts?: VolumeFacts } = {},
): string {
  const on = (name: string) => pods.filter(({ spec }) => spec.nodeName === name)
  const decision = schedule(pod, new Snapshot(nodes, on, emptyMemory()), facts)
  return 'problem' in decision ? decision.problem : decision.node
}

const unhelpful = (n: number) =>
  `no new claims to deallocate, preemption: 0/${n} nodes are available: ${n} Preemption is not helpful for scheduling.`
const noVictims = (n: number) =>
  `no new claims to deallocate, preemption: 0/${n} nodes are available: ${n} No preemption victims found for incoming pod.`
const keepApart = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', labelSelector: { matchLabels: { app: 'web' } } }],
  },
}
const together = {
  podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', labelSelector: { matchLabels: { app: 'db' } } }] },
}
const spread = [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } } }]

describe('nodes', () => {
  const tainted = aNode('node-0', { spec: { taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] } })
  const cases: { it: string; got: string; want: string }[] = [
    { it: 'no nodes', got: decide(waiting(), { nodes: [] }), want: 'no nodes available to schedule pods' },
    {
      it: 'the emptiest node',
      got: decide(waiting(), { pods: [placed('node-0', asking({ cpu: '2' })), placed('node-1', asking({ cpu: '1' }))] }),
      want: 'node-2',
    },
    {
      it: 'more than a node has',
      got: decide(waiting(asking({ cpu: '64' }))),
      want: `0/3 nodes are available: 3 Insufficient cpu. ${unhelpful(3)}`,
    },
    {
      it: 'more than is free now',
      got: decide(waiting(asking({ cpu: '3' })), { nodes: zones.slice(0, 1), pods: [placed('node-0', asking({ cpu: '2' }))] }),
      want: `0/1 nodes are available: 1 Insufficient cpu. ${noVictims(1)}`,
    },
    {
      it: 'a selector that nothing has',
      got: decide(waiting({ nodeSelector: { disk: 'tape' } })),
      want: `0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. ${unhelpful(3)}`,
    },
    { it: 'a selector that one node has', got: decide(waiting({ nodeSelector: { zone: 'zone-1' } })), want: 'node-1' },
    {
      it: 'a taint',
      got: decide(waiting(), { nodes: [tainted] }),
      want: `0/1 nodes are available: 1 node(s) had untolerated taint(s). ${unhelpful(1)}`,
    },
    {
      it: 'a taint that is tolerated',
      got: decide(waiting({ tolerations: [{ key: 'a', operator: 'Exists' }] }), { nodes: [tainted] }),
      want: 'node-0',
    },
    {
      it: 'a cordoned node',
      got: decide(waiting(), { nodes: [aNode('node-0', { spec: { unschedulable: true } })] }),
      want: `0/1 nodes are available: 1 node(s) were unschedulable. ${unhelpful(1)}`,
    },
    {
      it: 'several reasons, counted',
      got: decide(waiting({ nodeSelector: { zone: 'zone-1' }, ...asking({ cpu: '64' }) })),
      want: `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't match Pod's node affinity/selector. ${unhelpful(3)}`,
    },
  ]
  for (const { it, got, want } of cases) test(it, () => expect(got).toBe(want))
})

describe('other pods', () => {
  const everywhere = zones.map(({ metadata }) => placed(metadata.name))
  const cases: { it: string; got: string; want: string }[] = [
    {
      it: 'anti-affinity finds the zone without',
      got: decide(waiting({ affinity: keepApart }), { pods: everywhere.slice(0, 2) }),
      want: 'node-2',
    },
    {
      it: 'anti-affinity finds none',
      got: decide(waiting({ affinity: keepApart }), { pods: everywhere }),
      want: `0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules. ${noVictims(3)}`,
    },
    {
      it: 'pods that are there may keep others away',
      got: decide(waiting(), { nodes: zones.slice(0, 1), pods: [placed('node-0', { affinity: keepApart })] }),
      want: `0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules. ${noVictims(1)}`,
    },
    {
      it: 'affinity to nobody',
      got: decide(waiting({ affinity: together })),
      want: `0/3 nodes are available: 3 node(s) didn't match pod affinity rules. ${unhelpful(3)}`,
    },
    { it: 'spread evenly', got: decide(waiting({ topologySpreadConstraints: spread }), { pods: everywhere.slice(1) }), want: 'node-0' },
  ]
  for (const { it, got, want } of cases) test(it, () => expect(got).toBe(want))
})

describe('volumes', () => {
  const aClaim = (spec: object, more: { metadata?: object; phase?: string } = {}): PersistentVolumeClaim =>
    stored(persistentVolumeClaim, {
      metadata: { name: 'c', ...more.metadata },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
      status: { phase: more.phase ?? 'Pending' },
    })
  const local = (node: string, spec: object = {}): PersistentVolume =>
    stored(persistentVolume, {
      metadata: { name: 'v' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        capacity: { storage: '1Gi' },
        storageClassName: 'local',
        nodeAffinity: {
          required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }] },
        },
        ...spec,
      },
      status: { phase: 'Available' },
    })
  const classes = ['local', 'late', 'now'].map(name =>
    stored(storageClass, {
      metadata: { name },
      provisioner: name === 'local' ? 'kubernetes.io/no-provisioner' : 'csi.example.com',
      volumeBindingMode: name === 'now' ? 'Immediate' : 'WaitForFirstConsumer',
    }),
  )
  const facts = (claim: PersistentVolumeClaim | undefined, volumes: readonly PersistentVolume[] = []): VolumeFacts => ({
    claim: () => claim,
    volume: name => volumes.find(v => v.metadata.name === name),
    volumes: () => volumes,
    class: name => classes.find(c => c.metadata.name === name),
  })
  const mounting = waiting({ volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'c' } }] })
  const bound = { metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }, phase: 'Bound' }
  const cases: { it: string; facts: VolumeFacts; want: string }[] = [
    {
      it: 'a claim that is not there',
      facts: facts(undefined),
      want: '0/3 nodes are available: persistentvolumeclaim "c" not found. not found',
    },
    {
      it: 'a claim that is going',
      facts: facts(aClaim({}, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })),
      want: '0/3 nodes are available: persistentvolumeclaim "c" is being deleted. not found',
    },
    {
      it: 'a claim that is not bound yet',
      facts: facts(aClaim({ storageClassName: 'now' })),
      want: '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    },
    { it: 'a claim that waits for this pod', facts: facts(aClaim({ storageClassName: 'late' })), want: 'node-0' },
    {
      it: 'a volume that one node reaches',
      facts: facts(aClaim({ volumeName: 'v', storageClassName: 'local' }, bound), [local('node-2')]),
      want: 'node-2',
    },
    { it: 'a free volume that one node reaches', facts: facts(aClaim({ storageClassName: 'local' }), [local('node-1')]), want: 'node-1' },
    {
      it: 'no free volume anywhere',
      facts: facts(aClaim({ storageClassName: 'local' })),
      want: `0/3 nodes are available: 3 node(s) didn't find available persistent volumes to bind. ${unhelpful(3)}`,
    },
    {
      it: 'a volume that no node reaches',
      facts: facts(aClaim({ volumeName: 'v', storageClassName: 'local' }, bound), [local('node-9')]),
      want: `0/3 nodes are available: 3 node(s) didn't match PersistentVolume's node affinity. ${unhelpful(3)}`,
    },
  ]
  for (const { it, facts: seen, want } of cases) test(it, () => expect(decide(mounting, { facts: seen })).toBe(want))
})
