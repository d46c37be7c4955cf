// The composition root: a Config becomes a running cluster. The only place where server and controllers meet.
import type { AddressInfo } from 'node:net'
import { choose } from '../controllers/choose.ts'
import { createDns } from '../controllers/dns/controller.ts'
import { createControllers } from '../controllers/index.ts'
import { createKubelets, type Kubelets } from '../controllers/kubelet/controller.ts'
import type { Controller } from '../controllers/runtime/controller.ts'
import { type Running, startControllers } from '../controllers/runtime/start.ts'
import { StatusError } from '../openapi/errors.ts'
import { namespace } from '../openapi/kinds/core/namespace.ts'
import { node } from '../openapi/kinds/core/node/index.ts'
import { pod } from '../openapi/kinds/core/pod/index.ts'
import { resourceQuota } from '../openapi/kinds/core/resourcequota/index.ts'
import { builtinKinds } from '../openapi/kinds/index.ts'
import { Admission } from './admission/chain.ts'
import { readConfigurations } from './admission/configuration.ts'
import { createPlugins } from './admission/index.ts'
import { storageLookup } from './admission/lookup.ts'
import { chosenPlugins } from './admission/names.ts'
import { noAggregation } from './aggregation/aggregation.ts'
import { openAuditor } from './audit/open.ts'
import { type Access, createAccess } from './auth/access.ts'
import type { Authenticator } from './auth/authenticate.ts'
import { createIdentity } from './auth/identity.ts'
import { requestSignatureHook, requestSigner } from './auth/requestsigner.ts'
import { adminCertificate, kubeconfig, loadSecrets, type Secrets, serverCertificate } from './auth/state.ts'
import { defaultIssuer, TokenSigner } from './auth/tokens.ts'
import { type Client, createClient, type ObjectKey } from './client.ts'
import { ControlledClock, wallClock } from './clock.ts'
import { Encodings } from './codec/encode.ts'
import { type Config, ConfigError, flagValues } from './config.ts'
import { type Convert, createConvert } from './extension/convert.ts'
import { parseServiceEndpoints } from './extension/endpoints.ts'
import { createServiceResolver } from './extension/resolve.ts'
import { FlowControl } from './flowcontrol/flowcontrol.ts'
import { StoredSizes } from './flowcontrol/stored.ts'
import { listenGrpc } from './grpc/listen.ts'
import type { Api } from './http/api.ts'
import { createApp } from './http/app.ts'
import { createControl } from './http/control.ts'
import { createMetrics, type MetricsFacts } from './http/metrics.ts'
import { createOpenApi } from './http/openapi.ts'
import { createPages } from './http/pages.ts'
import { notYet, type Pages } from './http/route.ts'
import { checkedDeleteOptions } from './http/verbs/delete.ts'
import { createIds, type Ids } from './ids.ts'
import type { Cluster as Library } from './library.ts'
import { lifeOf } from './life.ts'
import { nobody } from './nodeproxy.ts'
import { createExtensions, type Extensions } from './registry/extensions.ts'
import { Hooks } from './registry/hooks.ts'
import { Registry } from './registry/registry.ts'
import { createServiceHooks } from './registry/services.ts'
import { timePrinter } from './registry/store.ts'
import { builtinSubresources } from './registry/subresources/builtin.ts'
import { Subresources } from './registry/subresources/index.ts'
import type { Simulator } from './simulator.ts'
import { MemoryStorage } from './storage/memory.ts'

/** Inside the tree one may act on it without HTTP. */
export interface Cluster extends Library {
  client(name: string): Client
}

export interface ClusterOptions {
  config: Config
  /** Time stands still until clock.advance() moves it. */
  pausedAt?: Date
  logError(error: unknown): void
}

/** Throws ConfigError; what was opened by then is closed again. */
export async function createCluster(options: ClusterOptions): Promise<Cluster> {
  const opened: Closer[] = []
  const close = async () => {
    for (let closer = opened.pop(); closer; closer = opened.pop()) await closer()
  }
  try {
    return { ...(await openCluster(options, opened)), close }
  } catch (error) {
    await close()
    throw error
  }
}

