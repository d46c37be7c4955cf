// DeviceClass.
import { loadCel } from '../../cel/admission/compile.ts'
import { ageColumn, nameColumn } from '../../columns.ts'
import { type FieldError, invalid } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { isExtendedResource } from '../../rules/resources.ts'
import { DeviceClass as schema } from '../../schemas/resource.ts'
import { listErrors, most, opaqueErrors, selectorErrors } from './fields.ts'

export interface DeviceClass extends ObjectOf<typeof schema> {}
export type DeviceClassInput = InputOf<typeof schema>

function validate({ spec: { selectors, config, extendedResourceName: name } }: DeviceClass): FieldError[] {
  const errors = [
    ...selectorErrors(selectors, 'spec.selectors'),
    ...listErrors(config, most.config, 'spec.config', ({ opaque }, at) => opaqueErrors(opaque, `${at}.opaque`)),
  ]
  if (name !== undefined && !isExtendedResource(name))
    errors.push(invalid('spec.extendedResourceName', name, 'must be a valid extended resource name'))
  return errors
}

export const deviceClass = defineKind<DeviceClass, DeviceClassInput>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'DeviceClass',
  scope: 'Cluster',
  names: { plural: 'deviceclasses', singular: 'deviceclass' },
  schema,
  columns: [nameColumn, ageColumn],
  hasGeneration: true,
  returnsDeletedObject: true,
  validate,
  validateUpdate: validate,
  ready: async ({ spec }) => (spec.selectors?.length ? loadCel() : undefined),
  example: { metadata: { name: 'example' }, spec: {} },
})
