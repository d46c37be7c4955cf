// Secret.
import { ageColumn, nameColumn, text } from '../../../columns.ts'
import { type FieldError, invalid } from '../../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../../kind.ts'
import { contentErrors } from '../../../rules/metadata.ts'
import { Secret as schema } from '../../../schemas/core.ts'
import { encodeBase64 } from '../../../values/base64.ts'
import { lockedErrors } from '../configuration.ts'
import { certificateWarnings, validateSecret } from './validation.ts'

export interface Secret extends ObjectOf<typeof schema> {}
export type SecretInput = InputOf<typeof schema>

const validateUpdate = (next: Secret, old: Secret): FieldError[] => [
  ...(next.type === old.type ? [] : [invalid('type', next.type, 'field is immutable')]),
  ...lockedErrors(next, old, ['data']),
  ...contentErrors(next.metadata, 'metadata'),
  ...validateSecret(next),
]

export const secret = defineKind<Secret, SecretInput>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  scope: 'Namespaced',
  names: { plural: 'secrets', singular: 'secret' },
  schema,
  columns: [
    nameColumn,
    text('Type', 'What its keys mean.', s => s.type),
    text('Data', 'How many keys it has.', s => Object.keys(s.data ?? {}).length),
    ageColumn,
  ],
  selectableFields: [{ label: 'type', value: s => s.type }],
  defaults(draft) {
    // stringData is written only; it lands in data.
    const { stringData } = draft
    if (!stringData) return
    draft.data = { ...draft.data, ...Object.fromEntries(Object.entries(stringData).map(([k, v]) => [k, encodeBase64(v)])) }
    delete draft.stringData
  },
  validate: validateSecret,
  validateUpdate,
  warnings: certificateWarnings,
  example: { metadata: { name: 'example' } },
})