type Closer = () => unknown

/** Whatever must be closed goes to the end of `opened`. */
async function openCluster({ config, pausedAt, logError }: ClusterOptions, opened: Closer[]): Promise<Omit<Cluster, 'close'>> {
  const clock = new ControlledClock(() => settle(), pausedAt)
  const controllers: { running?: Running } = {}
  const auditor = await openAuditor(config, { clock, logError })
  opened.push(() => auditor?.close())
  const server = createServer(config, {
    clock,
    logError,
    queues: () => controllers.running?.queues() ?? [],
    audited: () => auditor?.counts(),
  })
  const { api, client, secrets } = server
  const extensions = extensionsOf(server, logError)
  opened.push(
    () => clock.close(),
    () => server.close(),
  )
  const address = { url: '' }
  let ready = false
  const dns = createDns({ ...clusterDns, ttl: 30, pods: 'insecure', fallthrough: true, addresses: [clusterDns.address] })
  const kubelets = createKubelets({
    nodes: config.nodes,
    ...paces[config.pace],
    dns: { ...clusterDns, query: async (packet, transport) => dns.query(packet, transport) },
  })
  if (config.nodes > 0) api.nodes = kubelets.nodes
  const simulator = createSimulator({ ...server, config, clock, kubelets, address, extensions, settle: () => settle() })
  const app = createApp({
    api,
    authenticator: server.identity.authenticator,
    flowControl: server.flowControl,
    auditor,
    pages: pagesOf({ ...server, config, clock, address, simulator, ready: () => ready }),
    tls: { ...serverTls(config, secrets), ca: server.identity.clientAuthorities },
    auditId: () => server.ids.uid(),
    logError,
  })
  await app.listen({ port: config.port, host: config.host })
  opened.push(() => app.close())
  const { port } = app.server.address() as AddressInfo
  address.url = urlOf(config, port)
  await server.begin(port)
  await extensions.start()
  opened.push(() => extensions.close())
  // Whoever watches from before the first moment is told so.
  await simulator.compact()
  const grpc = config.grpcPort < 0 ? undefined : await listenGrpc(simulator, { port: config.grpcPort, host: config.host, logError })
  opened.push(() => grpc?.close())
  const dnsListener = config.dnsPort < 0 ? undefined : await dns.listen({ port: config.dnsPort, host: config.host })
  opened.push(() => dnsListener?.close())
  const running = await startControllers(
    controllersOf(server, config, [dns.controller, ...(config.nodes > 0 ? [kubelets.controller] : [])]),
    { client, clock, random: server.ids, logError: (controller, key, error) => logError(told(controller, key, error)) },
  )
  controllers.running = running
  opened.push(
    () => running.close(),
    () => server.closing(),
  )
  // Nodes are Ready and namespaces have their accounts: a pod may come at once.
  await settle()
  ready = true

  function settle(): Promise<void> {
    return quiet(() => running.idle() && extensions.idle())
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
  }
}

/** Two idle turns in a row: what one controller wrote has reached the others. */
async function quiet(idle: () => boolean): Promise<void> {
  for (let idleTurns = 0; idleTurns < 2; ) {
    await new Promise(resolve => setImmediate(resolve))
    idleTurns = idle() ? idleTurns + 1 : 0
  }
}

/** Certificates are checked by clients, who know nothing of the cluster's clock. */
const wall = wallClock()
/** What the API refused needs no stack: it says itself what is wrong. */
const told = (controller: string, { namespace, name }: ObjectKey, error: unknown): unknown =>
  error instanceof StatusError && error.code < 500 ? `${controller}: ${namespace ? `${namespace}/` : ''}${name}: ${error.message}` : error

/** How containers see the cluster's DNS. */
const clusterDns = { domain: 'cluster.local', address: '10.0.0.10' }

