// pods/eviction: a delete that says why, as far as disruption budgets allow.

import { forbiddenRequest, notFound, StatusError } from '../../../openapi/errors.ts'
import { type Pod, pod as podKind } from '../../../openapi/kinds/core/pod/index.ts'
import {
  podDisruptionBudget as budgetKind,
  type PodDisruptionBudget,
  withDisruptionAllowed,
} from '../../../openapi/kinds/policy/poddisruptionbudget.ts'
import { Eviction } from '../../../openapi/schemas/policy.ts'
import { matchesSelector } from '../../../openapi/values/selector.ts'
import type { DeleteRequest, RequestContext } from '../request.ts'
import type { Store } from '../store.ts'
import type { Subresource } from './index.ts'

export interface EvictionStores {
  pods: Store<Pod>
  budgets: Store<PodDisruptionBudget>
  time(): string
  /** The request's DeleteOptions, checked as a DELETE's are. */
  checkOptions(options: object): { options: DeleteRequest; dryRun: boolean }
}

export const evictionSubresource = ({ pods, budgets, time, checkOptions }: EvictionStores): Subresource => ({
  path: 'pods/eviction',
  apiVersion: 'policy/v1',
  olderVersions: ['policy/v1beta1'],
  bodyKind: 'Eviction',
  schema: Eviction,
  async create({ name, body, request }) {
    const { options, dryRun } = checkOptions((body.deleteOptions ?? {}) as object)
    const deletion: RequestContext = { ...request, dryRun: request.dryRun || dryRun, admitted: true }
    const pod = await pods.get(request, name)
    if (!ignoresBudgets(pod)) await spendBudget(budgets, pod, { request: { ...deletion, admitted: undefined }, time: time() })
    if (!deletion.dryRun && !finished(pod) && pod.status?.phase !== 'Pending')
      await markDisrupted(pods, { request: deletion, name, time: time() })
    await pods.delete(deletion, name, options)
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
  },
})

const finished = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'

/** It disrupts nobody, or did so already. */
const ignoresBudgets = (pod: Pod): boolean =>
  finished(pod) || pod.status?.phase === 'Pending' || pod.metadata.deletionTimestamp !== undefined

/** Takes one disruption from the pod's budget. Throws 429 when there is none left. */
async function spendBudget(
  budgets: Store<PodDisruptionBudget>,
  pod: Pod,
  { request, time }: { request: RequestContext; time: string },
): Promise<void> {
  const { items } = await budgets.list(request)
  const [budget, second] = items.filter(({ spec }) => matchesSelector(spec.selector, pod.metadata.labels))
  if (!budget) return
  if (second)
    throw new StatusError(500, '', 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.')
  if (mayGoUnhealthy(budget, pod)) return
  // The budget is the server's own business, whoever asks.
  const writer = { ...request, subresource: 'status', fieldManager: 'kube-apiserver' }
  await budgets.update(writer, budget.metadata.name, current => {
    if (!current) throw notFound(budgetKind, budget.metadata.name)
    return { object: spent(current, pod.metadata.name, time) }
  })
}

/** Pods that are not healthy count for nothing: they may go while enough others are healthy, or always if so told. */
function mayGoUnhealthy({ spec, status }: PodDisruptionBudget, pod: Pod): boolean {
  if (pod.status?.conditions?.some(c => c.type === 'Ready' && c.status === 'True')) return false
  const { currentHealthy = 0, desiredHealthy = 0 } = status
  return spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' || (currentHealthy >= desiredHealthy && desiredHealthy > 0)
}

const maxDisruptedPods = 2000

function spent(budget: PodDisruptionBudget, podName: string, time: string): PodDisruptionBudget {
  const { metadata, status } = budget
  const { name } = metadata
  const { disruptionsAllowed = 0, disruptedPods = {}, observedGeneration = 0 } = status
  if (observedGeneration < (metadata.generation ?? 0))
    throw tooMany(`The disruption budget ${name} is still being processed by the server.`, 10)
  if (disruptionsAllowed < 0) throw forbiddenRequest(budgetKind, name, 'pod disruption budget allowed is negative')
  if (Object.keys(disruptedPods).length > maxDisruptedPods)
    throw forbiddenRequest(budgetKind, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller')
  if (disruptionsAllowed === 0) throw tooMany(refusal(budget))
  const left = { ...status, disruptionsAllowed: disruptionsAllowed - 1, disruptedPods: { ...disruptedPods, [podName]: time } }
  return { ...budget, status: left.disruptionsAllowed === 0 ? withDisruptionAllowed(left, time) : left }
}

function refusal({ metadata: { name }, status }: PodDisruptionBudget): string {
  const condition = status.conditions?.find(c => c.type === 'DisruptionAllowed')
  if (condition?.reason === 'SyncFailed')
    return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${condition.message}`
  return `The disruption budget ${name} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`
}

const tooMany = (message: string, retryAfterSeconds?: number): StatusError =>
  new StatusError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message }],
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })

/** The pod's status tells that it goes by the eviction API. */
async function markDisrupted(
  pods: Store<Pod>,
  { request, name, time }: { request: RequestContext; name: string; time: string },
): Promise<void> {
  await pods.update({ ...request, subresource: 'status' }, name, current => {
    if (!current) throw notFound(podKind, name)
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
      lastProbeTime: null,
      lastTransitionTime: time,
    }
    const others = (current.status?.conditions ?? []).filter(c => c.type !== 'DisruptionTarget')
    return { object: { ...current, status: { ...current.status, conditions: [...others, condition] } } as Pod }
  })
}
