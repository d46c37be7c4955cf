// SelfSubjectAccessReview: answered, never stored.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { SelfSubjectAccessReview as schema } from '../../schemas/authorization.ts'

export interface SelfSubjectAccessReview extends ObjectOf<typeof schema> {}
export type SelfSubjectAccessReviewInput = InputOf<typeof schema>

export const selfSubjectAccessReview = defineKind<SelfSubjectAccessReview, SelfSubjectAccessReviewInput>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectAccessReview',
  scope: 'Cluster',
  names: { plural: 'selfsubjectaccessreviews', singular: 'selfsubjectaccessreview' },
  schema,
  verbs: ['create'],
  columns: [],
  example: { metadata: {}, spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } },
})
