// Protection of storage in use: a deleted claim waits for its pods, a deleted volume for its claim. Two controllers of one rule.

import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { type PersistentVolume, persistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import { persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import type { Context, Controller, ObjectKey } from '../runtime/controller.ts'
import { self } from '../runtime/owners.ts'
import { isFinished } from '../runtime/pods.ts'
import { claimsOf } from '../runtime/volumes.ts'

const claimFinalizer = 'kubernetes.io/pvc-protection'
const volumeFinalizer = 'kubernetes.io/pv-protection'

export const claimProtectionController: Controller = {
  name: 'pvc-protection-controller',
  watches: [
    { kind: persistentVolumeClaim as unknown as Kind, keys: self },
    {
      kind: podKind as unknown as Kind,
      keys: pod => claimsOf(pod as Pod).map(({ name }) => ({ namespace: pod.metadata.namespace ?? '', name })),
    },
  ],
  reconcile: (key, context) =>
    protect({ kind: persistentVolumeClaim as unknown as Kind, finalizer: claimFinalizer, used: () => mounted(key, context) }, key, context),
}

export const volumeProtectionController: Controller = {
  name: 'pv-protection-controller',
  watches: [{ kind: persistentVolume as unknown as Kind, keys: self }],
  reconcile: (key, context) =>
    protect(
      {
        kind: persistentVolume as unknown as Kind,
        finalizer: volumeFinalizer,
        used: volume => (volume as PersistentVolume).status.phase === 'Bound',
      },
      key,
      context,
    ),
}

/** Whether a pod that runs, or may yet, uses the claim. */
const mounted = ({ namespace, name }: ObjectKey, { informer }: Context): boolean =>
  informer(podKind)
    .list(namespace)
    .some(
      pod => !isFinished(pod) && claimsOf(pod).some(c => c.name === name) && Boolean(pod.spec.nodeName || !pod.metadata.deletionTimestamp),
    )

interface Protection {
  kind: Kind
  finalizer: string
  used(object: KubeObject): boolean
}

async function protect({ kind, finalizer, used }: Protection, key: ObjectKey, { informer, client }: Context): Promise<void> {
  const object = informer(kind).get(key)
  if (!object) return
  const finalizers = object.metadata.finalizers ?? []
  const has = finalizers.includes(finalizer)
  if (object.metadata.deletionTimestamp) {
    if (has && !used(object))
      await client.update(kind, { ...object, metadata: { ...object.metadata, finalizers: finalizers.filter(f => f !== finalizer) } })
    return
  }
  if (!has) await client.update(kind, { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } })
}
