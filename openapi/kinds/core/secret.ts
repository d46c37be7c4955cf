// Secret.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Secret as schema } from '../../schemas/core.ts'

export interface Secret extends ObjectOf<typeof schema> {}
export type SecretInput = InputOf<typeof schema>

export const secret = defineKind<Secret, SecretInput>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  scope: 'Namespaced',
  names: { plural: 'secrets', singular: 'secret' },
  schema,
  columns: [],
  example: { metadata: { name: 'example' } },
})
