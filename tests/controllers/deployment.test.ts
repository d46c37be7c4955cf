// What a Deployment does next to its ReplicaSets, and what its conditions say.
import { describe, expect, test } from 'vitest'
import { newSet } from '../../controllers/deployment/objects.ts'
import { type Observed, plan } from '../../controllers/deployment/plan.ts'
import { type Deployment, deployment } from '../../openapi/kinds/apps/deployment.ts'
import { type ReplicaSet, replicaSet } from '../../openapi/kinds/apps/replicaset.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { aPod, now, secondsAgo, stored } from '../support/objects.ts'

const aDeployment = (spec: object = {}, status: object = {}, metadata: object = {}): Deployment =>
  stored(deployment, {
    metadata: { name: 'web', ...metadata },
    spec: { replicas: 4, selector: { matchLabels: { app: 'web' } }, template: template('nginx:1'), ...spec },
    status,
  })
const template = (image: string) => ({ metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image }] } })

interface Counts {
  wanted: number
  /** Of them there and available. */
  available?: number
}

/** The set of a deployment's template. */
function setOf(from: Deployment, revision: number, { wanted, available = wanted }: Counts): ReplicaSet {
  const { metadata, spec } = newSet(from, wanted, revision)
  return stored(replicaSet, {
    metadata: { ...metadata, creationTimestamp: secondsAgo(1000 - revision) },
    spec,
    status: { replicas: wanted, readyReplicas: available, availableReplicas: available },
  })
}

const see = (of: Deployment, sets: readonly ReplicaSet[] = [], pods: readonly Pod[] = []): Observed => ({ deployment: of, sets, pods, now })

const first = aDeployment()
const second = aDeployment({ template: template('nginx:2') })
const [old, fresh] = [first, second].map(d => newSet(d, 0, 1).metadata.name)

/** `create NAME 2`, `scale NAME 3`, `delete NAME`; sets that only change their annotations are left out. */
const stepsOf = (seen: Observed): string[] =>
  plan(seen).actions.flatMap(action => {
    if (action.do === 'event') return []
    const { metadata, spec } = action.object as ReplicaSet
    const before = seen.sets.find(s => s.metadata.name === metadata.name)
    if (action.do === 'update') return before?.spec.replicas === spec.replicas ? [] : [`scale ${metadata.name} ${spec.replicas}`]
    return [action.do === 'create' ? `create ${metadata.name} ${spec.replicas}` : `delete ${metadata.name}`]
  })

const table = (cases: readonly { it: string; seen: Observed; want: string[] }[]) => {
  for (const { it, seen, want } of cases) test(it, () => expect(stepsOf(seen)).toEqual(want))
}

describe('RollingUpdate', () => {
  table([
    { it: 'makes a set for its template', seen: see(first), want: [`create ${old} 4`] },
    {
      it: 'starts a new one with as many as may be too many',
      seen: see(second, [setOf(first, 1, { wanted: 4 })]),
      want: [`create ${fresh} 1`],
    },
    {
      it: 'takes from the old what may be missing',
      seen: see(second, [setOf(first, 1, { wanted: 4 }), setOf(second, 2, { wanted: 1, available: 0 })]),
      want: [`scale ${old} 3`],
    },
    {
      it: 'fills the room that is free',
      seen: see(second, [setOf(first, 1, { wanted: 3 }), setOf(second, 2, { wanted: 1, available: 0 })]),
      want: [`scale ${fresh} 2`],
    },
    {
      it: 'waits for the new ones to be available',
      seen: see(second, [setOf(first, 1, { wanted: 3 }), setOf(second, 2, { wanted: 2, available: 0 })]),
      want: [],
    },
    {
      it: 'goes on as they are',
      seen: see(second, [setOf(first, 1, { wanted: 3 }), setOf(second, 2, { wanted: 2, available: 1 })]),
      want: [`scale ${old} 2`],
    },
    {
      it: 'old pods that do not work go first',
      seen: see(second, [setOf(first, 1, { wanted: 4, available: 3 }), setOf(second, 2, { wanted: 1, available: 1 })]),
      want: [`scale ${old} 2`],
    },
    {
      it: 'takes an old set again when the template is back',
      seen: see(first, [setOf(first, 1, { wanted: 0 }), setOf(second, 2, { wanted: 4 })]),
      want: [`scale ${old} 1`],
    },
    {
      it: 'is paused',
      seen: see(aDeployment({ paused: true, template: template('nginx:2') }), [setOf(first, 1, { wanted: 4 })]),
      want: [],
    },
    {
      it: 'scales while paused',
      seen: see(aDeployment({ paused: true, replicas: 6 }), [setOf(first, 1, { wanted: 4 })]),
      want: [`scale ${old} 6`],
    },
    {
      it: 'shares a change of the number among the sets by their sizes',
      seen: see(aDeployment({ replicas: 8, template: template('nginx:2') }), [
        setOf(first, 1, { wanted: 3 }),
        setOf(second, 2, { wanted: 2 }),
      ]),
      want: [`scale ${old} 6`, `scale ${fresh} 4`],
    },
    { it: 'does nothing while it is being deleted', seen: see(aDeployment({}, {}, { deletionTimestamp: secondsAgo(1) })), want: [] },
  ])
})

