// Binding.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Binding as schema } from '../../schemas/core.ts'

export interface Binding extends ObjectOf<typeof schema> {}
export type BindingInput = InputOf<typeof schema>

export const binding = defineKind<Binding, BindingInput>({
  group: '',
  version: 'v1',
  kind: 'Binding',
  scope: 'Namespaced',
  names: { plural: 'bindings', singular: 'binding' },
  schema,
  verbs: ['create'],
  columns: [],
  example: { metadata: { name: 'example' }, target: { name: 'node-0' } },
})
