// ConfigMap.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ConfigMap as schema } from '../../schemas/core.ts'

export interface ConfigMap extends ObjectOf<typeof schema> {}
export type ConfigMapInput = InputOf<typeof schema>

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
  example: { metadata: { name: 'example' } },
})
