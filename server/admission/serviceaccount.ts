// ServiceAccount: a pod gets an account, that must exist, and a volume with the account's token.
import { forbiddenRequest } from '../../openapi/errors.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { type ServiceAccount, serviceAccount } from '../../openapi/kinds/core/serviceaccount.ts'
import { deepCopy } from '../../openapi/values/copy.ts'
import type { Ids } from '../ids.ts'
import type { AdmissionPlugin } from './chain.ts'
import type { Lookup } from './lookup.ts'

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'
const tokenSeconds = 3607
const tokenVolume = 'kube-api-access-'

export const serviceAccountPlugin = (lookup: Lookup, ids: Ids): AdmissionPlugin => ({
  name: 'ServiceAccount',
  kinds: ['Pod'],
  async admit({ operation, object }) {
    if (operation !== 'CREATE') return
    const pod = object as Pod
    if (isMirror(pod)) return
    pod.spec.serviceAccountName ||= 'default'
    pod.spec.serviceAccount = pod.spec.serviceAccountName
    const { namespace = '' } = pod.metadata
    const name = pod.spec.serviceAccountName
    const account = await lookup.get(serviceAccount, namespace, name)
    if (!account)
      throw forbiddenRequest(
        podKind,
        pod.metadata.name ?? '',
        `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
      )
    if (account.imagePullSecrets && !pod.spec.imagePullSecrets?.length) pod.spec.imagePullSecrets = deepCopy(account.imagePullSecrets)
    if (account.metadata.annotations?.[onlyOwnSecrets] === 'true') {
      const why = foreignSecret(pod, account)
      if (why) throw forbiddenRequest(podKind, pod.metadata.name ?? '', why)
    }
    const mounts = pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true
    if (mounts) mountToken(pod, ids)
  },
})

/** It belongs to a kubelet's own file, and may not refer to what the API server keeps. */
function isMirror({ metadata, spec }: Pod): boolean {
  if (!metadata.annotations?.['kubernetes.io/config.mirror']) return false
  const refuse = (why: string) => forbiddenRequest(podKind, metadata.name ?? '', why)
  if (spec.serviceAccountName) throw refuse('a mirror pod may not reference service accounts')
  if (secretsOf({ metadata, spec } as Pod).length > 0) throw refuse('a mirror pod may not reference secrets')
  if ((spec.volumes ?? []).some(volume => volume.projected?.sources?.some(source => source.serviceAccountToken)))
    throw refuse('a mirror pod may not use ServiceAccountToken volume projections')
  return true
}

const onlyOwnSecrets = 'kubernetes.io/enforce-mountable-secrets'

interface SecretUse {
  name: string
  /** How upstream calls the place. */
  where: string
}

function secretsOf({ spec }: Pod): SecretUse[] {
  const volumes = (spec.volumes ?? []).flatMap(({ secret }) => (secret ? [{ name: secret.secretName ?? '', where: 'volume with' }] : []))
  const ofContainers = (what: string, containers: readonly Pod['spec']['containers'][number][]): SecretUse[] =>
    containers.flatMap(({ name: container, env = [], envFrom = [] }) => [
      ...env.flatMap(({ name, valueFrom }) => {
        const key = valueFrom?.secretKeyRef
        return key ? [{ name: key.name ?? '', where: `${what} ${container} with envVar ${name} referencing` }] : []
      }),
      ...envFrom.flatMap(({ secretRef }) =>
        secretRef ? [{ name: secretRef.name ?? '', where: `${what} ${container} with envFrom referencing` }] : [],
      ),
    ])
  return [...volumes, ...ofContainers('init container', spec.initContainers ?? []), ...ofContainers('container', spec.containers)]
}

/** Why a pod of an account that allows only its own secrets is refused. */
function foreignSecret(pod: Pod, account: ServiceAccount): string | undefined {
  const own = (account.secrets ?? []).map(secret => secret.name)
  const found = secretsOf(pod).find(({ name }) => !own.includes(name))
  const refused = `is not allowed because service account ${account.metadata.name} does not reference that`
  if (found) return `${found.where} secret.secretName=${JSON.stringify(found.name)} ${refused} secret`
  const pulled = (pod.spec.imagePullSecrets ?? []).find(({ name }) => !(account.imagePullSecrets ?? []).some(s => s.name === name))
  return pulled && `imagePullSecrets reference ${JSON.stringify(pulled.name)} ${refused} imagePullSecret`
}

function mountToken(pod: Pod, ids: Ids): void {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  const without = containers.filter(c => !(c.volumeMounts ?? []).some(m => m.mountPath === mountPath))
  if (without.length === 0) return
  // It may have one already, and only a container joined since.
  const known = (pod.spec.volumes ?? []).find(volume => volume.name.startsWith(tokenVolume))
  const name = known?.name ?? `${tokenVolume}${ids.suffix(5)}`
  for (const container of without) container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }]
  if (known) return
  pod.spec.volumes = [...(pod.spec.volumes ?? []), { name, projected: tokenSources() }]
}

const tokenSources = () => ({
  sources: [
    { serviceAccountToken: { expirationSeconds: tokenSeconds, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
  ],
  defaultMode: 420,
})
