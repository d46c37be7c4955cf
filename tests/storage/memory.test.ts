import { describe, expect, test } from 'vitest'
import { MemoryStorage } from '../../server/storage/memory.ts'
import { RevisionCompacted } from '../../server/storage/storage.ts'
import { object, storageCases } from './cases.ts'

describe('memory', () => {
  storageCases(async options => new MemoryStorage(options))

  test('old changes are forgotten by themselves', async () => {
    const storage = new MemoryStorage({ historyLimit: 100 })
    for (let i = 0; i < 200; i++) await storage.write(`/a/${i}`, object(`${i}`), 0)
    await expect(storage.list('/a/', { at: 5 })).rejects.toThrow(RevisionCompacted)
    expect((await storage.list('/a/', { at: storage.revision() - 90 })).entries).toHaveLength(110)
    expect((await storage.list('/a/')).entries).toHaveLength(200)
  })
})
