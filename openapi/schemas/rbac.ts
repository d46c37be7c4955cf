import type { FromSchema } from 'json-schema-to-ts'
import { field, list, object, string } from '../schema.ts'
import { objectHead } from './meta.ts'
import { LabelSelector } from './selector.ts'

export const PolicyRule = object(
  'io.k8s.api.rbac.v1.PolicyRule',
  'One thing a role allows: verbs on resources, or on paths that are no resources.',
  {
    apiGroups: list(string(''), "API groups of the resources; '' is the core group, '*' stands for all.", {
      'x-kubernetes-list-type': 'atomic',
    }),
    nonResourceURLs: list(
      string(''),
      "Paths outside the resource API, each may end in '*'. Only for ClusterRoles, and not together with resources.",
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    resourceNames: list(string(''), 'Limits the rule to objects with these names. Empty means every name.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    resources: list(string(''), "Resources in the plural, or resource/subresource; '*' stands for all.", {
      'x-kubernetes-list-type': 'atomic',
    }),
    verbs: list(string(''), "What may be done: get, list, watch, create, update, patch, delete and others; '*' stands for all.", {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  ['verbs'],
)
export type PolicyRule = FromSchema<typeof PolicyRule>

export const Role = object('io.k8s.api.rbac.v1.Role', 'What may be done inside one namespace. RoleBindings say who may.', {
  ...objectHead,
  rules: list(PolicyRule, 'Everything the role allows. Rules only add up; nothing takes away.', { 'x-kubernetes-list-type': 'atomic' }),
})
export type Role = FromSchema<typeof Role>

export const AggregationRule = object('io.k8s.api.rbac.v1.AggregationRule', 'Which ClusterRoles a role is put together from.', {
  clusterRoleSelectors: list(
    LabelSelector,
    'Selectors of ClusterRoles by label. The rules of a role that any of them matches are taken in.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
})
export type AggregationRule = FromSchema<typeof AggregationRule>

export const ClusterRole = object(
  'io.k8s.api.rbac.v1.ClusterRole',
  'What may be done, for the whole cluster or to be bound in single namespaces.',
  {
    aggregationRule: field(
      AggregationRule,
      'If set, the rules are filled by a controller from other ClusterRoles, and rules set by hand are replaced.',
    ),
    ...objectHead,
    rules: list(PolicyRule, 'Everything the role allows. Rules only add up; nothing takes away.', { 'x-kubernetes-list-type': 'atomic' }),
  },
)
export type ClusterRole = FromSchema<typeof ClusterRole>

export const RoleRef = object(
  'io.k8s.api.rbac.v1.RoleRef',
  'Points to the role that a binding gives.',
  {
    apiGroup: string('API group of the role.'),
    kind: string('Role or ClusterRole.'),
    name: string('Name of the role.'),
  },
  ['kind', 'name'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type RoleRef = FromSchema<typeof RoleRef>

export const Subject = object(
  'io.k8s.api.rbac.v1.Subject',
  'Someone a role is given to: a user, a group or a ServiceAccount.',
  {
    apiGroup: string("API group of the subject: '' for a ServiceAccount, rbac.authorization.k8s.io for a User or Group."),
    kind: string('User, Group or ServiceAccount.'),
    name: string('Name of the user, group or account.'),
    namespace: string('Namespace of a ServiceAccount; users and groups have none.'),
  },
  ['kind', 'name'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type Subject = FromSchema<typeof Subject>

export const RoleBinding = object(
  'io.k8s.api.rbac.v1.RoleBinding',
  'Gives a role to subjects inside one namespace.',
  {
    ...objectHead,
    roleRef: field(RoleRef, 'The role given: a Role of this namespace or a ClusterRole. It cannot be changed.', { default: {} }),
    subjects: list(Subject, 'Who gets the role.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['roleRef'],
)
export type RoleBinding = FromSchema<typeof RoleBinding>

export const ClusterRoleBinding = object(
  'io.k8s.api.rbac.v1.ClusterRoleBinding',
  'Gives a ClusterRole to subjects for the whole cluster.',
  {
    ...objectHead,
    roleRef: field(RoleRef, 'The ClusterRole given. It cannot be changed.', { default: {} }),
    subjects: list(Subject, 'Who gets the role.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['roleRef'],
)
export type ClusterRoleBinding = FromSchema<typeof ClusterRoleBinding>
