import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, list, map, object, string } from '../schema.ts'
import { FieldSelectorRequirement, objectHead } from './meta.ts'
import { LabelSelectorRequirement } from './selector.ts'

export const NonResourceAttributes = object(
  'io.k8s.api.authorization.v1.NonResourceAttributes',
  'A request for a path that is no resource.',
  {
    path: string('The path of the URL.'),
    verb: string('The HTTP method in lower case.'),
  },
)
export type NonResourceAttributes = FromSchema<typeof NonResourceAttributes>

export const FieldSelectorAttributes = object(
  'io.k8s.api.authorization.v1.FieldSelectorAttributes',
  'The field selector of a request, as text or as requirements.',
  {
    rawSelector: string('The selector as the query of a request would hold it. Servers that decide should use the requirements.'),
    requirements: list(FieldSelectorRequirement, 'The selector taken apart; all of them must hold.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
)
export type FieldSelectorAttributes = FromSchema<typeof FieldSelectorAttributes>

export const LabelSelectorAttributes = object(
  'io.k8s.api.authorization.v1.LabelSelectorAttributes',
  'The label selector of a request, as text or as requirements.',
  {
    rawSelector: string('The selector as the query of a request would hold it. Servers that decide should use the requirements.'),
    requirements: list(LabelSelectorRequirement, 'The selector taken apart; all of them must hold.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
)
export type LabelSelectorAttributes = FromSchema<typeof LabelSelectorAttributes>

export const ResourceAttributes = object('io.k8s.api.authorization.v1.ResourceAttributes', 'A request for a resource.', {
  fieldSelector: field(FieldSelectorAttributes, 'The fields the request is limited to.'),
  group: string("API group of the resource; '*' means all."),
  labelSelector: field(LabelSelectorAttributes, 'The labels the request is limited to.'),
  name: string("Name of the object; '' means all of them."),
  namespace: string("Namespace of the request; '' means a cluster-scoped resource, or all namespaces."),
  resource: string("Resource in the plural; '*' means all."),
  subresource: string("Subresource asked for; '' means none."),
  verb: string("What is to be done: get, list, watch, create, update, patch, delete, deletecollection or proxy; '*' means all."),
  version: string("API version of the resource; '*' means all."),
})
export type ResourceAttributes = FromSchema<typeof ResourceAttributes>

export const SelfSubjectAccessReviewSpec = object(
  'io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec',
  'What the user who asks would do; exactly one of the two is set.',
  {
    nonResourceAttributes: field(NonResourceAttributes, 'A path outside the resource API.'),
    resourceAttributes: field(ResourceAttributes, 'A resource.'),
  },
)
export type SelfSubjectAccessReviewSpec = FromSchema<typeof SelfSubjectAccessReviewSpec>

export const SubjectAccessReviewStatus = object(
  'io.k8s.api.authorization.v1.SubjectAccessReviewStatus',
  'Whether it is allowed.',
  {
    allowed: boolean('True when the request may be made.'),
    denied: boolean(
      'True when it is refused for good, whatever other authorizers say. With neither, nobody had an opinion and the request is refused.',
    ),
    evaluationError: string('What went wrong while deciding. The answer may be right all the same.'),
    reason: string('Why it was decided so.'),
  },
  ['allowed'],
)
export type SubjectAccessReviewStatus = FromSchema<typeof SubjectAccessReviewStatus>

export const SelfSubjectAccessReview = object(
  'io.k8s.api.authorization.v1.SelfSubjectAccessReview',
  'Asks whether the user who asks may do something. It is answered, not stored.',
  {
    ...objectHead,
    spec: field(SelfSubjectAccessReviewSpec, 'What is asked.', { default: {} }),
    status: field(SubjectAccessReviewStatus, 'The answer; filled in by the server.', { default: {} }),
  },
  ['spec'],
)
export type SelfSubjectAccessReview = FromSchema<typeof SelfSubjectAccessReview>

export const SubjectAccessReviewSpec = object(
  'io.k8s.api.authorization.v1.SubjectAccessReviewSpec',
  'Who would do what; exactly one of the two attributes is set.',
  {
    extra: map(list(string(''), ''), 'What else the authenticator would know about the user.'),
    groups: list(string(''), 'Groups the user is in.', { 'x-kubernetes-list-type': 'atomic' }),
    nonResourceAttributes: field(NonResourceAttributes, 'A path outside the resource API.'),
    resourceAttributes: field(ResourceAttributes, 'A resource.'),
    uid: string('UID of the user.'),
    user: string('Name of the user. May be left out when groups are given.'),
  },
)
export type SubjectAccessReviewSpec = FromSchema<typeof SubjectAccessReviewSpec>

export const SubjectAccessReview = object(
  'io.k8s.api.authorization.v1.SubjectAccessReview',
  'Asks whether a user or group may do something. It is answered, not stored.',
  {
    ...objectHead,
    spec: field(SubjectAccessReviewSpec, 'What is asked.', { default: {} }),
    status: field(SubjectAccessReviewStatus, 'The answer; filled in by the server.', { default: {} }),
  },
  ['spec'],
)
export type SubjectAccessReview = FromSchema<typeof SubjectAccessReview>

export const LocalSubjectAccessReview = object(
  'io.k8s.api.authorization.v1.LocalSubjectAccessReview',
  'Asks whether a user or group may do something in the namespace it is sent to. It is answered, not stored.',
  {
    ...objectHead,
    spec: field(SubjectAccessReviewSpec, 'What is asked; its namespace must be the one of the review.', { default: {} }),
    status: field(SubjectAccessReviewStatus, 'The answer; filled in by the server.', { default: {} }),
  },
  ['spec'],
)
export type LocalSubjectAccessReview = FromSchema<typeof LocalSubjectAccessReview>

export const SelfSubjectRulesReviewSpec = object('io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec', 'Where the rules should hold.', {
  namespace: string('Namespace to tell the rules for; required.'),
})
export type SelfSubjectRulesReviewSpec = FromSchema<typeof SelfSubjectRulesReviewSpec>

export const NonResourceRule = object(
  'io.k8s.api.authorization.v1.NonResourceRule',
  'Paths outside the resource API, and what may be done there.',
  {
    nonResourceURLs: list(string(''), "The paths; a path may end in '*'.", { 'x-kubernetes-list-type': 'atomic' }),
    verbs: list(string(''), "HTTP methods in lower case; '*' means all.", { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['verbs'],
)
export type NonResourceRule = FromSchema<typeof NonResourceRule>

export const ResourceRule = object(
  'io.k8s.api.authorization.v1.ResourceRule',
  'Resources, and what may be done with them.',
  {
    apiGroups: list(string(''), "API groups of the resources; '*' means all.", { 'x-kubernetes-list-type': 'atomic' }),
    resourceNames: list(string(''), 'Names the rule is limited to. Empty means every name.', { 'x-kubernetes-list-type': 'atomic' }),
    resources: list(string(''), "Resources in the plural, or resource/subresource; '*' means all.", { 'x-kubernetes-list-type': 'atomic' }),
    verbs: list(string(''), "What may be done; '*' means all.", { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['verbs'],
)
export type ResourceRule = FromSchema<typeof ResourceRule>

export const SubjectRulesReviewStatus = object(
  'io.k8s.api.authorization.v1.SubjectRulesReviewStatus',
  'What a user may do in a namespace.',
  {
    evaluationError: string('What went wrong while the rules were put together.'),
    incomplete: boolean('True when there may be more than the lists say.'),
    nonResourceRules: list(
      NonResourceRule,
      'What may be done with paths outside the resource API. Order means nothing, and rules may overlap.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    resourceRules: list(ResourceRule, 'What may be done with resources. Order means nothing, and rules may overlap.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  ['resourceRules', 'nonResourceRules', 'incomplete'],
)
export type SubjectRulesReviewStatus = FromSchema<typeof SubjectRulesReviewStatus>

export const SelfSubjectRulesReview = object(
  'io.k8s.api.authorization.v1.SelfSubjectRulesReview',
  'Asks for everything the user who asks may do in a namespace. Good for showing, not for deciding. It is answered, not stored.',
  {
    ...objectHead,
    spec: field(SelfSubjectRulesReviewSpec, 'What is asked.', { default: {} }),
    status: field(SubjectRulesReviewStatus, 'The rules; filled in by the server.', { default: {} }),
  },
  ['spec'],
)
export type SelfSubjectRulesReview = FromSchema<typeof SelfSubjectRulesReview>
