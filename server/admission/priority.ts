// Priority: a pod's class becomes a number. One class may be the default of the cluster, and those of the system stay.
import { forbiddenRequest } from '../../openapi/errors.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { globalDefault, type PriorityClass, priorityClass, systemClasses } from '../../openapi/kinds/scheduling.k8s.io/priorityclass.ts'
import type { AdmissionPlugin } from './chain.ts'
import type { Lookup } from './lookup.ts'

export const priority = (lookup: Lookup): AdmissionPlugin => ({
  name: 'Priority',
  kinds: ['Pod', 'PriorityClass.scheduling.k8s.io'],
  async admit({ operation, kind, object, old }) {
    if (kind.kind !== 'Pod') return
    if (operation === 'UPDATE') keep(object as Pod, old as Pod)
    if (operation === 'CREATE') await fill(object as Pod, lookup)
  },
  async validate({ operation, kind, object }) {
    if (kind.kind !== 'PriorityClass') return
    const { name } = object.metadata
    if (operation === 'DELETE' && systemClasses.some(c => c.metadata.name === name))
      throw forbiddenRequest(priorityClass, name, 'this is a system priority class and cannot be deleted')
    if (operation === 'DELETE' || !(object as PriorityClass).globalDefault) return
    const other = globalDefault(await lookup.list(priorityClass, ''))
    if (other && !(operation === 'UPDATE' && other.metadata.name === name))
      throw forbiddenRequest(
        priorityClass,
        name,
        `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`,
      )
  },
})

/** Left out, it is meant to stay. */
function keep({ spec }: Pod, { spec: old }: Pod): void {
  if (spec.priority === undefined && old.priority !== undefined) spec.priority = old.priority
  if (spec.preemptionPolicy === undefined && old.preemptionPolicy !== undefined) spec.preemptionPolicy = old.preemptionPolicy
}

async function fill({ spec, metadata }: Pod, lookup: Lookup): Promise<void> {
  const refuse = (why: string) => forbiddenRequest(podKind, metadata.name ?? '', why)
  const named = spec.priorityClassName
  const found = named ? await lookup.get(priorityClass, '', named) : globalDefault(await lookup.list(priorityClass, ''))
  if (named && !found) throw refuse(`no PriorityClass with name ${named} was found`)
  if (found) spec.priorityClassName = found.metadata.name
  const computed = 'priority admission controller computed'
  const value = found?.value ?? 0
  if (spec.priority !== undefined && spec.priority !== value)
    throw refuse(
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; ${computed} ${value} from the given PriorityClass name`,
    )
  spec.priority = value
  const policy = found?.preemptionPolicy ?? 'PreemptLowerPriority'
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy)
    throw refuse(
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; ${computed} ${policy} from the given PriorityClass name`,
    )
  spec.preemptionPolicy = policy as Pod['spec']['preemptionPolicy']
}
