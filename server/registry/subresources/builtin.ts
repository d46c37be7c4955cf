// The subresources with bodies of their own. A new one adds one import and one line.
import type { Kind } from '../../../openapi/kind.ts'
import { namespace } from '../../../openapi/kinds/core/namespace.ts'
import { node } from '../../../openapi/kinds/core/node/index.ts'
import { pod } from '../../../openapi/kinds/core/pod/index.ts'
import { secret } from '../../../openapi/kinds/core/secret/index.ts'
import { serviceAccount } from '../../../openapi/kinds/core/serviceaccount.ts'
import { podDisruptionBudget } from '../../../openapi/kinds/policy/poddisruptionbudget.ts'
import type { TokenSigner } from '../../auth/tokens.ts'
import type { Clock } from '../../clock.ts'
import type { Ids } from '../../ids.ts'
import type { Registry } from '../registry.ts'
import { bindingSubresource } from './binding.ts'
import { type EvictionStores, evictionSubresource } from './eviction.ts'
import { finalizeSubresource } from './finalize.ts'
import type { Subresource } from './index.ts'
import { type ReviewOptions, reviewSubresources } from './reviews.ts'
import { tokenSubresource } from './token.ts'

export interface BuiltinOptions {
  registry: Registry
  signer: TokenSigner
  clock: Clock
  ids: Ids
  /** Now, as metav1.Time. */
  time(): string
  checkOptions: EvictionStores['checkOptions']
  authorizer: ReviewOptions['authorizer']
  authenticateToken: ReviewOptions['authenticateToken']
}

/** What a token may be bound to. */
const boundKinds: Readonly<Record<string, Kind>> = { Pod: pod as never, Secret: secret as never, Node: node as never }

export function builtinSubresources(options: BuiltinOptions): readonly Subresource[] {
  const { registry, signer, clock, ids, time, checkOptions } = options
  const binding = bindingSubresource({ pods: registry.store(pod), nodes: registry.store(node), time })
  return [
    binding,
    { ...binding, path: 'bindings/', checkName: false },
    evictionSubresource({ pods: registry.store(pod), budgets: registry.store(podDisruptionBudget), time, checkOptions }),
    tokenSubresource({
      accounts: registry.store(serviceAccount),
      bound: (request, kind, name) =>
        registry.store(boundKinds[kind] as Kind).get(kind === 'Node' ? { ...request, namespace: '' } : request, name),
      signer,
      clock,
      ids,
    }),
    finalizeSubresource(registry.store(namespace)),
    ...reviewSubresources(options),
  ]
}
