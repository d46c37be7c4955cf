// TokenRequest: answered by serviceaccounts/token, never stored, so not among the kinds that are served by themselves.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { TokenRequest as schema } from '../../schemas/authentication.ts'

export interface TokenRequest extends ObjectOf<typeof schema> {}
export type TokenRequestInput = InputOf<typeof schema>

export const tokenRequest = defineKind<TokenRequest, TokenRequestInput>({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenRequest',
  scope: 'Namespaced',
  names: { plural: 'tokenrequests', singular: 'tokenrequest' },
  schema,
  verbs: ['create'],
  columns: [],
  example: { metadata: {}, spec: {} },
})
