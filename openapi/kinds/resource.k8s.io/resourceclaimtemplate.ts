// ResourceClaimTemplate.
import { ageColumn, nameColumn } from '../../columns.ts'
import { type FieldError, forbidden, invalid } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { goForm } from '../../rules/goform.ts'
import { annotationErrors, labelErrors } from '../../rules/metadata.ts'
import { ResourceClaimTemplate as schema } from '../../schemas/resource.ts'
import { deepEqual } from '../../values/equal.ts'
import { claimDefaults, claimErrors, readySelectors } from './deviceclaim.ts'

export interface ResourceClaimTemplate extends ObjectOf<typeof schema> {}
export type ResourceClaimTemplateInput = InputOf<typeof schema>

function metadataErrors({ spec: { metadata = {} } }: ResourceClaimTemplate): FieldError[] {
  const path = 'spec.metadata'
  const { labels, annotations, ...others } = metadata
  return [
    ...annotationErrors(annotations, `${path}.annotations`),
    ...labelErrors(labels, `${path}.labels`),
    ...Object.keys(others).map(field => forbidden(`${path}.${field}`, 'cannot be set')),
  ]
}

export const resourceClaimTemplate = defineKind<ResourceClaimTemplate, ResourceClaimTemplateInput>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaimTemplate',
  scope: 'Namespaced',
  names: { plural: 'resourceclaimtemplates', singular: 'resourceclaimtemplate' },
  schema,
  columns: [nameColumn, ageColumn],
  returnsDeletedObject: true,
  defaults: ({ spec }) => claimDefaults(spec.spec),
  ready: ({ spec }) => readySelectors(spec.spec),
  validate: template => [...metadataErrors(template), ...claimErrors(template.spec.spec, 'spec.spec')],
  validateUpdate: ({ spec }, { spec: old }) =>
    deepEqual(spec, old) ? [] : [invalid('spec', goForm('@resource.v1.ResourceClaimTemplateSpec', spec), 'field is immutable')],
  example: {
    metadata: { name: 'example' },
    spec: { spec: { devices: { requests: [{ name: 'device', exactly: { deviceClassName: 'example.com' } }] } } },
  },
})
