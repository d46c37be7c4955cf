// The registry over a storage in which others are always faster: writes are tried again on what they wrote, and given up in the end.
import { expect, test } from 'vitest'
import { type ConfigMap, configMap } from '../../openapi/kinds/core/configmap.ts'
import { deepCopy } from '../../openapi/values/copy.ts'
import { Admission } from '../../server/admission/chain.ts'
import { wallClock } from '../../server/clock.ts'
import { createIds } from '../../server/ids.ts'
import { Hooks } from '../../server/registry/hooks.ts'
import type { RequestContext } from '../../server/registry/request.ts'
import { Store, timePrinter } from '../../server/registry/store.ts'
import { MemoryStorage } from '../../server/storage/memory.ts'
import type { Storage } from '../../server/storage/storage.ts'
import { noConversion } from '../support/conversion.ts'

const request: RequestContext = {
  user: { name: 'test', groups: [] },
  namespace: 'default',
  dryRun: false,
  fieldManager: 'test',
  warn: () => {},
}

/** Before each of the first so many updates somebody else counts up. */
async function contended(races: number) {
  const memory = new MemoryStorage()
  let left = races
  const storage: Storage = {
    revision: () => memory.revision(),
    get: key => memory.get(key),
    list: (prefix, page) => memory.list(prefix, page),
    async write(key, value, expected) {
      const { entry } = await memory.get(key)
      if (entry && left-- > 0) {
        const next = deepCopy(entry.value) as ConfigMap
        next.data = { ...next.data, others: String(Number(next.data?.others ?? 0) + 1) }
        await memory.write(key, next, entry.revision)
      }
      return memory.write(key, value, expected)
    },
    watch: (prefix, after, signal) => memory.watch(prefix, after, signal),
    compact: before => memory.compact(before),
    close: () => memory.close(),
  }
  const clock = wallClock()
  const context = {
    storage,
    clock,
    ids: createIds(1),
    time: timePrinter(clock),
    admission: new Admission([]),
    hooks: new Hooks([]),
    convert: noConversion,
  }
  const store = new Store<ConfigMap>(configMap as never, context)
  await store.create(request, { metadata: { name: 'x', namespace: 'default' } } as never)
  return store
}

const add = (store: Store<ConfigMap>) =>
  store.update(request, 'x', current => {
    const object = deepCopy(current) as ConfigMap
    object.data = { ...object.data, mine: 'there' }
    object.metadata.resourceVersion = ''
    return { object }
  })

test('a write without a version is tried again on the newer state, so that neither is lost', async () => {
  const store = await contended(20)
  const { object } = await add(store)
  expect(object.data).toEqual({ others: '20', mine: 'there' })
  expect((await store.get(request, 'x')).data).toEqual({ others: '20', mine: 'there' })
})

test('one that never wins hears of it', async () => {
  const store = await contended(1000)
  await expect(add(store)).rejects.toMatchObject({ code: 409, reason: 'Conflict' })
  expect((await store.get(request, 'x')).data?.mine).toBeUndefined()
})

test('one with a version is not tried again', async () => {
  const store = await contended(1)
  const before = await store.get(request, 'x')
  const update = store.update(request, 'x', () => ({ object: { ...deepCopy(before), data: { mine: 'there' } } as never }))
  await expect(update).rejects.toMatchObject({ code: 409, reason: 'Conflict' })
  expect((await store.get(request, 'x')).data).toEqual({ others: '1' })
})

test('a deletion is tried again too', async () => {
  const store = await contended(5)
  expect(await store.delete(request, 'x', {})).toMatchObject({ gone: true, object: { data: { others: '5' } } })
  await expect(store.get(request, 'x')).rejects.toMatchObject({ code: 404 })
})
