// The pods and claims of a StatefulSet: names by ordinal, identity labels, storage. Pure.

import type { Kind, KubeInput } from '../../openapi/kind.ts'
import { type StatefulSet, statefulSet } from '../../openapi/kinds/apps/statefulset.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { Revision } from '../runtime/history.ts'
import { controllerReference } from '../runtime/owners.ts'

const setKind = statefulSet as unknown as Kind
export const revisionLabel = 'controller-revision-hash'

export const startOf = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0
export const podName = (set: StatefulSet, ordinal: number): string => `${set.metadata.name}-${ordinal}`

/** The ordinal in a pod's name; -1 when the name is not of this set. */
export function ordinalOf(set: StatefulSet, name: string): number {
  const prefix = `${set.metadata.name}-`
  const rest = name.startsWith(prefix) ? name.slice(prefix.length) : ''
  return /^(0|[1-9]\d*)$/.test(rest) ? Number(rest) : -1
}

export const revisionOf = ({ metadata }: Pod): string => metadata.labels?.[revisionLabel] ?? ''

type Template = NonNullable<StatefulSet['spec']['volumeClaimTemplates']>[number]
export const claimTemplates = ({ spec }: StatefulSet): readonly Template[] => spec.volumeClaimTemplates ?? []
export const claimName = (template: { metadata: { name?: string } }, set: StatefulSet, ordinal: number): string =>
  `${template.metadata.name}-${podName(set, ordinal)}`

/** A pod of this ordinal from a revision's template. */
export function newPod(set: StatefulSet, ordinal: number, revision: Revision): KubeInput & Pick<Pod, 'spec'> {
  const template = revision.template as StatefulSet['spec']['template']
  const name = podName(set, ordinal)
  const volumes = claimTemplates(set).map(t => ({
    name: t.metadata.name ?? '',
    persistentVolumeClaim: { claimName: claimName(t, set, ordinal) },
  }))
  const own = new Set(volumes.map(v => v.name))
  const others = (template.spec?.volumes ?? []).filter(v => !own.has(v.name))
  const all = [...volumes, ...others]
  return {
    metadata: {
      ...template.metadata,
      name,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace,
      labels: {
        ...template.metadata.labels,
        'apps.kubernetes.io/pod-index': String(ordinal),
        [revisionLabel]: revision.name,
        'statefulset.kubernetes.io/pod-name': name,
      },
      ownerReferences: [controllerReference(setKind, set)],
    },
    spec: { ...template.spec, hostname: name, subdomain: set.spec.serviceName, ...(all.length > 0 ? { volumes: all } : {}) } as Pod['spec'],
  }
}

export function newClaim(set: StatefulSet, template: Template, ordinal: number): KubeInput & Pick<PersistentVolumeClaim, 'spec'> {
  const { status: _status, apiVersion: _apiVersion, kind: _kind, ...rest } = template
  return {
    ...rest,
    metadata: {
      ...template.metadata,
      name: claimName(template, set, ordinal),
      namespace: set.metadata.namespace,
      labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels },
    },
  } as KubeInput & Pick<PersistentVolumeClaim, 'spec'>
}
