import type { FromSchema } from 'json-schema-to-ts'
import { field, int64, list, object, string, time } from '../schema.ts'
import { ObjectMeta } from './meta.ts'

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
    apiVersion: string(
      'Group and version of this representation, as group/version, or just the version for the core group. The server fills it in and converts other versions it knows.',
    ),
    kind: string('Name of the type, in CamelCase. It cannot be changed, and the server derives it from the path when it is left out.'),
    metadata: field(ObjectMeta, 'Name, namespace, labels and the other facts every stored object carries.', { default: {} }),
    spec: field(TokenRequestSpec, 'What the token should be good for.', { default: {} }),
    status: field(TokenRequestStatus, 'The token; filled in by the server.', { default: {} }),
  },
)
export type TokenRequest = FromSchema<typeof TokenRequest>