interface Around {
  clock: ControlledClock
  logError(error: unknown): void
  queues: MetricsFacts['queues']
  audited: MetricsFacts['audited']
}

interface RegistryParts extends Pick<Around, 'clock'> {
  storage: MemoryStorage
  ids: Ids
  time(): string
  access: Access
  makeNamespace(name: string): Promise<void>
}

/** The registry, and the admission that it is asked through. Throws ConfigError. */
function createRegistry(config: Config, { storage, ids, clock, time, access, makeNamespace }: RegistryParts) {
  const lookup = storageLookup(storage, (...asked) => convert(...asked))
  const resolver = createServiceResolver(lookup, parseServiceEndpoints(config.serviceEndpoints))
  const convert: Convert = createConvert({ resolver, ids })
  const admission = new Admission(
    createPlugins({
      names: chosenPlugins(config.enableAdmissionPlugins, config.disableAdmissionPlugins),
      configurations: readConfigurations(config.admissionControlConfigFile),
      ...{ lookup, resolver, convert, ids, clock },
      authorizer: access.authorizer,
      quotas: () => registry.store(resourceQuota),
      kinds: () => registry.kinds(),
      makeNamespace,
    }),
  )
  const hooks = new Hooks([...createServiceHooks({ ids, storage, clock, time }), ...access.hooks, requestSignatureHook])
  const registry: Registry = new Registry(builtinKinds, { storage, clock, ids, time, admission, hooks, convert })
  return { registry, admission, lookups: { lookup, resolver } }
}

/** Storage, registry and what hangs on them; nothing listens yet. */
function createServer(config: Config, { clock, logError, queues, audited }: Around) {
  const ids = createIds(config.seed)
  const storage = new MemoryStorage()
  const access = createAccess(storage, config, clock)
  const time = timePrinter(clock)
  const makeNamespace = async (name: string) => void (await client('kube-apiserver').create(namespace, { metadata: { name } }))
  const { registry, admission, lookups } = createRegistry(config, { storage, ids, clock, time, access, makeNamespace })
  const secrets = loadSecrets(config.stateDir, wall.now())
  const signer = new TokenSigner(secrets.tokenKey)
  const identity = createIdentity(config, { secrets, signer, clock, storage })
  const { authorizer } = access
  const authenticateToken: Authenticator['authenticateToken'] = (...asked) => identity.authenticator.authenticateToken(...asked)
  const subresources = new Subresources(
    builtinSubresources({ registry, signer, clock, ids, time, checkOptions: checkedDeleteOptions, authorizer, authenticateToken }),
    admission,
  )
  const client = (name: string): Client =>
    createClient(registry, subresources, { name: `system:${name}`, groups: ['system:masters'], manager: name }, () => api.aggregation)
  const flowControl = new FlowControl({
    storage,
    client,
    clock,
    seats: config.maxRequestsInflight + config.maxMutatingRequestsInflight,
    logError,
  })
  const closing = new Set<() => void>()
  const encodings = new Encodings()
  const api: Api = {
    registry,
    storage,
    clock,
    authorizer,
    time,
    encodings,
    stored: new StoredSizes({ storage, encodings, clock }),
    subresources,
    admission,
    nodes: nobody,
    metrics: createMetrics({
      find: registry.find.bind(registry),
      storedObjects: () => registry.counts(),
      queues,
      flows: () => flowControl.counts(),
      availability: () => api.aggregation.availability(),
      audited,
      started: clock.now(),
    }),
    isCustom: kind => kind.custom !== undefined,
    aggregation: noAggregation,
    onClose(run) {
      closing.add(run)
      return () => closing.delete(run)
    },
  }
  const runClosing = () => {
    for (const run of closing) run()
  }
  const life = lifeOf({
    ...{ api, ids, trust: identity.trust, client, access, flowControl },
    withControllers: config.controllers !== '',
  })
  return { ...life, api, lookups, ids, client, secrets, signer, identity, flowControl, closing: runClosing }
}

