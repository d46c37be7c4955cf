// Lease.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Lease as schema } from '../../schemas/coordination.ts'
import { nonNegative } from '../core/pod/validation/fields.ts'

export interface Lease extends ObjectOf<typeof schema> {}
export type LeaseInput = InputOf<typeof schema>

function dropGated({ spec }: Lease): void {
  delete spec.strategy
  delete spec.preferredHolder
}

function validate({ spec: { leaseDurationSeconds: duration, leaseTransitions: transitions } }: Lease): FieldError[] {
  const errors: FieldError[] = []
  if (duration !== undefined && duration <= 0) errors.push(invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0'))
  return [...errors, ...nonNegative('spec.leaseTransitions', transitions)]
}

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
  // Gated, and off in a default cluster.
  prepareForCreate: dropGated,
  prepareForUpdate: dropGated,
  validate,
  validateUpdate: validate,
  example: { metadata: { name: 'example' }, spec: {} },
})
