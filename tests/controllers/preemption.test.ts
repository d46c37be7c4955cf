// Who must go so that a more important pod fits, and what becomes of them.
import { describe, expect, test } from 'vitest'
import { schedule } from '../../controllers/scheduler/plan.ts'
import { withHoping } from '../../controllers/scheduler/preemption.ts'
import { emptyMemory, Snapshot } from '../../controllers/scheduler/snapshot.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { PodDisruptionBudget } from '../../openapi/kinds/policy/poddisruptionbudget.ts'
import { aPod as aPodBody, pods as podsPath, serveRest } from '../support/api.ts'
import { aNode, aPod, secondsAgo } from '../support/objects.ts'

const asking = (cpu: string) => ({ containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu } } }] })
const on = (node: string, name: string, { priority = 0, cpu = '1', started = 60 } = {}): Pod => {
  const pod = aPod({ metadata: { name, uid: name }, spec: { nodeName: node, priority, ...asking(cpu) } })
  return { ...pod, status: { ...pod.status, startTime: secondsAgo(started) } } as Pod
}
const incoming = (cpu: string, spec: object = {}): Pod =>
  aPod(
    { metadata: { name: 'p', uid: 'p' }, spec: { priority: 100, preemptionPolicy: 'PreemptLowerPriority', ...asking(cpu), ...spec } },
    'pending',
  )
const noVolumes = { claim: () => undefined, volume: () => undefined, volumes: () => [], class: () => undefined }

function decide(pod: Pod, pods: Pod[], nodes = ['a'], budgets: PodDisruptionBudget[] = []): string {
  const snapshot = new Snapshot(
    nodes.map(name => aNode(name)),
    name => pods.filter(({ spec }) => spec.nodeName === name),
    emptyMemory(),
  )
  const decision = schedule(pod, snapshot, noVolumes, { budgets })
  if ('node' in decision) return decision.node
  const { preempt, problem } = decision
  return preempt ? `${preempt.node}: ${preempt.victims.map(v => v.metadata.name).join(', ')}` : problem
}

describe('victims', () => {
  const full = [on('a', 'low', { cpu: '2' }), on('a', 'lower', { priority: -5, cpu: '2' })]
  const none = 'preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.'
  const problem = (why: string) => `0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, ${why}`
  const cases = [
    { it: 'the least important goes', got: decide(incoming('2'), full), want: 'a: lower' },
    { it: 'all go if they must', got: decide(incoming('4'), full), want: 'a: low, lower' },
    { it: 'equals stay', got: decide(incoming('2', { priority: -5 }), full), want: problem(none) },
    {
      it: 'nobody goes for a pod that never preempts',
      got: decide(incoming('2', { preemptionPolicy: 'Never' }), full),
      want: problem('preemption: not eligible due to preemptionPolicy=Never.'),
    },
    {
      it: 'nobody goes when it would not help',
      got: decide(incoming('3'), [on('a', 'low', { cpu: '2' }), on('a', 'high', { cpu: '2', priority: 100 })]),
      want: problem(none),
    },
    {
      it: 'of equals the younger goes',
      got: decide(incoming('2'), [on('a', 'young', { cpu: '2', started: 1 }), on('a', 'old', { cpu: '2', started: 99 })]),
      want: 'a: young',
    },
    {
      it: 'less important victims are cheaper',
      got: decide(incoming('4'), [on('a', 'low', { cpu: '4' }), ...[1, 2, 3, 4].map(n => on('b', `b${n}`, { priority: -1 }))], ['a', 'b']),
      want: 'b: b1, b2, b3, b4',
    },
    {
      it: 'of equals fewer are cheaper',
      got: decide(incoming('4'), [on('b', 'big', { cpu: '4' }), on('a', 'a1', { cpu: '2' }), on('a', 'a2', { cpu: '2' })], ['a', 'b']),
      want: 'b: big',
    },
    {
      it: 'who has run less is cheaper',
      got: decide(incoming('4'), [on('a', 'old', { cpu: '4', started: 99 }), on('b', 'young', { cpu: '4', started: 1 })], ['a', 'b']),
      want: 'b: young',
    },
    { it: 'a free node is better', got: decide(incoming('2'), full, ['a', 'b']), want: 'b' },
  ]
  const labelled = (pod: Pod, app: string): Pod => ({ ...pod, metadata: { ...pod.metadata, labels: { app } } })
  const budget = (app: string | undefined, disruptionsAllowed: number, status: object = {}): PodDisruptionBudget =>
    ({
      metadata: { name: 'b', namespace: 'default' },
      spec: { selector: app === undefined ? {} : { matchLabels: { app } } },
      status: { disruptionsAllowed, ...status },
    }) as unknown as PodDisruptionBudget
  const pair = [labelled(on('a', 'low', { cpu: '2' }), 'web'), labelled(on('a', 'lower', { priority: -5, cpu: '2' }), 'db')]
  const apart = [labelled(on('a', 'a1', { cpu: '4', priority: -5 }), 'db'), labelled(on('b', 'b1', { cpu: '4' }), 'web')]
  const guarded = [
    { it: 'who is guarded stays, though less important', got: decide(incoming('2'), pair, ['a'], [budget('db', 0)]), want: 'a: low' },
    { it: 'a budget that allows one is no guard', got: decide(incoming('2'), pair, ['a'], [budget('db', 1)]), want: 'a: lower' },
    { it: 'guarded ones go if they must', got: decide(incoming('4'), pair, ['a'], [budget('db', 0)]), want: 'a: low, lower' },
    {
      it: 'who is on his way out needs no leave',
      got: decide(incoming('2'), pair, ['a'], [budget('db', 0, { disruptedPods: { lower: 'then' } })]),
      want: 'a: lower',
    },
    { it: 'a budget for all is none', got: decide(incoming('2'), pair, ['a'], [budget(undefined, 0)]), want: 'a: lower' },
    { it: 'a node without guarded ones is cheaper', got: decide(incoming('4'), apart, ['a', 'b'], [budget('db', 0)]), want: 'b: b1' },
  ]
  test.each([...cases, ...guarded])('$it', ({ got, want }) => expect(got).toBe(want))

  test('who hopes for room counts for those that are no more important', () => {
    const hoping = { ...incoming('4'), metadata: { ...incoming('4').metadata, uid: 'hoping' } } as Pod
    const names = (pod: Pod) => withHoping(pod, [hoping], []).map(p => p.metadata.uid)
    expect(names(incoming('1'))).toEqual(['hoping'])
    expect(names(incoming('1', { priority: 101 }))).toEqual([])
    expect(names(hoping)).toEqual([])
  })
})

