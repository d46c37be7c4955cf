// ResourceClaim.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { invalid } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { goForm } from '../../rules/goform.ts'
import { ResourceClaim as schema } from '../../schemas/resource.ts'
import { deepEqual } from '../../values/equal.ts'
import { claimStatusErrors, dropDeallocated } from './claimstatus.ts'
import { claimDefaults, claimErrors, readySelectors } from './deviceclaim.ts'

export interface ResourceClaim extends ObjectOf<typeof schema> {}
export type ResourceClaimInput = InputOf<typeof schema>

function state({ metadata: { deletionTimestamp }, status: { allocation, reservedFor = [] } }: ResourceClaim): string {
  const states = deletionTimestamp ? ['deleted'] : []
  if (!allocation) return [...states, ...(deletionTimestamp ? [] : ['pending'])].join(',')
  return [...states, 'allocated', ...(reservedFor.length > 0 ? ['reserved'] : [])].join(',')
}

export const resourceClaim = defineKind<ResourceClaim, ResourceClaimInput>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaim',
  scope: 'Namespaced',
  names: { plural: 'resourceclaims', singular: 'resourceclaim' },
  schema,
  subresources: { status: true },
  columns: [nameColumn, text<ResourceClaim>('State', 'What became of it.', state), ageColumn],
  returnsDeletedObject: true,
  defaults: ({ spec }) => claimDefaults(spec),
  prepareForStatusUpdate: dropDeallocated,
  ready: ({ spec }) => readySelectors(spec),
  validate: ({ spec }) => claimErrors(spec, 'spec'),
  validateUpdate: ({ spec }, { spec: old }) => [
    ...claimErrors(spec, 'spec'),
    ...(deepEqual(spec, old) ? [] : [invalid('spec', goForm('@resource.v1.ResourceClaimSpec', spec), 'field is immutable')]),
  ],
  validateStatusUpdate: claimStatusErrors,
  warnings: (_claim, old) => (old ? [] : ['kubemock allocates no devices: somebody must write the status of the claim']),
  example: {
    metadata: { name: 'example' },
    spec: { devices: { requests: [{ name: 'device', exactly: { deviceClassName: 'example.com' } }] } },
  },
})
