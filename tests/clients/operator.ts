// An operator that looks after Websites, as people write one with @kubernetes/client-node: a Deployment each, and a ConfigMap that is
// taken away by a finalizer. One of several replicas leads, by a Lease.
import { setTimeout } from 'node:timers/promises'
import * as k8s from '@kubernetes/client-node'

export interface Website extends k8s.KubernetesObject {
  spec: { host: string; image?: string; replicas?: number }
  status?: { observedGeneration?: number; readyReplicas?: number; selector?: string; conditions?: k8s.V1Condition[] }
}

export interface Operator extends AsyncDisposable {
  leads: boolean
  /** What it could not do and will do again. */
  failures: unknown[]
}

const finalizer = 'kubemock.dev/unpublish'
const websites = { apiVersion: 'kubemock.dev/v1', kind: 'Website' }
const renewal = 100
const leaseSeconds = 1

export function startOperator(config: k8s.KubeConfig, identity: string): Operator {
  const stop = new AbortController()
  const operator: Operator = {
    leads: false,
    failures: [],
    async [Symbol.asyncDispose]() {
      stop.abort()
      await ended
    },
  }
  const ended = (async () => {
    const election = createElection(config, identity)
    while (!stop.signal.aborted && !(await election.holds())) await setTimeout(renewal)
    if (stop.signal.aborted) return
    operator.leads = true
    const controller = createController(config, operator.failures)
    await controller.start()
    while (!stop.signal.aborted && (await election.holds())) await setTimeout(renewal)
    operator.leads = false
    await controller.stop()
    await election.release()
  })()
  return operator
}

function createElection(config: k8s.KubeConfig, identity: string) {
  const leases = config.makeApiClient(k8s.CoordinationV1Api)
  const at = { namespace: 'default', name: 'websites' }
  const spec = (holderIdentity: string) => ({ holderIdentity, leaseDurationSeconds: leaseSeconds, renewTime: new k8s.V1MicroTime() })
  const over = ({ holderIdentity, renewTime }: k8s.V1LeaseSpec) =>
    !holderIdentity || Date.now() - Number(renewTime ?? 0) > leaseSeconds * 1000
  const absent = (error: { code?: number }) => {
    if (error.code !== 404) throw error
    return undefined
  }
  return {
    async holds(): Promise<boolean> {
      try {
        const lease = await leases.readNamespacedLease(at).catch(absent)
        if (!lease) await leases.createNamespacedLease({ ...at, body: { metadata: { name: at.name }, spec: spec(identity) } })
        else if (lease.spec?.holderIdentity === identity || over(lease.spec ?? {}))
          await leases.replaceNamespacedLease({ ...at, body: { ...lease, spec: spec(identity) } })
        else return false
        return true
      } catch (error) {
        // Another one was faster.
        if ((error as { code?: number }).code === 409) return false
        throw error
      }
    },
    async release(): Promise<void> {
      const lease = await leases.readNamespacedLease(at)
      if (lease.spec?.holderIdentity === identity) await leases.replaceNamespacedLease({ ...at, body: { ...lease, spec: spec('') } })
    },
  }
}

function createController(config: k8s.KubeConfig, failures: unknown[]) {
  const objects = k8s.KubernetesObjectApi.makeApiClient(config)
  const apps = config.makeApiClient(k8s.AppsV1Api)
  const reconcile = createReconcile(config)
  const custom = k8s.makeInformer<Website>(config, '/apis/kubemock.dev/v1/websites', () => objects.list('kubemock.dev/v1', 'Website'))
  const deployments = k8s.makeInformer(config, '/apis/apps/v1/deployments', () => apps.listDeploymentForAllNamespaces())
  const queue = new Map<string, { namespace: string; name: string }>()
  let working: Promise<void> | undefined
  const work = async () => {
    for (const [key, at] of queue) {
      queue.delete(key)
      await reconcile(at).catch((error: unknown) => {
        failures.push(error)
        queue.set(key, at)
      })
    }
    working = undefined
  }
  const enqueue = (namespace = '', name = '') => {
    queue.set(`${namespace}/${name}`, { namespace, name })
    working ??= Promise.resolve().then(work)
  }
  for (const verb of ['add', 'update', 'delete'] as const) {
    custom.on(verb, ({ metadata }) => enqueue(metadata?.namespace, metadata?.name))
    deployments.on(verb, ({ metadata }) => {
      for (const { kind, name } of metadata?.ownerReferences ?? []) if (kind === 'Website') enqueue(metadata?.namespace, name)
    })
  }
  return {
    start: async () => void (await Promise.all([custom.start(), deployments.start()])),
    stop: async () => {
      await Promise.all([custom.stop(), deployments.stop()])
      await working
    },
  }
}