describe('a snapshot with other pods on one node', () => {
  const alone = (name: string, node: string) => {
    const term = { labelSelector: { matchLabels: { app: 'x' } }, topologyKey: 'zone' }
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
    return aPod({ metadata: { name, uid: name }, spec: { nodeName: node, affinity, ...asking('1') } })
  }
  const nodes = ['a', 'b', 'c'].map(name => aNode(name, { labels: { zone: `zone-${name}` } }))
  const there: Record<string, Pod[]> = { a: [on('a', 'a1'), alone('a2', 'a')], b: [on('b', 'b1', { priority: 5 })], c: [alone('c1', 'c')] }
  const read = (snapshot: Snapshot) => ({
    pods: [...snapshot.pods()],
    antiAffine: new Set(snapshot.antiAffine().map(pod => pod.metadata.name)),
    on: nodes.map(({ metadata: { name } }) => [snapshot.podsOn(name), snapshot.takenOn(name), snapshot.labelOf(name, 'zone')]),
  })
  const of = (pods: Record<string, Pod[]>) => new Snapshot(nodes, name => pods[name] ?? [], emptyMemory())

  test.each([
    ['one goes', 'a', [alone('a2', 'a')]],
    ['the one that kept others away goes', 'a', [on('a', 'a1')]],
    ['one that keeps others away comes', 'c', [alone('c1', 'c'), alone('c2', 'c')]],
    ['all go', 'b', []],
  ])('is as one made anew: %s', (_name, node, pods) => {
    const base = of(there)
    expect(read(base.with(node, pods))).toEqual(read(of({ ...there, [node]: pods })))
    expect(read(base.with(node, pods).with('b', []))).toEqual(read(of({ ...there, [node]: pods, b: [] })))
    expect(read(base)).toEqual(read(of(there)))
  })

  test('does not look at the others', () => {
    let looks = 0
    const watched = nodes.map(node => ({
      ...node,
      get metadata() {
        looks++
        return node.metadata
      },
    }))
    const snapshot = new Snapshot(watched as never, name => there[name] ?? [], emptyMemory())
    snapshot.antiAffine()
    looks = 0
    const changed = snapshot.with('b', [])
    expect([changed.podsOn('a').length, changed.podsOn('b').length, changed.antiAffine().length]).toEqual([2, 0, 2])
    expect(looks).toBe(0)
  })
})

test('a more important pod takes the place of others, and the lesser do not come between', async () => {
  await using rest = await serveRest({ controllers: '*', nodes: 1, pace: 'fast' })
  const classes = '/apis/scheduling.k8s.io/v1/priorityclasses'
  await rest.call('post', classes, { metadata: { name: 'high' }, value: 1000 }).expect(201)
  const get = async (name: string) => (await rest.call('get', `${podsPath}/${name}`)).body
  const create = async (name: string, spec: object) => {
    await rest.call('post', podsPath, aPodBody(name, spec)).expect(201)
    await rest.cluster.settle()
  }
  await create('first', asking('20'))
  await create('second', asking('12'))
  await rest.cluster.clock.advance(2_000)
  await create('vip', { ...asking('10'), priorityClassName: 'high' })
  const vip = await get('vip')
  expect(vip.status).toMatchObject({ phase: 'Pending', nominatedNodeName: 'node-0' })
  expect(vip.status.conditions[0].message).toBe('0/1 nodes are available: 1 Insufficient cpu.')
  const victim = await get('second')
  expect(victim.metadata.deletionTimestamp).toBeDefined()
  expect(victim.status.conditions).toContainEqual(
    expect.objectContaining({
      type: 'DisruptionTarget',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    }),
  )
  await create('thief', asking('12'))
  await rest.cluster.clock.advance(40_000)
  expect((await get('vip')).spec.nodeName).toBe('node-0')
  expect((await get('vip')).status.nominatedNodeName).toBeUndefined()
  expect((await get('second')).code).toBe(404)
  expect((await get('first')).metadata.deletionTimestamp).toBeUndefined()
  expect((await get('thief')).status.conditions[0].message).toContain('No preemption victims found for incoming pod')
  const events = (await rest.call('get', '/api/v1/namespaces/default/events')).body.items
  const preempted = events.find((e: { reason: string }) => e.reason === 'Preempted')
  expect(preempted).toMatchObject({
    type: 'Normal',
    message: `Preempted by pod ${vip.metadata.uid} on node node-0`,
    involvedObject: { name: 'second' },
  })
})