/** What of the API comes and goes. */
function extensionsOf({ api, lookups, client, identity }: ReturnType<typeof createServer>, logError: Around['logError']): Extensions {
  const proxyClient = () => identity.proxyClient(wall.now())
  const extensions = createExtensions({ ...api, ...lookups, client: client('kube-apiserver'), proxyClient, logError })
  api.aggregation = extensions.aggregation
  return extensions
}

interface SimulatorParts extends ReturnType<typeof createServer> {
  config: Config
  clock: ControlledClock
  kubelets: Kubelets
  extensions: Extensions
  /** Known once the server listens. */
  address: { readonly url: string }
  settle(): Promise<void>
}

interface PageParts extends ReturnType<typeof createServer> {
  config: Config
  clock: ControlledClock
  address: { readonly url: string }
  simulator: Simulator
  ready(): boolean
}

function pagesOf({ api, signer, config, clock, address, simulator, ready }: PageParts): Pages {
  const served = { kinds: () => api.registry.kinds(), aggregation: () => api.aggregation, now: () => clock.now() }
  return createPages({
    ...served,
    address: () => address.url.replace('https://', ''),
    ready,
    metrics: api.metrics,
    jwks: () => ({ keys: [signer.jwk()] }),
    issuer: defaultIssuer,
    started: clock.now(),
    flags: flagValues(config),
    more: [createOpenApi(served), createControl(simulator)],
  })
}

function createSimulator({ api, fill, client, secrets, config, clock, kubelets, address, extensions, settle }: SimulatorParts): Simulator {
  const acting = client('simulator')
  const admin = adminCertificate(secrets, wall.now())
  return {
    info: () => ({
      version: 'v1.36.3',
      url: address.url,
      nodes: config.nodes,
      pace: config.pace,
      unsupported: [...notYet],
    }),
    kubeconfig: () => kubeconfig(address.url, secrets, admin),
    now: () => clock.now(),
    settle,
    advance: ms => clock.advance(ms),
    async reset() {
      await api.registry.clear()
      await fill(Number(new URL(address.url).port))
      await extensions.restore()
      await kubelets.register()
      await settle()
    },
    compact: async () => api.storage.compact(api.storage.revision()),
    async failNode(name) {
      await acting.get(node, { name })
      kubelets.failNode(name)
    },
    async recoverNode(name) {
      if (!kubelets.has(name)) await acting.get(node, { name })
      await kubelets.recoverNode(name)
    },
    failPod: async (namespace, name) => kubelets.failPod(await acting.get(pod, { namespace, name })),
  }
}

/** Throws ConfigError for a name that no controller has. */
function controllersOf({ api, secrets }: ReturnType<typeof createServer>, config: Config, more: readonly Controller[]): Controller[] {
  const rootCa = secrets.authority.certificate
  const all = [
    ...createControllers({
      rootCa,
      csiEndpoint: config.csiEndpoint,
      sign: requestSigner(secrets.authority, wall),
      kinds: api.registry.kinds(),
    }),
    ...more,
  ]
  const { chosen, unknown } = choose(all, config.controllers)
  // As kube-controller-manager says it.
  if (unknown.length > 0) throw new ConfigError(`--controllers: ${JSON.stringify(unknown[0])} is not in the list of known controllers`)
  return chosen
}

const addressOf = ({ host }: Config, listener: { port: number } | undefined): string => (listener ? `${host}:${listener.port}` : '')

function serverTls({ host, advertiseHost }: Config, secrets: Secrets): { key: string; cert: string } {
  const { key, certificate } = serverCertificate(secrets, [host, advertiseHost], wall.now())
  return { key, cert: certificate }
}

function urlOf({ host, advertiseHost }: Config, port: number): string {
  const shown = advertiseHost || (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)
  return `https://${shown.includes(':') ? `[${shown}]` : shown}:${port}`
}

const paces = {
  instant: { startMs: 0, stopMs: 0 },
  fast: { startMs: 400, stopMs: 300 },
  real: { startMs: 20_000, stopMs: 2_000 },
} as const
