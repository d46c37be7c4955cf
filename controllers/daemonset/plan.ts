// Which nodes run a DaemonSet's pod, and which pods are replaced. Pure.

import type { Kind } from '../../openapi/kind.ts'
import type { ControllerRevision } from '../../openapi/kinds/apps/controllerrevision.ts'
import { type DaemonSet, daemonSet } from '../../openapi/kinds/apps/daemonset.ts'
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import type { Action, Plan } from '../runtime/controller.ts'
import { currentTemplate, truncate } from '../runtime/history.ts'
import { resolve } from '../runtime/intorpercent.ts'
import { isAvailable, isFinished, isReady, isTerminating, nextAvailableMs } from '../runtime/pods.ts'
import { newPod, nodeOf, shouldRun } from './objects.ts'

export interface Observed {
  set: DaemonSet
  pods: readonly Pod[]
  nodes: readonly Node[]
  history: readonly ControllerRevision[]
  now: Date
  suffix(): string
}

const pods = podKind as unknown as Kind
export const revisionLabel = 'controller-revision-hash'

export function plan(observed: Observed): Plan<DaemonSet> {
  const { set, history } = observed
  const { wanted, actions } = currentTemplate(
    { kind: daemonSet as unknown as Kind, owner: set as never, hashLabel: revisionLabel },
    history,
    set.status.collisionCount ?? 0,
  )
  const hash =
    history.find(r => r.metadata.name === wanted.name)?.metadata.labels?.[revisionLabel] ?? wanted.name.slice(set.metadata.name.length + 1)
  const status = statusOf(observed, hash)
  if (set.metadata.deletionTimestamp) return { actions: [], status }
  const live = new Set([wanted.name, ...observed.pods.map(pod => `${set.metadata.name}-${pod.metadata.labels?.[revisionLabel]}`)])
  return {
    actions: [
      ...actions,
      ...place(observed, hash),
      ...replace(observed, hash),
      ...truncate(history, live, set.spec.revisionHistoryLimit ?? 10),
    ],
    status,
    requeueAfterMs: nextAvailableMs(observed.pods, set.spec.minReadySeconds, observed.now),
  }
}

const podsByNode = ({ pods }: Observed): Map<string, Pod[]> => {
  const found = new Map<string, Pod[]>()
  for (const pod of pods) {
    const name = nodeOf(pod)
    found.set(name, [...(found.get(name) ?? []), pod])
  }
  return found
}

/** One pod on each node that wants one, none elsewhere. */
function place(observed: Observed, hash: string): Action[] {
  const { set, nodes, suffix } = observed
  const byNode = podsByNode(observed)
  const actions: Action[] = []
  for (const node of nodes) {
    const there = byNode.get(node.metadata.name) ?? []
    const alive = there.filter(pod => !isTerminating(pod))
    const failed = alive.filter(pod => isFinished(pod))
    const { run, stay } = shouldRun(set, node)
    if (!stay) actions.push(...alive.map(deletion))
    else if (failed.length > 0) actions.push(...failed.map(deletion))
    else if (run && there.length === 0) actions.push(creation(set, node.metadata.name, hash, suffix()))
  }
  const known = new Set(nodes.map(node => node.metadata.name))
  for (const [name, lost] of byNode) if (!known.has(name)) actions.push(...lost.filter(pod => !isTerminating(pod)).map(deletion))
  return actions
}

function creation(set: DaemonSet, node: string, hash: string, suffix: string): Action {
  const object = newPod(set, node, hash, suffix)
  return {
    do: 'create',
    kind: pods,
    object,
    done: { type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${object.metadata.name}` },
    failed: why => ({ type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${why}` }),
  }
}

const deletion = (pod: Pod): Action => ({
  do: 'delete',
  kind: pods,
  object: pod,
  done: { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${pod.metadata.name}` },
})

/** Old pods go, as many at a time as may be missing. */
function replace(observed: Observed, hash: string): Action[] {
  const { set, nodes, pods, now } = observed
  if (set.spec.updateStrategy.type !== 'RollingUpdate') return []
  const wanted = nodes.filter(node => shouldRun(set, node).run)
  const limit = Math.max(1, resolve(set.spec.updateStrategy.rollingUpdate?.maxUnavailable ?? 1, wanted.length, true))
  const there = pods.filter(pod => wanted.some(node => node.metadata.name === nodeOf(pod)))
  const available = there.filter(pod => !isTerminating(pod) && isReady(pod) && isAvailable(pod, set.spec.minReadySeconds, now))
  const old = there.filter(pod => !isTerminating(pod) && pod.metadata.labels?.[revisionLabel] !== hash)
  const broken = old.filter(pod => !available.includes(pod))
  const budget = Math.max(0, limit - (wanted.length - available.length))
  return [...broken, ...old.filter(pod => available.includes(pod)).slice(0, budget)].map(deletion)
}

function statusOf(observed: Observed, hash: string): DaemonSet['status'] {
  const { set, nodes, now } = observed
  const byNode = podsByNode(observed)
  const status = {
    desiredNumberScheduled: 0,
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
    updatedNumberScheduled: 0,
    numberAvailable: 0,
  }
  for (const node of nodes) {
    const [pod] = byNode.get(node.metadata.name) ?? []
    if (!shouldRun(set, node).run) {
      if (pod) status.numberMisscheduled++
      continue
    }
    status.desiredNumberScheduled++
    if (!pod) continue
    status.currentNumberScheduled++
    if (isReady(pod)) status.numberReady++
    if (isReady(pod) && isAvailable(pod, set.spec.minReadySeconds, now)) status.numberAvailable++
    if (pod.metadata.labels?.[revisionLabel] === hash) status.updatedNumberScheduled++
  }
  const { updatedNumberScheduled, numberAvailable, ...always } = status
  const numberUnavailable = status.desiredNumberScheduled - numberAvailable
  const { updatedNumberScheduled: _u, numberAvailable: _a, numberUnavailable: _n, ...before } = set.status
  return {
    ...before,
    ...always,
    ...(updatedNumberScheduled ? { updatedNumberScheduled } : {}),
    ...(numberAvailable ? { numberAvailable } : {}),
    ...(numberUnavailable ? { numberUnavailable } : {}),
    observedGeneration: set.metadata.generation,
  } as DaemonSet['status']
}
