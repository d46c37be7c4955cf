import type { FromSchema } from 'json-schema-to-ts'
import { field, int64, list, object, string, time } from '../schema.ts'
import { ObjectMeta } from './meta.ts'

export const BoundObjectReference = object('io.k8s.api.authentication.v1.BoundObjectReference', '', {
  apiVersion: string(''),
  kind: string(''),
  name: string(''),
  uid: string(''),
})
export type BoundObjectReference = FromSchema<typeof BoundObjectReference>

export const TokenRequestSpec = object('io.k8s.api.authentication.v1.TokenRequestSpec', '', {
  audiences: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  boundObjectRef: field(BoundObjectReference, ''),
  expirationSeconds: int64(''),
})
export type TokenRequestSpec = FromSchema<typeof TokenRequestSpec>

export const TokenRequestStatus = object('io.k8s.api.authentication.v1.TokenRequestStatus', '', {
  expirationTimestamp: time(''),
  token: string(''),
})
export type TokenRequestStatus = FromSchema<typeof TokenRequestStatus>

export const TokenRequest = object('io.k8s.api.authentication.v1.TokenRequest', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(TokenRequestSpec, '', { default: {} }),
  status: field(TokenRequestStatus, '', { default: {} }),
})
export type TokenRequest = FromSchema<typeof TokenRequest>
