// Who must go so that a more important pod fits. Order and choice as upstream's DefaultPreemption, but for disruption budgets. Pure.
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { disruptionTarget } from '../runtime/pods.ts'
import { priorityOf, type Snapshot } from './snapshot.ts'

export interface Candidate {
  node: string
  /** The most important first. */
  victims: readonly Pod[]
}

type Fits = (node: Node, changed: Snapshot) => boolean

/** The node where it costs least; undefined: nowhere. */
export function findVictims(pod: Pod, nodes: readonly Node[], snapshot: Snapshot, fits: Fits): Candidate | undefined {
  return nodes.flatMap(node => victimsOn(pod, node, snapshot, fits) ?? []).sort(cheapest)[0]
}

function victimsOn(pod: Pod, node: Node, snapshot: Snapshot, fits: Fits): Candidate | undefined {
  const { name } = node.metadata
  if (snapshot.takenOn(name).lowestPriority >= priorityOf(pod)) return undefined
  const all = snapshot.podsOn(name)
  let staying = all.filter(other => priorityOf(other) >= priorityOf(pod))
  if (!fits(node, snapshot.with(name, staying))) return undefined
  const victims: Pod[] = []
  // Whoever can stay does, the most important first.
  for (const other of all.filter(each => priorityOf(each) < priorityOf(pod)).sort(byImportance)) {
    const more = [...staying, other]
    if (fits(node, snapshot.with(name, more))) staying = more
    else victims.push(other)
  }
  return victims.length > 0 ? { node: name, victims } : undefined
}

const startOf = ({ status, metadata }: Pod): string => String(status.startTime ?? metadata.creationTimestamp)
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
/** Of equal ones, who has run longer. */
const byImportance = (a: Pod, b: Pod): number => priorityOf(b) - priorityOf(a) || byText(startOf(a), startOf(b))

/** Less important victims, less of them together, fewer, the most important of them younger. */
function cheapest(a: Candidate, b: Candidate): number {
  const highest = ({ victims }: Candidate) => Math.max(...victims.map(priorityOf))
  // Negative ones must not make many victims look cheap.
  const sum = ({ victims }: Candidate) => victims.reduce((total, victim) => total + priorityOf(victim) + 2 ** 31, 0)
  const oldest = (candidate: Candidate) =>
    candidate.victims
      .filter(victim => priorityOf(victim) === highest(candidate))
      .map(startOf)
      .sort()[0] ?? ''
  return (
    highest(a) - highest(b) ||
    sum(a) - sum(b) ||
    a.victims.length - b.victims.length ||
    byText(oldest(b), oldest(a)) ||
    byText(a.node, b.node)
  )
}

/** The pods of a node, and those as important as `pod` that hope for room on it. */
export function withHoping(pod: Pod, hoping: readonly Pod[], placed: readonly Pod[]): readonly Pod[] {
  const others = hoping.filter(({ metadata: { uid } }) => uid !== pod.metadata.uid && !placed.some(p => p.metadata.uid === uid))
  const important = others.filter(other => priorityOf(other) >= priorityOf(pod))
  return important.length > 0 ? [...placed, ...important] : placed
}

/** Somebody goes already to make room for the pod. */
export const leaving = (pod: Pod, onNode: readonly Pod[]): boolean =>
  onNode.some(
    other =>
      other.metadata.deletionTimestamp !== undefined &&
      priorityOf(other) < priorityOf(pod) &&
      other.status.conditions?.some(c => c.type === disruptionTarget && c.reason === preempted.reason),
  )

/** Why a victim goes, as its condition says. */
export const preempted = {
  reason: 'PreemptionByScheduler',
  message: 'default-scheduler: preempting to accommodate a higher priority pod',
}
