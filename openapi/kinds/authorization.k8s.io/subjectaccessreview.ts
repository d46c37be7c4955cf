// SubjectAccessReview: answered, never stored.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { SubjectAccessReview as schema } from '../../schemas/authorization.ts'

export interface SubjectAccessReview extends ObjectOf<typeof schema> {}
export type SubjectAccessReviewInput = InputOf<typeof schema>

export const subjectAccessReview = defineKind<SubjectAccessReview, SubjectAccessReviewInput>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  scope: 'Cluster',
  names: { plural: 'subjectaccessreviews', singular: 'subjectaccessreview' },
  schema,
  verbs: ['create'],
  columns: [],
  example: { metadata: {}, spec: { user: 'jane', resourceAttributes: { verb: 'get', resource: 'pods' } } },
})
