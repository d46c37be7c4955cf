// What a StatefulSet does next, as a table of sentences.
import { describe, expect, test } from 'vitest'
import { newPod } from '../../controllers/statefulset/objects.ts'
import { type Observed, plan } from '../../controllers/statefulset/plan.ts'
import { type ControllerRevision, controllerRevision } from '../../openapi/kinds/apps/controllerrevision.ts'
import { type StatefulSet, statefulSet } from '../../openapi/kinds/apps/statefulset.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { aPod, now, type PodState, steps, stored } from '../support/objects.ts'

const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image }] },
})

const aSet = (spec: object = {}, status: object = {}, metadata: object = {}): StatefulSet =>
  stored(statefulSet, {
    metadata: { name: 'web', ...metadata },
    spec: { serviceName: 'web', replicas: 3, selector: { matchLabels: { app: 'web' } }, template: template('nginx:1'), ...spec },
    status: { replicas: 0, ...status },
  })

/** The revision that a set's template has, numbered. */
function revisionOf(set: StatefulSet, revision = 1): ControllerRevision {
  const { deletionTimestamp: _going, ...metadata } = set.metadata
  const { actions } = plan({ set: { ...set, metadata }, pods: [], history: [], claim: () => undefined, now })
  const [first] = actions
  if (first?.do !== 'create') throw new Error('a new set makes its revision first')
  return stored(controllerRevision, { ...first.object, revision })
}

const pod = (set: StatefulSet, ordinal: number, state: PodState = 'ready', readySeconds = 600): Pod => {
  const { metadata, spec } = newPod(set, ordinal, { name: revisionOf(set).metadata.name, revision: 1, template: set.spec.template })
  return aPod({ metadata, spec: spec as object }, state, readySeconds)
}
const pods = (set: StatefulSet, ...states: PodState[]): Pod[] => states.map((state, ordinal) => pod(set, ordinal, state))

const see = (set: StatefulSet, there: readonly Pod[] = [], more: Partial<Observed> = {}): Observed => ({
  set,
  pods: there,
  history: [revisionOf(set)],
  claim: () => undefined,
  now,
  ...more,
})

interface Case {
  it: string
  seen: Observed
  want: string[]
}
const table = (cases: readonly Case[]) => {
  for (const { it, seen, want } of cases) test(it, () => expect(steps(plan(seen))).toEqual(want))
}

const three = aSet()
const one = aSet({ replicas: 1 })
const parallel = aSet({ podManagementPolicy: 'Parallel' })

describe('OrderedReady', () => {
  table([
    {
      it: 'makes its revision before the first pod',
      seen: see(three, [], { history: [] }),
      want: [`create ${revisionOf(three).metadata.name}`, 'create web-0'],
    },
    { it: 'creates the first pod only', seen: see(three), want: ['create web-0'] },
    { it: 'waits while web-0 has no node', seen: see(three, pods(three, 'pending')), want: [] },
    { it: 'waits while web-0 starts', seen: see(three, pods(three, 'starting')), want: [] },
    { it: 'waits while web-0 runs unready', seen: see(three, pods(three, 'unready')), want: [] },
    { it: 'goes on once web-0 is ready', seen: see(three, pods(three, 'ready')), want: ['create web-1'] },
    { it: 'does not replace a pod that is still terminating', seen: see(three, pods(three, 'ready', 'terminating', 'ready')), want: [] },
    { it: 'fills a gap before it goes on', seen: see(three, [pod(three, 1), pod(three, 2)]), want: ['create web-0'] },
    { it: 'deletes a failed pod to make it again', seen: see(three, pods(three, 'failed')), want: ['delete web-0'] },
    { it: 'deletes a succeeded pod too', seen: see(three, pods(three, 'ready', 'succeeded')), want: ['delete web-1'] },
    { it: 'is content with what it wants', seen: see(three, pods(three, 'ready', 'ready', 'ready')), want: [] },
    { it: 'scales down from the highest, one by one', seen: see(one, pods(one, 'ready', 'ready', 'ready')), want: ['delete web-2'] },
    { it: 'waits for a condemned pod to be gone', seen: see(one, pods(one, 'ready', 'ready', 'terminating')), want: [] },
    { it: 'does not scale down while a lower pod is unhealthy', seen: see(one, pods(one, 'unready', 'ready', 'ready')), want: [] },
    {
      it: 'an unhealthy condemned pod does not hold up those above it',
      seen: see(one, pods(one, 'ready', 'unready', 'ready')),
      want: ['delete web-2'],
    },
    {
      it: 'removes the highest pod though it is the unhealthy one',
      seen: see(one, pods(one, 'ready', 'ready', 'unready')),
      want: ['delete web-2'],
    },
    { it: 'scales to nothing', seen: see(aSet({ replicas: 0 }), pods(three, 'ready')), want: ['delete web-0'] },
    {
      it: 'does nothing once it is being deleted',
      seen: see(aSet({}, {}, { deletionTimestamp: '2026-01-01T12:00:00Z' }), pods(three, 'ready')),
      want: [],
    },
  ])
})

