// persistentvolume-controller: binds claims and volumes. A key with a namespace is a claim, one without a volume.

import type { Kind } from '../../openapi/kind.ts'
import { type PersistentVolume, persistentVolume as volumeKind } from '../../openapi/kinds/core/persistentvolume/index.ts'
import { persistentVolumeClaim as claimKind, type PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { defaultClass, storageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { Caches, Context, Controller, ObjectKey } from '../runtime/controller.ts'
import { keyOf, self } from '../runtime/owners.ts'
import { annotations, claimsOf, isBindCompleted, volumeFor } from '../runtime/volumes.ts'
import { newHostPathVolume, withoutFinalizer } from './hostpath.ts'
import { boundStatus, claimFor, unbound } from './objects.ts'
import { claimStep, volumeStep } from './plan.ts'

export const persistentVolumeController: Controller = {
  name: 'persistentvolume-controller',
  watches: [
    { kind: claimKind as unknown as Kind, keys: claim => [keyOf(claim), ...volumeOf(claim as PersistentVolumeClaim)] },
    { kind: volumeKind as unknown as Kind, keys: (volume, caches) => [...self(volume), ...claimsFor(volume as PersistentVolume, caches)] },
    { kind: storageClass as unknown as Kind, keys: (_class, caches) => unboundClaims(caches) },
    { kind: podKind as unknown as Kind, keys: () => [] },
  ],
  async reconcile(key, context) {
    if (key.namespace === undefined) return syncVolume(key, context)
    return syncClaim(key, context)
  },
}

const volumeOf = ({ spec }: PersistentVolumeClaim): ObjectKey[] => (spec.volumeName ? [{ name: spec.volumeName }] : [])

/** The claim a volume names, and when it is free every claim that could take it. */
function claimsFor({ spec }: PersistentVolume, caches: Caches): readonly ObjectKey[] {
  if (spec.claimRef?.name) return [{ namespace: spec.claimRef.namespace ?? '', name: spec.claimRef.name }]
  return unboundClaims(caches)
}
const unboundClaims = (caches: Caches): ObjectKey[] =>
  caches
    .informer(claimKind)
    .list()
    .filter(claim => !isBindCompleted(claim))
    .map(keyOf)

async function syncClaim(key: ObjectKey, context: Context): Promise<void> {
  const { informer, client, event } = context
  const claim = informer(claimKind).get(key)
  if (!claim) return
  const step = claimStep(claim, {
    volumes: informer(volumeKind).list(),
    class: name => informer(storageClass).get({ name }),
    defaultClass: defaultClass(informer(storageClass).list()),
    waitingPod: waitingPod(claim, context),
  })
  switch (step.do) {
    case 'bind':
      return bind(claim, step.volume, context)
    case 'wait':
      if (step.event) event(claim, step.event)
      return
    case 'provision': {
      const { provisioner } = step.from
      if (claim.metadata.annotations?.[annotations.provisioner] !== provisioner) {
        const marks = { [annotations.betaProvisioner]: provisioner, [annotations.provisioner]: provisioner }
        await client.patch(claimKind, key, { metadata: { annotations: marks } })
      }
      if (step.own) await client.create(volumeKind, newHostPathVolume(claim, step.from))
      event(claim, step.event)
      return
    }
    case 'lose':
      if (claim.status.phase === 'Lost') return
      await client.updateStatus(claimKind, { ...claim, status: { phase: 'Lost' } })
      event(claim, step.event)
      return
    case 'class':
      await client.update(claimKind, { ...claim, spec: { ...claim.spec, storageClassName: step.name } })
      return
    case 'nothing':
  }
}

/** A pod that exists already, but has no node: the claim waits for it, not for a first one. */
function waitingPod(claim: PersistentVolumeClaim, { informer }: Context): string | undefined {
  const mounts = (pod: Pod) => claimsOf(pod).some(({ name }) => name === claim.metadata.name)
  return informer(podKind)
    .list(claim.metadata.namespace ?? '')
    .find(pod => !pod.spec.nodeName && !pod.metadata.deletionTimestamp && mounts(pod))?.metadata.name
}

async function bind(claim: PersistentVolumeClaim, found: PersistentVolume, { client }: Context): Promise<void> {
  let volume = found
  const named = volumeFor(volume, claim)
  if (named !== volume) volume = await client.update(volumeKind, named)
  if (volume.status.phase !== 'Bound')
    volume = await client.updateStatus(volumeKind, { ...volume, status: { ...volume.status, phase: 'Bound' } })
  let current = claim
  const naming = claimFor(current, volume)
  if (naming !== current) current = await client.update(claimKind, naming)
  const status = boundStatus(current, volume)
  if (!deepEqual(status, current.status)) await client.updateStatus(claimKind, { ...current, status })
}

async function syncVolume(key: ObjectKey, context: Context): Promise<void> {
  const { informer, client, event } = context
  const volume = informer(volumeKind).get(key)
  if (!volume) return
  const { claimRef } = volume.spec
  const claim = claimRef?.name ? informer(claimKind).get({ namespace: claimRef.namespace ?? '', name: claimRef.name }) : undefined
  const step = volumeStep(volume, claim?.metadata.uid === claimRef?.uid ? claim : undefined)
  if (step.do === 'unbind') {
    await client.update(volumeKind, unbound(volume))
    return
  }
  if (step.do === 'delete') {
    const last = withoutFinalizer(volume)
    if (last !== volume) await client.update(volumeKind, last)
    await client.delete(volumeKind, key, { preconditions: { uid: volume.metadata.uid } })
    return
  }
  const phase = step.do === 'release' ? 'Released' : step.do === 'fail' ? 'Failed' : step.phase
  // What failed once is left for people.
  if (volume.status.phase === phase || (step.do === 'release' && volume.status.phase === 'Failed')) return
  const message = step.do === 'fail' ? { message: step.message } : {}
  await client.updateStatus(volumeKind, { ...volume, status: { ...volume.status, phase, ...message } })
  if (step.do === 'fail' && step.event) event(volume, step.event)
}
