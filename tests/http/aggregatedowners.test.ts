// Objects that an extension server keeps, as the garbage collector and quotas see them: owners there, dependents there, and a server that is away.
import { describe, expect, onTestFinished, test } from 'vitest'
import { aConfigMap, configMaps, type Rest } from '../support/api.ts'
import type { Extension } from '../support/extension.ts'
import { aFarm, path } from '../support/farm.ts'
import { aHerd, type Herd } from '../support/herd.ts'

const cowsPath = `${path}/namespaces/default/cows`
const ownedBy = (name: string, more: object = {}) => ({
  ownerReferences: [{ apiVersion: 'farm.example.com/v1', kind: 'Cow', name, uid: `uid-of-${name}`, ...more }],
})

interface Herded {
  rest: Rest
  extension: Extension
  herd: Herd
  /** The codes that these ConfigMaps are answered with. */
  codes(...names: string[]): Promise<number[]>
}

async function herded(controllers: string, cows: string[] = []): Promise<Herded> {
  const herd = aHerd()
  for (const cow of cows) herd.add(cow)
  const both = await aFarm({ reply: herd.reply }, {}, { controllers })
  onTestFinished(() => both[Symbol.asyncDispose]())
  const { rest, extension } = both
  const codes = async (...names: string[]) => Promise.all(names.map(async name => (await rest.call('get', `${configMaps}/${name}`)).status))
  return { rest, extension, herd, codes }
}

const collected = (cows: string[] = []) => herded('garbage-collector-controller', cows)
/** Who asked so, and for what. */
const asUser = ({ asked }: Extension, method: string) => [
  ...new Set(asked.filter(each => each.method === method).map(({ url, user }) => `${user} ${url}`)),
]

describe('an owner there', () => {
  test('keeps what it owns; when it goes, so does that', async () => {
    const { rest, herd, codes } = await collected(['bella'])
    await rest.call('post', configMaps, aConfigMap('calf', {}, ownedBy('bella'))).expect(201)
    await rest.call('post', configMaps, aConfigMap('stray', {}, ownedBy('nobody'))).expect(201)
    await rest.cluster.settle()
    expect(await codes('calf', 'stray')).toEqual([200, 404])
    await rest.call('delete', `${cowsPath}/bella`).expect(200)
    await expect.poll(() => codes('calf')).toEqual([404])
    expect(herd.get('bella')).toBeUndefined()
  })

  test('of the same name but another uid is no owner', async () => {
    const { rest, codes } = await collected(['bella'])
    await rest.call('post', configMaps, aConfigMap('calf', {}, ownedBy('bella', { uid: 'uid-of-another' }))).expect(201)
    await rest.cluster.settle()
    expect(await codes('calf')).toEqual([404])
  })

  test('that waits for what it owns is let go after it', async () => {
    const { rest, herd, extension, codes } = await collected(['bella'])
    await rest.call('post', configMaps, aConfigMap('calf', {}, ownedBy('bella', { blockOwnerDeletion: true }))).expect(201)
    await rest.cluster.settle()
    await rest.call('delete', `${cowsPath}/bella`, { propagationPolicy: 'Foreground' }).expect(200)
    await expect.poll(() => herd.get('bella')).toBeUndefined()
    expect(await codes('calf')).toEqual([404])
    expect(asUser(extension, 'PATCH')).toEqual([
      `system:garbage-collector-controller ${cowsPath}/bella?fieldManager=garbage-collector-controller`,
    ])
  })

  test('that lets go what it owns is gone, and that stays', async () => {
    const { rest, herd, codes } = await collected(['bella'])
    await rest.call('post', configMaps, aConfigMap('calf', {}, ownedBy('bella'))).expect(201)
    await rest.cluster.settle()
    await rest.call('delete', `${cowsPath}/bella`, { propagationPolicy: 'Orphan' }).expect(200)
    await expect.poll(() => herd.get('bella')).toBeUndefined()
    expect(await codes('calf')).toEqual([200])
    expect((await rest.call('get', `${configMaps}/calf`)).body.metadata.ownerReferences).toBeUndefined()
  })
})

describe('a dependent there', () => {
  const owner = async (rest: Rest, propagationPolicy?: string) => {
    const { body } = await rest.call('post', configMaps, aConfigMap('barn')).expect(201)
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'barn', uid: body.metadata.uid, blockOwnerDeletion: true }
    return {
      reference,
      remove: () => rest.call('delete', `${configMaps}/barn`, propagationPolicy ? { propagationPolicy } : undefined).expect(200),
    }
  }

  test.each([
    ['Background', ''],
    ['Foreground', ''],
    ['Orphan', 'bella'],
  ])('goes with its owner, or stays: %s', async (policy, left) => {
    const { rest, herd, extension, codes } = await collected()
    const { reference, remove } = await owner(rest, policy)
    herd.add('bella', { ownerReferences: [reference] })
    await expect.poll(() => herd.watches()).toBe(1)
    await rest.cluster.settle()
    await remove()
    await expect.poll(() => codes('barn')).toEqual([404])
    if (left) {
      await expect.poll(() => herd.get('bella')?.metadata.ownerReferences).toBeUndefined()
      expect(herd.get('bella')?.metadata.deletionTimestamp).toBeUndefined()
    } else {
      await expect.poll(() => herd.get('bella')).toBeUndefined()
      expect(asUser(extension, 'DELETE')).toEqual([`system:garbage-collector-controller ${cowsPath}/bella`])
    }
  })

  test('of an owner that never was goes', async () => {
    const { herd } = await collected()
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'barn', uid: 'u-1' }
    herd.add('bella', { ownerReferences: [reference] })
    await expect.poll(() => herd.get('bella')).toBeUndefined()
  })
})