function createReconcile(config: k8s.KubeConfig) {
  const objects = k8s.KubernetesObjectApi.makeApiClient(config)
  const apps = config.makeApiClient(k8s.AppsV1Api)
  const custom = config.makeApiClient(k8s.CustomObjectsApi)
  const codes =
    (...expected: number[]) =>
    (error: { code?: number }) => {
      if (!expected.includes(error.code ?? 0)) throw error
      return undefined
    }
  const apply = <T extends k8s.KubernetesObject>(object: T) =>
    objects.patch(object, undefined, undefined, 'website-operator', true, k8s.PatchStrategy.ServerSideApply)

  return async ({ namespace, name }: { namespace: string; name: string }): Promise<void> => {
    const header = { ...websites, metadata: { namespace, name } }
    const website = await objects.read<Website>(header).catch(codes(404))
    if (!website) return
    const published = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: `published-${name}` } }
    const finalizers = website.metadata?.finalizers ?? []
    const finalize = (wanted: string[]) => {
      const metadata = { namespace, name, resourceVersion: website.metadata?.resourceVersion, finalizers: wanted }
      return objects.patch<k8s.KubernetesObject>(
        { ...header, metadata },
        undefined,
        undefined,
        undefined,
        undefined,
        k8s.PatchStrategy.MergePatch,
      )
    }
    if (website.metadata?.deletionTimestamp) {
      await objects.delete(published).catch(codes(404))
      if (finalizers.includes(finalizer)) await finalize(finalizers.filter(each => each !== finalizer))
      return
    }
    if (!finalizers.includes(finalizer)) return void (await finalize([...finalizers, finalizer]))
    await objects.create(published).catch(codes(409))
    await apply(deploymentOf(website))
    const { status } = await apps.readNamespacedDeployment({ namespace, name })
    await report(website, status?.readyReplicas ?? 0)
  }

  async function report({ metadata, spec, status }: Website, readyReplicas: number): Promise<void> {
    const ready = readyReplicas === spec.replicas ? 'True' : 'False'
    const current = status?.conditions?.find(({ type }) => type === 'Ready')
    const generation = metadata?.generation
    if (current?.status === ready && status?.readyReplicas === readyReplicas && status.observedGeneration === generation) return
    const condition = {
      ...{ type: 'Ready', status: ready, reason: ready === 'True' ? 'AllReady' : 'Starting' },
      ...{ message: `${readyReplicas} of ${spec.replicas}`, lastTransitionTime: new Date().toISOString(), observedGeneration: generation },
    }
    const { namespace, name } = metadata as { namespace: string; name: string }
    const body = { status: { observedGeneration: generation, readyReplicas, selector: `website=${name}`, conditions: [condition] } }
    const at = { group: 'kubemock.dev', version: 'v1', plural: 'websites', namespace, name }
    await custom.patchNamespacedCustomObjectStatus({ ...at, body }, k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch))
  }
}

function deploymentOf({ metadata, spec }: Website): k8s.V1Deployment {
  const { namespace, name = '', uid = '' } = metadata ?? {}
  const labels = { website: name }
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { namespace, name, ownerReferences: [{ ...websites, name, uid, controller: true, blockOwnerDeletion: true }] },
    spec: {
      replicas: spec.replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: spec.image }] } },
    },
  }
}
