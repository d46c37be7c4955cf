// Custom resources in other versions than they are stored in, by a webhook that is called over HTTPS.
import { describe, expect, test } from 'vitest'
import type { Thing } from '../../support/conversion.ts'
import { aThing, at, converting, events, versionsAsked } from '../../support/converting.ts'
import { definitions } from '../../support/custom.ts'

describe('an object in another version than it is stored in', () => {
  test('is stored in the storage version, and answered in the one asked for', async () => {
    const { rest, hook } = await converting()
    const { body } = await rest.call('post', at('v2'), aThing('v2', 'it', { host: 'a', port: '1' })).expect(201)
    expect([body.apiVersion, body.spec]).toEqual(['ex.example.com/v2', { host: 'a', port: '1', size: 1 }])
    // Its default is not the webhook's to keep.
    expect(hook.asked[0]?.objects[0]?.spec).toEqual({ host: 'a', port: '1', note: 'none' })
    expect(versionsAsked(hook)).toEqual(['v1', 'v2'])
    const stored = await rest.call('get', `${at('v1')}/it`).expect(200)
    expect([stored.body.apiVersion, stored.body.spec]).toEqual(['ex.example.com/v1', { address: 'a:1', size: 1 }])
    expect(stored.body.metadata).toEqual(body.metadata)
    expect(versionsAsked(hook)).toEqual(['v1', 'v2'])
  })

  test('the webhook hears of an object as its version lists and defaults it, and keeps nothing but labels and annotations of the metadata', async () => {
    const { rest, hook } = await converting()
    await rest.call('post', at('v1'), aThing('v1', 'it', { address: 'a:1', unknown: 1 })).expect(201)
    expect(hook.asked).toEqual([])
    hook.instead = ({ apiVersion, uid, objects: [object] }) => {
      const metadata = { ...object?.metadata, labels: { by: 'hook' }, finalizers: ['ex.example.com/mine'], generation: 7 }
      const convertedObjects = [{ ...object, apiVersion: 'ex.example.com/v2', metadata, spec: { host: 'b', other: 2 } }]
      return { apiVersion, kind: 'ConversionReview', response: { uid, result: { status: 'Success' }, convertedObjects } }
    }
    const { body } = await rest.call('get', `${at('v2')}/it`).expect(200)
    expect(hook.asked[0]?.objects[0]).toMatchObject({ apiVersion: 'ex.example.com/v1', spec: { address: 'a:1', size: 1 } })
    expect(body.spec).toEqual({ host: 'b' })
    expect(body.metadata).toMatchObject({ labels: { by: 'hook' }, generation: 1 })
    expect(body.metadata.finalizers).toBeUndefined()
  })

  test('is asked about anew by a get, and no more by lists', async () => {
    const { rest, hook } = await converting()
    await rest.call('post', at('v1'), aThing('v1', 'it', {})).expect(201)
    for (let i = 0; i < 2; i++) await rest.call('get', at('v2')).expect(200)
    expect(hook.asked).toHaveLength(1)
    for (let i = 0; i < 2; i++) await rest.call('get', `${at('v2')}/it`).expect(200)
    expect(hook.asked).toHaveLength(3)
  })

  test.each([
    ['json-patch', [{ op: 'replace', path: '/spec/port', value: '2' }]],
    ['merge-patch', { spec: { port: '2' } }],
  ] as const)('%s', async (type, patch) => {
    const { rest } = await converting()
    await rest.call('post', at('v1'), aThing('v1', 'it', { address: 'a:1' })).expect(201)
    const { body } = await rest.patch(`${at('v2')}/it`, type, patch).expect(200)
    expect(body).toMatchObject({ spec: { host: 'a', port: '2' }, metadata: { generation: 2 } })
    const { body: stored } = await rest.call('get', `${at('v1')}/it`)
    expect(stored.spec).toEqual({ address: 'a:2', size: 1 })
  })

  test('update, status and scale', async () => {
    const { rest } = await converting()
    const { body } = await rest.call('post', at('v3'), aThing('v3', 'it', { endpoint: ['a', '1'] })).expect(201)
    await rest.call('put', `${at('v3')}/it`, { ...body, spec: { endpoint: ['b', '2'] } }).expect(200)
    const status = await rest.patch(`${at('v2')}/it/status`, 'merge-patch', { status: { told: 'yes' } }).expect(200)
    expect(status.body).toMatchObject({ apiVersion: 'ex.example.com/v2', spec: { host: 'b', port: '2' }, status: { told: 'yes' } })
    const scale = await rest.patch(`${at('v2')}/it/scale`, 'merge-patch', { spec: { replicas: 3 } }).expect(200)
    expect(scale.body.spec).toEqual({ replicas: 3 })
    const { body: stored } = await rest.call('get', `${at('v1')}/it`)
    expect([stored.spec, stored.status]).toEqual([{ address: 'b:2', size: 3 }, { told: 'yes' }])
  })

  test('what its own version forbids is refused before the webhook is asked', async () => {
    const { rest, hook } = await converting()
    const { body } = await rest.call('post', at('v2'), aThing('v2', 'it', { host: 'a'.repeat(21) })).expect(422)
    expect(body.message).toContain('spec.host: Too long')
    expect(hook.asked).toEqual([])
  })

  test('a list asks once, and not about those that are in the version', async () => {
    const { rest, hook } = await converting()
    for (const name of ['a', 'b', 'c']) await rest.call('post', at('v1'), aThing('v1', name, { address: `${name}:1` })).expect(201)
    await rest.call('get', at('v1')).expect(200)
    expect(hook.asked).toEqual([])
    const { body } = await rest.call('get', at('v3')).expect(200)
    expect(body.items.map(({ spec }: Thing) => spec?.endpoint)).toEqual([
      ['a', '1'],
      ['b', '1'],
      ['c', '1'],
    ])
    expect(hook.asked.map(({ objects }) => objects.length)).toEqual([3])
    const table = await rest.call('get', at('v2')).set('accept', 'application/json;as=Table;v=v1;g=meta.k8s.io')
    expect(table.body.rows.map(({ cells }: { cells: string[] }) => cells)).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
    ])
  })

  test('a watch converts each event, and bookmarks keep its version', async () => {
    const { rest } = await converting()
    await rest.call('post', at('v1'), aThing('v1', 'old', { address: 'a:1' })).expect(201)
    const seen = events(rest, `${at('v2')}?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`, 5)
    await rest.call('post', at('v3'), aThing('v3', 'new', { endpoint: ['b', '1'] })).expect(201)
    await rest.patch(`${at('v1')}/new`, 'merge-patch', { spec: { address: 'c:1' } }).expect(200)
    await rest.call('delete', `${at('v1')}/new`).expect(200)
    const shown = (await seen).filter(({ type }) => type !== 'BOOKMARK')
    expect((await seen).every(({ object }) => object.apiVersion === 'ex.example.com/v2')).toBe(true)
    expect(shown.map(({ type, object }) => [type, object.spec?.host])).toEqual([
      ['ADDED', 'a'],
      ['ADDED', 'b'],
      ['MODIFIED', 'c'],
      ['DELETED', 'c'],
    ])
  })

  test('delete and deletecollection answer in the version asked for', async () => {
    const { rest } = await converting()
    for (const name of ['a', 'b']) {
      const metadata = { finalizers: ['ex.example.com/mine'] }
      await rest.call('post', at('v1'), aThing('v1', name, { address: `${name}:1` }, metadata)).expect(201)
    }
    const one = await rest.call('delete', `${at('v2')}/a`).expect(200)
    expect(one.body).toMatchObject({ apiVersion: 'ex.example.com/v2', spec: { host: 'a' } })
    const { body } = await rest.call('delete', at('v3')).expect(200)
    expect(body.items.map(({ spec }: Thing) => spec?.endpoint)).toEqual([
      ['a', '1'],
      ['b', '1'],
    ])
  })
})

