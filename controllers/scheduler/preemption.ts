// Who must go so that a more important pod fits. Order and choice as upstream's DefaultPreemption. Pure.
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { PodDisruptionBudget } from '../../openapi/kinds/policy/poddisruptionbudget.ts'
import { isEmptySelector, matchesSelector } from '../../openapi/values/selector.ts'
import { disruptionTarget } from '../runtime/pods.ts'
import { priorityOf, type Snapshot } from './snapshot.ts'

export interface Candidate {
  node: string
  /** The most important first. */
  victims: readonly Pod[]
  /** Of the victims, those whose going a budget does not allow. */
  violations: number
}

export interface Asking {
  fits(node: Node, changed: Snapshot): boolean
  budgets: readonly PodDisruptionBudget[]
}

/** The node where it costs least; undefined: nowhere. */
export function findVictims(pod: Pod, nodes: readonly Node[], snapshot: Snapshot, asking: Asking): Candidate | undefined {
  return nodes.flatMap(node => victimsOn(pod, node, snapshot, asking) ?? []).sort(cheapest)[0]
}

function victimsOn(pod: Pod, node: Node, snapshot: Snapshot, { fits, budgets }: Asking): Candidate | undefined {
  const { name } = node.metadata
  if (snapshot.takenOn(name).lowestPriority >= priorityOf(pod)) return undefined
  const all = snapshot.podsOn(name)
  let staying = all.filter(other => priorityOf(other) >= priorityOf(pod))
  if (!fits(node, snapshot.with(name, staying))) return undefined
  const victims: Pod[] = []
  const lesser = all.filter(each => priorityOf(each) < priorityOf(pod)).sort(byImportance)
  const guarded = violating(lesser, budgets)
  // Whoever can stay does: those who may not go by their budgets, then the most important first.
  for (const other of [...lesser.filter(each => guarded.has(each)), ...lesser.filter(each => !guarded.has(each))]) {
    const more = [...staying, other]
    if (fits(node, snapshot.with(name, more))) staying = more
    else victims.push(other)
  }
  const violations = victims.filter(victim => guarded.has(victim)).length
  return victims.length > 0 ? { node: name, victims: victims.sort(byImportance), violations } : undefined
}

/** Those whose going some budget does not allow, when those before them went. */
function violating(pods: readonly Pod[], budgets: readonly PodDisruptionBudget[]): Set<Pod> {
  const left = new Map(budgets.map(budget => [budget, budget.status.disruptionsAllowed]))
  const guards = ({ metadata }: Pod) =>
    budgets.filter(
      ({ metadata: { namespace }, spec: { selector }, status }) =>
        namespace === metadata.namespace &&
        Object.keys(metadata.labels ?? {}).length > 0 &&
        // An empty one guards nobody here, although it guards everybody from evictions.
        !isEmptySelector(selector) &&
        matchesSelector(selector, metadata.labels) &&
        !status.disruptedPods?.[metadata.name],
    )
  return new Set(
    pods.filter(pod => {
      const exhausted = guards(pod).map(budget => {
        const allowed = (left.get(budget) ?? 0) - 1
        left.set(budget, allowed)
        return allowed < 0
      })
      return exhausted.includes(true)
    }),
  )
}

const startOf = ({ status, metadata }: Pod): string => String(status.startTime ?? metadata.creationTimestamp)
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
/** Of equal ones, who has run longer. */
const byImportance = (a: Pod, b: Pod): number => priorityOf(b) - priorityOf(a) || byText(startOf(a), startOf(b))

/** Fewer against their budgets, less important victims, less of them together, fewer, the most important of them younger. */
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
    a.violations - b.violations ||
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
