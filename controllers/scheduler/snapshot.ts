// The nodes and their pods as the scheduler sees them at one moment.
import type { Node } from '../../openapi/kinds/core/node.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { matchesSelector } from '../../openapi/values/selector.ts'
import { type Amounts, addRequests, amountOf, podRequests } from './resources.ts'

export class Snapshot {
  readonly nodes: readonly Node[]
  readonly #byName: ReadonlyMap<string, Node>
  readonly #pods: readonly Pod[]
  readonly #podsOn = new Map<string, Pod[]>()
  readonly #requestsOn = new Map<string, Amounts>()

  /** `pods`: all that have a node and are not finished. */
  constructor(nodes: readonly Node[], pods: readonly Pod[]) {
    this.nodes = nodes
    this.#byName = new Map(nodes.map(node => [node.metadata.name, node]))
    this.#pods = pods
    for (const pod of pods) {
      const name = pod.spec.nodeName ?? ''
      const there = this.#podsOn.get(name)
      if (there) there.push(pod)
      else this.#podsOn.set(name, [pod])
    }
  }

  pods(): readonly Pod[] {
    return this.#pods
  }

  podsOn(node: string): readonly Pod[] {
    return this.#podsOn.get(node) ?? []
  }

  labelOf(node: string, label: string): string | undefined {
    return this.#byName.get(node)?.metadata.labels?.[label]
  }

  requestsOn(node: string): Amounts {
    const known = this.#requestsOn.get(node)
    if (known) return known
    const total: Amounts = new Map()
    for (const pod of this.podsOn(node)) addRequests(total, podRequests(pod))
    this.#requestsOn.set(node, total)
    return total
  }

  allocatable({ status }: Node): Amounts {
    return new Map(Object.entries(status.allocatable ?? {}).map(([name, quantity]) => [name, amountOf(name, quantity)]))
  }

  /** How many pods the selector finds in each domain that the pod could use. */
  spreadCounts(
    pod: Pod,
    key: string,
    selector: Parameters<typeof matchesSelector>[0],
    usable: (node: Node) => boolean,
  ): Map<string, number> {
    const counts = new Map<string, number>()
    for (const node of this.nodes) {
      const domain = node.metadata.labels?.[key]
      if (domain === undefined || !usable(node)) continue
      const found = this.podsOn(node.metadata.name).filter(
        other =>
          other.metadata.namespace === pod.metadata.namespace &&
          !other.metadata.deletionTimestamp &&
          matchesSelector(selector, other.metadata.labels),
      )
      counts.set(domain, (counts.get(domain) ?? 0) + found.length)
    }
    return counts
  }
}
