// The only pods a node makes: mirrors of those in its own files, that refer to nothing the API server keeps.
import { notFound } from '../../../openapi/errors.ts'
import { node as nodeKind } from '../../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../../openapi/kinds/core/pod/index.ts'
import type { Lookup } from '../lookup.ts'

const mirror = 'kubernetes.io/config.mirror'
const quote = JSON.stringify

/** Why the node may not make this pod; '' when it may. Throws 404 for a node that is not there. */
export async function mirrorProblem(pod: Pod, node: string, lookup: Lookup): Promise<string> {
  const { metadata, spec } = pod
  if (metadata.annotations?.[mirror] === undefined)
    return `pod does not have ${quote(mirror)} annotation, node ${quote(node)} can only create mirror pods`
  const may = (what: string) => `node ${quote(node)} can only create pods with ${what} set to itself`
  if (spec.nodeName !== node) return may('spec.nodeName')
  const [owner, second] = metadata.ownerReferences ?? []
  if (second) return may('a single owner reference')
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node) return may('an owner reference')
  if (!owner.controller) return may('a controller owner reference')
  if (owner.blockOwnerDeletion) return `node ${quote(node)} must not set blockOwnerDeletion on an owner reference`
  const found = await lookup.get(nodeKind, '', node)
  if (!found) throw notFound({ group: '', names: { plural: 'node' } }, node)
  if (found.metadata.uid !== owner.uid) return `node ${node} UID mismatch: expected ${owner.uid} got ${found.metadata.uid}`
  const referred = referenceIn(pod)
  return referred ? `node ${quote(node)} can not create pods that reference ${referred}` : ''
}

/** What the pod refers to, in upstream's words; '' for nothing. */
function referenceIn({ spec }: Pod): string {
  if (spec.serviceAccountName) return 'serviceaccounts'
  const containers = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])]
  const sources = containers.flatMap(({ env = [], envFrom = [] }) => [...env.map(({ valueFrom }) => valueFrom), ...envFrom])
  const has = (...names: string[]) => sources.some(source => source && names.some(name => (source as Record<string, unknown>)[name]))
  const volumes = spec.volumes ?? []
  if ((spec.imagePullSecrets ?? []).length > 0 || has('secretKeyRef', 'secretRef') || volumes.some(takesSecret)) return 'secrets'
  if (has('configMapKeyRef', 'configMapRef') || volumes.some(takesConfigMap)) return 'configmaps'
  if ((spec.resourceClaims ?? []).length > 0) return 'resourceclaims'
  return volumes.map(volumeReference).find(text => text !== '') ?? ''
}

type Volume = NonNullable<Pod['spec']['volumes']>[number]

const projected = ({ projected: volume }: Volume) => volume?.sources ?? []
/** Some drivers of old read a secret of the pod's namespace. */
const takesSecret = (volume: Volume): boolean =>
  Boolean(volume.secret || volume.azureFile || volume.csi?.nodePublishSecretRef) ||
  [volume.cephfs, volume.cinder, volume.flexVolume, volume.iscsi, volume.rbd, volume.scaleIO, volume.storageos].some(v => v?.secretRef) ||
  projected(volume).some(source => source.secret)
const takesConfigMap = (volume: Volume): boolean => Boolean(volume.configMap) || projected(volume).some(source => source.configMap)

function volumeReference(volume: Volume): string {
  if (volume.csi) return 'csidrivers (via CSI volumes)'
  if (volume.glusterfs) return 'endpoints (via glusterFS volumes)'
  if (volume.persistentVolumeClaim) return 'persistentvolumeclaims'
  if (volume.ephemeral) return 'persistentvolumeclaims (via ephemeral volumes)'
  const sources = projected(volume)
  if (sources.some(source => source.serviceAccountToken)) return 'serviceaccounts (via projected volumes)'
  if (sources.some(source => source.clusterTrustBundle)) return 'clustertrustbundles'
  return sources.some(source => source.podCertificate) ? 'podcertificates' : ''
}
