// ServiceAccount: a pod gets an account, that must exist, and a volume with the account's token.
import { forbiddenRequest } from '../../openapi/errors.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { serviceAccount } from '../../openapi/kinds/core/serviceaccount.ts'
import { deepCopy } from '../../openapi/values/copy.ts'
import type { Ids } from '../ids.ts'
import type { AdmissionPlugin } from './chain.ts'
import type { Lookup } from './lookup.ts'

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'
const tokenSeconds = 3607

export const serviceAccountPlugin = (lookup: Lookup, ids: Ids): AdmissionPlugin => ({
  name: 'ServiceAccount',
  async admit({ operation, kind, object }) {
    if (operation !== 'CREATE' || kind.kind !== 'Pod' || kind.group !== '') return
    const pod = object as Pod
    // A mirror pod belongs to a kubelet's own file.
    if (pod.metadata.annotations?.['kubernetes.io/config.mirror']) return
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
    const mounts = pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true
    if (mounts) mountToken(pod, ids)
  },
})

function mountToken(pod: Pod, ids: Ids): void {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  const without = containers.filter(c => !(c.volumeMounts ?? []).some(m => m.mountPath === mountPath))
  if (without.length === 0) return
  const name = `kube-api-access-${ids.suffix(5)}`
  for (const container of without) container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }]
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
