// The composition root: a Config becomes a running cluster. The only place where server and controllers meet.
import type { AddressInfo } from 'node:net'
import { createControllers } from '../controllers/index.ts'
import { createKubelets } from '../controllers/kubelet/controller.ts'
import type { Controller } from '../controllers/runtime/controller.ts'
import { startControllers } from '../controllers/runtime/start.ts'
import type { Kind } from '../openapi/kind.ts'
import { namespace } from '../openapi/kinds/core/namespace.ts'
import { node } from '../openapi/kinds/core/node.ts'
import { pod } from '../openapi/kinds/core/pod/index.ts'
import { secret } from '../openapi/kinds/core/secret.ts'
import { serviceAccount } from '../openapi/kinds/core/serviceaccount.ts'
import { builtinKinds } from '../openapi/kinds/index.ts'
import { Admission } from './admission/chain.ts'
import { defaultStorageClass } from './admission/defaultstorageclass.ts'
import { defaultTolerationSeconds } from './admission/defaulttolerationseconds.ts'
import { storageLookup } from './admission/lookup.ts'
import { namespaceLifecycle } from './admission/namespacelifecycle.ts'
import { persistentVolumeClaimResize } from './admission/persistentvolumeclaimresize.ts'
import { priority } from './admission/priority.ts'
import { serviceAccountPlugin } from './admission/serviceaccount.ts'
import { storageObjectInUseProtection } from './admission/storageobjectinuseprotection.ts'
import { taintNodesByCondition } from './admission/taintnodesbycondition.ts'
import { Authenticator } from './auth/authenticate.ts'
import { adminCertificate, kubeconfig, loadSecrets, serverCertificate } from './auth/state.ts'
import { defaultIssuer, TokenSigner } from './auth/tokens.ts'
import { type Client, createClient } from './client.ts'
import { ControlledClock } from './clock.ts'
import { Encodings } from './codec/encode.ts'
import type { Config } from './config.ts'
import type { Api } from './http/api.ts'
import { createApp } from './http/app.ts'
import { createMetrics } from './http/metrics.ts'
import { createOpenApi } from './http/openapi.ts'
import { createPages } from './http/pages.ts'
import { checkedDeleteOptions } from './http/verbs/delete.ts'
import { createIds } from './ids.ts'
import type { NodeProxy } from './nodeproxy.ts'
import { bootstrap } from './registry/bootstrap.ts'
import { Hooks } from './registry/hooks.ts'
import { Registry } from './registry/registry.ts'
import { createServiceHook } from './registry/services.ts'
import { timePrinter } from './registry/store.ts'
import { bindingSubresource } from './registry/subresources/binding.ts'
import { evictionSubresource } from './registry/subresources/eviction.ts'
import { finalizeSubresource } from './registry/subresources/finalize.ts'
import { Subresources } from './registry/subresources/index.ts'
import { tokenSubresource } from './registry/subresources/token.ts'
import { MemoryStorage } from './storage/memory.ts'

export interface Cluster {
  /** https://HOST:PORT */
  url: string
  kubeconfig: string
  adminToken: string
  clock: ControlledClock
  client(name: string): Client
  /** Resolves when nothing is left to do now: queues empty, watches delivered. */
  settle(): Promise<void>
  close(): Promise<void>
}

export interface ClusterOptions {
  config: Config
  /** Time stands still until clock.advance() moves it. */
  pausedAt?: Date
  logError(error: unknown): void
}

