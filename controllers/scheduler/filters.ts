// Which nodes a pod may run on, filter by filter, with the words FailedScheduling uses. Pure.
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { matchesSelector } from '../../openapi/values/selector.ts'
import { tolerates } from '../../openapi/values/taints.ts'
import { podRequests } from './resources.ts'
import { hostPorts, type Snapshot } from './snapshot.ts'

/** Why not; undefined: fine. The first filter that refuses a node gives the reason(s). */
export type Filter = (pod: Pod, node: Node, snapshot: Snapshot) => string[]

const none: string[] = []

const unschedulable: Filter = (pod, node) =>
  node.spec.unschedulable &&
  !(pod.spec.tolerations ?? []).some(t => tolerates(t, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }))
    ? ['node(s) were unschedulable']
    : none

const nodeName: Filter = (pod, node) =>
  pod.spec.nodeName && pod.spec.nodeName !== node.metadata.name ? ["node(s) didn't match the requested node name"] : none

const taints: Filter = (pod, node) => {
  const bad = (node.spec.taints ?? []).find(
    taint => taint.effect !== 'PreferNoSchedule' && !(pod.spec.tolerations ?? []).some(t => tolerates(t, taint)),
  )
  return bad ? [`node(s) had untolerated taint(s)`] : none
}

type Term = { matchExpressions?: readonly Expression[]; matchFields?: readonly Expression[] }
type Expression = { key: string; operator: string; values?: readonly string[] }

export function matchesTerm(node: Node, { matchExpressions = [], matchFields = [] }: Term): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false
  return (
    matchExpressions.every(e => matchesExpression(node.metadata.labels?.[e.key], e)) &&
    matchFields.every(e => matchesExpression(node.metadata.name, e))
  )
}

function matchesExpression(value: string | undefined, { operator, values = [] }: Expression): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0])
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0])
    default:
      return false
  }
}

const affinity: Filter = (pod, node) => {
  const wanted = Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => node.metadata.labels?.[key] === value)
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return wanted && (!terms || terms.some(term => matchesTerm(node, term))) ? none : ["node(s) didn't match Pod's node affinity/selector"]
}

const ports: Filter = (pod, node, snapshot) => {
  const wanted = hostPorts(pod)
  return wanted.length > 0 && wanted.some(port => snapshot.takenOn(node.metadata.name).hostPorts.has(port))
    ? ["node(s) didn't have free ports for the requested pod ports"]
    : none
}

const resources: Filter = (pod, node, snapshot) => {
  const wanted = podRequests(pod)
  const used = snapshot.takenOn(node.metadata.name).requests
  const problems: string[] = []
  const allocatable = snapshot.allocatable(node)
  if (snapshot.podsOn(node.metadata.name).length + 1 > (allocatable.get('pods') ?? 0)) problems.push('Too many pods')
  for (const [name, amount] of wanted)
    if (amount > 0 && (used.get(name) ?? 0) + amount > (allocatable.get(name) ?? 0)) problems.push(`Insufficient ${name}`)
  return problems
}

interface AffinityTerm {
  labelSelector?: never
  topologyKey: string
  namespaces?: readonly string[]
  namespaceSelector?: unknown
}

/** Pods a term speaks of, by the value of its topology key. */
function domainsOf(term: AffinityTerm, pod: Pod, snapshot: Snapshot): Set<string> {
  const namespaces = term.namespaceSelector ? undefined : term.namespaces?.length ? term.namespaces : [pod.metadata.namespace ?? '']
  const domains = new Set<string>()
  for (const other of snapshot.pods()) {
    if (namespaces && !namespaces.includes(other.metadata.namespace ?? '')) continue
    if (!matchesSelector(term.labelSelector, other.metadata.labels)) continue
    const domain = snapshot.labelOf(other.spec.nodeName ?? '', term.topologyKey)
    if (domain !== undefined) domains.add(domain)
  }
  return domains
}

const podAffinity: Filter = (pod, node, snapshot) => {
  for (const term of (pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) as unknown as AffinityTerm[]) {
    const domains = domainsOf(term, pod, snapshot)
    const domain = node.metadata.labels?.[term.topologyKey]
    // The first of a group that wants its own company may start anywhere.
    const first = domains.size === 0 && matchesSelector(term.labelSelector, pod.metadata.labels)
    if (domain === undefined || !(first || domains.has(domain))) return ["node(s) didn't match pod affinity rules"]
  }
  return none
}

const podAntiAffinity: Filter = (pod, node, snapshot) => {
  for (const term of (pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ??
    []) as unknown as AffinityTerm[]) {
    const domain = node.metadata.labels?.[term.topologyKey]
    if (domain !== undefined && domainsOf(term, pod, snapshot).has(domain)) return ["node(s) didn't match pod anti-affinity rules"]
  }
  for (const other of snapshot.antiAffine()) {
    for (const term of (other.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ??
      []) as unknown as AffinityTerm[]) {
      const namespaces = term.namespaces?.length ? term.namespaces : [other.metadata.namespace ?? '']
      if (!namespaces.includes(pod.metadata.namespace ?? '') || !matchesSelector(term.labelSelector, pod.metadata.labels)) continue
      const domain = snapshot.labelOf(other.spec.nodeName ?? '', term.topologyKey)
      if (domain !== undefined && node.metadata.labels?.[term.topologyKey] === domain)
        return ["node(s) didn't satisfy existing pods anti-affinity rules"]
    }
  }
  return none
}

const spread: Filter = (pod, node, snapshot) => {
  for (const constraint of pod.spec.topologySpreadConstraints ?? []) {
    if (constraint.whenUnsatisfiable !== 'DoNotSchedule') continue
    const domain = node.metadata.labels?.[constraint.topologyKey]
    if (domain === undefined) return ["node(s) didn't match pod topology spread constraints (missing required label)"]
    const counts = snapshot.spreadCounts(
      pod,
      constraint.topologyKey,
      constraint.labelSelector as never,
      candidate => affinity(pod, candidate, snapshot).length === 0,
    )
    const least = counts.size < (constraint.minDomains ?? 1) ? 0 : Math.min(...counts.values())
    const own = matchesSelector(constraint.labelSelector as never, pod.metadata.labels) ? 1 : 0
    if ((counts.get(domain) ?? 0) + own - least > constraint.maxSkew) return ["node(s) didn't match pod topology spread constraints"]
  }
  return none
}

export const filters: readonly Filter[] = [
  unschedulable,
  nodeName,
  taints,
  affinity,
  ports,
  resources,
  spread,
  podAffinity,
  podAntiAffinity,
]
