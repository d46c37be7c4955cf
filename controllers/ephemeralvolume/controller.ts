// ephemeral-volume-controller: a claim for each ephemeral volume of a pod, which goes when the pod goes.
import type { Kind } from '../../openapi/kind.ts'
import { persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import type { Controller } from '../runtime/controller.ts'
import { owner, self } from '../runtime/owners.ts'
import { Told } from '../runtime/told.ts'
import { notOwned } from '../runtime/volumes.ts'
import { newClaims } from './plan.ts'

export const ephemeralVolumeController: Controller = {
  name: 'ephemeral-volume-controller',
  watches: [
    { kind: podKind as unknown as Kind, keys: self },
    { kind: persistentVolumeClaim as unknown as Kind, keys: owner(podKind as unknown as Kind) },
  ],
  async reconcile(key, { informer, client, event }) {
    const pod = informer(podKind).get(key)
    if (!pod || pod.metadata.deletionTimestamp) return undefined
    for (const { volume, name, claim } of newClaims(pod)) {
      const found = informer(persistentVolumeClaim).get({ namespace: key.namespace, name })
      const why = found && notOwned(found, pod)
      if (why) {
        const message = `ephemeral volume ${volume}: ${why}`
        event(pod, { type: 'Warning', reason: 'FailedBinding', message }, { component: 'ephemeral_volume' })
        throw new Told(message)
      }
      if (!found) await client.create(persistentVolumeClaim, claim)
    }
    return undefined
  },
}
