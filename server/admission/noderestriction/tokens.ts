// Tokens a node asks for: for pods that run there, and for whom those pods are to show them.
import { aggregate, notFound } from '../../../openapi/errors.ts'
import type { KubeObject } from '../../../openapi/kind.ts'
import { persistentVolume } from '../../../openapi/kinds/core/persistentvolume/index.ts'
import { persistentVolumeClaim } from '../../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { type Pod, pod as podKind } from '../../../openapi/kinds/core/pod/index.ts'
import { csiDriver } from '../../../openapi/kinds/storage.k8s.io/csidriver.ts'
import { type Authorizer, resourceAttributes } from '../../auth/attributes.ts'
import type { User } from '../../registry/request.ts'
import type { AdmissionRequest } from '../chain.ts'
import type { Lookup } from '../lookup.ts'

interface Asked extends Pick<AdmissionRequest, 'operation' | 'object' | 'request'> {
  node: string
  /** Of the account. */
  name: string
  user: User
}

interface Spec {
  audiences?: readonly string[]
  boundObjectRef?: { kind?: string; apiVersion?: string; name?: string; uid?: string }
}

/** Why not; '' when it may. Throws 404 for a pod that is not there. */
export async function tokenProblem(asked: Asked, lookup: Lookup, authorizer: Authorizer): Promise<string> {
  if (asked.operation !== 'CREATE' || asked.request.subresource !== 'token') return ''
  const { boundObjectRef: bound, audiences = [] } = ((asked.object as unknown as { spec?: Spec }).spec ?? {}) as Spec
  if (bound?.apiVersion !== 'v1' || bound.kind !== 'Pod' || !bound.name) return 'node requested token not bound to a pod'
  if (!bound.uid) return 'node requested token with a pod binding without a uid'
  const pod = await lookup.get(podKind, asked.request.namespace, bound.name)
  if (!pod) throw notFound({ group: '', names: { plural: 'pod' } }, bound.name)
  if (pod.metadata.uid !== bound.uid)
    return `the UID in the bound object reference (${bound.uid}) does not match the UID in record. The object might have been deleted and then recreated`
  if (pod.spec.nodeName !== asked.node) return 'node requested token bound to a pod scheduled on a different node'
  if (audiences.length > 1) return 'node may only request 0 or 1 audiences'
  return audienceProblem(pod, audiences[0] ?? '', { asked, lookup, authorizer })
}

interface Parts {
  asked: Asked
  lookup: Lookup
  authorizer: Authorizer
}

async function audienceProblem(pod: Pod, audience: string, { asked, lookup, authorizer }: Parts): Promise<string> {
  const missing: string[] = []
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.projected?.sources?.some(({ serviceAccountToken: t }) => t && (t.audience ?? '') === audience)) return ''
    const found = await driverHas(volume, { pod, audience, lookup })
    if (found === true) return ''
    if (found) missing.push(found)
  }
  if (missing.length > 0) return `error validating audience ${JSON.stringify(audience)}: ${aggregate(missing)}`
  const { user, name, request } = asked
  const right = resourceAttributes(user, 'request-serviceaccounts-token-audience', {
    resource: audience,
    namespace: request.namespace,
    name,
  })
  if ((await authorizer.authorize(right)).decision === 'allow') return ''
  return `audience ${JSON.stringify(audience)} not found in pod spec volume, ${user.name} is not authorized to request tokens for this audience`
}

type Volume = NonNullable<Pod['spec']['volumes']>[number]

/** Whether the driver behind the volume wants tokens for the audience; a text says what is missing on the way to it. */
async function driverHas(
  volume: Volume,
  { pod, audience, lookup }: { pod: Pod; audience: string; lookup: Lookup },
): Promise<boolean | string> {
  const claim = volume.ephemeral ? `${pod.metadata.name}-${volume.name}` : volume.persistentVolumeClaim?.claimName
  let driver = driverOf(volume)
  if (claim) {
    const found = await lookup.get(persistentVolumeClaim, pod.metadata.namespace ?? '', claim)
    if (!found) return text(persistentVolumeClaim as unknown as Named, claim)
    const name = found.spec.volumeName ?? ''
    const bound = await lookup.get(persistentVolume, '', name)
    if (!bound) return text(persistentVolume as unknown as Named, name)
    driver = driverOf(bound.spec)
  }
  if (!driver) return false
  const found = await lookup.get(csiDriver, '', driver)
  if (!found) return text(csiDriver as unknown as Named, driver)
  return (found.spec.tokenRequests ?? []).some(wanted => wanted.audience === audience)
}

type Named = { group: string; names: { singular: string } } & KubeObject

const text = ({ group, names }: Named, name: string): string => notFound({ group, names: { plural: names.singular } }, name).message

/** Volumes of old are served by drivers too. */
const migrated: Readonly<Record<string, string>> = {
  awsElasticBlockStore: 'ebs.csi.aws.com',
  azureDisk: 'disk.csi.azure.com',
  azureFile: 'file.csi.azure.com',
  cinder: 'cinder.csi.openstack.org',
  gcePersistentDisk: 'pd.csi.storage.gke.io',
  portworxVolume: 'pxd.portworx.com',
  vsphereVolume: 'csi.vsphere.vmware.com',
}

function driverOf(source: { csi?: { driver: string } }): string | undefined {
  const old = Object.keys(migrated).find(name => (source as Record<string, unknown>)[name] !== undefined)
  return source.csi?.driver ?? (old && migrated[old])
}
