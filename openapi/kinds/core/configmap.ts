// ConfigMap.
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
  columns: [],
  example: { metadata: { name: 'example' } },
})
