// SelfSubjectReview: answered, never stored.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { SelfSubjectReview as schema } from '../../schemas/authentication.ts'

export interface SelfSubjectReview extends ObjectOf<typeof schema> {}
export type SelfSubjectReviewInput = InputOf<typeof schema>

export const selfSubjectReview = defineKind<SelfSubjectReview, SelfSubjectReviewInput>({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  scope: 'Cluster',
  names: { plural: 'selfsubjectreviews', singular: 'selfsubjectreview' },
  schema,
  verbs: ['create'],
  columns: [],
  example: { metadata: {} },
})
