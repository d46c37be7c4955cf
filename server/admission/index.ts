// The admission plugins in the order they run. A new one adds one import and one line.
import type { Ids } from '../ids.ts'
import type { AdmissionPlugin } from './chain.ts'
import { defaultIngressClass } from './defaultingressclass.ts'
import { defaultStorageClass } from './defaultstorageclass.ts'
import { defaultTolerationSeconds } from './defaulttolerationseconds.ts'
import { deviceAdminAccess } from './deviceadminaccess.ts'
import type { Lookup } from './lookup.ts'
import { namespaceLifecycle } from './namespacelifecycle.ts'
import { persistentVolumeClaimResize } from './persistentvolumeclaimresize.ts'
import { podTopologyLabels } from './podtopologylabels.ts'
import { priority } from './priority.ts'
import { runtimeClass } from './runtimeclass.ts'
import { serviceAccountPlugin } from './serviceaccount.ts'
import { storageObjectInUseProtection } from './storageobjectinuseprotection.ts'
import { taintNodesByCondition } from './taintnodesbycondition.ts'

export const createPlugins = (lookup: Lookup, ids: Ids): readonly AdmissionPlugin[] => [
  namespaceLifecycle(lookup),
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
]
