// What a pod and an Ingress get from their classes when they are created.
import { describe, expect, test } from 'vitest'
import type { Toleration } from '../../openapi/schemas/selector.ts'
import { mergeTolerations } from '../../server/admission/tolerations.ts'
import { aPod, pods, type Rest, serveRest } from '../support/api.ts'

const classes = '/apis/scheduling.k8s.io/v1/priorityclasses'
const runtimes = '/apis/node.k8s.io/v1/runtimeclasses'
const ingressClasses = '/apis/networking.k8s.io/v1/ingressclasses'

async function serve(): Promise<Rest> {
  const rest = await serveRest()
  await rest.call('post', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } }).expect(201)
  return rest
}

describe('priority', () => {
  test('a class gives its number and its policy', async () => {
    await using rest = await serve()
    await rest.call('post', classes, { metadata: { name: 'high' }, value: 7, preemptionPolicy: 'Never' }).expect(201)
    const { spec } = (await rest.call('post', pods, aPod('it', { priorityClassName: 'high' })).expect(201)).body
    expect(spec).toMatchObject({ priority: 7, preemptionPolicy: 'Never' })
    const { message } = (await rest.call('post', pods, aPod('no', { priorityClassName: 'high', priority: 8 })).expect(403)).body
    expect(message).toBe(
      'pods "no" is forbidden: the integer value of priority (8) must not be provided in pod spec; priority admission controller computed 7 from the given PriorityClass name',
    )
  })

  test('the default class is taken by pods that name none', async () => {
    await using rest = await serve()
    await rest.call('post', classes, { metadata: { name: 'usual' }, value: -3, globalDefault: true }).expect(201)
    const { spec } = (await rest.call('post', pods, aPod('it')).expect(201)).body
    expect(spec).toMatchObject({ priorityClassName: 'usual', priority: -3 })
    await rest.call('post', classes, { metadata: { name: 'other' }, value: 1 }).expect(201)
    const { message } = (await rest.patch(`${classes}/other`, 'merge-patch', { globalDefault: true }).expect(403)).body
    expect(message).toContain('PriorityClass usual is already marked as default. Only one default can exist')
    await rest.patch(`${classes}/usual`, 'merge-patch', { description: 'x' }).expect(200)
  })

  test('the classes of the system are there from the start, and come back after a reset', async () => {
    await using rest = await serve()
    const names = async () => (await rest.call('get', classes)).body.items.map((c: { metadata: { name: string } }) => c.metadata.name)
    expect(await names()).toEqual(['system-cluster-critical', 'system-node-critical'])
    await rest.cluster.simulator.reset()
    expect(await names()).toEqual(['system-cluster-critical', 'system-node-critical'])
    const refused = (await rest.call('post', classes, { metadata: { name: 'system-node-critical' }, value: 1 }).expect(422)).body
    expect(refused.message).toContain('error: value of system-node-critical PriorityClass must be 2000001000')
  })
})

describe('runtime classes', () => {
  const overhead = { podFixed: { memory: '64Mi' } }
  const scheduling = { nodeSelector: { vm: 'yes' }, tolerations: [{ key: 'vm', operator: 'Exists' }] }

  test('give overhead, selector and tolerations', async () => {
    await using rest = await serve()
    await rest.call('post', runtimes, { metadata: { name: 'vm' }, handler: 'kata', overhead, scheduling }).expect(201)
    const { spec } = (await rest.call('post', pods, aPod('it', { runtimeClassName: 'vm', nodeSelector: { a: 'b' } })).expect(201)).body
    expect(spec).toMatchObject({ overhead: { memory: '64Mi' }, nodeSelector: { a: 'b', vm: 'yes' } })
    expect(spec.tolerations).toContainEqual({ key: 'vm', operator: 'Exists' })
    const refused = async (wanted: object) =>
      (await rest.call('post', pods, aPod('no', { runtimeClassName: 'vm', ...wanted })).expect(403)).body.message
    expect(await refused({ nodeSelector: { vm: 'no' } })).toBe(
      'pods "no" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[vm] = yes; pod.spec.nodeSelector[vm] = no',
    )
    expect(await refused({ overhead: { memory: '1Mi' } })).toBe(
      "pods \"no\" is forbidden: pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    )
  })

  test('without overhead take none from the pod', async () => {
    await using rest = await serve()
    await rest.call('post', runtimes, { metadata: { name: 'plain' }, handler: 'runc' }).expect(201)
    const wanted = { runtimeClassName: 'plain', overhead: { memory: '1Mi' } }
    expect((await rest.call('post', pods, aPod('no', wanted)).expect(403)).body.message).toContain('Pod Overhead set without')
  })

  const key = (name: string, extra: Toleration = {}): Toleration => ({ key: name, operator: 'Exists', ...extra })
  const cases: { it: string; all: Toleration[]; want: number[] }[] = [
    { it: 'equal ones are one', all: [key('a'), key('a')], want: [0] },
    { it: 'a wider one takes its place', all: [key('a', { effect: 'NoSchedule' }), key('a')], want: [1] },
    { it: 'everything covers all', all: [{ operator: 'Exists' }, key('a')], want: [0] },
    { it: 'a longer one covers a shorter', all: [10, 20].map(s => key('a', { effect: 'NoExecute', tolerationSeconds: s })), want: [1] },
    { it: 'others stay', all: [key('a'), key('b'), { key: 'c', value: 'x' }, { key: 'c', value: 'y' }], want: [0, 1, 2, 3] },
  ]
  test.each(cases)('merged tolerations: $it', ({ all, want }) => expect(mergeTolerations(all)).toEqual(want.map(index => all[index])))
})

test('an Ingress gets the newest default class, unless it names one', async () => {
  await using rest = await serve()
  const annotations = { 'ingressclass.kubernetes.io/is-default-class': 'true' }
  const path = '/apis/networking.k8s.io/v1/namespaces/default/ingresses'
  const made = async (name: string, metadata: object = {}, more: object = {}) => {
    const spec = { defaultBackend: { service: { name: 'web', port: { number: 80 } } }, ...more }
    return (await rest.call('post', path, { metadata: { name, ...metadata }, spec }).expect(201)).body.spec.ingressClassName
  }
  expect(await made('none')).toBeUndefined()
  for (const name of ['b', 'a']) {
    await rest.cluster.clock.advance(1000)
    await rest.call('post', ingressClasses, { metadata: { name, annotations }, spec: { controller: 'a.b/c' } }).expect(201)
  }
  await rest.call('post', ingressClasses, { metadata: { name: 'plain' }, spec: { controller: 'a.b/c' } }).expect(201)
  expect(await made('it')).toBe('a')
  expect(await made('old', { annotations: { 'kubernetes.io/ingress.class': 'x' } })).toBeUndefined()
  expect(await made('own', {}, { ingressClassName: 'plain' })).toBe('plain')
})
