// StorageClass.
import { ageColumn, text } from '../../columns.ts'
import { type FieldError, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { StorageClass as schema } from '../../schemas/storage.ts'
import { isQualifiedName } from '../../values/names.ts'
import { immutable } from '../apps/selection.ts'
import { oneOf, problems } from '../core/pod/validation/fields.ts'
import { labelWarning } from '../core/pod/warnings.ts'
import { parameterErrors, topologyErrors } from './classvalidation.ts'

export interface StorageClass extends ObjectOf<typeof schema> {}
export type StorageClassInput = InputOf<typeof schema>

const defaultMarks = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']
const isDefault = ({ metadata }: StorageClass): boolean => defaultMarks.some(mark => metadata.annotations?.[mark] === 'true')

/** The class of claims that name none: the newest, if there are several. */
export const defaultClass = (classes: readonly StorageClass[]): StorageClass | undefined =>
  classes.filter(isDefault).sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1))[0]

const columns = [
  text<StorageClass>('Name', 'Name of the object.', c => `${c.metadata.name}${isDefault(c) ? ' (default)' : ''}`),
  text<StorageClass>('Provisioner', 'Who makes its volumes.', c => c.provisioner),
  text<StorageClass>('ReclaimPolicy', 'What becomes of a volume when its claim goes.', c => c.reclaimPolicy),
  text<StorageClass>('VolumeBindingMode', 'When a claim gets its volume.', c => c.volumeBindingMode),
  text<StorageClass>('AllowVolumeExpansion', 'Whether claims may grow.', c => c.allowVolumeExpansion ?? false),
  ageColumn,
]

function validate({ provisioner, parameters, reclaimPolicy, volumeBindingMode, allowedTopologies = [] }: StorageClass): FieldError[] {
  return [
    ...(provisioner ? problems('provisioner', provisioner.toLowerCase(), isQualifiedName) : [required('provisioner')]),
    ...parameterErrors(parameters),
    ...oneOf('reclaimPolicy', reclaimPolicy, ['Delete', 'Retain']),
    ...oneOf('volumeBindingMode', volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']),
    ...topologyErrors(allowedTopologies),
  ]
}

const fixed = ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const
const validateUpdate = (next: StorageClass, old: StorageClass): FieldError[] => [
  ...fixed.flatMap(field => immutable(next[field], old[field], field)),
  ...topologyErrors(next.allowedTopologies ?? []),
]

const warnings = ({ allowedTopologies = [] }: StorageClass): string[] =>
  allowedTopologies.flatMap(({ matchLabelExpressions = [] }, i) =>
    matchLabelExpressions.flatMap(({ key }, j) => labelWarning(key, `allowedTopologies[${i}].matchLabelExpressions[${j}].key`)),
  )

export const storageClass = defineKind<StorageClass, StorageClassInput>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  scope: 'Cluster',
  names: { plural: 'storageclasses', singular: 'storageclass', shortNames: ['sc'] },
  schema,
  columns: [...columns],
  returnsDeletedObject: true,
  validate,
  validateUpdate,
  warnings,
  example: { metadata: { name: 'example' }, provisioner: 'example.com/disk' },
})
