// endpointslice-controller: the slices of every service that has a selector.

import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { node } from '../../openapi/kinds/core/node/index.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { type Service, service as serviceKind } from '../../openapi/kinds/core/service/index.ts'
import { endpointSlice } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import { matchesSelector } from '../../openapi/values/selector.ts'
import type { Caches, Controller, ObjectKey } from '../runtime/controller.ts'
import { execute } from '../runtime/execute.ts'
import { keyOf, self } from '../runtime/owners.ts'
import { managedBy, plan, serviceLabel } from './plan.ts'

const selects = ({ spec }: Service, labels: Readonly<Record<string, string>> | undefined): boolean =>
  spec.selector !== undefined && matchesSelector({ matchLabels: spec.selector }, labels)

const servicesOf = (object: KubeObject, caches: Caches): ObjectKey[] =>
  caches
    .informer(serviceKind)
    .list(object.metadata.namespace ?? '')
    .filter(service => selects(service, object.metadata.labels))
    .map(keyOf)

export const endpointSliceController: Controller = {
  name: 'endpoint-slice-controller',
  watches: [
    { kind: serviceKind as unknown as Kind, keys: self },
    { kind: pod as unknown as Kind, keys: servicesOf },
    {
      kind: endpointSlice as unknown as Kind,
      keys: ({ metadata }) =>
        metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === managedBy
          ? [{ namespace: metadata.namespace ?? '', name: metadata.labels[serviceLabel] ?? '' }]
          : [],
    },
    { kind: node as unknown as Kind, keys: () => [] },
  ],
  async reconcile(key, context) {
    const service = context.informer(serviceKind).get(key)
    if (!service || service.metadata.deletionTimestamp || !service.spec.selector || service.spec.type === 'ExternalName') return undefined
    const namespace = key.namespace ?? ''
    const pods = context
      .informer(pod)
      .list(namespace)
      .filter(p => selects(service, p.metadata.labels))
    const slices = context
      .informer(endpointSlice)
      .list(namespace)
      .filter(
        ({ metadata }) =>
          metadata.labels?.[serviceLabel] === key.name && metadata.labels['endpointslice.kubernetes.io/managed-by'] === managedBy,
      )
    const actions = plan({
      service,
      pods,
      slices,
      node: name => context.informer(node).get({ name }),
      suffix: () => context.random.suffix(5),
    })
    return execute(serviceKind, service, { actions }, context)
  },
}
