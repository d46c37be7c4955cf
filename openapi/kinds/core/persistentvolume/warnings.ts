// What a volume or claim gets a Warning header for.
import { parseQuantity } from '../../../values/quantity.ts'
import type { PersistentVolumeClaim } from '../persistentvolumeclaim/index.ts'
import { deprecatedVolumes, labelWarning } from '../pod/warnings.ts'
import type { PersistentVolume } from './index.ts'

type Annotations = Readonly<Record<string, string>> | undefined

const deprecatedAnnotations = [
  ['volume.beta.kubernetes.io/storage-class', 'deprecated since v1.8; use "storageClassName" attribute instead'],
  ['volume.beta.kubernetes.io/mount-options', 'deprecated since v1.31; use "mountOptions" attribute instead'],
] as const

const annotationWarnings = (annotations: Annotations, count: number): string[] =>
  deprecatedAnnotations
    .slice(0, count)
    .filter(([name]) => annotations?.[name] !== undefined)
    .map(([name, why]) => `metadata.annotations[${name}]: ${why}`)

const sources = ['photonPersistentDisk', 'scaleIO', 'storageos', 'glusterfs', 'cephfs', 'rbd', 'flocker', 'quobyte'] as const

export function persistentVolumeWarnings({ metadata, spec }: PersistentVolume): string[] {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms ?? []
  return [
    ...terms.flatMap(({ matchExpressions = [] }, i) =>
      matchExpressions.flatMap(({ key }, j) =>
        labelWarning(key, `spec.nodeAffinity.required.nodeSelectorTerms[${i}].matchExpressions[${j}].key`),
      ),
    ),
    ...annotationWarnings(metadata.annotations, 2),
    ...(spec.persistentVolumeReclaimPolicy === 'Recycle'
      ? [
          'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
        ]
      : []),
    ...sources.filter(source => spec[source] !== undefined).map(source => `spec.${source}: ${deprecatedVolumes[source]}`),
  ]
}

export function persistentVolumeClaimWarnings({ metadata, spec }: PersistentVolumeClaim): string[] {
  const fractions = (['requests', 'limits'] as const).flatMap(field => {
    const amount = spec.resources?.[field]?.storage
    if (amount === undefined || (parseQuantity(amount)?.nano ?? 0n) % 1_000_000_000n === 0n) return []
    return [`spec.resources.${field}[storage]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`]
  })
  return [...annotationWarnings(metadata.annotations, 1), ...fractions]
}
