// RuntimeClass: a pod gets the overhead of its class, and goes where the class can run.
import { forbiddenRequest, type StatusError } from '../../openapi/errors.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { type RuntimeClass, runtimeClass as runtimeClassKind } from '../../openapi/kinds/node.k8s.io/runtimeclass.ts'
import type { Toleration } from '../../openapi/schemas/selector.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import { compareQuantities } from '../../openapi/values/quantity.ts'
import type { AdmissionPlugin } from './chain.ts'
import type { Lookup } from './lookup.ts'

export const runtimeClass = (lookup: Lookup): AdmissionPlugin => ({
  name: 'RuntimeClass',
  kinds: ['Pod'],
  async admit({ operation, object }) {
    if (operation !== 'CREATE') return
    const pod = object as Pod
    const name = pod.spec.runtimeClassName
    if (name) {
      const found = await lookup.get(runtimeClassKind, '', name)
      if (!found) throw refused(pod, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`)
      fillOverhead(pod, found)
      fillScheduling(pod, found)
      if (found.overhead) return
    }
    if (pod.spec.overhead) throw refused(pod, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead')
  },
})

const refused = ({ metadata }: Pod, why: string): StatusError => forbiddenRequest(podKind, metadata.name ?? '', why)

function fillOverhead(pod: Pod, { overhead }: RuntimeClass): void {
  if (!overhead) return
  const fixed = overhead.podFixed ?? {}
  if (pod.spec.overhead && !sameAmounts(pod.spec.overhead, fixed))
    throw refused(pod, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead")
  pod.spec.overhead = { ...fixed }
}

type Amounts = Readonly<Record<string, string>>
const sameAmounts = (a: Amounts, b: Amounts): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([name, amount]) => compareQuantities(amount, b[name] ?? '-1') === 0)

function fillScheduling(pod: Pod, { scheduling }: RuntimeClass): void {
  if (!scheduling) return
  const { nodeSelector = {}, tolerations = [] } = scheduling
  const { spec } = pod
  for (const [key, value] of Object.entries(nodeSelector)) {
    const own = spec.nodeSelector?.[key]
    if (own !== undefined && own !== value)
      throw refused(pod, `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`)
  }
  if (Object.keys(nodeSelector).length > 0) spec.nodeSelector = { ...spec.nodeSelector, ...nodeSelector }
  const merged = mergeTolerations([...(spec.tolerations ?? []), ...tolerations])
  if (merged.length > 0) spec.tolerations = merged
}

/** Without those that another one covers; of equal ones the first stays. */
export function mergeTolerations(all: readonly Toleration[]): Toleration[] {
  const merged: Toleration[] = []
  for (const [index, one] of all.entries()) {
    const covered = merged.some(other => covers(other, one)) || all.slice(index + 1).some(o => covers(o, one) && !deepEqual(o, one))
    if (!covered) merged.push({ ...one })
  }
  return merged
}

function covers(wide: Toleration, narrow: Toleration): boolean {
  if (deepEqual(wide, narrow)) return true
  if ((wide.key ?? '') !== (narrow.key ?? '') && (wide.key || wide.operator !== 'Exists')) return false
  if (wide.effect && wide.effect !== narrow.effect) return false
  const seconds = wide.effect === 'NoExecute' ? wide.tolerationSeconds : undefined
  if (seconds !== undefined && (narrow.tolerationSeconds === undefined || narrow.tolerationSeconds > seconds)) return false
  if (wide.operator === 'Exists') return true
  return (wide.operator ?? 'Equal') === 'Equal' && wide.operator === narrow.operator && (wide.value ?? '') === (narrow.value ?? '')
}
