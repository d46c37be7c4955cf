// Bounded fan-out of changes. A watcher is found by the prefixes of the changed key, so idle watchers of other keys cost nothing.
import { type Change, WatcherTooSlow } from './storage.ts'

interface Watcher {
  buffer: Change[]
  tooSlow: boolean
  closed: boolean
  wake?: () => void
  onTooSlow?: () => void
}

export class Watchers {
  readonly #byPrefix = new Map<string, Set<Watcher>>()
  readonly #limit: number
  #closed = false

  constructor(limit: number) {
    this.#limit = limit
  }

  publish(change: Change): void {
    const key = change.entry.key
    for (let slash = key.indexOf('/', 1); slash !== -1; slash = key.indexOf('/', slash + 1)) this.#deliver(key.slice(0, slash + 1), change)
    this.#deliver(key, change)
    this.#deliver('/', change)
  }

  /** `prefix` ends with a slash, or is a whole key. Registered at once, so that nothing between this call and the first read is lost. */
  open(prefix: string, backlog: Change[], signal: AbortSignal, onTooSlow?: () => void): AsyncIterable<readonly Change[]> {
    const watcher: Watcher = { buffer: backlog, tooSlow: false, closed: this.#closed, onTooSlow }
    const group = this.#byPrefix.get(prefix) ?? new Set()
    this.#byPrefix.set(prefix, group.add(watcher))
    const end = () => {
      group.delete(watcher)
      if (group.size === 0 && this.#byPrefix.get(prefix) === group) this.#byPrefix.delete(prefix)
      watcher.closed = true
      watcher.wake?.()
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
    return read(watcher, () => {
      signal.removeEventListener('abort', end)
      end()
    })
  }

  close(): void {
    this.#closed = true
    for (const group of this.#byPrefix.values())
      for (const watcher of group) {
        watcher.closed = true
        watcher.wake?.()
      }
    this.#byPrefix.clear()
  }

  #deliver(prefix: string, change: Change): void {
    const group = this.#byPrefix.get(prefix)
    if (!group) return
    for (const watcher of group) {
      if (watcher.buffer.length < this.#limit) watcher.buffer.push(change)
      else {
        // Given up: it keeps nothing, and costs nothing any more.
        group.delete(watcher)
        watcher.tooSlow = true
        watcher.buffer = []
        watcher.onTooSlow?.()
      }
      watcher.wake?.()
    }
  }
}

async function* read(watcher: Watcher, end: () => void): AsyncGenerator<readonly Change[]> {
  try {
    while (true) {
      if (watcher.tooSlow) throw new WatcherTooSlow('the watcher did not keep up')
      if (watcher.buffer.length > 0) {
        const batch = watcher.buffer
        watcher.buffer = []
        yield batch
        continue
      }
      if (watcher.closed) return
      await new Promise<void>(resolve => {
        watcher.wake = resolve
      })
      watcher.wake = undefined
    }
  } finally {
    end()
  }
}
