// endpoint-controller: the old Endpoints object of every service that has a selector.

import type { Kind } from '../../openapi/kind.ts'
import { type Endpoints, endpoints as endpointsKind } from '../../openapi/kinds/core/endpoints/index.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { type Service, service as serviceKind } from '../../openapi/kinds/core/service/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { Controller } from '../runtime/controller.ts'
import { self } from '../runtime/owners.ts'
import { hasPods, podsOf, servicesOf } from '../runtime/services.ts'
import { firstTriggerTime, type Shown, withTriggerTime } from '../runtime/triggertime.ts'
import { subsetsOf } from './plan.ts'

export const endpointsController: Controller = {
  name: 'endpoint-controller',
  watches: [
    { kind: serviceKind as unknown as Kind, keys: self },
    { kind: pod as unknown as Kind, keys: servicesOf },
    { kind: endpointsKind as unknown as Kind, keys: self },
  ],
  async reconcile(key, { informer, client }) {
    const service = informer(serviceKind).get(key)
    const current = informer(endpointsKind).get(key)
    if (!service) {
      // Only what belonged to a service goes with it.
      if (current?.metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller')
        await client.delete(endpointsKind, key, { preconditions: { uid: current.metadata.uid } })
      return
    }
    if (!hasPods(service)) return
    const pods = podsOf(service, { informer })
    const subsets = subsetsOf(service, pods)
    const labels = labelsOf(service)
    if (!current) {
      await client.create(endpointsKind, {
        metadata: { ...key, labels, annotations: firstTriggerTime(service, pods) },
        ...(subsets.length > 0 ? { subsets } : {}),
      })
      return
    }
    if (deepEqual(current.subsets ?? [], subsets) && deepEqual(current.metadata.labels ?? {}, labels)) return
    const { subsets: _old, ...rest } = current
    const shown = { before: shownBy(current.subsets), after: shownBy(subsets) }
    await client.update(endpointsKind, {
      ...rest,
      metadata: { ...current.metadata, labels, annotations: withTriggerTime(current.metadata.annotations, pods, shown) },
      ...(subsets.length > 0 ? { subsets } : {}),
    } as Endpoints)
  },
}

const shownBy = (subsets: Endpoints['subsets']): Shown =>
  new Map(
    (subsets ?? []).flatMap(({ addresses = [], notReadyAddresses = [] }) => [
      ...notReadyAddresses.map(a => [a.targetRef?.uid, false] as const),
      ...addresses.map(a => [a.targetRef?.uid, true] as const),
    ]),
  )

function labelsOf({ metadata, spec }: Service): Record<string, string> {
  const headless: Record<string, string> = spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}
  return { ...metadata.labels, 'endpoints.kubernetes.io/managed-by': 'endpoint-controller', ...headless }
}
