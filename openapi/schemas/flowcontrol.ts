import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, list, object, string, time } from '../schema.ts'
import { objectHead } from './meta.ts'

export const FlowDistinguisherMethod = object(
  'io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod',
  'How the requests of one FlowSchema are told apart into flows.',
  {
    type: string('ByUser: a flow per user. ByNamespace: a flow per namespace of the resource.'),
  },
  ['type'],
)
export type FlowDistinguisherMethod = FromSchema<typeof FlowDistinguisherMethod>

export const PriorityLevelConfigurationReference = object(
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference',
  'Names a priority level.',
  {
    name: string('Name of the PriorityLevelConfiguration.'),
  },
  ['name'],
)
export type PriorityLevelConfigurationReference = FromSchema<typeof PriorityLevelConfigurationReference>

export const NonResourcePolicyRule = object(
  'io.k8s.api.flowcontrol.v1.NonResourcePolicyRule',
  'Matches requests for paths outside the resource API.',
  {
    nonResourceURLs: list(string(''), 'Paths that match: exact ones, prefixes that end in /*, or a single * for all.', {
      'x-kubernetes-list-type': 'set',
    }),
    verbs: list(string(''), 'Lower-case verbs that match, or a single * for all.', { 'x-kubernetes-list-type': 'set' }),
  },
  ['verbs', 'nonResourceURLs'],
)
export type NonResourcePolicyRule = FromSchema<typeof NonResourcePolicyRule>

export const ResourcePolicyRule = object(
  'io.k8s.api.flowcontrol.v1.ResourcePolicyRule',
  'Matches requests for resources: verb, group, resource and place must all fit.',
  {
    apiGroups: list(string(''), 'API groups that match, or a single * for all.', { 'x-kubernetes-list-type': 'set' }),
    clusterScope: boolean('Whether requests match that name no namespace.'),
    namespaces: list(
      string(''),
      'Namespaces that match, or a single * for all. Without any, only requests that name no namespace can match.',
      { 'x-kubernetes-list-type': 'set' },
    ),
    resources: list(string(''), 'Resources in plural, a subresource after a slash, or a single * for all.', {
      'x-kubernetes-list-type': 'set',
    }),
    verbs: list(string(''), 'Lower-case verbs that match, or a single * for all.', { 'x-kubernetes-list-type': 'set' }),
  },
  ['verbs', 'apiGroups', 'resources'],
)
export type ResourcePolicyRule = FromSchema<typeof ResourcePolicyRule>

export const GroupSubject = object(
  'io.k8s.api.flowcontrol.v1.GroupSubject',
  'Everyone in a group.',
  {
    name: string('Name of the group, or * for every group.'),
  },
  ['name'],
)
export type GroupSubject = FromSchema<typeof GroupSubject>

export const ServiceAccountSubject = object(
  'io.k8s.api.flowcontrol.v1.ServiceAccountSubject',
  'A service account, or all of a namespace.',
  {
    name: string('Name of the account, or * for every account of the namespace.'),
    namespace: string('Namespace of the account.'),
  },
  ['namespace', 'name'],
)
export type ServiceAccountSubject = FromSchema<typeof ServiceAccountSubject>

export const UserSubject = object(
  'io.k8s.api.flowcontrol.v1.UserSubject',
  'One user.',
  {
    name: string('Name of the user, or * for every user.'),
  },
  ['name'],
)
export type UserSubject = FromSchema<typeof UserSubject>

export const Subject = object(
  'io.k8s.api.flowcontrol.v1.Subject',
  'Who a rule is about; `kind` says which of the other fields is set.',
  {
    group: field(GroupSubject, 'The group, when kind is Group.'),
    kind: string('User, Group or ServiceAccount.'),
    serviceAccount: field(ServiceAccountSubject, 'The account, when kind is ServiceAccount.'),
    user: field(UserSubject, 'The user, when kind is User.'),
  },
  ['kind'],
  {
    'x-kubernetes-unions': [
      { discriminator: 'kind', 'fields-to-discriminateBy': { group: 'Group', serviceAccount: 'ServiceAccount', user: 'User' } },
    ],
  },
)
export type Subject = FromSchema<typeof Subject>

