// What the pods of each node name: a node may read that, and nothing else of its sort.
import type { KubeObject } from '../../../openapi/kind.ts'
import { type PersistentVolume, persistentVolume } from '../../../openapi/kinds/core/persistentvolume/index.ts'
import { type Pod, pod } from '../../../openapi/kinds/core/pod/index.ts'
import { type VolumeAttachment, volumeAttachment } from '../../../openapi/kinds/storage.k8s.io/volumeattachment.ts'
import type { Follower } from '../../registry/follow.ts'
import { prefixOf } from '../../registry/keys.ts'

const prefixes = {
  pods: prefixOf(pod as never, ''),
  volumes: prefixOf(persistentVolume as never, ''),
  attachments: prefixOf(volumeAttachment as never, ''),
}

export type Sort = 'pods' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'serviceaccounts' | 'resourceclaims'

const keyOf = (sort: Sort, namespace: string, name: string): string => `${sort}/${namespace}/${name}`

export class NodeIndex {
  /** By node, then by what is named: how many pods name it. */
  readonly #named = new Map<string, Map<string, number>>()
  readonly #volumes = new Map<string, PersistentVolume>()
  /** By claim. */
  readonly #volumeOfClaim = new Map<string, PersistentVolume>()
  readonly #attachedTo = new Map<string, string>()

  /** What to follow, and who listens. */
  followers(): readonly (readonly [prefix: string, follower: Follower])[] {
    return [
      [prefixes.pods, { reset: () => this.#named.clear(), change: (_key, before, now) => this.#podChanged(before as Pod, now as Pod) }],
      [prefixes.volumes, { reset: () => this.#resetVolumes(), change: (_key, before, now) => this.#volumeChanged(before, now) }],
      [
        prefixes.attachments,
        {
          reset: () => this.#attachedTo.clear(),
          change: (key, _before, now) => {
            const name = key.slice(prefixes.attachments.length)
            if (now) this.#attachedTo.set(name, (now as VolumeAttachment).spec.nodeName)
            else this.#attachedTo.delete(name)
          },
        },
      ],
    ]
  }

  names(node: string, sort: Sort, namespace: string, name: string): boolean {
    const named = this.#named.get(node)
    if (!named) return false
    if (named.has(keyOf(sort, namespace, name))) return true
    // What mounts a volume may need secrets of the volume itself.
    return sort === 'secrets' && [...named.keys()].some(key => secretsOf(this.#volumeOfClaim.get(key)).includes(`${namespace}/${name}`))
  }

  mounts(node: string, volume: string): boolean {
    const claim = claimOf(this.#volumes.get(volume))
    return claim !== undefined && this.#named.get(node)?.has(claim) === true
  }

  attaches = (node: string, attachment: string): boolean => this.#attachedTo.get(attachment) === node

  #podChanged(before: Pod | undefined, now: Pod | undefined): void {
    for (const key of before ? referencesOf(before) : []) this.#count(before?.spec.nodeName ?? '', key, -1)
    for (const key of now ? referencesOf(now) : []) this.#count(now?.spec.nodeName ?? '', key, 1)
  }

  #count(node: string, key: string, more: 1 | -1): void {
    if (node === '') return
    const named = this.#named.get(node) ?? new Map<string, number>()
    const count = (named.get(key) ?? 0) + more
    if (count > 0) named.set(key, count)
    else named.delete(key)
    if (named.size > 0) this.#named.set(node, named)
    else this.#named.delete(node)
  }

  #resetVolumes(): void {
    this.#volumes.clear()
    this.#volumeOfClaim.clear()
  }

  #volumeChanged(before: KubeObject | undefined, now: KubeObject | undefined): void {
    const [old, next] = [before as PersistentVolume | undefined, now as PersistentVolume | undefined]
    const [from, to] = [claimOf(old), claimOf(next)]
    if (old) this.#volumes.delete(old.metadata.name)
    if (from) this.#volumeOfClaim.delete(from)
    if (next) this.#volumes.set(next.metadata.name, next)
    if (next && to) this.#volumeOfClaim.set(to, next)
  }
}

function claimOf(volume: PersistentVolume | undefined): string | undefined {
  const { namespace, name } = volume?.spec.claimRef ?? {}
  return namespace && name ? keyOf('persistentvolumeclaims', namespace, name) : undefined
}

function secretsOf(volume: PersistentVolume | undefined): string[] {
  const { nodeStageSecretRef, nodePublishSecretRef, nodeExpandSecretRef } = volume?.spec.csi ?? {}
  return [nodeStageSecretRef, nodePublishSecretRef, nodeExpandSecretRef].flatMap(ref => (ref ? [`${ref.namespace}/${ref.name}`] : []))
}

/** The pod itself and everything it names; a mirror pod names nothing, for its node made it. */
function referencesOf({ metadata, spec, status }: Pod): Set<string> {
  const namespace = metadata.namespace ?? ''
  const found = new Set([keyOf('pods', namespace, metadata.name)])
  if (metadata.annotations?.['kubernetes.io/config.mirror']) return found
  const add = (sort: Sort, name: string | undefined) => name && found.add(keyOf(sort, namespace, name))
  add('serviceaccounts', spec.serviceAccountName)
  for (const { name } of spec.imagePullSecrets ?? []) add('secrets', name)
  for (const container of [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])]) {
    for (const { valueFrom } of container.env ?? []) {
      add('secrets', valueFrom?.secretKeyRef?.name)
      add('configmaps', valueFrom?.configMapKeyRef?.name)
    }
    for (const { secretRef, configMapRef } of container.envFrom ?? []) {
      add('secrets', secretRef?.name)
      add('configmaps', configMapRef?.name)
    }
  }
  for (const { name, resourceClaimName } of spec.resourceClaims ?? [])
    add('resourceclaims', resourceClaimName ?? status.resourceClaimStatuses?.find(claim => claim.name === name)?.resourceClaimName)
  for (const volume of spec.volumes ?? []) {
    add('secrets', volume.secret?.secretName)
    add('secrets', volume.csi?.nodePublishSecretRef?.name)
    add('configmaps', volume.configMap?.name)
    add('persistentvolumeclaims', volume.ephemeral ? `${metadata.name}-${volume.name}` : volume.persistentVolumeClaim?.claimName)
    for (const { secret, configMap } of volume.projected?.sources ?? []) {
      add('secrets', secret?.name)
      add('configmaps', configMap?.name)
    }
  }
  return found
}
