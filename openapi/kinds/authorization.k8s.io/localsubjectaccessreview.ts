// LocalSubjectAccessReview: answered, never stored.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { LocalSubjectAccessReview as schema } from '../../schemas/authorization.ts'

export interface LocalSubjectAccessReview extends ObjectOf<typeof schema> {}
export type LocalSubjectAccessReviewInput = InputOf<typeof schema>

export const localSubjectAccessReview = defineKind<LocalSubjectAccessReview, LocalSubjectAccessReviewInput>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'LocalSubjectAccessReview',
  scope: 'Namespaced',
  names: { plural: 'localsubjectaccessreviews', singular: 'localsubjectaccessreview' },
  schema,
  verbs: ['create'],
  columns: [],
  example: { metadata: {}, spec: { user: 'jane', resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods' } } },
})
