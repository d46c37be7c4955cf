// The API servers behind APIServices: whether they can be asked, looked at again and again, and what they document.
import { Agent } from 'node:https'
import { isReason } from '../../openapi/errors.ts'
import { type APIService, apiService } from '../../openapi/kinds/apiregistration.k8s.io/apiservice.ts'
import { service as serviceKind } from '../../openapi/kinds/core/service/index.ts'
import { endpointSlice, serviceLabel } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { Lookup } from '../admission/lookup.ts'
import type { KeyPair } from '../auth/certificates.ts'
import type { Client } from '../client.ts'
import type { Clock } from '../clock.ts'
import { type ServiceResolver, serverNameOf, Unreachable } from '../extension/resolve.ts'
import type { User } from '../registry/request.ts'
import { trustingBundle } from '../trust.ts'
import { type Aggregated, type Dialled, type Documents, referenceOf, unknown } from './aggregation.ts'
import { addressOf, ask } from './ask.ts'
import { passed, told, type Verdict, verdictOf } from './availability.ts'
import { retire } from './connections.ts'
import { documentsOf } from './documents.ts'

export interface RemotesOptions {
  client: Client
  clock: Clock
  lookup: Lookup
  resolver: ServiceResolver
  /** Who this server is to them; undefined: it cannot say. */
  proxyClient(): KeyPair | undefined
  /** Now, as metadata prints it. */
  time(): string
  /** Until it is done the cluster is not idle; what it throws is told. */
  run(work: () => Promise<void>): void
  /** Something of what is aggregated is different. */
  changed(): void
}

/** They are looked at anyway after so long; sooner after a failure, the more often it fails the later. */
const lookAgainMs = 30_000
const firstRetryMs = 5
/** Documents are fetched again after so long. */
const documentsMs = 60_000
const checkMs = 5_000

const checker: User = { name: 'system:kube-aggregator', groups: ['system:masters'] }

interface Remote {
  aggregated: Aggregated
  failures: number
  /** Milliseconds since the epoch; -1: they are to be fetched. */
  documentedAt: number
  /** It is being looked at; 'again': and something changed meanwhile. */
  working: boolean | 'again'
  /** The next look. */
  cancel(): void
  /** Its connections. */
  agent: Agent
}

export class Remotes {
  readonly #options: RemotesOptions
  readonly #ending = new AbortController()
  readonly #remotes = new Map<string, Remote>()
  #proxyClient: KeyPair | undefined

  constructor(options: RemotesOptions) {
    this.#options = options
  }

  all(): Aggregated[] {
    return [...this.#remotes.values()].map(({ aggregated }) => aggregated)
  }

  /** Anew, or as it is now. */
  set(object: APIService): void {
    const { name } = object.metadata
    const { group = '', version = '' } = object.spec
    const known = this.#remotes.get(name)
    const documents = known?.aggregated.documents ?? unknown(version)
    const remote = known ?? {
      aggregated: { group, version, object, documents },
      failures: 0,
      documentedAt: -1,
      working: false,
      cancel() {},
      agent: newAgent(),
    }
    const same = known !== undefined && deepEqual(known.aggregated.object.spec, object.spec)
    remote.aggregated = { group, version, object, documents }
    this.#remotes.set(name, remote)
    if (same) return
    retire(remote.agent)
    remote.agent = newAgent()
    remote.documentedAt = -1
    this.#look(remote)
  }

  delete(name: string): void {
    const remote = this.#remotes.get(name)
    if (!remote) return
    remote.cancel()
    retire(remote.agent)
    this.#remotes.delete(name)
  }

  /** Something about the Service is different; without a name: about any of them. */
  look(namespace?: string, service?: string): void {
    for (const remote of this.#remotes.values()) {
      const reference = referenceOf(remote.aggregated.object)
      if (service === undefined || (reference.namespace === namespace && reference.name === service)) this.#look(remote)
    }
  }

  close(): void {
    this.#ending.abort()
    for (const { cancel, agent } of this.#remotes.values()) {
      cancel()
      agent.destroy()
    }
  }

  /** Throws Unreachable. */
  async dial(object: APIService): Promise<Dialled> {
    const { caBundle, insecureSkipTLSVerify } = object.spec
    const reference = referenceOf(object)
    const { host, port } = await this.#options.resolver.resolve(reference)
    this.#proxyClient ??= this.#options.proxyClient()
    const { certificate, key } = this.#proxyClient ?? {}
    return {
      signal: this.#ending.signal,
      host: `${host.includes(':') ? `[${host}]` : host}:${port}`,
      options: {
        hostname: host,
        port,
        servername: serverNameOf(reference),
        agent: this.#remotes.get(object.metadata.name)?.agent ?? false,
        rejectUnauthorized: !insecureSkipTLSVerify,
        ...trustingBundle(caBundle),
        ...(certificate && key ? { cert: certificate, key } : {}),
      },
    }
  }

  #look(remote: Remote): void {
    remote.cancel()
    if (remote.working) remote.working = 'again'
    else this.#options.run(() => this.#work(remote))
  }

