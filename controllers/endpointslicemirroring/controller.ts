// endpointslice-mirroring-controller: the addresses of a service without selector, given by hand in Endpoints, become slices too.

import type { Kind } from '../../openapi/kind.ts'
import { endpoints as endpointsKind } from '../../openapi/kinds/core/endpoints/index.ts'
import { service as serviceKind } from '../../openapi/kinds/core/service/index.ts'
import { endpointSlice } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import type { Controller } from '../runtime/controller.ts'
import { execute } from '../runtime/execute.ts'
import { self } from '../runtime/owners.ts'
import { serviceOfSlice, slicesOf } from '../runtime/services.ts'
import { managedBy, plan } from './plan.ts'

const skipLabel = 'endpointslice.kubernetes.io/skip-mirror'

export const endpointSliceMirroringController: Controller = {
  name: 'endpointslice-mirroring-controller',
  watches: [
    { kind: endpointsKind as unknown as Kind, keys: self },
    { kind: serviceKind as unknown as Kind, keys: self },
    { kind: endpointSlice as unknown as Kind, keys: serviceOfSlice(managedBy) },
  ],
  async reconcile(key, context) {
    const from = context.informer(endpointsKind).get(key)
    if (!from) return undefined
    const service = context.informer(serviceKind).get(key)
    const mirrored = service && !service.spec.selector && from.metadata.labels?.[skipLabel] !== 'true'
    const actions = plan(mirrored ? from : { ...from, subsets: [] }, slicesOf(key, managedBy, context), () => context.random.suffix(5))
    return execute(endpointsKind, from, { actions }, context)
  },
}
