import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int64, list, map, object, string, time } from '../schema.ts'
import { objectHead } from './meta.ts'

export const BoundObjectReference = object(
  'io.k8s.api.authentication.v1.BoundObjectReference',
  'The object a token is bound to; when that is deleted, the token is no longer valid.',
  {
    apiVersion: string('Group and version of the object.'),
    kind: string('Kind of the object: Pod, Secret or Node.'),
    name: string('Name of the object.'),
    uid: string('UID of the object. If set, it must be the one of the object that exists.'),
  },
)
export type BoundObjectReference = FromSchema<typeof BoundObjectReference>

export const TokenRequestSpec = object('io.k8s.api.authentication.v1.TokenRequestSpec', 'What a token should be good for.', {
  audiences: list(string(''), 'Whom the token is for; a receiver must find itself here. Empty means the API server.', {
    'x-kubernetes-list-type': 'atomic',
  }),
  boundObjectRef: field(BoundObjectReference, 'Object whose life bounds that of the token.'),
  expirationSeconds: int64('Seconds the token should be valid, at least 600. 3600 if unset; the server may choose another value.'),
})
export type TokenRequestSpec = FromSchema<typeof TokenRequestSpec>

export const TokenRequestStatus = object('io.k8s.api.authentication.v1.TokenRequestStatus', 'The token that was made.', {
  expirationTimestamp: time('When the token stops to be valid.'),
  token: string('The token, a signed JWT.'),
})
export type TokenRequestStatus = FromSchema<typeof TokenRequestStatus>

export const TokenRequest = object(
  'io.k8s.api.authentication.v1.TokenRequest',
  'Asks for a token of a ServiceAccount. The answer carries it; nothing is stored.',
  {
    ...objectHead,
    spec: field(TokenRequestSpec, 'What the token should be good for.', { default: {} }),
    status: field(TokenRequestStatus, 'The token; filled in by the server.', { default: {} }),
  },
)
export type TokenRequest = FromSchema<typeof TokenRequest>

export const TokenReviewSpec = object(
  'io.k8s.api.authentication.v1.TokenReviewSpec',
  'The token in question.',
  {
    audiences: list(string(''), 'Whom the token should be for; one of them is enough. Empty means the API server.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    token: string('The token, as an Authorization header would carry it.'),
  },
  ['token'],
)
export type TokenReviewSpec = FromSchema<typeof TokenReviewSpec>

export const UserInfo = object('io.k8s.api.authentication.v1.UserInfo', 'What is known of a user.', {
  extra: map(list(string(''), ''), 'What else the authenticator knows.'),
  groups: list(string(''), 'Groups the user is in.', { 'x-kubernetes-list-type': 'atomic' }),
  uid: string('Stays the same for one user, and differs from a later user of the same name.'),
  username: string('Name of the user.'),
})
export type UserInfo = FromSchema<typeof UserInfo>

export const TokenReviewStatus = object('io.k8s.api.authentication.v1.TokenReviewStatus', 'Whose token it is.', {
  audiences: list(string(''), 'Those of the asked audiences that the token is for.', { 'x-kubernetes-list-type': 'atomic' }),
  authenticated: boolean('True when the token is known and good.'),
  error: string('Why the token could not be checked.'),
  user: field(UserInfo, 'The user the token stands for.', { default: {} }),
})
export type TokenReviewStatus = FromSchema<typeof TokenReviewStatus>

export const TokenReview = object(
  'io.k8s.api.authentication.v1.TokenReview',
  'Asks whose token this is. It is answered, not stored.',
  {
    ...objectHead,
    spec: field(TokenReviewSpec, 'The token in question.', { default: {} }),
    status: field(TokenReviewStatus, 'The answer; filled in by the server.', { default: {} }),
  },
  ['spec'],
)
export type TokenReview = FromSchema<typeof TokenReview>

export const SelfSubjectReviewStatus = object('io.k8s.api.authentication.v1.SelfSubjectReviewStatus', 'Who asks, as the server sees it.', {
  userInfo: field(UserInfo, 'The user, after impersonation if there was one.', { default: {} }),
})
export type SelfSubjectReviewStatus = FromSchema<typeof SelfSubjectReviewStatus>

export const SelfSubjectReview = object(
  'io.k8s.api.authentication.v1.SelfSubjectReview',
  'Asks who one is to the server. It is answered, not stored.',
  {
    ...objectHead,
    status: field(SelfSubjectReviewStatus, 'The answer; filled in by the server.', { default: {} }),
  },
)
export type SelfSubjectReview = FromSchema<typeof SelfSubjectReview>
