// ReplicaSets of a Deployment: names, labels, revisions. Pure.

import type { Kind, KubeInput } from '../../openapi/kind.ts'
import { type Deployment, deployment } from '../../openapi/kinds/apps/deployment.ts'
import type { ReplicaSet } from '../../openapi/kinds/apps/replicaset.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import { shortHash } from '../runtime/hash.ts'
import { resolve } from '../runtime/intorpercent.ts'
import { controllerReference } from '../runtime/owners.ts'

const hashLabel = 'pod-template-hash'
export const revisionAnnotation = 'deployment.kubernetes.io/revision'
const historyAnnotation = 'deployment.kubernetes.io/revision-history'
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas'
const maxAnnotation = 'deployment.kubernetes.io/max-replicas'
const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
])

export const revisionOf = ({ metadata }: { metadata: { annotations?: Record<string, string> } }): number =>
  Number(metadata.annotations?.[revisionAnnotation] ?? 0)

/** The set whose template is the deployment's, hash label apart. */
export function newestSet({ spec }: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const wanted = withoutHash(spec.template)
  return [...sets]
    .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
    .find(set => deepEqual(withoutHash(set.spec.template), wanted))
}

function withoutHash(template: Deployment['spec']['template']): unknown {
  const { [hashLabel]: _hash, ...labels } = template.metadata.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

export function newSet(from: Deployment, replicas: number, revision: number): KubeInput & Pick<ReplicaSet, 'spec'> {
  const { metadata, spec } = from
  const hash = shortHash(spec.template, from.status.collisionCount ?? 0)
  const labels = { ...spec.template.metadata.labels, [hashLabel]: hash }
  return {
    metadata: {
      namespace: metadata.namespace,
      name: `${metadata.name}-${hash}`,
      labels,
      annotations: annotationsFor(from, replicas, revision),
      ownerReferences: [controllerReference(deployment as unknown as Kind, from)],
    },
    spec: {
      replicas,
      minReadySeconds: spec.minReadySeconds,
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [hashLabel]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    } as ReplicaSet['spec'],
  }
}

/** A set's bookkeeping; `set` keeps its earlier revisions in its history. */
export function annotationsFor(from: Deployment, maxReplicas: number, revision: number, set?: ReplicaSet): Record<string, string> {
  const copied = Object.fromEntries(Object.entries(from.metadata.annotations ?? {}).filter(([key]) => !notCopied.has(key)))
  const before = set?.metadata.annotations?.[revisionAnnotation]
  const history = set?.metadata.annotations?.[historyAnnotation]
  const past = before && before !== String(revision) ? [history, before].filter(Boolean).join(',') : history
  return {
    ...set?.metadata.annotations,
    ...copied,
    ...sizeAnnotations(from, maxReplicas),
    [revisionAnnotation]: String(revision),
    ...(past ? { [historyAnnotation]: past } : {}),
  }
}

export const sizeAnnotations = ({ spec }: Deployment, maxReplicas: number): Record<string, string> => ({
  [desiredAnnotation]: String(spec.replicas),
  [maxAnnotation]: String(maxReplicas),
})

/** Pods above and below the wanted number that a rolling update may have. */
export function limits({ spec }: Deployment): { surge: number; unavailable: number } {
  if (spec.strategy.type !== 'RollingUpdate') return { surge: 0, unavailable: 0 }
  const surge = resolve(spec.strategy.rollingUpdate?.maxSurge, spec.replicas, true)
  const unavailable = Math.min(resolve(spec.strategy.rollingUpdate?.maxUnavailable, spec.replicas, false), spec.replicas)
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable }
}
