// TokenReview: answered, never stored.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { TokenReview as schema } from '../../schemas/authentication.ts'

export interface TokenReview extends ObjectOf<typeof schema> {}
export type TokenReviewInput = InputOf<typeof schema>

export const tokenReview = defineKind<TokenReview, TokenReviewInput>({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
  scope: 'Cluster',
  names: { plural: 'tokenreviews', singular: 'tokenreview' },
  schema,
  verbs: ['create'],
  columns: [],
  example: { metadata: {}, spec: { token: 'secret' } },
})
