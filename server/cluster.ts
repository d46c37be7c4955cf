// The composition root: a Config becomes a running cluster. The only place where server and controllers meet.
import type { AddressInfo } from 'node:net'
import { createDns } from '../controllers/dns/controller.ts'
import { createControllers } from '../controllers/index.ts'
import { createKubelets, type Kubelets } from '../controllers/kubelet/controller.ts'
import type { Controller } from '../controllers/runtime/controller.ts'
import { startControllers } from '../controllers/runtime/start.ts'
import { StatusError } from '../openapi/errors.ts'
import { node } from '../openapi/kinds/core/node.ts'
import { pod } from '../openapi/kinds/core/pod/index.ts'
import { builtinKinds } from '../openapi/kinds/index.ts'
import { Admission } from './admission/chain.ts'
import { createPlugins } from './admission/index.ts'
import { storageLookup } from './admission/lookup.ts'
import { Authenticator } from './auth/authenticate.ts'
import { adminCertificate, kubeconfig, loadSecrets, type Secrets, serverCertificate } from './auth/state.ts'
import { defaultIssuer, TokenSigner } from './auth/tokens.ts'
import { type Client, createClient, type ObjectKey } from './client.ts'
import { ControlledClock } from './clock.ts'
import { Encodings } from './codec/encode.ts'
import type { Config } from './config.ts'
import { listenGrpc } from './grpc/listen.ts'
import type { Api } from './http/api.ts'
import { createApp } from './http/app.ts'
import { createControl } from './http/control.ts'
import { createMetrics } from './http/metrics.ts'
import { createOpenApi } from './http/openapi.ts'
import { createPages } from './http/pages.ts'
import { refusedSubresources } from './http/route.ts'
import { checkedDeleteOptions } from './http/verbs/delete.ts'
import { createIds } from './ids.ts'
import type { NodeProxy } from './nodeproxy.ts'
import { bootstrap } from './registry/bootstrap.ts'
import { Hooks } from './registry/hooks.ts'
import { Registry } from './registry/registry.ts'
import type { User } from './registry/request.ts'
import { createServiceHook } from './registry/services.ts'
import { timePrinter } from './registry/store.ts'
import { builtinSubresources } from './registry/subresources/builtin.ts'
import { Subresources } from './registry/subresources/index.ts'
import type { Simulator } from './simulator.ts'
import { MemoryStorage } from './storage/memory.ts'

export interface Cluster {
  /** https://HOST:PORT */
  url: string
  /** 127.0.0.1:PORT, or '' when not served. */
  grpcAddress: string
  dnsAddress: string
  kubeconfig: string
  adminToken: string
  clock: ControlledClock
  simulator: Simulator
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
  const server = createServer(config, clock)
  const { api, client, secrets, signer } = server
  const address = { url: '' }
  let ready = false
  const dns = createDns({ ...clusterDns, ttl: 30, pods: 'insecure', fallthrough: true, addresses: [clusterDns.address] })
  const kubelets = createKubelets({
    nodes: config.nodes,
    ...paces[config.pace],
    dns: { ...clusterDns, query: async (packet, transport) => dns.query(packet, transport) },
  })
  if (config.nodes > 0) api.nodes = kubelets.nodes
  const simulator = createSimulator({ ...server, config, clock, kubelets, address, settle: () => settle() })
  const metrics = createMetrics(() => new Map())
  const app = createApp({
    api,
    authenticator: new Authenticator(adminTokens(secrets), signer, clock),
    pages: createPages({
      kinds: () => api.registry.kinds(),
      address: () => address.url.replace('https://', ''),
      ready: () => ready,
      metrics,
      jwks: () => ({ keys: [signer.jwk()] }),
      issuer: defaultIssuer,
      more: [createOpenApi(() => api.registry.kinds(), clock.now.bind(clock)), createControl(simulator)],
    }),
    metrics,
    tls: { ...serverTls(config, secrets, clock), ca: secrets.authority.certificate },
    auditId: () => server.ids.uid(),
    logError,
  })
  await app.listen({ port: config.port, host: config.host })
  const { port } = app.server.address() as AddressInfo
  address.url = urlOf(config, port)
  await bootstrap(client('kube-apiserver'), port)
  const grpc = config.grpcPort < 0 ? undefined : await listenGrpc(simulator, { port: config.grpcPort, host: config.host })
  const dnsListener = config.dnsPort < 0 ? undefined : await dns.listen({ port: config.dnsPort, host: config.host })
  const running = await startControllers(
    controllersOf(server, config, [dns.controller, ...(config.nodes > 0 ? [kubelets.controller] : [])]),
    { client, clock, random: server.ids, logError: (controller, key, error) => logError(told(controller, key, error)) },
  )
  closers.push(
    () => running.close(),
    () => grpc?.close(),
    () => dnsListener?.close(),
    () => app.close(),
    () => api.storage.close(),
    () => clock.close(),
  )
  ready = true

