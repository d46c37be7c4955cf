// The nodes and their pods as the scheduler sees them at one moment.
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { matchesSelector } from '../../openapi/values/selector.ts'
import { controllerOf } from '../runtime/owners.ts'
import { type Amounts, addRequests, amountOf, podRequests } from './resources.ts'

/** What the pods of a node take of it together. */
interface Taken {
  requests: Amounts
  hostPorts: ReadonlySet<string>
  /** Those that keep others away. */
  antiAffine: readonly Pod[]
  /** Of all of them; Infinity where there are none. */
  lowestPriority: number
  /** How many pods a controller has there, by its uid. */
  siblings: ReadonlyMap<string, number>
}

/** What was worked out of frozen objects and lists; it outlives the snapshot, for most nodes stay as they are. */
export interface Memory {
  taken: WeakMap<readonly Pod[], Taken>
  allocatable: WeakMap<Node, Amounts>
}

export const emptyMemory = (): Memory => ({ taken: new WeakMap(), allocatable: new WeakMap() })

/** What a snapshot is like but for the pods of one node. */
interface Change {
  base: Snapshot
  node: string
}

export class Snapshot {
  readonly nodes: readonly Node[]
  readonly #podsOn: (node: string) => readonly Pod[]
  readonly #memory: Memory
  readonly #change: Change | undefined
  #byName: ReadonlyMap<string, Node> | undefined
  #antiAffine: readonly Pod[] | undefined

  /** `podsOn`: those that have a node and are not finished, by node. */
  constructor(nodes: readonly Node[], podsOn: (node: string) => readonly Pod[], memory: Memory, change?: Change) {
    this.nodes = nodes
    this.#podsOn = change ? podsOn : kept(nodes, podsOn)
    this.#memory = memory
    this.#change = change
  }

  *pods(): Iterable<Pod> {
    for (const { metadata } of this.nodes) yield* this.podsOn(metadata.name)
  }

  podsOn(node: string): readonly Pod[] {
    return this.#podsOn(node)
  }

  /** The same nodes with other pods on one of them. Costs nothing for the others. */
  with(node: string, pods: readonly Pod[]): Snapshot {
    return new Snapshot(this.nodes, name => (name === node ? pods : this.podsOn(name)), this.#memory, { base: this, node })
  }

  antiAffine(): readonly Pod[] {
    this.#antiAffine ??= this.#change
      ? this.#changedAntiAffine(this.#change)
      : this.nodes.flatMap(({ metadata }) => this.takenOn(metadata.name).antiAffine)
    return this.#antiAffine
  }

  #changedAntiAffine({ base, node }: Change): readonly Pod[] {
    const [all, before, now] = [base.antiAffine(), base.takenOn(node).antiAffine, this.takenOn(node).antiAffine]
    if (before.length === 0 && now.length === 0) return all
    return [...all.filter(pod => !before.includes(pod)), ...now]
  }

  labelOf(node: string, label: string): string | undefined {
    if (this.#change) return this.#change.base.labelOf(node, label)
    this.#byName ??= new Map(this.nodes.map(each => [each.metadata.name, each]))
    return this.#byName.get(node)?.metadata.labels?.[label]
  }

  takenOn(node: string): Taken {
    const pods = this.podsOn(node)
    const known = this.#memory.taken.get(pods)
    if (known) return known
    const requests: Amounts = new Map()
    for (const pod of pods) addRequests(requests, podRequests(pod))
    const antiAffine = pods.filter(pod => pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length)
    const lowestPriority = pods.reduce((lowest, pod) => Math.min(lowest, priorityOf(pod)), Number.POSITIVE_INFINITY)
    const taken = { requests, hostPorts: new Set(pods.flatMap(hostPorts)), antiAffine, lowestPriority, siblings: byController(pods) }
    this.#memory.taken.set(pods, taken)
    return taken
  }

  allocatable(node: Node): Amounts {
    const known = this.#memory.allocatable.get(node)
    if (known) return known
    const amounts = new Map(Object.entries(node.status.allocatable ?? {}).map(([name, quantity]) => [name, amountOf(name, quantity)]))
    this.#memory.allocatable.set(node, amounts)
    return amounts
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

/** Asked once for each node. */
function kept(nodes: readonly Node[], podsOn: (node: string) => readonly Pod[]): (node: string) => readonly Pod[] {
  const known = new Map(nodes.map(({ metadata: { name } }) => [name, podsOn(name)]))
  return node => known.get(node) ?? []
}

function byController(pods: readonly Pod[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const pod of pods) {
    const uid = controllerOf(pod)?.uid
    if (uid) counts.set(uid, (counts.get(uid) ?? 0) + 1)
  }
  return counts
}

export const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0

export const hostPorts = (pod: Pod): string[] =>
  pod.spec.containers.flatMap(c => (c.ports ?? []).flatMap(p => (p.hostPort ? [`${p.protocol}/${p.hostPort}`] : [])))