export const PolicyRulesWithSubjects = object(
  'io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects',
  'One rule: a request matches when its user is a subject and one of the resource or other rules fits.',
  {
    nonResourceRules: list(NonResourcePolicyRule, 'Paths outside the resource API.', { 'x-kubernetes-list-type': 'atomic' }),
    resourceRules: list(ResourcePolicyRule, 'Requests for resources.', { 'x-kubernetes-list-type': 'atomic' }),
    subjects: list(Subject, 'Users, groups and service accounts. At least one.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['subjects'],
)
export type PolicyRulesWithSubjects = FromSchema<typeof PolicyRulesWithSubjects>

export const FlowSchemaSpec = object(
  'io.k8s.api.flowcontrol.v1.FlowSchemaSpec',
  'Which requests belong together, and with what priority.',
  {
    distinguisherMethod: field(FlowDistinguisherMethod, 'How flows are told apart. Left out: all matching requests are one flow.'),
    matchingPrecedence: int32(
      'Of the schemas that match a request the one with the lowest number is taken, from 1 to 10000. Left out or 0 it becomes 1000.',
    ),
    priorityLevelConfiguration: field(
      PriorityLevelConfigurationReference,
      'The level at which the requests are served. If it does not exist, the schema is ignored and marked as dangling.',
      { default: {} },
    ),
    rules: list(PolicyRulesWithSubjects, 'The request must match one of these. Without any, none does.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  ['priorityLevelConfiguration'],
)
export type FlowSchemaSpec = FromSchema<typeof FlowSchemaSpec>

export const FlowSchemaCondition = object('io.k8s.api.flowcontrol.v1.FlowSchemaCondition', 'One fact about a FlowSchema.', {
  lastTransitionTime: time('When the status last changed.'),
  message: string('Details for a reader.'),
  reason: string('One word for the last change.'),
  status: string('True, False or Unknown.'),
  type: string('What it is about, such as Dangling.'),
})
export type FlowSchemaCondition = FromSchema<typeof FlowSchemaCondition>

export const FlowSchemaStatus = object('io.k8s.api.flowcontrol.v1.FlowSchemaStatus', 'What the server found out about a FlowSchema.', {
  conditions: list(FlowSchemaCondition, 'The facts, by type.', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
})
export type FlowSchemaStatus = FromSchema<typeof FlowSchemaStatus>

export const FlowSchema = object('io.k8s.api.flowcontrol.v1.FlowSchema', 'Sorts requests into flows and gives them a priority level.', {
  ...objectHead,
  spec: field(FlowSchemaSpec, 'Which requests, and which level.', { default: {} }),
  status: field(FlowSchemaStatus, 'Whether the level exists.', { default: {} }),
})
export type FlowSchema = FromSchema<typeof FlowSchema>

export const ExemptPriorityLevelConfiguration = object(
  'io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration',
  'Seats of a level whose requests never wait.',
  {
    lendablePercent: int32('How much of its seats other levels may borrow, 0 to 100.', { default: 0 }),
    nominalConcurrencyShares: int32("Weight by which the server's seats are shared out; it limits nothing here, but can be lent.", {
      default: 0,
    }),
  },
)
export type ExemptPriorityLevelConfiguration = FromSchema<typeof ExemptPriorityLevelConfiguration>

export const QueuingConfiguration = object('io.k8s.api.flowcontrol.v1.QueuingConfiguration', 'The queues of a level.', {
  handSize: int32('How many queues a flow is dealt; its requests go to the shortest of these. Left out it becomes 8.'),
  queueLengthLimit: int32('How many requests may wait in a queue; more are refused. Left out it becomes 50.'),
  queues: int32('How many queues the level has. Left out it becomes 64.'),
})
export type QueuingConfiguration = FromSchema<typeof QueuingConfiguration>

export const LimitResponse = object(
  'io.k8s.api.flowcontrol.v1.LimitResponse',
  'What happens to a request for which there is no seat now.',
  {
    queuing: field(QueuingConfiguration, 'The queues, when type is Queue.'),
    type: string('Queue: it waits. Reject: it is refused at once.'),
  },
  ['type'],
  { 'x-kubernetes-unions': [{ discriminator: 'type', 'fields-to-discriminateBy': { queuing: 'Queuing' } }] },
)
export type LimitResponse = FromSchema<typeof LimitResponse>

export const LimitedPriorityLevelConfiguration = object(
  'io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration',
  'How many requests of a level are served at once, and what happens to the rest.',
  {
    borrowingLimitPercent: int32(
      'How many seats the level may borrow from others, in percent of its own. Left out: as many as it can get.',
    ),
    lendablePercent: int32('How much of its seats other levels may borrow, 0 to 100.', { default: 0 }),
    limitResponse: field(LimitResponse, 'What happens when the seats are taken.', { default: {} }),
    nominalConcurrencyShares: int32("Weight by which the server's seats are shared out among the levels. 0 holds all requests back.", {
      default: 30,
    }),
  },
)
export type LimitedPriorityLevelConfiguration = FromSchema<typeof LimitedPriorityLevelConfiguration>

export const PriorityLevelConfigurationSpec = object(
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec',
  "A level's limits; `type` says which of the other fields may be set.",
  {
    exempt: field(ExemptPriorityLevelConfiguration, 'Seats it can lend, when type is Exempt.'),
    limited: field(LimitedPriorityLevelConfiguration, 'The limits, when type is Limited.'),
    type: string('Exempt: requests are never held back. Limited: there is a limit.'),
  },
  ['type'],
  { 'x-kubernetes-unions': [{ discriminator: 'type', 'fields-to-discriminateBy': { exempt: 'Exempt', limited: 'Limited' } }] },
)
export type PriorityLevelConfigurationSpec = FromSchema<typeof PriorityLevelConfigurationSpec>

export const PriorityLevelConfigurationCondition = object(
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition',
  'One fact about a priority level.',
  {
    lastTransitionTime: time('When the status last changed.'),
    message: string('Details for a reader.'),
    reason: string('One word for the last change.'),
    status: string('True, False or Unknown.'),
    type: string('What it is about.'),
  },
)
export type PriorityLevelConfigurationCondition = FromSchema<typeof PriorityLevelConfigurationCondition>

export const PriorityLevelConfigurationStatus = object(
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus',
  'What the server found out about a priority level.',
  {
    conditions: list(PriorityLevelConfigurationCondition, 'The facts, by type.', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
  },
)
export type PriorityLevelConfigurationStatus = FromSchema<typeof PriorityLevelConfigurationStatus>

export const PriorityLevelConfiguration = object(
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration',
  'A priority level: how many of its requests are served at once, and how others wait.',
  {
    ...objectHead,
    spec: field(PriorityLevelConfigurationSpec, 'The limits.', { default: {} }),
    status: field(PriorityLevelConfigurationStatus, 'What the server found out.', { default: {} }),
  },
)
export type PriorityLevelConfiguration = FromSchema<typeof PriorityLevelConfiguration>