export async function createCluster({ config, pausedAt, logError }: ClusterOptions): Promise<Cluster> {
  const closers: (() => void | Promise<void>)[] = []
  const clock = new ControlledClock(() => settle(), pausedAt)
  const ids = createIds(config.seed)
  const storage = new MemoryStorage()
  const lookup = storageLookup(storage)
  const services = createServiceHook({ ids, serviceRange: '10.0.0.0/16' })
  const admission = new Admission([
    namespaceLifecycle(lookup),
    serviceAccountPlugin(lookup, ids),
    taintNodesByCondition,
    priority,
    defaultTolerationSeconds,
    storageObjectInUseProtection,
    defaultStorageClass(lookup),
    persistentVolumeClaimResize(lookup),
  ])
  const time = timePrinter(clock)
  const registry = new Registry(builtinKinds, { storage, clock, ids, time, admission, hooks: new Hooks([services]) })
  const secrets = loadSecrets(config.stateDir, clock.now())
  const signer = new TokenSigner(secrets.tokenKey)
  const boundKinds: Readonly<Record<string, Kind>> = { Pod: pod as never, Secret: secret as never, Node: node as never }
  const binding = bindingSubresource({ pods: registry.store(pod), nodes: registry.store(node), time })
  const subresources = new Subresources([
    binding,
    { ...binding, path: 'bindings/', checkName: false },
    evictionSubresource({ pods: registry.store(pod), time, checkOptions: checkedDeleteOptions }),
    tokenSubresource({
      accounts: registry.store(serviceAccount),
      bound: (request, kind, name) =>
        registry.store(boundKinds[kind] as Kind).get(kind === 'Node' ? { ...request, namespace: '' } : request, name),
      signer,
      clock,
      ids,
    }),
    finalizeSubresource(registry.store(namespace)),
  ])
  const client = (name: string): Client =>
    createClient(registry, subresources, { name: `system:${name}`, groups: ['system:masters'], manager: name })
  const closing = new Set<() => void>()
  const api: Api = {
    registry,
    storage,
    clock,
    time,
    encodings: new Encodings(),
    subresources,
    nodes: nobody,
    isCustom: () => false,
    onClose(run) {
      closing.add(run)
      return () => closing.delete(run)
    },
  }
  const admin = adminCertificate(secrets, clock.now())
  const server = serverCertificate(secrets, [config.host, config.advertiseHost], clock.now())
  const metrics = createMetrics(() => new Map())
  let ready = false
  let url = ''
  const pages = createPages({
    kinds: () => registry.kinds(),
    address: () => url.replace('https://', ''),
    ready: () => ready,
    metrics,
    jwks: () => ({ keys: [signer.jwk()] }),
    issuer: defaultIssuer,
    more: [
      createOpenApi(
        () => registry.kinds(),
        () => clock.now(),
      ),
    ],
  })
  const tokens = new Map([[secrets.adminToken, { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }]])
  const app = createApp({
    api,
    authenticator: new Authenticator(tokens, signer, clock),
    pages,
    metrics,
    tls: { key: server.key, cert: server.certificate, ca: secrets.authority.certificate },
    auditId: () => ids.uid(),
    logError,
  })
  await app.listen({ port: config.port, host: config.host })
  const { port } = app.server.address() as AddressInfo
  const shownHost = config.advertiseHost || (config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host)
  url = `https://${shownHost.includes(':') ? `[${shownHost}]` : shownHost}:${port}`
  closers.push(
    () => app.close(),
    () => storage.close(),
    () => clock.close(),
  )
  await bootstrap(client('apiserver'), port)
  const kubelets = createKubelets({
    nodes: config.nodes,
    ...paces[config.pace],
    dns: { domain: 'cluster.local', address: '10.0.0.10', query: async () => undefined },
  })
  if (config.nodes > 0) api.nodes = kubelets.nodes
  const running = await startControllers(
    chosen(
      [
        ...createControllers({ rootCa: secrets.authority.certificate, csiEndpoint: config.csiEndpoint, kinds: registry.kinds() }),
        ...(config.nodes > 0 ? [kubelets.controller] : []),
      ],
      config.controllers,
    ),
    {
      client,
      clock,
      random: { suffix: n => ids.suffix(n), uid: () => ids.uid() },
      logError: (_controller, _key, error) => logError(error),
    },
  )
  closers.unshift(() => running.close())
  ready = true

  /** Two idle turns in a row: what one controller wrote has reached the others. */
  async function settle(): Promise<void> {
    for (let idleTurns = 0; idleTurns < 2; ) {
      await new Promise(resolve => setImmediate(resolve))
      idleTurns = running.idle() ? idleTurns + 1 : 0
    }
  }

  return {
    url,
    kubeconfig: kubeconfig(url, secrets, admin),
    adminToken: secrets.adminToken,
    clock,
    client,
    settle,
    async close() {
      for (const run of closing) run()
      for (const close of closers) await close()
    },
  }
}

/** As kube-controller-manager's --controllers: a name may be shortened by its ending. */
function chosen(all: readonly Controller[], wanted: string): Controller[] {
  const words = wanted.split(',').map(word => word.trim())
  const named = (controller: Controller, word: string) => controller.name === word || controller.name === `${word}-controller`
  return all.filter(controller => {
    if (words.some(word => named(controller, word))) return true
    return words.includes('*') && !words.some(word => word.startsWith('-') && named(controller, word.slice(1)))
  })
}

const paces = {
  instant: { startMs: 0, stopMs: 0 },
  fast: { startMs: 400, stopMs: 300 },
  real: { startMs: 20_000, stopMs: 2_000 },
} as const

/** Without kubelets nobody answers for a node. */
const nobody: NodeProxy = {
  async *logs() {
    yield* []
    throw new Error('bug: no node answers')
  },
  exec: () => Promise.reject(new Error('bug: no node answers')),
  portForward: () => Promise.reject(new Error('bug: no node answers')),
}
