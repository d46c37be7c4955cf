// A cache of one kind that follows the server: list, then watch; list again when the history is gone. Objects are the frozen stored ones.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import type { Client, ClientEvent } from '../../server/client.ts'
import type { Index, Informer, ObjectKey } from './controller.ts'
import { isReason } from './errors.ts'
import { controllerOf } from './owners.ts'
import { SortedObjects } from './sorted.ts'
import { keyText } from './workqueue.ts'

export type Listener = (object: KubeObject, old: KubeObject | undefined) => void

export class CachedInformer implements Informer {
  readonly #kind: Kind
  readonly #client: Client
  readonly #byKey = new Map<string, KubeObject>()
  readonly #all = new SortedObjects()
  readonly #indexes = new Map<Index, Map<string, SortedObjects>>()
  readonly #listeners: Listener[] = []
  readonly #ending = new AbortController()
  #revision = 0
  #waiters: { revision: number; resolve: () => void }[] = []

  constructor(kind: Kind, client: Client) {
    this.#kind = kind
    this.#client = client
  }

  /** Resolves when the first list is in the cache. `failed`: what is there cannot be read any more; without, that is nobody's to handle. */
  async start(failed?: (error: unknown) => void): Promise<void> {
    await this.#list()
    void this.#follow().catch((error: unknown) => {
      if (!failed) throw error
      failed(error)
    })
  }

  close(): void {
    this.#ending.abort()
    for (const { resolve } of this.#waiters) resolve()
    this.#waiters = []
  }

  onChange(listener: Listener): void {
    this.#listeners.push(listener)
    for (const object of this.list()) listener(object, undefined)
  }

  get(key: ObjectKey): KubeObject | undefined {
    return this.#byKey.get(keyText(key))
  }

  list(namespace?: string): readonly KubeObject[] {
    return namespace === undefined ? this.#all.list() : this.by(byNamespace, namespace)
  }

  by(index: Index, value: string): readonly KubeObject[] {
    let groups = this.#indexes.get(index)
    if (!groups) {
      groups = new Map()
      for (const object of this.#all.list()) file(groups, index, object)
      this.#indexes.set(index, groups)
    }
    return groups.get(value)?.list() ?? nothing
  }

  controlledBy(owner: KubeObject): readonly KubeObject[] {
    return this.by(byController, owner.metadata.uid)
  }

  /** Resolves when changes up to `revision` have been seen. */
  reached(revision: number): Promise<void> | undefined {
    if (revision <= this.#revision || this.#ending.signal.aborted) return undefined
    return new Promise(resolve => this.#waiters.push({ revision, resolve }))
  }

  async #list(): Promise<void> {
    const { items, revision } = await this.#client.list(this.#kind)
    const seen = new Set(items.map(item => item.metadata.uid))
    for (const old of this.list()) if (!seen.has(old.metadata.uid)) this.#apply('DELETED', old)
    for (const item of items) this.#apply('MODIFIED', item)
    this.#advance(revision)
  }

  async #follow(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      try {
        for await (const events of this.#client.watch(this.#kind, this.#revision, this.#ending.signal)) this.#deliver(events)
        if (this.#ending.signal.aborted) return
        await this.#list()
      } catch (error) {
        if (this.#ending.signal.aborted) return
        if (!isReason(error, 'Expired')) throw error
        await this.#list()
      }
    }
  }

  #deliver(events: readonly ClientEvent<KubeObject>[]): void {
    for (const { type, object } of events) this.#apply(type, object)
    const last = events.at(-1)
    if (last) this.#advance(last.revision)
  }

  #apply(type: ClientEvent<KubeObject>['type'], object: KubeObject): void {
    const key = keyText(object.metadata)
    const old = this.#byKey.get(key)
    if (type !== 'DELETED' && old === object) return
    for (const [index, groups] of this.#indexes) {
      if (old) unfile(groups, index, old)
      if (type !== 'DELETED') file(groups, index, object)
    }
    if (type === 'DELETED') {
      this.#byKey.delete(key)
      this.#all.delete(object)
    } else {
      this.#byKey.set(key, object)
      this.#all.set(object)
    }
    for (const listener of this.#listeners) listener(object, old)
  }

  #advance(revision: number): void {
    this.#revision = Math.max(this.#revision, revision)
    if (this.#waiters.length === 0) return
    const ready = this.#waiters.filter(w => w.revision <= this.#revision)
    this.#waiters = this.#waiters.filter(w => w.revision > this.#revision)
    for (const { resolve } of ready) resolve()
  }
}

const nothing: readonly KubeObject[] = []
const byNamespace: Index = ({ metadata }) => metadata.namespace ?? ''
const byController: Index = object => controllerOf(object)?.uid

function file(groups: Map<string, SortedObjects>, index: Index, object: KubeObject): void {
  const value = index(object)
  if (value === undefined) return
  const group = groups.get(value) ?? new SortedObjects()
  group.set(object)
  groups.set(value, group)
}

function unfile(groups: Map<string, SortedObjects>, index: Index, object: KubeObject): void {
  const value = index(object)
  const group = value === undefined ? undefined : groups.get(value)
  group?.delete(object)
  if (value !== undefined && group?.size === 0) groups.delete(value)
}
