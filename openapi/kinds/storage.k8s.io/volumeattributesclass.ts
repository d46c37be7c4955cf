// VolumeAttributesClass.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, forbidden, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { driverNameErrors } from '../../rules/csidriver.ts'
import { VolumeAttributesClass as schema } from '../../schemas/storage.ts'
import { deepEqual } from '../../values/equal.ts'
import { parameterErrors } from './classvalidation.ts'

export interface VolumeAttributesClass extends ObjectOf<typeof schema> {}
export type VolumeAttributesClassInput = InputOf<typeof schema>

const validate = ({ driverName, parameters = {} }: VolumeAttributesClass): FieldError[] => [
  ...driverNameErrors(driverName, 'driverName'),
  ...parameterErrors(parameters),
  ...(Object.keys(parameters).length === 0 ? [required('parameters', 'must contain at least one key/value pair')] : []),
]

const validateUpdate = (next: VolumeAttributesClass, old: VolumeAttributesClass): FieldError[] =>
  (['driverName', 'parameters'] as const)
    .filter(field => !deepEqual(next[field], old[field]))
    .map(field => forbidden(field, `updates to ${field} are forbidden.`))

export const volumeAttributesClass = defineKind<VolumeAttributesClass, VolumeAttributesClassInput>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttributesClass',
  scope: 'Cluster',
  names: { plural: 'volumeattributesclasses', singular: 'volumeattributesclass', shortNames: ['vac'] },
  schema,
  columns: [nameColumn, text('DriverName', 'The driver it is for.', c => c.driverName), ageColumn],
  returnsDeletedObject: true,
  validate,
  validateUpdate,
  example: { metadata: { name: 'example' }, driverName: 'example.com', parameters: { iops: '1' } },
})
