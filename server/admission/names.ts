// Which plugins there are, in the order they run, and which of them are asked: --enable-admission-plugins and --disable-admission-plugins.
import { aggregate } from '../../openapi/errors.ts'
import { ConfigError } from '../config.ts'

/** Upstream's. */
const ordered = [
  'AlwaysAdmit',
  'NamespaceAutoProvision',
  'NamespaceLifecycle',
  'NamespaceExists',
  'LimitPodHardAntiAffinityTopology',
  'LimitRanger',
  'ServiceAccount',
  'NodeRestriction',
  'TaintNodesByCondition',
  'AlwaysPullImages',
  'ImagePolicyWebhook',
  'PodSecurity',
  'PodNodeSelector',
  'Priority',
  'DefaultTolerationSeconds',
  'PodTolerationRestriction',
  'EventRateLimit',
  'ExtendedResourceToleration',
  'DefaultStorageClass',
  'StorageObjectInUseProtection',
  'PodGroupProtection',
  'OwnerReferencesPermissionEnforcement',
  'PersistentVolumeClaimResize',
  'RuntimeClass',
  'CertificateApproval',
  'CertificateSigning',
  'ClusterTrustBundleAttest',
  'CertificateSubjectRestriction',
  'DefaultIngressClass',
  'DenyServiceExternalIPs',
  'PodTopologyLabels',
  'PodGroupWorkloadExists',
  'NodeDeclaredFeatureValidator',
  'JobValidation',
  'PodResizeValidator',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionWebhook',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionWebhook',
  'ResourceQuota',
  'AlwaysDeny',
] as const

export type PluginName = (typeof ordered)[number]

const defaultOff: ReadonlySet<string> = new Set([
  'AlwaysAdmit',
  'AlwaysDeny',
  'AlwaysPullImages',
  'DenyServiceExternalIPs',
  'EventRateLimit',
  'ExtendedResourceToleration',
  'ImagePolicyWebhook',
  'LimitPodHardAntiAffinityTopology',
  'NamespaceAutoProvision',
  'NamespaceExists',
  'NodeRestriction',
  'OwnerReferencesPermissionEnforcement',
  'PodNodeSelector',
  'PodTolerationRestriction',
])

const listOf = (text: string): string[] => (text === '' ? [] : text.split(','))

/** In the order they run. Throws ConfigError, worded as upstream, for names it does not know and for names that are in both lists. */
export function chosenPlugins(enable: string, disable: string): PluginName[] {
  const [on, off] = [listOf(enable), listOf(disable)]
  const isKnown = (name: string) => (ordered as readonly string[]).includes(name)
  const both = [...new Set(on.filter(name => off.includes(name)))].sort()
  const errors = [
    ...on.filter(name => !isKnown(name)).map(name => `enable-admission-plugins plugin ${JSON.stringify(name)} is unknown`),
    ...off.filter(name => !isKnown(name)).map(name => `disable-admission-plugins plugin ${JSON.stringify(name)} is unknown`),
    ...(both.length > 0 ? [`[${both.join(' ')}] in enable-admission-plugins and disable-admission-plugins overlapped`] : []),
  ]
  if (errors.length > 0) throw new ConfigError(aggregate(errors))
  return ordered.filter(name => on.includes(name) || !(defaultOff.has(name) || off.includes(name)))
}
