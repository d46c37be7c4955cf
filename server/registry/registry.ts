// Which kinds are served, and the generic Store of each. Custom resources come and go by add/remove; nothing else knows the difference.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { Store, type StoreContext } from './store.ts'
import { convertedStorage } from './storedas.ts'

export class Registry {
  readonly #kinds: Kind[] = []
  readonly #byResource = new Map<string, Kind>()
  readonly #stores = new Map<Kind, Store<KubeObject>>()
  readonly #context: StoreContext

  constructor(kinds: readonly Kind[], context: StoreContext) {
    this.#context = context
    for (const kind of kinds) this.add(kind)
  }

  /** Now, as metadata prints it. */
  time(): string {
    return this.#context.time()
  }

  /** In discovery order. */
  kinds(): readonly Kind[] {
    return this.#kinds
  }

  find(group: string, version: string, plural: string): Kind | undefined {
    return this.#byResource.get(`${group}/${version}/${plural}`)
  }

  findByKind(apiVersion: string, kind: string): Kind | undefined {
    return this.#kinds.find(k => k.kind === kind && (k.group === '' ? k.version : `${k.group}/${k.version}`) === apiVersion)
  }

  groupServed(group: string): boolean {
    return this.#kinds.some(k => k.group === group)
  }

  versionServed(group: string, version: string): boolean {
    return this.#kinds.some(k => k.group === group && k.version === version)
  }

  add(kind: Kind): void {
    this.#kinds.push(kind)
    this.#byResource.set(`${kind.group}/${kind.version}/${kind.names.plural}`, kind)
  }

  remove(kind: Kind): void {
    this.#kinds.splice(this.#kinds.indexOf(kind), 1)
    this.#byResource.delete(`${kind.group}/${kind.version}/${kind.names.plural}`)
    this.#stores.delete(kind)
  }

  /** Everything goes at once, finalizers or not; watchers see each deletion. */
  async clear(): Promise<void> {
    const { storage, hooks } = this.#context
    const { entries } = await storage.list('/')
    await Promise.all(entries.map(({ key, revision }) => storage.write(key, null, revision)))
    for (const { value } of entries) {
      const kind = this.findByKind(value.apiVersion, value.kind)
      if (kind) await hooks.afterDelete(kind, value)
    }
  }

  store<T extends KubeObject>(kind: Kind<T>): Store<T> {
    const known = this.#stores.get(kind as unknown as Kind)
    if (known) return known as unknown as Store<T>
    const { storedAs } = kind as unknown as Kind
    const storage = storedAs ? convertedStorage(this.#context.storage, storedAs) : this.#context.storage
    const store = new Store<T>(kind, { ...this.#context, storage })
    this.#stores.set(kind as unknown as Kind, store as unknown as Store<KubeObject>)
    return store
  }
}
