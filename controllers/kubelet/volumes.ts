// What a pod's volumes hold: which volume a claim leads to, and the files that ConfigMaps, Secrets and the pod itself give.
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import { type PersistentVolume, persistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import { persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { secret } from '../../openapi/kinds/core/secret/index.ts'
import { serviceAccount } from '../../openapi/kinds/core/serviceaccount.ts'
import type { Context } from '../runtime/controller.ts'
import { isReason } from '../runtime/errors.ts'
import { ephemeralClaim } from '../runtime/volumes.ts'
import { fieldOf, type ResourceReference, resourceOf } from './environment.ts'
import type { Files } from './filesystem.ts'
import type { Container } from './images/image.ts'

export type Volume = NonNullable<Pod['spec']['volumes']>[number]

/** Where a volume's files are kept, or the files themselves. */
export type Content = { identity: string; readOnly?: boolean } | { files: Files }

export async function contentOf(pod: Pod, volume: Volume, container: Container, context: Context): Promise<Content> {
  if (volume.persistentVolumeClaim) {
    const { claimName, readOnly } = volume.persistentVolumeClaim
    return { ...(await claimed(pod, claimName, context)), readOnly }
  }
  if (volume.ephemeral) return claimed(pod, ephemeralClaim(pod, volume.name), context)
  if (volume.hostPath) return { identity: `host/${pod.spec.nodeName}${volume.hostPath.path}` }
  if (volume.configMap) return { files: await configMapFiles(pod, volume.configMap, context) }
  if (volume.secret) return { files: await secretFiles(pod, { ...volume.secret, name: volume.secret.secretName }, context) }
  if (volume.downwardAPI) return { files: downwardFiles(pod, volume.downwardAPI.items ?? [], container, context) }
  if (volume.projected) return { files: await projectedFiles(pod, volume.projected.sources ?? [], container, context) }
  return { identity: `pod/${pod.metadata.uid}/${volume.name}` }
}

/** The volume's own handle, so that the files follow the claim to whichever pod mounts it next. */
async function claimed(pod: Pod, name: string, { client }: Context): Promise<{ identity: string }> {
  const claim = await client.get(persistentVolumeClaim, { namespace: pod.metadata.namespace ?? '', name })
  const volume = await client.get(persistentVolume, { name: claim.spec.volumeName ?? '' })
  return { identity: volumeIdentity(volume) }
}

export const volumeIdentity = ({ metadata, spec }: PersistentVolume): string => `volume/${spec.csi?.volumeHandle ?? metadata.uid}`

interface Item {
  key: string
  path: string
}
interface Source {
  name?: string
  items?: readonly Item[]
  optional?: boolean
}

function chosen(data: Readonly<Record<string, string | Uint8Array>>, items: readonly Item[] | undefined): Files {
  const pairs: [string, string | Uint8Array | undefined][] = items
    ? items.map(({ key, path }) => [`/${path}`, data[key]])
    : Object.entries(data).map(([key, value]) => [`/${key}`, value])
  return Object.fromEntries(pairs.filter((pair): pair is [string, string | Uint8Array] => pair[1] !== undefined))
}

async function configMapFiles({ metadata }: Pod, { name = '', items, optional }: Source, { client }: Context): Promise<Files> {
  const found = await absent(client.get(configMap, { namespace: metadata.namespace ?? '', name }), optional)
  return found ? chosen({ ...found.data, ...decoded(found.binaryData ?? {}) }, items) : {}
}

async function secretFiles({ metadata }: Pod, { name = '', items, optional }: Source, { client }: Context): Promise<Files> {
  const found = await absent(client.get(secret, { namespace: metadata.namespace ?? '', name }), optional)
  return found ? chosen(decoded(found.data ?? {}), items) : {}
}

const decoded = (data: Readonly<Record<string, string>>): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]))

async function absent<T>(found: Promise<T>, optional: boolean | undefined): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if (optional && isReason(error, 'NotFound')) return undefined
    throw error
  }
}

interface DownwardItem {
  path: string
  fieldRef?: { fieldPath: string }
  resourceFieldRef?: ResourceReference
}

function downwardFiles(pod: Pod, items: readonly DownwardItem[], container: Container, context: Context): Files {
  const files: Record<string, string> = {}
  for (const { path, fieldRef, resourceFieldRef } of items)
    files[`/${path}`] = resourceFieldRef ? resourceOf(pod, container, resourceFieldRef, context) : fieldOf(pod, fieldRef?.fieldPath ?? '')
  return files
}

type Projection = NonNullable<NonNullable<Volume['projected']>['sources']>[number]

async function projectedFiles(pod: Pod, sources: readonly Projection[], container: Container, context: Context): Promise<Files> {
  const files: Record<string, string | Uint8Array> = {}
  for (const { configMap: map, secret: hidden, downwardAPI, serviceAccountToken } of sources) {
    if (map) Object.assign(files, await configMapFiles(pod, map, context))
    if (hidden) Object.assign(files, await secretFiles(pod, hidden, context))
    if (downwardAPI) Object.assign(files, downwardFiles(pod, downwardAPI.items ?? [], container, context))
    if (serviceAccountToken) files[`/${serviceAccountToken.path}`] = await token(pod, serviceAccountToken, context)
  }
  return files
}

async function token(
  { metadata, spec }: Pod,
  { audience, expirationSeconds }: { audience?: string; expirationSeconds?: number },
  { client }: Context,
): Promise<string> {
  const answer = await client.createSubresource(
    serviceAccount,
    { namespace: metadata.namespace ?? '', name: spec.serviceAccountName ?? 'default' },
    'token',
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        audiences: audience ? [audience] : [],
        expirationSeconds: expirationSeconds ?? 3600,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid },
      },
    },
  )
  return (answer as { status: { token: string } }).status.token
}
