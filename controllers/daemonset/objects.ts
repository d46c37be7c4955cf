// The pods of a DaemonSet: bound to their node by affinity, tolerant of its troubles. Pure.

import type { Kind, KubeInput } from '../../openapi/kind.ts'
import { type DaemonSet, daemonSet } from '../../openapi/kinds/apps/daemonset.ts'
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { tolerates } from '../../openapi/values/taints.ts'
import { controllerReference } from '../runtime/owners.ts'

const exists = (key: string, effect: 'NoExecute' | 'NoSchedule') => ({ key, operator: 'Exists' as const, effect })
const tolerations = [
  exists('node.kubernetes.io/not-ready', 'NoExecute'),
  exists('node.kubernetes.io/unreachable', 'NoExecute'),
  exists('node.kubernetes.io/disk-pressure', 'NoSchedule'),
  exists('node.kubernetes.io/memory-pressure', 'NoSchedule'),
  exists('node.kubernetes.io/pid-pressure', 'NoSchedule'),
  exists('node.kubernetes.io/unschedulable', 'NoSchedule'),
]

export function newPod(set: DaemonSet, node: string, hash: string, suffix: string): KubeInput & Pick<Pod, 'spec'> {
  const { metadata, spec } = set.spec.template
  const prefix = `${set.metadata.name}-`
  return {
    metadata: {
      ...metadata,
      namespace: set.metadata.namespace,
      generateName: prefix,
      name: `${prefix.slice(0, 58)}${suffix}`,
      labels: { ...metadata.labels, 'controller-revision-hash': hash, 'pod-template-generation': String(set.metadata.generation ?? 1) },
      ownerReferences: [controllerReference(daemonSet as unknown as Kind, set)],
    },
    spec: { ...spec, affinity: withNode(spec?.affinity, node), tolerations: [...(spec?.tolerations ?? []), ...tolerations] } as Pod['spec'],
  }
}

type Affinity = NonNullable<Pod['spec']['affinity']>

const withNode = (affinity: Affinity | undefined, node: string): Affinity => ({
  ...affinity,
  nodeAffinity: {
    ...affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
    },
  },
})

/** The node a pod is on or is meant for. */
export function nodeOf({ spec }: Pod): string {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return spec.nodeName || terms?.[0]?.matchFields?.[0]?.values?.[0] || ''
}

/** `run`: a pod should be there; `stay`: one that is there may stay. */
export function shouldRun({ spec }: DaemonSet, node: Node): { run: boolean; stay: boolean } {
  const template = spec.template.spec
  const selected = Object.entries(template?.nodeSelector ?? {}).every(([key, value]) => node.metadata.labels?.[key] === value)
  if (!selected) return { run: false, stay: false }
  const all = [...(template?.tolerations ?? []), ...tolerations]
  const bad = (node.spec.taints ?? []).filter(taint => taint.effect !== 'PreferNoSchedule' && !all.some(t => tolerates(t, taint)))
  return { run: bad.length === 0, stay: bad.every(taint => taint.effect !== 'NoExecute') }
}