describe('Parallel', () => {
  table([
    { it: 'creates all at once', seen: see(parallel), want: ['create web-0', 'create web-1', 'create web-2'] },
    { it: 'does not wait for a pod that starts', seen: see(parallel, pods(parallel, 'starting')), want: ['create web-1', 'create web-2'] },
    {
      it: 'removes all that are too many, highest first',
      seen: see(aSet({ replicas: 1, podManagementPolicy: 'Parallel' }), pods(parallel, 'unready', 'ready', 'ready')),
      want: ['delete web-2', 'delete web-1'],
    },
  ])
})

describe('minReadySeconds', () => {
  const patient = aSet({ minReadySeconds: 10 })
  table([
    { it: 'waits until the last pod was ready for as long', seen: see(patient, [pod(patient, 0, 'ready', 4)]), want: [] },
    { it: 'then goes on', seen: see(patient, [pod(patient, 0, 'ready', 10)]), want: ['create web-1'] },
  ])
  test('comes back when the pod will count as available', () => {
    const { requeueAfterMs, status } = plan(see(patient, [pod(patient, 0, 'ready', 4)]))
    expect(requeueAfterMs).toBe(6_000)
    expect(status).toMatchObject({ readyReplicas: 1, availableReplicas: 0 })
  })
})

describe('ordinals.start', () => {
  const late = aSet({ replicas: 2, ordinals: { start: 5 } })
  table([
    { it: 'counts from there', seen: see(late), want: ['create web-5'] },
    { it: 'a pod below is one too many', seen: see(late, [pod(late, 4), pod(late, 5), pod(late, 6)]), want: ['delete web-4'] },
  ])
})

describe('updates', () => {
  const after = (spec: object = {}) =>
    aSet({ template: template('nginx:2'), ...spec }, { currentRevision: revisionOf(three).metadata.name })
  const both = (set: StatefulSet) => ({ history: [revisionOf(three), revisionOf(set, 2)] })
  const updated = after()
  const old = pods(three, 'ready', 'ready', 'ready')
  table([
    {
      it: 'a new template becomes a revision, and the highest pod goes',
      seen: see(updated, old, { history: [revisionOf(three)] }),
      want: [`create ${revisionOf(updated).metadata.name}`, 'delete web-2'],
    },
    {
      it: 'waits while the highest is being replaced',
      seen: see(updated, [...old.slice(0, 2), pod(three, 2, 'terminating')], both(updated)),
      want: [],
    },
    { it: 'makes it from the new template', seen: see(updated, old.slice(0, 2), both(updated)), want: ['create web-2'] },
    {
      it: 'waits until the new one is ready',
      seen: see(updated, [...old.slice(0, 2), pod(updated, 2, 'starting')], both(updated)),
      want: [],
    },
    { it: 'then takes the next lower', seen: see(updated, [...old.slice(0, 2), pod(updated, 2)], both(updated)), want: ['delete web-1'] },
    {
      it: 'a partition keeps the lower ones',
      seen: see(
        after({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }),
        [...old.slice(0, 2), pod(updated, 2)],
        both(updated),
      ),
      want: [],
    },
    { it: 'OnDelete waits for the user', seen: see(after({ updateStrategy: { type: 'OnDelete' } }), old, both(updated)), want: [] },
    {
      it: 'Parallel sets too update one by one',
      seen: see(after({ podManagementPolicy: 'Parallel' }), [...old.slice(0, 2), pod(updated, 2, 'starting')], both(updated)),
      want: [],
    },
    {
      it: 'a set stuck on a bad image is not healed by going back',
      seen: see(
        aSet({}, { currentRevision: revisionOf(three).metadata.name }),
        [...old.slice(0, 2), pod(updated, 2, 'starting')],
        both(updated),
      ),
      want: [`update ${revisionOf(three).metadata.name}`],
    },
  ])
  test('a pod below the partition comes back from the old template', () => {
    const set = after({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } })
    const [create] = plan(see(set, [pod(three, 1), pod(updated, 2)], both(updated))).actions
    expect(create).toMatchObject({ do: 'create', object: { metadata: { name: 'web-0' }, spec: { containers: [{ image: 'nginx:1' }] } } })
  })
  test('the current revision moves when every pod is of the new one', () => {
    const half = plan(see(updated, [...old.slice(0, 2), pod(updated, 2)], both(updated))).status
    expect(half).toMatchObject({ currentRevision: revisionOf(three).metadata.name, currentReplicas: 2, updatedReplicas: 1 })
    const all = plan(see(updated, pods(updated, 'ready', 'ready', 'ready'), both(updated))).status
    expect(all).toMatchObject({ currentRevision: revisionOf(updated).metadata.name, currentReplicas: 3, updatedReplicas: 3 })
  })
})

