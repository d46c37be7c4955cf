import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, list, object, string } from '../schema.ts'
import { ObjectMeta, objectHead } from './meta.ts'

const strings = (description: string) => list({ type: 'string', default: '' } as const, description)

const GroupResources = object('io.k8s.apiserver.pkg.apis.audit.v1.GroupResources', 'Resources of one API group.', {
  group: string("The group; '' is the core group."),
  resourceNames: strings('Only objects of these names. Needs resources.'),
  resources: strings("Plurals, with their subresource after a slash; '*' stands for all, on either side. None means all."),
})

const PolicyRule = object('io.k8s.apiserver.pkg.apis.audit.v1.PolicyRule', 'How much is told of requests of a sort.', {
  level: string('None, Metadata, Request or RequestResponse.'),
  namespaces: strings("Only in these; '' means what is in no namespace."),
  nonResourceURLs: strings("Only these paths; '*' may stand at the end."),
  omitManagedFields: boolean('Whether bodies are told without their managed fields.'),
  omitStages: strings('Stages of which nothing is told.'),
  resources: list(GroupResources, 'Only these.'),
  userGroups: strings('Only of users in one of these groups.'),
  users: strings('Only of these users.'),
  verbs: strings('Only these verbs.'),
})
export type PolicyRule = FromSchema<typeof PolicyRule>

/** Not served: the file of --audit-policy-file. */
export const AuditPolicy = object(
  'io.k8s.apiserver.pkg.apis.audit.v1.Policy',
  'What is told of which requests: the first rule that fits counts.',
  {
    apiVersion: objectHead.apiVersion,
    kind: objectHead.kind,
    metadata: field(ObjectMeta, 'Metadata of the policy.', { default: {} }),
    omitManagedFields: boolean('What holds for rules that do not say it themselves.'),
    omitStages: strings('Stages of which nothing is told, whatever the rule.'),
    rules: list(PolicyRule, 'In order.'),
  },
)
export type AuditPolicy = FromSchema<typeof AuditPolicy>