describe('the storage version changes', () => {
  test('what is stored stays until it is written again, be it as it is', async () => {
    const { rest, hook } = await converting()
    await rest.call('post', at('v1'), aThing('v1', 'it', { address: 'a:1' })).expect(201)
    const definition = `${definitions}/things.ex.example.com`
    const operations = [0, 1].map(index => ({ op: 'replace', path: `/spec/versions/${index}/storage`, value: index === 1 }))
    const { body } = await rest.patch(definition, 'json-patch', operations).expect(200)
    expect(body.status.storedVersions).toEqual(['v1', 'v2'])
    await rest.cluster.settle()
    await rest.call('get', `${at('v1')}/it`).expect(200)
    expect(hook.asked).toEqual([])
    const before = await rest.call('get', `${at('v3')}/it`).expect(200)
    expect(before.body.spec).toEqual({ endpoint: ['a', '1'], size: 1 })
    // As a storage migration does.
    const after = await rest.call('put', `${at('v3')}/it`, before.body).expect(200)
    expect(Number(after.body.metadata.resourceVersion)).toBeGreaterThan(Number(before.body.metadata.resourceVersion))
    expect(after.body.metadata.generation).toBe(1)
    const asked = hook.asked.length
    const { body: now } = await rest.call('get', `${at('v2')}/it`).expect(200)
    expect(now.spec).toEqual({ host: 'a', port: '1', size: 1, note: 'none' })
    expect(hook.asked).toHaveLength(asked)
    const unchanged = await rest.call('put', `${at('v3')}/it`, after.body).expect(200)
    expect(unchanged.body.metadata.resourceVersion).toBe(after.body.metadata.resourceVersion)
  })
})
