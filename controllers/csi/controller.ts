// The external provisioner, deleter and resizer of any provisioner name, in front of a CSI driver.

import { errorText } from '../../openapi/errors.ts'
import type { Kind } from '../../openapi/kind.ts'
import { type PersistentVolume, persistentVolume as volumeKind } from '../../openapi/kinds/core/persistentvolume/index.ts'
import { persistentVolumeClaim as claimKind, type PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { storageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { compareQuantities, quantityToNumber } from '../../openapi/values/quantity.ts'
import type { Context, Controller, EventText, ObjectKey } from '../runtime/controller.ts'
import { self } from '../runtime/owners.ts'
import { Told } from '../runtime/told.ts'
import { annotations, hostPathProvisioner, provisionedName } from '../runtime/volumes.ts'
import { type CsiDriver, connectDriver } from './client.ts'
import { startDriver } from './driver.ts'
import { deletionFinalizer, newVolume } from './objects.ts'

/** Not the one that the binder is itself. */
const provisionerOf = (mark: 'provisioner' | 'provisionedBy', object: PersistentVolumeClaim | PersistentVolume): string | undefined => {
  const name = object.metadata.annotations?.[annotations[mark]]
  return name === hostPathProvisioner ? undefined : name
}

/** `endpoint`: a real driver; '' starts the embedded one when the first claim comes. */
export function csiController(endpoint: string): Controller {
  const session = new Session(endpoint)
  return {
    name: 'external-provisioner',
    watches: [
      { kind: claimKind as unknown as Kind, keys: self },
      { kind: volumeKind as unknown as Kind, keys: self },
      { kind: storageClass as unknown as Kind, keys: () => [] },
    ],
    start: () => () => session.close(),
    async reconcile(key, context) {
      if (key.namespace === undefined) return reclaim(key, session, context)
      const claim = context.informer(claimKind).get(key)
      if (!claim || claim.metadata.deletionTimestamp) return undefined
      return claim.spec.volumeName ? expand(claim, session, context) : provision(claim, session, context)
    },
  }
}

/** The driver's channel, opened when it is first needed. */
class Session {
  readonly #endpoint: string
  #driver: Promise<CsiDriver> | undefined
  #stop: (() => void)[] = []

  constructor(endpoint: string) {
    this.#endpoint = endpoint
  }

  driver(): Promise<CsiDriver> {
    this.#driver ??= this.#open()
    return this.#driver
  }

  close(): void {
    for (const stop of this.#stop) stop()
  }

  async #open(): Promise<CsiDriver> {
    let address = this.#endpoint
    if (address === '') {
      const embedded = await startDriver()
      this.#stop.push(() => embedded.close())
      address = embedded.address
    }
    const driver = await connectDriver(address)
    this.#stop.unshift(() => driver.close())
    return driver
  }
}

const tell = (context: Context, claim: PersistentVolumeClaim, component: string, event: EventText) =>
  context.event(claim, event, { component: `${component}_kubemock-provisioner_00000000-0000-4000-8000-000000000000` })

async function provision(claim: PersistentVolumeClaim, session: Session, context: Context): Promise<undefined> {
  const provisioner = provisionerOf('provisioner', claim)
  const from = context.informer(storageClass).get({ name: claim.spec.storageClassName ?? '' })
  if (!provisioner || !from || from.provisioner !== provisioner) return undefined
  const node = claim.metadata.annotations?.[annotations.selectedNode]
  if (from.volumeBindingMode === 'WaitForFirstConsumer' && !node) return undefined
  if (context.informer(volumeKind).get({ name: provisionedName(claim) })) return undefined
  const { namespace, name } = claim.metadata
  tell(context, claim, provisioner, {
    type: 'Normal',
    reason: 'Provisioning',
    message: `External provisioner is provisioning volume for claim "${namespace}/${name}"`,
  })
  try {
    const driver = await session.driver()
    const bytes = quantityToNumber(claim.spec.resources.requests?.storage ?? '0')
    const { accessModes = [], volumeMode } = claim.spec
    const wanted = {
      name: provisionedName(claim),
      bytes,
      parameters: { ...from.parameters },
      accessModes,
      block: volumeMode === 'Block',
      node,
    }
    await context.client.create(volumeKind, newVolume(claim, from, await driver.createVolume(wanted)))
  } catch (error) {
    const why = errorText(error)
    tell(context, claim, provisioner, {
      type: 'Warning',
      reason: 'ProvisioningFailed',
      message: `failed to provision volume with StorageClass "${from.metadata.name}": ${why}`,
    })
    throw new Told(why, { cause: error })
  }
  tell(context, claim, provisioner, {
    type: 'Normal',
    reason: 'ProvisioningSucceeded',
    message: `Successfully provisioned volume ${provisionedName(claim)}`,
  })
  return undefined
}

/** A released volume of ours goes, with its data. */
async function reclaim(key: ObjectKey, session: Session, { informer, client }: Context): Promise<undefined> {
  const volume = informer(volumeKind).get(key)
  if (!volume || !provisionerOf('provisionedBy', volume) || volume.spec.persistentVolumeReclaimPolicy !== 'Delete') return undefined
  const deleted = volume.metadata.deletionTimestamp !== undefined
  if (volume.status.phase !== 'Released' && !(deleted && volume.status.phase !== 'Bound')) return undefined
  const finalizers = volume.metadata.finalizers ?? []
  if (!deleted) {
    const driver = await session.driver()
    await driver.deleteVolume(volume.spec.csi?.volumeHandle ?? volume.metadata.name)
    await client.delete(volumeKind, key, { preconditions: { uid: volume.metadata.uid } })
  } else if (finalizers.includes(deletionFinalizer))
    await client.update(volumeKind, {
      ...volume,
      metadata: { ...volume.metadata, finalizers: finalizers.filter(f => f !== deletionFinalizer) },
    })
  return undefined
}

/** A claim that asks for more than it has: the volume grows, then the claim says so. */
async function expand(claim: PersistentVolumeClaim, session: Session, context: Context): Promise<undefined> {
  const wanted = claim.spec.resources.requests?.storage ?? '0'
  const has = claim.status.capacity?.storage ?? '0'
  const volume = context.informer(volumeKind).get({ name: claim.spec.volumeName ?? '' })
  const provisioner = volume && provisionerOf('provisionedBy', volume)
  if (claim.status.phase !== 'Bound' || !volume || !provisioner || compareQuantities(wanted, has) <= 0) return undefined
  const { client, event } = context
  event(
    claim,
    { type: 'Normal', reason: 'Resizing', message: `External resizer is resizing volume ${volume.metadata.name}` },
    { component: `external-resizer ${provisioner}` },
  )
  const driver = await session.driver()
  await driver.expandVolume(volume.spec.csi?.volumeHandle ?? volume.metadata.name, quantityToNumber(wanted))
  await grow(volume, wanted, context)
  await client.updateStatus(claimKind, {
    ...claim,
    status: { ...claim.status, capacity: { ...claim.status.capacity, storage: wanted } },
  })
  event(
    claim,
    { type: 'Normal', reason: 'VolumeResizeSuccessful', message: 'Resize volume succeeded' },
    { component: `external-resizer ${provisioner}` },
  )
  return undefined
}

async function grow(volume: PersistentVolume, storage: string, { client }: Context): Promise<void> {
  if (volume.spec.capacity?.storage === storage) return
  await client.update(volumeKind, { ...volume, spec: { ...volume.spec, capacity: { ...volume.spec.capacity, storage } } })
}