describe('history', () => {
  const images = ['nginx:1', 'nginx:2', 'nginx:3', 'nginx:4']
  const history = images.map((image, at) => revisionOf(aSet({ template: template(image) }), at + 1))
  const newest = aSet({ template: template('nginx:4'), revisionHistoryLimit: 1 }, { currentRevision: history[3]?.metadata.name })
  table([
    {
      it: 'revisions that nothing uses go beyond the limit, oldest first',
      seen: see(newest, pods(newest, 'ready', 'ready', 'ready'), { history }),
      want: [`delete ${history[0]?.metadata.name}`, `delete ${history[1]?.metadata.name}`],
    },
    {
      it: 'a template that was there before gets its revision back as the newest',
      seen: see(aSet({}, { currentRevision: history[3]?.metadata.name }), pods(newest, 'ready', 'ready', 'ready'), { history }),
      want: [`update ${history[0]?.metadata.name}`, 'delete web-2'],
    },
  ])
})

describe('claims', () => {
  const volumeClaimTemplates = [
    { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
  ]
  const disks = (policy: object = {}, spec: object = {}) =>
    aSet({
      volumeClaimTemplates,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain', ...policy },
      ...spec,
    })
  const claims = (metadata: object = {}) => ({
    claim: (name: string): PersistentVolumeClaim =>
      stored(persistentVolumeClaim, { metadata: { name, ...metadata }, spec: { resources: {} } }),
  })
  table([
    { it: 'a claim is made before its pod', seen: see(disks()), want: ['create data-web-0', 'create web-0'] },
    { it: 'one that is there is used', seen: see(disks(), [], claims()), want: ['create web-0'] },
    {
      it: 'one that is going is waited for',
      seen: see(disks(), [], claims({ deletionTimestamp: '2026-01-01T12:00:00Z' })),
      want: ['event FailedCreate'],
    },
    { it: 'a pod that waits gets the claim it misses', seen: see(disks(), pods(disks(), 'pending')), want: ['create data-web-0'] },
    { it: 'Retain leaves claims alone', seen: see(disks({}, { replicas: 1 }), pods(disks(), 'ready'), claims()), want: [] },
    {
      it: 'whenDeleted Delete: the set owns them',
      seen: see(disks({ whenDeleted: 'Delete' }, { replicas: 1 }), pods(disks(), 'ready'), claims()),
      want: ['update data-web-0'],
    },
    {
      it: 'whenScaled Delete: a condemned pod does',
      seen: see(disks({ whenScaled: 'Delete' }, { replicas: 0 }), pods(disks(), 'ready'), claims()),
      want: ['update data-web-0', 'delete web-0'],
    },
  ])
  test('who owns a claim', () => {
    const ownersOf = (seen: Observed) => {
      const [update] = plan(seen).actions
      return update?.do === 'update' ? update.object.metadata.ownerReferences?.map(o => `${o.kind}/${o.name} ${o.controller}`) : []
    }
    expect(ownersOf(see(disks({ whenDeleted: 'Delete' }), pods(disks(), 'ready'), claims()))).toEqual(['StatefulSet/web true'])
    expect(ownersOf(see(disks({ whenScaled: 'Delete' }, { replicas: 0 }), pods(disks(), 'ready'), claims()))).toEqual(['Pod/web-0 true'])
  })
})

test('a pod has its name, place and storage', () => {
  const [create] = plan(
    see(aSet({ volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { resources: {} } }] }), [], {
      claim: name => stored(persistentVolumeClaim, { metadata: { name }, spec: { resources: {} } }),
    }),
  ).actions
  expect(create).toMatchObject({
    done: { reason: 'SuccessfulCreate', message: 'Create Pod web-0 in StatefulSet web successful' },
    object: {
      metadata: { labels: { 'statefulset.kubernetes.io/pod-name': 'web-0', 'apps.kubernetes.io/pod-index': '0' } },
      spec: { hostname: 'web-0', subdomain: 'web', volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-web-0' } }] },
    },
  })
})
