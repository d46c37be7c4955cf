// CSIStorageCapacity.
import { createdAtColumn, nameColumn } from '../../columns.ts'
import { type FieldError, invalid } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { validateLabelSelector } from '../../rules/labelselector.ts'
import { CSIStorageCapacity as schema } from '../../schemas/storage.ts'
import { compareQuantities } from '../../values/quantity.ts'
import { immutable } from '../apps/selection.ts'
import { dnsSubdomain } from '../core/pod/validation/fields.ts'

export interface CSIStorageCapacity extends ObjectOf<typeof schema> {}
export type CSIStorageCapacityInput = InputOf<typeof schema>

const amountErrors = (path: string, amount: string | undefined): FieldError[] =>
  amount !== undefined && compareQuantities(amount, '0') < 0 ? [invalid(path, amount, 'must be greater than or equal to 0')] : []

const validate = ({ nodeTopology, storageClassName, capacity, maximumVolumeSize }: CSIStorageCapacity): FieldError[] => [
  ...dnsSubdomain('storageClassName', storageClassName),
  ...amountErrors('capacity', capacity),
  ...amountErrors('maximumVolumeSize', maximumVolumeSize),
  ...validateLabelSelector(nodeTopology, 'nodeTopology'),
]

const validateUpdate = (next: CSIStorageCapacity, old: CSIStorageCapacity): FieldError[] => [
  ...validate(next),
  ...immutable(next.nodeTopology, old.nodeTopology, 'nodeTopology'),
  ...immutable(next.storageClassName, old.storageClassName, 'storageClassName'),
]

export const csiStorageCapacity = defineKind<CSIStorageCapacity, CSIStorageCapacityInput>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  scope: 'Namespaced',
  names: { plural: 'csistoragecapacities', singular: 'csistoragecapacity' },
  schema,
  columns: [nameColumn, createdAtColumn],
  validate,
  validateUpdate,
  example: { metadata: { name: 'example' }, storageClassName: 'example' },
})
