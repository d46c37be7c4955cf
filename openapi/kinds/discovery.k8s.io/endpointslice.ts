// EndpointSlice.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { EndpointSlice as schema } from '../../schemas/discovery.ts'

export interface EndpointSlice extends ObjectOf<typeof schema> {}
export type EndpointSliceInput = InputOf<typeof schema>

export const endpointSlice = defineKind<EndpointSlice, EndpointSliceInput>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  scope: 'Namespaced',
  names: { plural: 'endpointslices', singular: 'endpointslice' },
  schema,
  columns: [],
  example: { metadata: { name: 'example' }, addressType: 'IPv4', endpoints: [] },
})
