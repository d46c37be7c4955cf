// LimitRange.
import { createdAtColumn, nameColumn } from '../../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../../kind.ts'
import { contentErrors } from '../../../rules/metadata.ts'
import { LimitRange as schema } from '../../../schemas/core.ts'
import { validateLimitRange } from './validation.ts'

export interface LimitRange extends ObjectOf<typeof schema> {}
export type LimitRangeInput = InputOf<typeof schema>

type Spec = NonNullable<LimitRange['spec']>

/** A container's bounds are its defaults where it has none: limits from max, requests from limits, else from min. */
function itemDefaults(item: NonNullable<Spec['limits']>[number]): void {
  if (item.type !== 'Container') return
  item.default = { ...item.max, ...item.default }
  item.defaultRequest = { ...item.min, ...item.default, ...item.defaultRequest }
  for (const field of ['default', 'defaultRequest'] as const) if (Object.keys(item[field] ?? {}).length === 0) delete item[field]
}

/** Stored, an empty list that is always printed is null. */
function noEmptyList({ spec }: LimitRange): void {
  if (spec?.limits?.length === 0) spec.limits = null as never
}

export const limitRange = defineKind<LimitRange, LimitRangeInput>({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  scope: 'Namespaced',
  names: { plural: 'limitranges', singular: 'limitrange', shortNames: ['limits'] },
  schema,
  columns: [nameColumn, createdAtColumn],
  createOnUpdate: true,
  defaults({ spec }) {
    for (const item of spec?.limits ?? []) itemDefaults(item)
  },
  prepareForCreate: noEmptyList,
  prepareForUpdate: noEmptyList,
  validate: validateLimitRange,
  validateUpdate: next => [...contentErrors(next.metadata, 'metadata'), ...validateLimitRange(next)],
  example: { metadata: { name: 'example' }, spec: { limits: [{ type: 'Container', default: { cpu: '1' } }] } },
})
