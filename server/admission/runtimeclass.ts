// RuntimeClass: a pod gets the overhead of its class, and goes where the class can run.
import { forbiddenRequest, type StatusError } from '../../openapi/errors.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { type RuntimeClass, runtimeClass as runtimeClassKind } from '../../openapi/kinds/node.k8s.io/runtimeclass.ts'
import { compareQuantities } from '../../openapi/values/quantity.ts'
import type { AdmissionPlugin } from './chain.ts'
import type { Lookup } from './lookup.ts'
import { mergeTolerations } from './tolerations.ts'

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
