// Not served: the files of --admission-control-config-file.
import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, list, map, object, rawJson, string } from '../schema.ts'
import { ScopedResourceSelectorRequirement } from './core.ts'
import { objectHead } from './meta.ts'
import { Toleration } from './selector.ts'

const { apiVersion, kind } = objectHead
const strings = (description: string) => list({ type: 'string', default: '' } as const, description)

const AdmissionPluginConfiguration = object(
  'io.k8s.apiserver.pkg.apis.apiserver.v1.AdmissionPluginConfiguration',
  'How one plugin is configured.',
  {
    configuration: rawJson('The configuration itself; it goes before a path.'),
    name: string('The name that --enable-admission-plugins takes.'),
    path: string('A file with the configuration, as seen from this one.'),
  },
)

export const AdmissionConfiguration = object(
  'io.k8s.apiserver.pkg.apis.apiserver.v1.AdmissionConfiguration',
  'How plugins are configured.',
  { apiVersion, kind, plugins: list(AdmissionPluginConfiguration, 'Of one that is named twice the first counts.') },
)
export type AdmissionConfiguration = FromSchema<typeof AdmissionConfiguration>

const EventLimit = object('io.k8s.kubernetes.plugin.pkg.admission.eventratelimit.v1alpha1.Limit', 'How many events there may be.', {
  burst: int32('How many at once.'),
  cacheSize: int32('Of how many keys is known what they have left; 4096 when left out.'),
  qps: int32('How many a second in the long run.'),
  type: string('What is counted together: Server, Namespace, User or SourceAndObject.'),
})
export const EventRateLimitConfiguration = object(
  'io.k8s.kubernetes.plugin.pkg.admission.eventratelimit.v1alpha1.Configuration',
  'How many events there may be.',
  { apiVersion, kind, limits: list(EventLimit, 'All of them hold.') },
)
export type EventRateLimitConfiguration = FromSchema<typeof EventRateLimitConfiguration>

const ImagePolicy = object('io.k8s.kubernetes.plugin.pkg.admission.imagepolicy.imagePolicyWebhookConfig', 'Who is asked about images.', {
  allowTTL: int32('For how many seconds a yes holds; -1 not at all, 0 for five minutes.'),
  defaultAllow: boolean('Whether pods may be when the answer does not come.'),
  denyTTL: int32('For how many seconds a no holds; -1 not at all, 0 for half a minute.'),
  kubeConfigFile: string('A kubeconfig that leads to who is asked.'),
  retryBackoff: int32('Milliseconds until it is asked again; -1 at once, 0 for 500.'),
})
export const ImagePolicyWebhookConfiguration = object(
  'io.k8s.kubernetes.plugin.pkg.admission.imagepolicy.AdmissionConfig',
  'Who is asked about images.',
  { apiVersion, imagePolicy: field(ImagePolicy, 'Who is asked, and what when it does not answer.'), kind },
)
export type ImagePolicyWebhookConfiguration = FromSchema<typeof ImagePolicyWebhookConfiguration>

export const PodNodeSelectorConfiguration = object(
  'io.k8s.kubernetes.plugin.pkg.admission.podnodeselector.pluginConfig',
  'On which nodes pods of a namespace may run.',
  {
    apiVersion,
    kind,
    podNodeSelectorPluginConfig: map(
      string(''),
      'By namespace, the labels that its pods may ask for; clusterDefaultNodeSelector is what namespaces without a selector of their own have.',
    ),
  },
)
export type PodNodeSelectorConfiguration = FromSchema<typeof PodNodeSelectorConfiguration>

export const PodTolerationRestrictionConfiguration = object(
  'io.k8s.kubernetes.plugin.pkg.admission.podtolerationrestriction.v1alpha1.Configuration',
  'What pods tolerate where their namespace does not say it.',
  {
    apiVersion,
    default: list(Toleration, 'What they tolerate besides.'),
    kind,
    whitelist: list(Toleration, 'What they may tolerate.'),
  },
)
export type PodTolerationRestrictionConfiguration = FromSchema<typeof PodTolerationRestrictionConfiguration>

const PodSecurityDefaults = object(
  'io.k8s.pod-security-admission.admission.api.v1.PodSecurityDefaults',
  'What holds where the labels of a namespace do not say it.',
  {
    audit: string('The level that is told of in the audit log.'),
    'audit-version': string('Its version.'),
    enforce: string('The level that pods have to keep to.'),
    'enforce-version': string('Its version.'),
    warn: string('The level that is warned of.'),
    'warn-version': string('Its version.'),
  },
)
const PodSecurityExemptions = object(
  'io.k8s.pod-security-admission.admission.api.v1.PodSecurityExemptions',
  'Whose pods are not looked at.',
  {
    namespaces: strings('Those of these namespaces.'),
    runtimeClasses: strings('Those of these runtime classes.'),
    usernames: strings('Those that these users make.'),
  },
)
export const PodSecurityConfiguration = object(
  'io.k8s.pod-security-admission.admission.api.v1.PodSecurityConfiguration',
  'How secure pods have to be.',
  {
    apiVersion,
    defaults: field(PodSecurityDefaults, 'What holds for namespaces without labels.'),
    exemptions: field(PodSecurityExemptions, 'Whose pods are not looked at.'),
    kind,
  },
)
export type PodSecurityConfiguration = FromSchema<typeof PodSecurityConfiguration>

export const WebhookAdmissionConfiguration = object(
  'io.k8s.apiserver.pkg.admission.plugin.webhook.config.apis.webhookadmission.v1.WebhookAdmission',
  'As whom webhooks are called.',
  {
    apiVersion,
    kind,
    kubeConfigFile: string('A kubeconfig whose users are named after the hosts that they are for.'),
    staticManifestsDir: string('A directory of webhooks that are called besides.'),
  },
)
export type WebhookAdmissionConfiguration = FromSchema<typeof WebhookAdmissionConfiguration>

const LimitedResource = object(
  'io.k8s.apiserver.pkg.admission.plugin.resourcequota.v1.LimitedResource',
  'What cannot be used without a quota for it.',
  {
    apiGroup: string('Group of the resource.'),
    matchContains: strings('Parts of names: what is used under such a name needs a quota that names it.'),
    matchScopes: list(ScopedResourceSelectorRequirement, 'What is in these scopes needs a quota with that scope.'),
    resource: string('The resource, such as pods.'),
  },
)
export type LimitedResource = FromSchema<typeof LimitedResource>
export const ResourceQuotaConfiguration = object(
  'io.k8s.apiserver.pkg.admission.plugin.resourcequota.v1.Configuration',
  'What cannot be used without a quota for it.',
  { apiVersion, kind, limitedResources: list(LimitedResource, 'All that are limited so.') },
)
export type ResourceQuotaConfiguration = FromSchema<typeof ResourceQuotaConfiguration>
