// The admission plugins by their names. A new one adds one import and one line; names.ts has their order.

import type { Kind } from '../../openapi/kind.ts'
import type { ResourceQuota } from '../../openapi/kinds/core/resourcequota/index.ts'
import type { Authorizer } from '../auth/attributes.ts'
import type { Clock } from '../clock.ts'
import type { Convert } from '../extension/convert.ts'
import type { ServiceResolver } from '../extension/resolve.ts'
import type { Ids } from '../ids.ts'
import type { Store } from '../registry/store.ts'
import { alwaysAdmit } from './alwaysadmit.ts'
import { alwaysDeny } from './alwaysdeny.ts'
import { alwaysPullImages } from './alwayspullimages.ts'
import { certificateApproval } from './certificateapproval.ts'
import { certificateSigning } from './certificatesigning.ts'
import { certificateSubjectRestriction } from './certificatesubjectrestriction.ts'
import type { AdmissionPlugin } from './chain.ts'
import type { Configurations } from './configuration.ts'
import { defaultIngressClass } from './defaultingressclass.ts'
import { defaultStorageClass } from './defaultstorageclass.ts'
import { defaultTolerationSeconds } from './defaulttolerationseconds.ts'
import { denyServiceExternalIPs } from './denyserviceexternalips.ts'
import { deviceAdminAccess } from './deviceadminaccess.ts'
import { eventRateLimit } from './eventratelimit.ts'
import { extendedResourceToleration } from './extendedresourcetoleration.ts'
import { imagePolicyWebhook } from './imagepolicywebhook.ts'
import { limitPodHardAntiAffinityTopology } from './limitpodhardantiaffinitytopology.ts'
import { limitRanger } from './limitranger.ts'
import type { Lookup } from './lookup.ts'
import { mutatingPolicies } from './mutatingpolicies.ts'
import type { PluginName } from './names.ts'
import { namespaceAutoProvision } from './namespaceautoprovision.ts'
import { namespaceExists } from './namespaceexists.ts'
import { namespaceLifecycle } from './namespacelifecycle.ts'
import { nodeRestriction } from './noderestriction/index.ts'
import { ownerReferencesPermissionEnforcement } from './ownerreferences.ts'
import { persistentVolumeClaimResize } from './persistentvolumeclaimresize.ts'
import { podNodeSelector } from './podnodeselector.ts'
import { podResizeValidator } from './podresizevalidator.ts'
import { podSecurity } from './podsecurity/index.ts'
import { podTolerationRestriction } from './podtolerationrestriction.ts'
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
  /** In the order they run. */
  names: readonly PluginName[]
  configurations: Configurations
  lookup: Lookup
  ids: Ids
  clock: Clock
  authorizer: Authorizer
  resolver: ServiceResolver
  convert: Convert
  /** The registry is made after its admission. */
  quotas(): Store<ResourceQuota>
  /** All that are served now. */
  kinds(): readonly Kind[]
  makeNamespace(name: string): Promise<void>
}

/** Those that are not here concern what is not served. */
type Made = Exclude<
  PluginName,
  'ClusterTrustBundleAttest' | 'JobValidation' | 'NodeDeclaredFeatureValidator' | 'PodGroupProtection' | 'PodGroupWorkloadExists'
>

const makers: { readonly [name in Made]: (options: PluginOptions) => AdmissionPlugin } = {
  AlwaysAdmit: () => alwaysAdmit,
  AlwaysDeny: () => alwaysDeny,
  AlwaysPullImages: () => alwaysPullImages,
  CertificateApproval: ({ authorizer }) => certificateApproval(authorizer),
  CertificateSigning: ({ authorizer }) => certificateSigning(authorizer),
  CertificateSubjectRestriction: () => certificateSubjectRestriction,
  DefaultIngressClass: ({ lookup }) => defaultIngressClass(lookup),
  DefaultStorageClass: ({ lookup }) => defaultStorageClass(lookup),
  DefaultTolerationSeconds: () => defaultTolerationSeconds,
  DenyServiceExternalIPs: () => denyServiceExternalIPs,
  EventRateLimit: ({ clock, configurations }) => eventRateLimit(clock, configurations),
  ExtendedResourceToleration: () => extendedResourceToleration,
  ImagePolicyWebhook: ({ clock, configurations }) => imagePolicyWebhook(clock, configurations),
  LimitPodHardAntiAffinityTopology: () => limitPodHardAntiAffinityTopology,
  LimitRanger: ({ lookup }) => limitRanger(lookup),
  MutatingAdmissionPolicy: mutatingPolicies,
  MutatingAdmissionWebhook: mutatingWebhooks,
  NamespaceAutoProvision: ({ lookup, makeNamespace }) => namespaceAutoProvision(lookup, makeNamespace),
  NamespaceExists: ({ lookup }) => namespaceExists(lookup),
  NamespaceLifecycle: ({ lookup }) => namespaceLifecycle(lookup),
  NodeRestriction: ({ lookup, authorizer }) => nodeRestriction(lookup, authorizer),
  OwnerReferencesPermissionEnforcement: ({ authorizer, kinds }) => ownerReferencesPermissionEnforcement(authorizer, kinds),
  PersistentVolumeClaimResize: ({ lookup }) => persistentVolumeClaimResize(lookup),
  PodNodeSelector: ({ lookup, configurations }) => podNodeSelector(lookup, configurations),
  PodResizeValidator: ({ lookup }) => podResizeValidator(lookup),
  PodSecurity: ({ lookup, configurations }) => podSecurity(lookup, configurations),
  PodTolerationRestriction: ({ lookup, configurations }) => podTolerationRestriction(lookup, configurations),
  PodTopologyLabels: ({ lookup }) => podTopologyLabels(lookup),
  Priority: ({ lookup }) => priority(lookup),
  ResourceQuota: resourceQuotaPlugin,
  RuntimeClass: ({ lookup }) => runtimeClass(lookup),
  ServiceAccount: ({ lookup, ids }) => serviceAccountPlugin(lookup, ids),
  StorageObjectInUseProtection: () => storageObjectInUseProtection,
  TaintNodesByCondition: () => taintNodesByCondition,
  ValidatingAdmissionPolicy: validatingPolicies,
  ValidatingAdmissionWebhook: validatingWebhooks,
}

export const createPlugins = (options: PluginOptions): readonly AdmissionPlugin[] => [
  // Upstream's strategies do that, whatever the flags say.
  deviceAdminAccess(options.lookup),
  ...options.names.flatMap(name => makers[name as Made]?.(options) ?? []),
]
