// persistentVolumeClaimRetentionPolicy: who owns the claims, so that the garbage collector takes them at the right moment. Pure.

import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import { type StatefulSet, statefulSet } from '../../openapi/kinds/apps/statefulset.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { Action } from '../runtime/controller.ts'
import { claimName, claimTemplates, ordinalOf, startOf } from './objects.ts'

type Owner = NonNullable<KubeObject['metadata']['ownerReferences']>[number]

interface Seen {
  set: StatefulSet
  pods: readonly Pod[]
  claim(name: string): PersistentVolumeClaim | undefined
}

/** Updates of the claims whose owners are not as the policy wants. */
export function retentionActions({ set, pods, claim }: Seen): Action[] {
  return pods.flatMap(pod => {
    const ordinal = ordinalOf(set, pod.metadata.name)
    return claimTemplates(set).flatMap(template => {
      const found = ordinal < 0 ? undefined : claim(claimName(template, set, ordinal))
      if (!found || found.metadata.deletionTimestamp) return []
      const owners = wantedOwners(set, pod, found, ordinal)
      if (deepEqual(owners, found.metadata.ownerReferences ?? [])) return []
      const metadata = { ...found.metadata, ownerReferences: owners }
      return [{ do: 'update' as const, kind: persistentVolumeClaim as unknown as Kind, object: { ...found, metadata } }]
    })
  })
}

function wantedOwners(set: StatefulSet, pod: Pod, claim: PersistentVolumeClaim, ordinal: number): Owner[] {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {}
  const others = (claim.metadata.ownerReferences ?? []).filter(
    o => o.uid !== set.metadata.uid && o.uid !== pod.metadata.uid && !(o.kind === 'Pod' && o.name === pod.metadata.name),
  )
  const condemned = ordinal >= startOf(set) + set.spec.replicas || ordinal < startOf(set)
  if (whenScaled === 'Delete' && condemned) return [...others, reference(podKind as unknown as Kind, pod)]
  return whenDeleted === 'Delete' ? [...others, reference(statefulSet as unknown as Kind, set)] : others
}

const reference = (kind: Kind, { metadata }: KubeObject): Owner => ({
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
  name: metadata.name,
  uid: metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
})
