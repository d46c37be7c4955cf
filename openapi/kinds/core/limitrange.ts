// LimitRange.
import { createdAtColumn, nameColumn } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { LimitRange as schema } from '../../schemas/core.ts'

export interface LimitRange extends ObjectOf<typeof schema> {}
export type LimitRangeInput = InputOf<typeof schema>

export const limitRange = defineKind<LimitRange, LimitRangeInput>({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  scope: 'Namespaced',
  names: { plural: 'limitranges', singular: 'limitrange', shortNames: ['limits'] },
  schema,
  columns: [nameColumn, createdAtColumn],
  example: { metadata: { name: 'example' }, spec: { limits: [{ type: 'Container', default: { cpu: '1' } }] } },
})
