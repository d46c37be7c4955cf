// CSINode.
import { ageColumn, integer, nameColumn } from '../../columns.ts'
import { duplicate, type FieldError, invalid, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { driverNameErrors } from '../../rules/csidriver.ts'
import { goForm } from '../../rules/goform.ts'
import { CSINode as schema } from '../../schemas/storage.ts'
import { deepEqual } from '../../values/equal.ts'
import { isQualifiedName } from '../../values/names.ts'
import { nonNegative, problems } from '../core/pod/validation/fields.ts'

export interface CSINode extends ObjectOf<typeof schema> {}
export type CSINodeInput = InputOf<typeof schema>

type Driver = CSINode['spec']['drivers'][number]

/** Stored, an empty list that is always printed is null. */
function noEmptyList({ spec }: CSINode): void {
  if (spec.drivers?.length === 0) spec.drivers = null as never
  for (const driver of spec.drivers ?? []) if (driver.topologyKeys?.length === 0) driver.topologyKeys = null as never
}

function validate({ spec }: CSINode): FieldError[] {
  const drivers = spec.drivers ?? []
  return drivers.flatMap((driver, index) => {
    const repeated = drivers.slice(0, index).some(d => d.name === driver.name)
    return driverErrors(driver, repeated, `spec.drivers[${index}]`)
  })
}

function driverErrors({ name, nodeID, allocatable, topologyKeys }: Driver, repeated: boolean, path: string): FieldError[] {
  const errors = driverNameErrors(name, `${path}.name`)
  if (!nodeID) errors.push(required(`${path}.nodeID`))
  else if (nodeID.length > 192) errors.push(invalid(`${path}.nodeID`, nodeID, 'must be 192 characters or less'))
  errors.push(...nonNegative(`${path}.allocatable.count`, allocatable?.count))
  if (repeated) errors.push(duplicate(`${path}.name`, name))
  for (const [index, key] of (topologyKeys ?? []).entries()) {
    if ((topologyKeys ?? []).indexOf(key) < index) errors.push(duplicate(path, key))
    errors.push(...problems(path, key, isQualifiedName))
  }
  return errors
}

/** A driver may come, go and take other numbers of volumes, but not change otherwise. */
function validateUpdate(next: CSINode, old: CSINode): FieldError[] {
  const errors = validate(next)
  for (const before of old.spec.drivers ?? []) {
    const now = (next.spec.drivers ?? []).find(d => d.name === before.name)
    if (now && !deepEqual({ ...now, allocatable: undefined }, { ...before, allocatable: undefined }))
      errors.push(invalid('spec.drivers', goForm('@storage.v1.CSINodeDriver', now), 'field is immutable'))
  }
  return errors
}

export const csiNode = defineKind<CSINode, CSINodeInput>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  scope: 'Cluster',
  names: { plural: 'csinodes', singular: 'csinode' },
  schema,
  columns: [nameColumn, integer('Drivers', 'How many drivers it has.', n => (n.spec.drivers ?? []).length), ageColumn],
  returnsDeletedObject: true,
  prepareForCreate: noEmptyList,
  prepareForUpdate: noEmptyList,
  validate,
  validateUpdate,
  example: { metadata: { name: 'example' }, spec: { drivers: [] } },
})
