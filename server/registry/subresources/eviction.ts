// pods/eviction: a delete that says why. Disruption budgets join with their kind.

import { notFound } from '../../../openapi/errors.ts'
import { type Pod, pod as podKind } from '../../../openapi/kinds/core/pod/index.ts'
import { Eviction } from '../../../openapi/schemas/policy.ts'
import type { DeleteRequest, RequestContext } from '../request.ts'
import type { Store } from '../store.ts'
import type { Subresource } from './index.ts'

export interface EvictionStores {
  pods: Store<Pod>
  time(): string
  /** The request's DeleteOptions, checked as a DELETE's are. */
  checkOptions(options: object): { options: DeleteRequest; dryRun: boolean }
}

export const evictionSubresource = ({ pods, time, checkOptions }: EvictionStores): Subresource => ({
  path: 'pods/eviction',
  apiVersion: 'policy/v1',
  olderVersions: ['policy/v1beta1'],
  bodyKind: 'Eviction',
  schema: Eviction,
  async create({ name, body, request }) {
    const { options, dryRun } = checkOptions((body.deleteOptions ?? {}) as object)
    const deletion = { ...request, dryRun: request.dryRun || dryRun }
    const pod = await pods.get(request, name)
    if (!deletion.dryRun && !finished(pod) && pod.status?.phase !== 'Pending') await markDisrupted(pods, { request, name, time: time() })
    await pods.delete(deletion, name, options)
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
  },
})

const finished = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'

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