  async #work(remote: Remote): Promise<void> {
    try {
      do {
        remote.working = true
        await this.#check(remote)
      } while (isAgain(remote) && this.#isThere(remote))
    } finally {
      remote.working = false
    }
  }

  #isThere(remote: Remote): boolean {
    return !this.#ending.signal.aborted && this.#remotes.get(remote.aggregated.object.metadata.name) === remote
  }

  async #check(remote: Remote): Promise<void> {
    const { object } = remote.aggregated
    const found = (await this.#behind(object)) ?? (await this.#probed(object))
    const documents = await this.#documents(remote, found)
    // By now it may be gone, or another: then it is looked at again anyway.
    if (!this.#isThere(remote) || !deepEqual(remote.aggregated.object.spec, object.spec)) return
    remote.failures = found.reason === 'FailedDiscoveryCheck' ? remote.failures + 1 : 0
    const againMs = remote.failures === 0 ? lookAgainMs : Math.min(firstRetryMs * 2 ** (remote.failures - 1), lookAgainMs)
    remote.cancel()
    remote.cancel = this.#options.clock.after(againMs, () => this.#look(remote))
    if (documents !== remote.aggregated.documents) {
      remote.aggregated = { ...remote.aggregated, documents }
      this.#options.changed()
    }
    const changed = told(remote.aggregated.object, found, this.#options.time())
    if (!changed) return
    await this.#options.client.updateStatus(apiService, changed).catch(error => {
      if (!isReason(error, 'Conflict')) throw error
      // Somebody was faster: what he wrote is looked at.
      remote.working = 'again'
    })
  }

  async #behind(object: APIService): Promise<Verdict | undefined> {
    const { lookup, resolver } = this.#options
    const reference = referenceOf(object)
    const { namespace, name } = reference
    const service = await lookup.get(serviceKind, namespace, name)
    const slices = (await lookup.list(endpointSlice, namespace)).filter(slice => slice.metadata.labels?.[serviceLabel] === name)
    return verdictOf(object, { service, slices, pinned: resolver.isPinned(reference) })
  }

  /** Who answers for its version is there, whatever its certificate. */
  async #probed(object: APIService): Promise<Verdict> {
    const { group, version } = object.spec
    const path = group ? `/apis/${group}/${version}` : `/api/${version}`
    const failed = (message: string): Verdict => ({ status: 'False', reason: 'FailedDiscoveryCheck', message })
    let address = ''
    try {
      const dialled = await this.dial(object)
      address = addressOf(dialled, path)
      const unverified = { ...dialled, options: { ...dialled.options, rejectUnauthorized: false } }
      const { code } = await ask(unverified, { path, user: checker, timeoutMs: checkMs })
      return code >= 200 && code < 300 ? passed : failed(`failing or missing response from ${address}: bad status from ${address}: ${code}`)
    } catch (error) {
      if (error instanceof Unreachable) return failed(error.message)
      return failed(`failing or missing response from ${address}: ${(error as Error).message}`)
    }
  }

  async #documents(remote: Remote, { status }: Verdict): Promise<Documents> {
    const { group, version, object, documents } = remote.aggregated
    const isStale = documents.discovery.freshness === 'Stale'
    if (status !== 'True') return isStale ? documents : { ...documents, ...unknown(version) }
    const now = this.#options.clock.now().getTime()
    if (!isStale && remote.documentedAt >= 0 && now - remote.documentedAt < documentsMs) return documents
    // The way there may have gone since it was checked: then it is looked at again anyway.
    const dialled = await this.dial(object).catch(() => undefined)
    if (!dialled) return documents
    remote.documentedAt = now
    return documentsOf(dialled, { group, version }, documents)
  }
}

const newAgent = (): Agent => new Agent({ keepAlive: true })
const isAgain = ({ working }: Remote): boolean => working === 'again'
