// ConfigMap.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid, tooLong } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { commonErrors } from '../../rules/metadata.ts'
import { ConfigMap as schema } from '../../schemas/core.ts'
import { decodedLength, utf8Length } from '../../values/base64.ts'
import { isConfigMapKey } from '../../values/names.ts'
import { lockedErrors, maxDataBytes } from './configuration.ts'
import { problems } from './pod/validation/fields.ts'

export interface ConfigMap extends ObjectOf<typeof schema> {}
export type ConfigMapInput = InputOf<typeof schema>

function validate({ data = {}, binaryData = {} }: ConfigMap): FieldError[] {
  const errors: FieldError[] = []
  let size = 0
  for (const [key, value] of Object.entries(data)) {
    errors.push(...problems(`data[${key}]`, key, isConfigMapKey))
    if (Object.hasOwn(binaryData, key)) errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'))
    size += utf8Length(value)
  }
  for (const [key, value] of Object.entries(binaryData)) {
    errors.push(...problems(`binaryData[${key}]`, key, isConfigMapKey))
    size += decodedLength(value)
  }
  // The path of the whole is empty, and prints so.
  return size > maxDataBytes ? [...errors, tooLong('[]', maxDataBytes)] : errors
}

/** Upstream checks the metadata twice more on an update. */
function validateUpdate(next: ConfigMap, old: ConfigMap): FieldError[] {
  const metadata = commonErrors(next.metadata, 'metadata')
  return [...metadata, ...lockedErrors(next, old, ['data', 'binaryData']), ...metadata, ...validate(next)]
}

export const configMap = defineKind<ConfigMap, ConfigMapInput>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  scope: 'Namespaced',
  names: { plural: 'configmaps', singular: 'configmap', shortNames: ['cm'] },
  schema,
  columns: [
    nameColumn,
    text('Data', 'How many keys it has.', m => Object.keys(m.data ?? {}).length + Object.keys(m.binaryData ?? {}).length),
    ageColumn,
  ],
  validate,
  validateUpdate,
  example: { metadata: { name: 'example' } },
})
