// A cache of one kind that follows the server: list, then watch; list again when the history is gone. Objects are the frozen stored ones.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import type { Client, ClientEvent } from '../../server/client.ts'
import type { Informer, ObjectKey } from './controller.ts'
import { controllerOf } from './owners.ts'

export type Listener = (object: KubeObject, old: KubeObject | undefined) => void

export class CachedInformer implements Informer {
  readonly #kind: Kind
  readonly #client: Client
  readonly #byNamespace = new Map<string, Map<string, KubeObject>>()
  readonly #byOwner = new Map<string, Map<string, KubeObject>>()
  readonly #listeners: Listener[] = []
  readonly #ending = new AbortController()
  #sorted: { all?: readonly KubeObject[]; byNamespace: Map<string, readonly KubeObject[]> } = { byNamespace: new Map() }
  #revision = 0
  #waiters: { revision: number; resolve: () => void }[] = []

  constructor(kind: Kind, client: Client) {
    this.#kind = kind
    this.#client = client
  }

  /** Resolves when the first list is in the cache. */
  async start(): Promise<void> {
    await this.#list()
    void this.#follow()
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

  get({ namespace = '', name }: ObjectKey): KubeObject | undefined {
    return this.#byNamespace.get(namespace)?.get(name)
  }

  list(namespace?: string): readonly KubeObject[] {
    if (namespace !== undefined) return this.#inNamespace(namespace)
    this.#sorted.all ??= [...this.#byNamespace.keys()].sort().flatMap(ns => this.#inNamespace(ns))
    return this.#sorted.all
  }

  controlledBy(owner: KubeObject): readonly KubeObject[] {
    const owned = this.#byOwner.get(owner.metadata.uid)
    return owned ? [...owned.values()].sort(byName) : []
  }

  /** Resolves when changes up to `revision` have been seen. */
  reached(revision: number): Promise<void> | undefined {
    if (revision <= this.#revision || this.#ending.signal.aborted) return undefined
    return new Promise(resolve => this.#waiters.push({ revision, resolve }))
  }

  #inNamespace(namespace: string): readonly KubeObject[] {
    const known = this.#sorted.byNamespace.get(namespace)
    if (known) return known
    const list = [...(this.#byNamespace.get(namespace)?.values() ?? [])].sort(byName)
    this.#sorted.byNamespace.set(namespace, list)
    return list
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
        if ((error as { reason?: string }).reason !== 'Expired') throw error
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
    const { namespace = '', name, uid } = object.metadata
    const group = this.#byNamespace.get(namespace) ?? new Map<string, KubeObject>()
    const old = group.get(name)
    if (type !== 'DELETED' && old === object) return
    this.#sorted.all = undefined
    this.#sorted.byNamespace.delete(namespace)
    if (old) this.#own(old, old.metadata.uid, undefined)
    if (type === 'DELETED') group.delete(name)
    else {
      group.set(name, object)
      this.#own(object, uid, object)
    }
    this.#byNamespace.set(namespace, group)
    for (const listener of this.#listeners) listener(object, old)
  }

  #own(object: KubeObject, uid: string, value: KubeObject | undefined): void {
    const owner = controllerOf(object)?.uid
    if (!owner) return
    const owned = this.#byOwner.get(owner) ?? new Map<string, KubeObject>()
    if (value) owned.set(uid, value)
    else owned.delete(uid)
    if (owned.size > 0) this.#byOwner.set(owner, owned)
    else this.#byOwner.delete(owner)
  }

  #advance(revision: number): void {
    this.#revision = Math.max(this.#revision, revision)
    if (this.#waiters.length === 0) return
    const ready = this.#waiters.filter(w => w.revision <= this.#revision)
    this.#waiters = this.#waiters.filter(w => w.revision > this.#revision)
    for (const { resolve } of ready) resolve()
  }
}

const byName = (a: KubeObject, b: KubeObject): number =>
  a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0
