// Who owns whom, over all kinds: the collector's picture of the cluster.
import type { Kind, KubeObject } from '../../openapi/kind.ts'

export interface GraphNode {
  kind: Kind
  object: KubeObject
}

type Owner = NonNullable<KubeObject['metadata']['ownerReferences']>[number]
export const ownersOf = ({ metadata }: KubeObject): readonly Owner[] => metadata.ownerReferences ?? []

export class OwnerGraph {
  readonly #nodes = new Map<string, GraphNode>()
  readonly #dependents = new Map<string, Set<string>>()

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid)
  }

  /** Objects that name this uid among their owners. */
  dependentsOf(uid: string): GraphNode[] {
    return [...(this.#dependents.get(uid) ?? [])].flatMap(id => this.#nodes.get(id) ?? [])
  }

  /** The uids of objects that name an owner who is not here. */
  withUnknownOwner(): string[] {
    return [...this.#dependents].flatMap(([owner, dependents]) => (this.#nodes.has(owner) ? [] : [...dependents]))
  }

  set(kind: Kind, object: KubeObject): void {
    const { uid } = object.metadata
    const before = this.#nodes.get(uid)
    if (before) this.#unlink(before.object)
    this.#nodes.set(uid, { kind, object })
    for (const owner of ownersOf(object)) {
      const known = this.#dependents.get(owner.uid) ?? new Set<string>()
      this.#dependents.set(owner.uid, known.add(uid))
    }
  }

  delete(uid: string): void {
    const node = this.#nodes.get(uid)
    if (!node) return
    this.#unlink(node.object)
    this.#nodes.delete(uid)
  }

  #unlink(object: KubeObject): void {
    for (const { uid } of ownersOf(object)) {
      const known = this.#dependents.get(uid)
      known?.delete(object.metadata.uid)
      if (known?.size === 0) this.#dependents.delete(uid)
    }
  }
}
