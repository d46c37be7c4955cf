// SelfSubjectRulesReview: answered, never stored.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { SelfSubjectRulesReview as schema } from '../../schemas/authorization.ts'

export interface SelfSubjectRulesReview extends ObjectOf<typeof schema> {}
export type SelfSubjectRulesReviewInput = InputOf<typeof schema>

export const selfSubjectRulesReview = defineKind<SelfSubjectRulesReview, SelfSubjectRulesReviewInput>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectRulesReview',
  scope: 'Cluster',
  names: { plural: 'selfsubjectrulesreviews', singular: 'selfsubjectrulesreview' },
  schema,
  verbs: ['create'],
  columns: [],
  example: { metadata: {}, spec: { namespace: 'default' } },
})
