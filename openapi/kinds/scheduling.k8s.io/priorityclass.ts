// PriorityClass.
import { ageColumn, bool, integer, nameColumn, text } from '../../columns.ts'
import { type FieldError, forbidden, notSupported, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { PriorityClass as schema } from '../../schemas/scheduling.ts'
import { immutable } from '../apps/selection.ts'

export interface PriorityClass extends ObjectOf<typeof schema> {}
export type PriorityClassInput = InputOf<typeof schema>

/** The classes every cluster has; no others may begin with system-. */
export const systemClasses: readonly (PriorityClassInput & { metadata: { name: string }; value: number })[] = [
  {
    metadata: { name: 'system-node-critical' },
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    metadata: { name: 'system-cluster-critical' },
    value: 2_000_000_000,
    description: 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
]

/** The class of pods that name none: the lowest, should there be several. */
export const globalDefault = (classes: readonly PriorityClass[]): PriorityClass | undefined =>
  classes.filter(c => c.globalDefault).sort((a, b) => a.value - b.value)[0]

const prefix = 'system-'
const highestOfUsers = 1_000_000_000

function notOfTheSystem({ metadata: { name }, value, globalDefault: isDefault = false }: PriorityClass): string | undefined {
  const known = systemClasses.find(c => c.metadata.name === name)
  if (!known) return `${name} is not a known system priority class`
  if (value !== known.value) return `value of ${name} PriorityClass must be ${known.value}`
  return isDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined
}

function validate(priorityClass: PriorityClass): FieldError[] {
  const { metadata, value, preemptionPolicy } = priorityClass
  const errors: FieldError[] = []
  if (metadata.name?.startsWith(prefix)) {
    const why = notOfTheSystem(priorityClass)
    if (why)
      errors.push(
        forbidden('metadata.name', `priority class names with '${prefix}' prefix are reserved for system use only. error: ${why}`),
      )
  } else if (value > highestOfUsers)
    errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${highestOfUsers}`))
  if (preemptionPolicy !== undefined && !preemptionPolicy) errors.push(required('preemptionPolicy'))
  else if (preemptionPolicy !== undefined && !policies.includes(preemptionPolicy))
    errors.push(notSupported('preemptionPolicy', preemptionPolicy, policies))
  return errors
}

const policies = ['PreemptLowerPriority', 'Never']

const validateUpdate = (next: PriorityClass, old: PriorityClass): FieldError[] => [
  ...(next.value === old.value ? [] : [forbidden('value', 'may not be changed in an update.')]),
  ...immutable(next.preemptionPolicy, old.preemptionPolicy, 'preemptionPolicy'),
]

export const priorityClass = defineKind<PriorityClass, PriorityClassInput>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  scope: 'Cluster',
  names: { plural: 'priorityclasses', singular: 'priorityclass', shortNames: ['pc'] },
  schema,
  columns: [
    nameColumn,
    integer<PriorityClass>('Value', 'The priority.', c => c.value),
    bool<PriorityClass>('Global-Default', 'Whether pods that name no class get this one.', c => c.globalDefault ?? false),
    ageColumn,
    text<PriorityClass>('PreemptionPolicy', 'Whether its pods push out others.', c => c.preemptionPolicy ?? ''),
  ],
  defaults(draft) {
    draft.preemptionPolicy ??= 'PreemptLowerPriority'
  },
  prepareForCreate(draft) {
    // It stays at this: upstream does not count.
    draft.metadata.generation = 1
  },
  validate,
  validateUpdate,
  example: { metadata: { name: 'example' }, value: 1000 },
})
