// The admission plugins in the order they run. A new one adds one import and one line.

import type { Kind } from '../../openapi/kind.ts'
import type { ResourceQuota } from '../../openapi/kinds/core/resourcequota/index.ts'
import type { Clock } from '../clock.ts'
import type { ServiceResolver } from '../extension/resolve.ts'
import type { Ids } from '../ids.ts'
import type { Store } from '../registry/store.ts'
import type { AdmissionPlugin } from './chain.ts'
import { defaultIngressClass } from './defaultingressclass.ts'
import { defaultStorageClass } from './defaultstorageclass.ts'
import { defaultTolerationSeconds } from './defaulttolerationseconds.ts'
import { deviceAdminAccess } from './deviceadminaccess.ts'
import { limitRanger } from './limitranger.ts'
import type { Lookup } from './lookup.ts'
import { namespaceLifecycle } from './namespacelifecycle.ts'
import { persistentVolumeClaimResize } from './persistentvolumeclaimresize.ts'
import { podSecurity } from './podsecurity/index.ts'
import { podTopologyLabels } from './podtopologylabels.ts'
import { validatingPolicies } from './policies.ts'
import { priority } from './priority.ts'
import { resourceQuotaPlugin } from './resourcequota.ts'
import { runtimeClass } from './runtimeclass.ts'
import { serviceAccountPlugin } from './serviceaccount.ts'
import { storageObjectInUseProtection } from './storageobjectinuseprotection.ts'
import { taintNodesByCondition } from './taintnodesbycondition.ts'
import { mutatingWebhooks, validatingWebhooks } from './webhooks/index.ts'

export interface PluginOptions {
  lookup: Lookup
  ids: Ids
  clock: Clock
  resolver: ServiceResolver
  /** The registry is made after its admission. */
  quotas(): Store<ResourceQuota>
  /** All that are served now. */
  kinds(): readonly Kind[]
}

export const createPlugins = ({ lookup, ids, clock, resolver, quotas, kinds }: PluginOptions): readonly AdmissionPlugin[] => [
  namespaceLifecycle(lookup),
  limitRanger(lookup),
  serviceAccountPlugin(lookup, ids),
  taintNodesByCondition,
  podTopologyLabels(lookup),
  priority(lookup),
  runtimeClass(lookup),
  defaultTolerationSeconds,
  storageObjectInUseProtection,
  defaultStorageClass(lookup),
  persistentVolumeClaimResize(lookup),
  defaultIngressClass(lookup),
  deviceAdminAccess(lookup),
  podSecurity(lookup),
  mutatingWebhooks({ lookup, ids, resolver, kinds }),
  validatingPolicies({ lookup, kinds }),
  validatingWebhooks({ lookup, ids, resolver, kinds }),
  resourceQuotaPlugin(lookup, clock, quotas),
]