  /** Two idle turns in a row: what one controller wrote has reached the others. */
  async function settle(): Promise<void> {
    for (let idleTurns = 0; idleTurns < 2; ) {
      await new Promise(resolve => setImmediate(resolve))
      idleTurns = running.idle() ? idleTurns + 1 : 0
    }
  }

  return {
    url: address.url,
    grpcAddress: addressOf(config, grpc),
    dnsAddress: addressOf(config, dnsListener),
    kubeconfig: simulator.kubeconfig(),
    adminToken: secrets.adminToken,
    clock,
    simulator,
    client,
    settle,
    async close() {
      server.closing()
      for (const close of closers) await close()
    },
  }
}

/** What the API refused needs no stack: it says itself what is wrong. */
const told = (controller: string, { namespace, name }: ObjectKey, error: unknown): unknown =>
  error instanceof StatusError && error.code < 500 ? `${controller}: ${namespace ? `${namespace}/` : ''}${name}: ${error.message}` : error

/** How containers see the cluster's DNS. */
const clusterDns = { domain: 'cluster.local', address: '10.0.0.10' }

/** Storage, registry and what hangs on them; nothing listens yet. */
function createServer(config: Config, clock: ControlledClock) {
  const ids = createIds(config.seed)
  const storage = new MemoryStorage()
  const time = timePrinter(clock)
  const registry = new Registry(builtinKinds, {
    storage,
    clock,
    ids,
    time,
    admission: new Admission(createPlugins(storageLookup(storage), ids)),
    hooks: new Hooks([createServiceHook({ ids, serviceRange: '10.0.0.0/16' })]),
  })
  const secrets = loadSecrets(config.stateDir, clock.now())
  const signer = new TokenSigner(secrets.tokenKey)
  const subresources = new Subresources(builtinSubresources({ registry, signer, clock, ids, time, checkOptions: checkedDeleteOptions }))
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
  const runClosing = () => {
    for (const run of closing) run()
  }
  return { api, ids, client, secrets, signer, closing: runClosing }
}

interface SimulatorParts extends ReturnType<typeof createServer> {
  config: Config
  clock: ControlledClock
  kubelets: Kubelets
  /** Known once the server listens. */
  address: { readonly url: string }
  settle(): Promise<void>
}

function createSimulator({ api, client, secrets, config, clock, kubelets, address, settle }: SimulatorParts): Simulator {
  const acting = client('simulator')
  const admin = adminCertificate(secrets, clock.now())
  return {
    info: () => ({ version: 'v1.36.3', url: address.url, nodes: config.nodes, pace: config.pace, unsupported: [...refusedSubresources] }),
    kubeconfig: () => kubeconfig(address.url, secrets, admin),
    now: () => clock.now(),
    settle,
    advance: ms => clock.advance(ms),
    async reset() {
      await api.registry.clear()
      await bootstrap(client('kube-apiserver'), Number(new URL(address.url).port))
      await kubelets.register()
      await settle()
    },
    compact: async () => api.storage.compact(api.storage.revision()),
    async failNode(name) {
      await acting.get(node, { name })
      kubelets.failNode(name)
    },
    async recoverNode(name) {
      await acting.get(node, { name })
      await kubelets.recoverNode(name)
    },
    failPod: async (namespace, name) => kubelets.failPod(await acting.get(pod, { namespace, name })),
  }
}

function controllersOf({ api, secrets }: ReturnType<typeof createServer>, config: Config, more: readonly Controller[]): Controller[] {
  const rootCa = secrets.authority.certificate
  return chosen(
    [...createControllers({ rootCa, csiEndpoint: config.csiEndpoint, kinds: api.registry.kinds() }), ...more],
    config.controllers,
  )
}

const addressOf = ({ host }: Config, listener: { port: number } | undefined): string => (listener ? `${host}:${listener.port}` : '')

const adminTokens = ({ adminToken }: Secrets): Map<string, User> =>
  new Map([[adminToken, { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }]])

function serverTls({ host, advertiseHost }: Config, secrets: Secrets, clock: ControlledClock): { key: string; cert: string } {
  const { key, certificate } = serverCertificate(secrets, [host, advertiseHost], clock.now())
  return { key, cert: certificate }
}

function urlOf({ host, advertiseHost }: Config, port: number): string {
  const shown = advertiseHost || (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)
  return `https://${shown.includes(':') ? `[${shown}]` : shown}:${port}`
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
