// Priority: a pod's class becomes a number. The two system classes are known; others join with the PriorityClass kind.
import { forbiddenRequest } from '../../openapi/errors.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import type { AdmissionPlugin } from './chain.ts'

const systemClasses: Readonly<Record<string, number>> = { 'system-node-critical': 2_000_001_000, 'system-cluster-critical': 2_000_000_000 }

export const priority: AdmissionPlugin = {
  name: 'Priority',
  admit({ operation, kind, object }) {
    if (operation !== 'CREATE' || kind.kind !== 'Pod' || kind.group !== '') return
    const pod = object as Pod
    const name = pod.spec.priorityClassName ?? ''
    const value = name === '' ? 0 : systemClasses[name]
    if (value === undefined) throw forbiddenRequest(podKind, pod.metadata.name ?? '', `no PriorityClass with name ${name} was found`)
    if (pod.spec.priority !== undefined && pod.spec.priority !== value)
      throw forbiddenRequest(
        podKind,
        pod.metadata.name ?? '',
        `the integer value of priority (${pod.spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
      )
    pod.spec.priority = value
    if (pod.spec.preemptionPolicy !== undefined && pod.spec.preemptionPolicy !== 'PreemptLowerPriority')
      throw forbiddenRequest(
        podKind,
        pod.metadata.name ?? '',
        `the string value of PreemptionPolicy (${pod.spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name`,
      )
    pod.spec.preemptionPolicy ??= 'PreemptLowerPriority'
  },
}