describe('a server that is away', () => {
  test('is no reason to delete anything, nor to stop for other kinds; what went meanwhile is seen when it is back', async () => {
    const { rest, extension, herd, codes } = await collected(['bella', 'daisy'])
    const { clock, settle } = rest.cluster
    await rest.call('post', configMaps, aConfigMap('calf', {}, ownedBy('bella'))).expect(201)
    await settle()
    extension.down = true
    herd.endWatches()
    await clock.advance(60_000)
    await rest.call('post', configMaps, aConfigMap('heifer', {}, ownedBy('nobody'))).expect(201)
    await rest.call('post', configMaps, aConfigMap('bull', {}, ownedBy('daisy'))).expect(201)
    const local = { apiVersion: 'v1', kind: 'ConfigMap', name: 'none', uid: 'u-1' }
    await rest.call('post', configMaps, aConfigMap('cat', {}, { ownerReferences: [local] })).expect(201)
    await clock.advance(60_000)
    expect(await codes('calf', 'heifer', 'bull', 'cat')).toEqual([200, 200, 200, 404])
    herd.lose('bella')
    extension.down = false
    await clock.advance(60_000)
    await expect.poll(() => codes('calf', 'heifer', 'bull')).toEqual([404, 404, 200])
  })

  test('as to one resource is asked again later', async () => {
    const { rest, herd, codes } = await collected(['bella'])
    await rest.call('post', configMaps, aConfigMap('calf', {}, ownedBy('bella'))).expect(201)
    await expect.poll(() => herd.watches()).toBe(1)
    herd.lose('bella')
    herd.endWatches()
    await expect.poll(() => herd.watches()).toBe(0)
    await rest.cluster.settle()
    expect(await codes('calf')).toEqual([200])
    await rest.cluster.clock.advance(1_000)
    await expect.poll(() => codes('calf')).toEqual([404])
    expect(herd.watches()).toBe(1)
  })

  test('for good leaves what its objects own', async () => {
    const { rest, codes } = await collected(['bella'])
    await rest.call('post', configMaps, aConfigMap('calf', {}, ownedBy('bella'))).expect(201)
    await rest.cluster.settle()
    await rest.call('delete', '/apis/apiregistration.k8s.io/v1/apiservices/v1.farm.example.com').expect(200)
    await rest.cluster.clock.advance(60_000)
    expect(await codes('calf')).toEqual([200])
  })
})

test('what can only be read is not followed', async () => {
  const herd = aHerd()
  const resources = [{ name: 'cows', singularName: 'cow', namespaced: true, kind: 'Cow', verbs: ['get', 'list'] }]
  await using both = await aFarm({ reply: herd.reply, resources }, {}, { controllers: 'garbage-collector-controller' })
  await both.rest.cluster.clock.advance(60_000)
  expect(both.extension.asked).toEqual([])
})

test('watches end with the cluster', async () => {
  const { rest, herd } = await collected()
  await expect.poll(() => herd.watches()).toBe(1)
  await rest.cluster.close()
  await expect.poll(() => herd.watches()).toBe(0)
})

describe('a quota', () => {
  const quota = '/api/v1/namespaces/default/resourcequotas'
  const cows = 'count/cows.farm.example.com'
  const counting = async (names: string[] = [], hard: object = { [cows]: '1', 'count/configmaps': '5' }) => {
    const all = await herded('resourcequota-controller', names)
    await all.rest.call('post', quota, { metadata: { name: 'q' }, spec: { hard } }).expect(201)
    await all.rest.cluster.settle()
    return { ...all, used: async () => (await all.rest.call('get', `${quota}/q`).expect(200)).body.status.used }
  }

  test('counts what is there, what comes and what goes, and keeps nobody from making more', async () => {
    const { rest, herd, used } = await counting(['bella'])
    expect(await used()).toEqual({ [cows]: '1', 'count/configmaps': '0' })
    herd.add('daisy')
    await expect.poll(used).toEqual({ [cows]: '2', 'count/configmaps': '0' })
    herd.add('far', { namespace: 'other' })
    await rest.call('delete', `${cowsPath}/bella`).expect(200)
    await expect.poll(used).toEqual({ [cows]: '1', 'count/configmaps': '0' })
  })

  test('tells what it knew while the server is away, and counts the rest', async () => {
    const { rest, extension, herd, used } = await counting(['bella'])
    extension.down = true
    herd.endWatches()
    await rest.cluster.clock.advance(60_000)
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    await rest.cluster.settle()
    expect(await used()).toEqual({ [cows]: '1', 'count/configmaps': '1' })
    herd.lose('bella')
    extension.down = false
    await rest.cluster.clock.advance(60_000)
    await expect.poll(used).toEqual({ [cows]: '0', 'count/configmaps': '1' })
  })

  test('says nothing of what nobody serves', async () => {
    const { used } = await counting([], { 'count/pigs.farm.example.com': '1', pods: '3' })
    expect(await used()).toEqual({ pods: '0' })
  })

  test('that names nothing of the server has nothing followed there', async () => {
    const { extension } = await counting(['bella'], { pods: '3' })
    expect(extension.asked).toEqual([])
  })
})
