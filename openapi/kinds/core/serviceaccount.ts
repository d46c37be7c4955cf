// ServiceAccount.
import { ageColumn, nameColumn } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { contentErrors } from '../../rules/metadata.ts'
import { ServiceAccount as schema } from '../../schemas/core.ts'

export interface ServiceAccount extends ObjectOf<typeof schema> {}
export type ServiceAccountInput = InputOf<typeof schema>

export const serviceAccount = defineKind<ServiceAccount, ServiceAccountInput>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  scope: 'Namespaced',
  names: { plural: 'serviceaccounts', singular: 'serviceaccount', shortNames: ['sa'] },
  schema,
  subresources: { connect: ['token'] },
  columns: [nameColumn, ageColumn],
  validateUpdate: ({ metadata }) => contentErrors(metadata, 'metadata'),
  warnings({ metadata }) {
    const mark = 'kubernetes.io/enforce-mountable-secrets'
    if (metadata.annotations?.[mark] === undefined) return []
    return [`metadata.annotations[${mark}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`]
  },
  returnsDeletedObject: true,
  example: { metadata: { name: 'example' } },
})
