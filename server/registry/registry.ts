// Which kinds are served, and the generic Store of each. Custom resources come and go by add/remove; nothing else knows the difference.

import { compareVersions } from '../../openapi/custom/versions.ts'
import { apiVersionOf, isFirstVersion, type Kind, type KubeObject } from '../../openapi/kind.ts'
import type { Convert } from '../extension/convert.ts'
import { prefixOf } from './keys.ts'
import { Store, type StoreContext } from './store.ts'
import { convertedStorage } from './storedas.ts'

export class Registry {
  readonly #builtin: readonly Kind[]
  /** Sorted, so that discovery always says the same. */
  readonly #custom: Kind[] = []
  #all: readonly Kind[] | undefined
  readonly #byResource = new Map<string, Kind>()
  readonly #byKind = new Map<string, Kind>()
  readonly #groups: ReadonlySet<string>
  readonly #stores = new WeakMap<Kind, Store<KubeObject>>()
  readonly #onRemove = new Map<Kind, Set<() => void>>()
  readonly #context: StoreContext

  constructor(kinds: readonly Kind[], context: StoreContext) {
    this.#context = context
    this.#builtin = kinds
    this.#groups = new Set(kinds.map(kind => kind.group))
    for (const kind of kinds) this.#index(kind)
  }

  /** Now, as metadata prints it. */
  time(): string {
    return this.#context.time()
  }

  /** Objects of custom resources, to another version. */
  get convert(): Convert {
    return this.#context.convert
  }

  /** In discovery order: the built-in ones, then by group and version. The same array as long as nothing comes or goes. */
  kinds(): readonly Kind[] {
    this.#all ??= [...this.#builtin, ...this.#custom]
    return this.#all
  }

  find(group: string, version: string, plural: string): Kind | undefined {
    return this.#byResource.get(`${group}/${version}/${plural}`)
  }

  findByKind(apiVersion: string, kind: string): Kind | undefined {
    return this.#byKind.get(`${apiVersion} ${kind}`)
  }

  /** A group with built-in kinds. */
  hasBuiltin(group: string): boolean {
    return this.#groups.has(group)
  }

  add(kind: Kind): void {
    this.#custom.splice(this.#place(kind), 0, kind)
    this.#all = undefined
    this.#index(kind)
  }

  /** Watches of the kind end. */
  remove(kind: Kind): void {
    const at = this.#custom.indexOf(kind)
    if (at < 0) return
    this.#custom.splice(at, 1)
    this.#all = undefined
    this.#byResource.delete(`${kind.group}/${kind.version}/${kind.names.plural}`)
    this.#byKind.delete(`${apiVersionOf(kind)} ${kind.kind}`)
    this.#stores.delete(kind)
    const ending = this.#onRemove.get(kind)
    this.#onRemove.delete(kind)
    for (const run of ending ?? []) run()
  }

  /** Runs when the kind goes; returns its removal. */
  onRemove(kind: Kind, run: () => void): () => void {
    const running = this.#onRemove.get(kind) ?? new Set()
    this.#onRemove.set(kind, running.add(run))
    return () => {
      running.delete(run)
      if (running.size === 0) this.#onRemove.delete(kind)
    }
  }

  /** How many objects there are of each stored kind. */
  counts(): Promise<{ group: string; resource: string; count: number }[]> {
    const stored = this.kinds().filter(kind => isFirstVersion(kind) && (!kind.verbs || kind.verbs.includes('delete')))
    return Promise.all(
      stored.map(async kind => {
        const { entries, remaining } = await this.#context.storage.list(prefixOf(kind, ''), { limit: 1 })
        return { group: kind.group, resource: kind.names.plural, count: entries.length + remaining }
      }),
    )
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
    const { storage: whole, convert } = this.#context
    const storage = convertedStorage(whole, kind as unknown as Kind, convert)
    const store = new Store<T>(kind, { ...this.#context, storage })
    this.#stores.set(kind as unknown as Kind, store as unknown as Store<KubeObject>)
    return store
  }

  #index(kind: Kind): void {
    this.#byResource.set(`${kind.group}/${kind.version}/${kind.names.plural}`, kind)
    this.#byKind.set(`${apiVersionOf(kind)} ${kind.kind}`, kind)
  }

  /** Where it belongs among the custom ones. */
  #place(kind: Kind): number {
    let [low, high] = [0, this.#custom.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (order(this.#custom[middle] as Kind, kind) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

function order(a: Kind, b: Kind): number {
  if (a.group !== b.group) return a.group < b.group ? -1 : 1
  return compareVersions(a.version, b.version) || (a.names.plural < b.names.plural ? -1 : 1)
}