describe('Recreate', () => {
  const recreate = aDeployment({ strategy: { type: 'Recreate' }, template: template('nginx:2') })
  const before = setOf(first, 1, { wanted: 0 })
  const left = (state: 'terminating' | 'failed') =>
    aPod(
      {
        metadata: {
          name: 'p',
          ownerReferences: [
            { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: before.metadata.name, uid: before.metadata.uid, controller: true },
          ],
        },
      },
      state,
    )
  table([
    { it: 'takes all old pods away first', seen: see(recreate, [setOf(first, 1, { wanted: 4 })]), want: [`scale ${old} 0`] },
    { it: 'waits for the last of them', seen: see(recreate, [before], [left('terminating')]), want: [] },
    { it: 'not for one that is over', seen: see(recreate, [before], [left('failed')]), want: [`create ${fresh} 4`] },
    { it: 'then makes all new ones', seen: see(recreate, [before]), want: [`create ${fresh} 4`] },
  ])
})

describe('history', () => {
  const sets = ['nginx:1', 'nginx:2', 'nginx:3'].map((image, at) =>
    setOf(aDeployment({ template: template(image) }), at + 1, { wanted: at === 2 ? 4 : 0 }),
  )
  const newest = (status: object) => aDeployment({ template: template('nginx:3'), revisionHistoryLimit: 1 }, status)
  const complete = { observedGeneration: 1, replicas: 4, updatedReplicas: 4, availableReplicas: 4 }
  table([
    {
      it: 'old sets go beyond the limit once the rollout is complete',
      seen: see(newest(complete), sets),
      want: [`delete ${sets[0]?.metadata.name}`],
    },
    { it: 'not before', seen: see(newest({ ...complete, availableReplicas: 3 }), sets), want: [] },
  ])
  test('the newest set has the highest revision', () => {
    expect(plan(see(second, [setOf(first, 7, { wanted: 4 })])).revision).toBe(8)
    expect(plan(see(first, [setOf(first, 1, { wanted: 0 }), setOf(second, 2, { wanted: 4 })])).revision).toBe(3)
  })
})

describe('conditions', () => {
  const said = (seen: Observed) => plan(seen).status?.conditions?.map(({ type, status, reason }) => `${type} ${status} ${reason}`)
  const complete = {
    type: 'Progressing',
    status: 'True',
    reason: 'NewReplicaSetAvailable',
    message: 'm',
    lastUpdateTime: secondsAgo(60),
    lastTransitionTime: secondsAgo(60),
  }
  const available = {
    type: 'Available',
    status: 'True',
    reason: 'MinimumReplicasAvailable',
    message: 'm',
    lastUpdateTime: secondsAgo(60),
    lastTransitionTime: secondsAgo(60),
  }
  const underWay = { ...complete, reason: 'ReplicaSetUpdated' }
  const counts = { observedGeneration: 1, replicas: 4, updatedReplicas: 4, availableReplicas: 4 }
  const cases: { it: string; seen: Observed; want: string[] }[] = [
    { it: 'a new set', seen: see(first), want: ['Progressing True NewReplicaSetCreated'] },
    { it: 'a set that was there', seen: see(first, [setOf(first, 1, { wanted: 4 })]), want: ['Progressing True FoundNewReplicaSet'] },
    {
      it: 'no deadline, no word about progress',
      seen: see(aDeployment({ progressDeadlineSeconds: 2147483647 }), [setOf(first, 1, { wanted: 4 })]),
      want: ['Available True MinimumReplicasAvailable'],
    },
    {
      it: 'pods come',
      seen: see(aDeployment({}, { conditions: [underWay] }), [setOf(first, 1, { wanted: 4, available: 1 })]),
      want: ['Available False MinimumReplicasUnavailable', 'Progressing True ReplicaSetUpdated'],
    },
    {
      it: 'complete',
      seen: see(aDeployment({}, { ...counts, conditions: [underWay] }), [setOf(first, 1, { wanted: 4 })]),
      want: ['Available True MinimumReplicasAvailable', 'Progressing True NewReplicaSetAvailable'],
    },
    {
      it: 'scaling a complete one is no progress: what changed goes to the end',
      seen: see(aDeployment({ replicas: 8 }, { ...counts, conditions: [available, complete] }), [
        setOf(first, 1, { wanted: 8, available: 4 }),
      ]),
      want: ['Progressing True NewReplicaSetAvailable', 'Available False MinimumReplicasUnavailable'],
    },
    {
      it: 'too late',
      seen: see(aDeployment({ progressDeadlineSeconds: 30 }, { ...counts, availableReplicas: 1, conditions: [underWay] }), [
        setOf(first, 1, { wanted: 4, available: 1 }),
      ]),
      want: ['Available False MinimumReplicasUnavailable', 'Progressing False ProgressDeadlineExceeded'],
    },
    {
      it: 'paused',
      seen: see(aDeployment({ paused: true }, { conditions: [underWay] }), [setOf(first, 1, { wanted: 4 })]),
      want: ['Available True MinimumReplicasAvailable', 'Progressing Unknown DeploymentPaused'],
    },
  ]
  for (const { it, seen, want } of cases) test(it, () => expect(said(seen)).toEqual(want))
  test('comes back at the deadline', () => {
    const seen = see(aDeployment({ progressDeadlineSeconds: 90 }, { ...counts, availableReplicas: 1, conditions: [underWay] }), [
      setOf(first, 1, { wanted: 4, available: 1 }),
    ])
    expect(plan(seen).requeueAfterMs).toBe(30_000)
  })
})
