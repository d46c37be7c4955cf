// EndpointSlice.
import { ageColumn, cut, nameColumn, text } from '../../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../../kind.ts'
import { EndpointSlice as schema } from '../../../schemas/discovery.ts'
import { deepEqual } from '../../../values/equal.ts'
import { validateEndpointSlice, validateEndpointSliceUpdate } from './validation.ts'

export interface EndpointSlice extends ObjectOf<typeof schema> {}
export type EndpointSliceInput = InputOf<typeof schema>

/** The Service a slice belongs to, and who keeps it. */
export const serviceLabel = 'kubernetes.io/service-name'
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by'

const some = (items: readonly string[]): string => (items.length === 0 ? '<unset>' : cut(items, 3))
const columns = [
  nameColumn,
  text<EndpointSlice>('AddressType', 'Family of its addresses.', s => s.addressType),
  text<EndpointSlice>('Ports', 'Ports of every endpoint.', s =>
    some((s.ports ?? []).map(p => (p.port === undefined ? (p.name ?? '') : String(p.port)))),
  ),
  text<EndpointSlice>('Endpoints', 'First addresses.', s => some((s.endpoints ?? []).flatMap(e => e.addresses.slice(0, 1)))),
  ageColumn,
]

/** Stored, an empty list that is always printed is null. */
function noEmptyLists(slice: EndpointSlice): void {
  for (const field of ['endpoints', 'ports'] as const) if (slice[field]?.length === 0) slice[field] = null as never
}

export const endpointSlice = defineKind<EndpointSlice, EndpointSliceInput>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  scope: 'Namespaced',
  names: { plural: 'endpointslices', singular: 'endpointslice' },
  schema,
  columns: [...columns],
  hasGeneration: true,
  defaults({ ports }) {
    for (const port of ports ?? []) port.name ??= ''
  },
  prepareForCreate(draft) {
    noEmptyLists(draft)
    // Topology has fields of its own now; updates may keep what was there.
    for (const endpoint of draft.endpoints ?? []) delete endpoint.deprecatedTopology
  },
  prepareForUpdate(draft, old) {
    noEmptyLists(draft)
    if (!deepEqual(draft.metadata.labels, old.metadata.labels)) draft.metadata.generation = (old.metadata.generation ?? 0) + 1
  },
  warnings: ({ addressType }, old) => (addressType === 'FQDN' && !old ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
  validate: validateEndpointSlice,
  validateUpdate: validateEndpointSliceUpdate,
  example: { metadata: { name: 'example' }, addressType: 'IPv4', endpoints: [] },
})
