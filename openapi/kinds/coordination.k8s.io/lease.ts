// Lease.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Lease as schema } from '../../schemas/coordination.ts'

export interface Lease extends ObjectOf<typeof schema> {}
export type LeaseInput = InputOf<typeof schema>

export const lease = defineKind<Lease, LeaseInput>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  scope: 'Namespaced',
  names: { plural: 'leases', singular: 'lease' },
  schema,
  columns: [nameColumn, text('Holder', 'Who has it.', l => l.spec.holderIdentity ?? ''), ageColumn],
  createOnUpdate: true,
  needsResourceVersion: true,
  example: { metadata: { name: 'example' }, spec: {} },
})
