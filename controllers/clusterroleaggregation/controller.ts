// clusterrole-aggregation-controller: roles that gather others have the rules of those.

import type { Kind } from '../../openapi/kind.ts'
import { type ClusterRole, clusterRole } from '../../openapi/kinds/rbac.authorization.k8s.io/clusterrole.ts'
import type { Controller } from '../runtime/controller.ts'
import { gatheredRules, gathers, sameRules, selects } from './plan.ts'

export const clusterRoleAggregationController: Controller = {
  name: 'clusterrole-aggregation-controller',
  watches: [
    {
      kind: clusterRole as unknown as Kind,
      // Any role may be one that others gather, or was until now.
      keys: (changed, caches) =>
        caches
          .informer(clusterRole)
          .list()
          .filter(role => gathers(role) && (role.metadata.name === changed.metadata.name || selects(role, changed as ClusterRole)))
          .map(role => ({ name: role.metadata.name })),
    },
  ],
  async reconcile(key, { client, informer }) {
    const role = informer(clusterRole).get(key)
    if (!role || !gathers(role)) return
    const rules = gatheredRules(role, informer(clusterRole).list())
    if (!sameRules(role.rules ?? [], rules)) await client.apply(clusterRole, { metadata: { name: key.name }, rules })
  },
}
