// What every storage backend must do. A backend's test file calls this with a way to open an empty one.
import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../openapi/kind.ts'
import { createIds } from '../../server/ids.ts'
import { type Change, RevisionCompacted, RevisionInFuture, type Storage, WatcherTooSlow } from '../../server/storage/storage.ts'

export interface Options {
  /** Changes a watcher may leave unread. */
  watchBuffer?: number
}
export type Open = (options?: Options) => Promise<Storage>

export const object = (name: string, value = 0): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Thing', metadata: { name, uid: name, creationTimestamp: '' }, value }) as unknown as KubeObject

const numberIn = (value: KubeObject | undefined): unknown => (value as unknown as { value: unknown } | undefined)?.value
const keys = (entries: readonly { key: string }[]): string[] => entries.map(entry => entry.key)
const told = ({ deleted, entry, revision }: Change): string => `${revision} ${deleted ? '-' : '+'} ${entry.key}`

/** Writes that must succeed; returns the revision. */
async function put(storage: Storage, key: string, value: number | null): Promise<number> {
  const { entry } = await storage.get(key)
  const written = await storage.write(key, value === null ? null : object(key, value), entry?.revision ?? 0)
  if (!written.ok) throw new Error(`${key} was not written`)
  return written.entry.revision
}

/** The next so many changes. */
async function take(changes: AsyncIterable<readonly Change[]>, count: number): Promise<Change[]> {
  const taken: Change[] = []
  for await (const batch of changes) {
    taken.push(...batch)
    if (taken.length >= count) break
  }
  return taken
}

