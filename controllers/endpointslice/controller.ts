// endpointslice-controller: the slices of every service that has a selector.

import type { Kind } from '../../openapi/kind.ts'
import { node } from '../../openapi/kinds/core/node/index.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { service as serviceKind } from '../../openapi/kinds/core/service/index.ts'
import { endpointSlice } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import type { Controller } from '../runtime/controller.ts'
import { execute } from '../runtime/execute.ts'
import { self } from '../runtime/owners.ts'
import { hasPods, podsOf, serviceOfSlice, servicesOf, slicesOf } from '../runtime/services.ts'
import { managedBy, plan } from './plan.ts'

export const endpointSliceController: Controller = {
  name: 'endpoint-slice-controller',
  watches: [
    { kind: serviceKind as unknown as Kind, keys: self },
    { kind: pod as unknown as Kind, keys: servicesOf },
    { kind: endpointSlice as unknown as Kind, keys: serviceOfSlice(managedBy) },
    { kind: node as unknown as Kind, keys: () => [] },
  ],
  async reconcile(key, context) {
    const service = context.informer(serviceKind).get(key)
    if (!service || !hasPods(service)) return undefined
    const actions = plan({
      service,
      pods: podsOf(service, context),
      slices: slicesOf(key, managedBy, context),
      node: name => context.informer(node).get({ name }),
      suffix: () => context.random.suffix(5),
    })
    return execute(serviceKind, service, { actions }, context)
  },
}
