// Where a pod goes: filters, then scores, or the sentence that says why nowhere. Pure.
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { PodDisruptionBudget } from '../../openapi/kinds/policy/poddisruptionbudget.ts'
import { tolerates } from '../../openapi/values/taints.ts'
import { controllerOf } from '../runtime/owners.ts'
import { type DeviceNeeds, deviceProblems, noDevices } from './devices.ts'
import { filters, matchesTerm } from './filters.ts'
import { type Candidate, findVictims } from './preemption.ts'
import { podRequests } from './resources.ts'
import type { Snapshot } from './snapshot.ts'
import { type VolumeFacts, type VolumeNeeds, volumeNeeds, volumeProblems } from './volumes.ts'

/** `preempt`: pods that must go before this one fits. */
export type Decision = { node: string; needs: VolumeNeeds } | { problem: string; preempt?: Candidate }

export interface Besides {
  devices?: DeviceNeeds
  budgets?: readonly PodDisruptionBudget[]
}

export function schedule(pod: Pod, snapshot: Snapshot, facts: VolumeFacts, { devices = noDevices, budgets = [] }: Besides = {}): Decision {
  const needs = volumeNeeds(pod, facts)
  const count = snapshot.nodes.length
  if (count === 0) return { problem: 'no nodes available to schedule pods' }
  // Nobody could help such a pod by making room, and none of the plugins asked for it has found anything.
  if (needs.problem) return { problem: `0/${count} nodes are available: ${needs.problem}. not found` }
  const reasons = new Map<string, number>()
  const fitting: Node[] = []
  const helpful: Node[] = []
  for (const node of snapshot.nodes) {
    const problems = problemsOf(pod, node, snapshot, { needs, facts, devices })
    if (problems.length === 0) fitting.push(node)
    for (const problem of problems) reasons.set(problem, (reasons.get(problem) ?? 0) + 1)
    if (problems.some(isResolvable) && !exceeds(pod, node, snapshot)) helpful.push(node)
  }
  const best = fitting
    .map(node => ({ node, score: score(pod, node, snapshot) }))
    .sort((a, b) => b.score - a.score || order(a.node, b.node))[0]
  if (best) return { node: best.node.metadata.name, needs }
  const told = [...reasons].map(([reason, n]) => `${n} ${reason}`).sort()
  const problem = `0/${count} nodes are available: ${told.join(', ')}.`
  const fits = (node: Node, changed: Snapshot) => problemsOf(pod, node, changed, { needs, facts, devices }).length === 0
  const preempt = pod.spec.preemptionPolicy === 'Never' ? undefined : findVictims(pod, helpful, snapshot, { fits, budgets })
  return preempt
    ? { problem, preempt }
    : { problem: `${problem} no new claims to deallocate, preemption: ${noPreemption(pod, count, helpful.length)}` }
}

const order = (a: Node, b: Node): number => (a.metadata.name < b.metadata.name ? -1 : 1)

interface Needs {
  needs: VolumeNeeds
  facts: VolumeFacts
  devices: DeviceNeeds
}

function problemsOf(pod: Pod, node: Node, snapshot: Snapshot, { needs, facts, devices }: Needs): string[] {
  for (const filter of filters) {
    const problems = filter(pod, node, snapshot)
    if (problems.length > 0) return problems
  }
  const problems = volumeProblems(node, needs, facts)
  return problems.length > 0 ? problems : deviceProblems(node, devices)
}

/** Would sending other pods away help? */
const isResolvable = (problem: string): boolean =>
  problem.startsWith('Insufficient') ||
  problem.startsWith('Too many pods') ||
  problem.includes('free ports') ||
  problem.includes('anti-affinity') ||
  /spread constraints$/.test(problem)

/** The pod asks for more than the node has in all. */
function exceeds(pod: Pod, node: Node, snapshot: Snapshot): boolean {
  const all = snapshot.allocatable(node)
  return [...podRequests(pod)].some(([name, amount]) => amount > (all.get(name) ?? 0))
}

function noPreemption(pod: Pod, count: number, helpful: number): string {
  if (pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.'
  const parts = [
    ...(helpful > 0 ? [`${helpful} No preemption victims found for incoming pod`] : []),
    ...(count > helpful ? [`${count - helpful} Preemption is not helpful for scheduling`] : []),
  ]
  return `0/${count} nodes are available: ${parts.join(', ')}.`
}

/** Balanced load, the pod's own preferences, few pods of the same kind. Higher is better. */
function score(pod: Pod, node: Node, snapshot: Snapshot): number {
  return leastAllocated(pod, node, snapshot) + preferred(pod, node) - siblings(pod, node, snapshot) * 20 - softTaints(pod, node) * 10
}

function leastAllocated(pod: Pod, node: Node, snapshot: Snapshot): number {
  const allocatable = snapshot.allocatable(node)
  const used = snapshot.takenOn(node.metadata.name).requests
  const wanted = podRequests(pod)
  const free = (name: string) => {
    const all = allocatable.get(name) ?? 0
    return all === 0 ? 0 : 1 - ((used.get(name) ?? 0) + (wanted.get(name) ?? 0)) / all
  }
  const pods = 1 - snapshot.podsOn(node.metadata.name).length / (allocatable.get('pods') || 1)
  return (free('cpu') + free('memory') + pods) * 10
}

function preferred(pod: Pod, node: Node): number {
  const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  return terms.filter(({ preference }) => matchesTerm(node, preference)).reduce((sum, { weight }) => sum + weight, 0)
}

/** Pods of the same owner on the node: they are spread. */
function siblings(pod: Pod, node: Node, snapshot: Snapshot): number {
  const owner = controllerOf(pod)?.uid
  return owner ? (snapshot.takenOn(node.metadata.name).siblings.get(owner) ?? 0) : 0
}

const softTaints = (pod: Pod, node: Node): number =>
  (node.spec.taints ?? []).filter(
    taint => taint.effect === 'PreferNoSchedule' && !(pod.spec.tolerations ?? []).some(t => tolerates(t, taint)),
  ).length