export function storageCases(open: Open): void {
  describe('write', () => {
    test('each write is one revision, stamped on the object', async () => {
      const storage = await open()
      const before = storage.revision()
      const written = await storage.write('/a/x', object('x'), 0)
      expect(written).toMatchObject({ ok: true, entry: { key: '/a/x', revision: before + 1, created: before + 1 } })
      expect(storage.revision()).toBe(before + 1)
      const { revision, entry } = await storage.get('/a/x')
      expect(revision).toBe(before + 1)
      expect(entry?.value.metadata.resourceVersion).toBe(String(before + 1))
      await storage.close()
    })

    test('a key that exists is not created again, and what is there is told', async () => {
      const storage = await open()
      const revision = await put(storage, '/a/x', 1)
      expect(await storage.write('/a/x', object('x', 2), 0)).toMatchObject({ ok: false, current: { revision } })
      expect(numberIn((await storage.get('/a/x')).entry?.value)).toBe(1)
      await storage.close()
    })

    test('of two writes on the same revision one is refused', async () => {
      const storage = await open()
      const revision = await put(storage, '/a/x', 1)
      const done = await Promise.all([2, 3].map(value => storage.write('/a/x', object('x', value), revision)))
      expect(done.map(d => d.ok).sort()).toEqual([false, true])
      expect((await storage.get('/a/x')).entry?.created).toBe(revision)
      await storage.close()
    })

    test('a deletion is a revision too; what is gone cannot be deleted or changed', async () => {
      const storage = await open()
      const revision = await put(storage, '/a/x', 1)
      const deleted = await storage.write('/a/x', null, revision)
      expect(deleted).toMatchObject({ ok: true, entry: { revision: revision + 1 } })
      expect(deleted.ok && deleted.entry.value.metadata.resourceVersion).toBe(String(revision + 1))
      expect((await storage.get('/a/x')).entry).toBeUndefined()
      expect(await storage.write('/a/x', null, revision)).toMatchObject({ ok: false })
      expect(await storage.write('/a/x', null, 0)).toMatchObject({ ok: false })
      expect(await storage.write('/a/x', object('x'), revision)).toMatchObject({ ok: false })
      await storage.close()
    })

    test('a writer that loses its race again and again gets through when it reads before each try', async () => {
      const storage = await open()
      await put(storage, '/a/counter', 0)
      let lost = 0
      const increment = async (): Promise<void> => {
        const { entry } = await storage.get('/a/counter')
        const next = object('counter', Number(numberIn(entry?.value)) + 1)
        if ((await storage.write('/a/counter', next, entry?.revision ?? 0)).ok) return
        lost++
        await increment()
      }
      await Promise.all(Array.from({ length: 50 }, increment))
      expect(numberIn((await storage.get('/a/counter')).entry?.value)).toBe(50)
      expect(lost).toBeGreaterThan(0)
      await storage.close()
    })

    test('stored objects are frozen', async () => {
      const storage = await open()
      await put(storage, '/a/x', 1)
      const { entry } = await storage.get('/a/x')
      expect(Object.isFrozen(entry?.value)).toBe(true)
      expect(Object.isFrozen(entry?.value.metadata)).toBe(true)
      await storage.close()
    })
  })

  describe('list', () => {
    test('is in the order of keys, of the prefix only', async () => {
      const storage = await open()
      for (const key of ['/a/n2/x', '/a/n1/y', '/a/n1/x', '/ab/n1/x', '/a/n10/x']) await put(storage, key, 0)
      expect(keys((await storage.list('/a/')).entries)).toEqual(['/a/n1/x', '/a/n1/y', '/a/n10/x', '/a/n2/x'])
      expect(keys((await storage.list('/a/n1/')).entries)).toEqual(['/a/n1/x', '/a/n1/y'])
      expect((await storage.list('/b/')).entries).toEqual([])
      await storage.close()
    })

    test('pages go on in the state of the first, whatever is written between them', async () => {
      const storage = await open()
      for (let i = 0; i < 10; i++) await put(storage, `/a/${i}`, 0)
      const first = await storage.list('/a/', { limit: 4 })
      expect([keys(first.entries), first.remaining]).toEqual([['/a/0', '/a/1', '/a/2', '/a/3'], 6])
      await put(storage, '/a/5', null)
      await put(storage, '/a/6', 6)
      await put(storage, '/a/45', 0)
      const second = await storage.list('/a/', { limit: 4, after: '/a/3', at: first.revision })
      expect([keys(second.entries), second.remaining, second.revision]).toEqual([['/a/4', '/a/5', '/a/6', '/a/7'], 2, first.revision])
      expect(numberIn(second.entries[2]?.value)).toBe(0)
      const third = await storage.list('/a/', { limit: 4, after: '/a/7', at: first.revision })
      expect([keys(third.entries), third.remaining]).toEqual([['/a/8', '/a/9'], 0])
      expect(keys((await storage.list('/a/', { after: '/a/3' })).entries)).toEqual(['/a/4', '/a/45', '/a/6', '/a/7', '/a/8', '/a/9'])
      await storage.close()
    })

    test('a state of the past can be listed', async () => {
      const storage = await open()
      const created = await put(storage, '/a/x', 1)
      await put(storage, '/a/x', 2)
      await put(storage, '/a/x', null)
      expect((await storage.list('/a/', { at: created })).entries.map(e => numberIn(e.value))).toEqual([1])
      expect((await storage.list('/a/', { at: created + 1 })).entries.map(e => numberIn(e.value))).toEqual([2])
      expect((await storage.list('/a/', { at: created + 2 })).entries).toEqual([])
      await storage.close()
    })

    test('a revision to come is refused', async () => {
      const storage = await open()
      await expect(storage.list('/a/', { at: storage.revision() + 1 })).rejects.toThrow(RevisionInFuture)
      await storage.close()
    })

    test('a page of a compacted state is refused, the present one is not', async () => {
      const storage = await open()
      const first = await put(storage, '/a/x', 1)
      const second = await put(storage, '/a/x', 2)
      await storage.compact(second)
      await expect(storage.list('/a/', { at: first })).rejects.toThrow(RevisionCompacted)
      expect((await storage.list('/a/', { at: second })).entries).toHaveLength(1)
      expect((await storage.list('/a/')).entries).toHaveLength(1)
      await storage.close()
    })
  })

  describe('watch', () => {
    test('begins after its revision: what has happened since comes first, in order', async () => {
      const storage = await open()
      const start = await put(storage, '/a/x', 1)
      await put(storage, '/a/y', 1)
      await put(storage, '/b/z', 1)
      await put(storage, '/a/x', null)
      const changes = storage.watch('/a/', start, new AbortController().signal)
      await put(storage, '/a/y', 2)
      const taken = await take(changes, 3)
      expect(taken.map(told)).toEqual([`${start + 1} + /a/y`, `${start + 3} - /a/x`, `${start + 4} + /a/y`])
      expect(taken.map(change => numberIn(change.previous?.value))).toEqual([undefined, 1, 1])
      await storage.close()
    })

    test('nothing between the call and the first read is lost', async () => {
      const storage = await open()
      const changes = storage.watch('/a/', storage.revision(), new AbortController().signal)
      const revision = await put(storage, '/a/x', 1)
      expect((await take(changes, 1)).map(told)).toEqual([`${revision} + /a/x`])
      await storage.close()
    })

    test('hears of its prefix only: a kind, a namespace, one key', async () => {
      const storage = await open()
      const from = storage.revision()
      const watches = ['/a/', '/a/n1/', '/a/n1/x', '/'].map(prefix => storage.watch(prefix, from, new AbortController().signal))
      for (const key of ['/a/n1/x', '/a/n1/xx', '/a/n2/x', '/ab/n1/x', '/z/end']) await put(storage, key, 0)
      // A last change that each hears of ends the reading.
      await put(storage, '/a/n1/x', 1)
      const heard = await Promise.all([4, 3, 2, 6].map((count, i) => take(watches[i] as (typeof watches)[0], count)))
      expect(heard.map(changes => keys(changes.map(c => c.entry)))).toEqual([
        ['/a/n1/x', '/a/n1/xx', '/a/n2/x', '/a/n1/x'],
        ['/a/n1/x', '/a/n1/xx', '/a/n1/x'],
        ['/a/n1/x', '/a/n1/x'],
        ['/a/n1/x', '/a/n1/xx', '/a/n2/x', '/ab/n1/x', '/z/end', '/a/n1/x'],
      ])
      await storage.close()
    })

    test('of a compacted revision is refused; an open one goes on', async () => {
      const storage = await open()
      const start = await put(storage, '/a/x', 1)
      const watching = storage.watch('/a/', start, new AbortController().signal)
      await put(storage, '/a/x', 2)
      await storage.compact(storage.revision())
      await expect(async () => take(storage.watch('/a/', start, new AbortController().signal), 1)).rejects.toThrow(RevisionCompacted)
      expect(await take(watching, 1)).toHaveLength(1)
      await storage.close()
    })

    test('ends when its signal aborts, before or while it is read', async () => {
      const storage = await open()
      const ending = new AbortController()
      const reading = take(storage.watch('/a/', storage.revision(), ending.signal), 1)
      ending.abort()
      expect(await reading).toEqual([])
      expect(await take(storage.watch('/a/', storage.revision(), AbortSignal.abort()), 1)).toEqual([])
      await storage.close()
    })

    test('ends when the storage closes', async () => {
      const storage = await open()
      const reading = take(storage.watch('/a/', storage.revision(), new AbortController().signal), 1)
      await storage.close()
      expect(await reading).toEqual([])
    })

    test('one that does not read is given up and told so; writers and other watchers are not held up', async () => {
      const storage = await open({ watchBuffer: 10 })
      let givenUp = 0
      const slow = storage.watch('/a/', storage.revision(), new AbortController().signal, () => givenUp++)
      const quick = take(storage.watch('/a/', storage.revision(), new AbortController().signal), 30)
      for (let i = 0; i < 30; i++) {
        await put(storage, `/a/${i}`, 0)
        await new Promise(resolve => setImmediate(resolve))
      }
      expect(givenUp).toBe(1)
      expect(await quick).toHaveLength(30)
      await expect(take(slow, 1)).rejects.toThrow(WatcherTooSlow)
      await storage.close()
    })
  })

  for (const seed of [1, 2, 3, 4])
    test(`does the same as a model that keeps every state (seed ${seed})`, async () => {
      const { fraction } = createIds(seed)
      const below = (n: number) => Math.floor(fraction() * n)
      const storage = await open()
      const states = new Map<number, Map<string, number>>([[storage.revision(), new Map()]])
      const log: string[] = []
      const start = storage.revision()
      const watching = storage.watch('/a/', start, new AbortController().signal)
      for (let step = 0; step < 400; step++) {
        const key = `/${'ab'[below(2)]}/${below(12)}`
        const state = states.get(storage.revision()) as Map<string, number>
        const value = below(4) === 0 ? null : step
        const { entry } = await storage.get(key)
        expect(numberIn(entry?.value)).toBe(state.get(key))
        // One in five comes with a revision that is not the key's.
        const expected = below(5) === 0 ? below(storage.revision()) : (entry?.revision ?? 0)
        const allowed = expected === (entry?.revision ?? 0) && !(value === null && !entry)
        const written = await storage.write(key, value === null ? null : object(key, value), expected)
        expect(written.ok).toBe(allowed)
        if (!allowed) continue
        const next = new Map(state)
        if (value === null) next.delete(key)
        else next.set(key, value)
        states.set(storage.revision(), next)
        if (key.startsWith('/a/')) log.push(`${storage.revision()} ${value === null ? '-' : '+'} ${key}`)
      }
      for (const [revision, state] of states) {
        const after = `/a/${below(12)}`
        const limit = 1 + below(6)
        const wanted = [...state.keys()].filter(key => key.startsWith('/a/') && key > after).sort()
        const page = await storage.list('/a/', { at: revision, after, limit })
        expect([keys(page.entries), page.remaining]).toEqual([wanted.slice(0, limit), Math.max(0, wanted.length - limit)])
        expect(page.entries.map(e => numberIn(e.value))).toEqual(wanted.slice(0, limit).map(key => state.get(key)))
      }
      expect((await take(watching, log.length)).map(told)).toEqual(log)
      await storage.close()
    })
}
