// Objects in the order of namespace and name, changed one by one. What list() gave stays as it was: a change after it works on a copy.
import type { KubeObject } from '../../openapi/kind.ts'

export class SortedObjects {
  #items: KubeObject[] = []
  #shared = false

  get size(): number {
    return this.#items.length
  }

  list(): readonly KubeObject[] {
    this.#shared = true
    return this.#items
  }

  set(object: KubeObject): void {
    const at = this.#place(object)
    const found = this.#items[at]
    this.#own().splice(at, found && order(found, object) === 0 ? 1 : 0, object)
  }

  delete(like: KubeObject): void {
    const at = this.#place(like)
    const found = this.#items[at]
    if (found && order(found, like) === 0) this.#own().splice(at, 1)
  }

  /** Index of the first object not before this one. */
  #place(object: KubeObject): number {
    let low = 0
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (order(this.#items[middle] as KubeObject, object) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #own(): KubeObject[] {
    if (this.#shared) this.#items = this.#items.slice()
    this.#shared = false
    return this.#items
  }
}

function order({ metadata: a }: KubeObject, { metadata: b }: KubeObject): number {
  const [x = '', y = ''] = [a.namespace, b.namespace]
  if (x !== y) return x < y ? -1 : 1
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
