// APIServices: there is one for every group and version that is served here, and those that name a Service are served behind it. Part of
// the API server, as in kube-apiserver.
import { compareVersions } from '../../openapi/custom/versions.ts'
import { isReason } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { type APIService, apiService, availability, localCondition } from '../../openapi/kinds/apiregistration.k8s.io/apiservice.ts'
import { service } from '../../openapi/kinds/core/service/index.ts'
import { type EndpointSlice, endpointSlice, serviceLabel } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import { type Aggregated, type Aggregation, type Availability, type Dialled, nameOf } from '../aggregation/aggregation.ts'
import { told } from '../aggregation/availability.ts'
import type { Remotes, RemotesOptions } from '../aggregation/remotes.ts'
import type { Storage } from '../storage/storage.ts'
import { follow } from './follow.ts'
import { prefixOf } from './keys.ts'
import type { Registry } from './registry.ts'

const automanaged = 'kube-aggregator.kubernetes.io/automanaged'

/** [group, version] priorities, as kube-apiserver registers its own. */
const priorities: Readonly<Record<string, readonly [group: number, version: number]>> = {
  '/v1': [18000, 1],
  'apps/v1': [17800, 15],
  'events.k8s.io/v1': [17750, 15],
  'authentication.k8s.io/v1': [17700, 15],
  'authorization.k8s.io/v1': [17600, 15],
  'autoscaling/v1': [17500, 15],
  'autoscaling/v2': [17500, 30],
  'batch/v1': [17400, 15],
  'certificates.k8s.io/v1': [17300, 15],
  'networking.k8s.io/v1': [17200, 15],
  'policy/v1': [17100, 15],
  'rbac.authorization.k8s.io/v1': [17000, 15],
  'storage.k8s.io/v1': [16800, 15],
  'apiextensions.k8s.io/v1': [16700, 15],
  'admissionregistration.k8s.io/v1': [16700, 15],
  'scheduling.k8s.io/v1': [16600, 15],
  'coordination.k8s.io/v1': [16500, 15],
  'node.k8s.io/v1': [16300, 15],
  'discovery.k8s.io/v1': [16200, 15],
  'flowcontrol.apiserver.k8s.io/v1': [16100, 21],
  'resource.k8s.io/v1': [15900, 15],
}
const customPriorities = [1000, 100] as const

const kind = apiService as unknown as Kind

export interface ApiServicesOptions extends Omit<RemotesOptions, 'run' | 'changed'> {
  registry: Registry
  storage: Storage
  logError(error: unknown): void
}

export class ApiServices implements Aggregation {
  readonly #options: ApiServicesOptions
  readonly #ending = new AbortController()
  readonly #objects = new Map<string, APIService>()
  /** Loaded when the first APIService names a Service. */
  #remotes: Remotes | undefined
  #loading: Promise<Remotes> | undefined
  #all: readonly Aggregated[] | undefined = []
  #pending = 0
  /** By name and reason. */
  readonly #losses = new Map<string, Availability['losses'][number]>()
  #tail: Promise<void> = Promise.resolve()

  constructor(options: ApiServicesOptions) {
    this.#options = options
  }

  /** Those of the built-in groups; they are made once and then anyone's. */
  async start(): Promise<void> {
    const { storage } = this.#options
    await this.registerBuiltin()
    const followed = {
      reset: () => {
        for (const object of this.#objects.values()) this.#seen(object, true)
      },
      change: (_key: string, before: KubeObject | undefined, now: KubeObject | undefined) =>
        this.#seen((now ?? before) as APIService, now === undefined),
    }
    await follow(storage, prefixOf(kind, ''), followed, this.#ending.signal)
  }

  async registerBuiltin(): Promise<void> {
    for (const [group, version] of this.#versions(each => !each.custom)) await this.#create(group, version, 'onstart')
  }

  /** Custom groups came or went. */
  sync(): void {
    this.#run(async () => {
      const wanted = new Map(this.#versions(each => each.custom !== undefined).map(each => [nameOf(...each), each]))
      const { items } = await this.#options.client.list(apiService)
      const names = new Set(items.map(({ metadata }) => metadata.name))
      for (const [name, [group, version]] of wanted) if (!names.has(name)) await this.#create(group, version, 'true')
      for (const { metadata } of items)
        if (metadata.labels?.[automanaged] === 'true' && !wanted.has(metadata.name)) await this.#remove(metadata.name)
    })
  }

  all(): readonly Aggregated[] {
    this.#all ??= (this.#remotes?.all() ?? []).sort((a, b) =>
      a.group === b.group ? compareVersions(a.version, b.version) : a.group < b.group ? -1 : 1,
    )
    return this.#all
  }

  find(group: string, version: string): Aggregated | undefined {
    return this.all().find(each => each.version === version && each.group === group)
  }

  priorities(group: string, version: string): readonly [group: number, version: number] {
    const { groupPriorityMinimum = 0, versionPriority = 0 } = this.#objects.get(nameOf(group, version))?.spec ?? {}
    return [groupPriorityMinimum, versionPriority]
  }

  dial(object: APIService): Promise<Dialled> {
    if (!this.#remotes) throw new Error('bug: it is served here')
    return this.#remotes.dial(object)
  }

  availability(): Availability {
    const services = [...this.#objects.values()].map(object => ({ name: object.metadata.name, available: isAvailable(object) }))
    return { services, losses: [...this.#losses.values()] }
  }

  idle(): boolean {
    return this.#pending === 0
  }

  close(): void {
    this.#ending.abort()
    this.#remotes?.close()
  }

  #versions(which: (each: Kind) => boolean): [group: string, version: string][] {
    const found = new Map<string, [string, string]>()
    // The aggregator's own group is not aggregated.
    for (const each of this.#options.registry.kinds())
      if (which(each) && each.group !== kind.group) found.set(`${each.group}/${each.version}`, [each.group, each.version])
    return [...found.values()]
  }

  async #create(group: string, version: string, mark: 'onstart' | 'true'): Promise<void> {
    try {
      await this.#options.client.create(apiService, {
        metadata: { name: nameOf(group, version), labels: { [automanaged]: mark } },
        spec: specOf(group, version),
      })
    } catch (error) {
      if (!isReason(error, 'AlreadyExists')) throw error
    }
  }

  async #remove(name: string): Promise<void> {
    try {
      await this.#options.client.delete(apiService, { name })
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error
    }
  }

  #seen(object: APIService, deleted: boolean): void {
    const { name } = object.metadata
    const before = this.#objects.get(name)
    const wasRemote = before?.spec.service !== undefined
    if (before && !deleted && isAvailable(before) && !isAvailable(object)) this.#lost(name, availability(object)?.reason ?? 'UnknownReason')
    if (deleted) this.#objects.delete(name)
    else this.#objects.set(name, object)
    // Of what is served here only the order counts.
    if (this.#remotes) this.#all = undefined
    if (object.spec.service && !deleted) this.#ofRemotes(remotes => remotes.set(object))
    else if (wasRemote) this.#ofRemotes(remotes => remotes.delete(name))
    if (deleted) this.#run(() => this.#restore(object))
    else if (keptAs(object, this.#options.time())) this.#run(() => this.#keep(object))
  }

  #lost(name: string, reason: string): void {
    const { count } = this.#losses.get(`${name} ${reason}`) ?? { count: 0 }
    this.#losses.set(`${name} ${reason}`, { name, reason, count: count + 1 })
  }

  /** What stands for custom resources is there as long as they are. */
  async #restore({ spec: { group = '', version = '' } }: APIService): Promise<void> {
    const isServed = this.#options.registry.kinds().some(each => each.custom && each.group === group && each.version === version)
    if (isServed) await this.#create(group, version, 'true')
  }

  async #keep(object: APIService): Promise<void> {
    const { client, time } = this.#options
    const kept = keptAs(object, time())
    if (kept?.spec) await client.update(apiService, kept.spec)
    else if (kept?.status) await client.updateStatus(apiService, kept.status)
  }

  #ofRemotes(then: (remotes: Remotes) => void): void {
    this.#run(async () => {
      this.#loading ??= this.#load()
      then(await this.#loading)
      this.#all = undefined
    })
  }

  async #load(): Promise<Remotes> {
    const { Remotes: Loaded } = await import('../aggregation/remotes.ts')
    const changed = () => {
      this.#all = undefined
    }
    const remotes = new Loaded({ ...this.#options, changed, run: work => void this.#count(work) })
    this.#remotes = remotes
    const { storage } = this.#options
    const follower = (seen: (object: KubeObject) => void) => ({
      reset: () => remotes.look(),
      change: (_key: string, before: KubeObject | undefined, now: KubeObject | undefined) => {
        const object = now ?? before
        if (object) seen(object)
      },
    })
    const ofService = follower(({ metadata }) => remotes.look(metadata.namespace, metadata.name))
    const ofSlice = follower(slice =>
      remotes.look(slice.metadata.namespace, (slice as EndpointSlice).metadata.labels?.[serviceLabel] ?? ''),
    )
    await follow(storage, prefixOf(service as unknown as Kind, ''), ofService, this.#ending.signal)
    await follow(storage, prefixOf(endpointSlice as unknown as Kind, ''), ofSlice, this.#ending.signal)
    return remotes
  }

  /** One after the other. */
  #run(work: () => Promise<void>): void {
    const before = this.#tail
    this.#tail = this.#count(async () => {
      await before
      await work()
    })
  }

  /** A newer state of what was changed meanwhile comes by itself. */
  async #count(work: () => Promise<void>): Promise<void> {
    this.#pending++
    try {
      if (!this.#ending.signal.aborted) await work()
    } catch (error) {
      if (!isReason(error, 'Conflict') && !isReason(error, 'NotFound')) this.#options.logError(error)
    } finally {
      this.#pending--
    }
  }
}

const isAvailable = (object: APIService): boolean => availability(object)?.status === 'True'

/** What stands for a version that is served here. */
function specOf(group: string, version: string): APIService['spec'] {
  const [groupPriorityMinimum, versionPriority] = priorities[`${group}/${version}`] ?? customPriorities
  return { ...(group === '' ? {} : { group }), version, groupPriorityMinimum, versionPriority }
}

/** Those that stand for custom resources stay as they are made, and what is served here is available. undefined: it is so. */
function keptAs(object: APIService, now: string): { spec?: APIService; status?: APIService } | undefined {
  if (object.spec.service && object.metadata.labels?.[automanaged] !== 'true') return undefined
  const { group = '', version = '' } = object.spec
  const spec = specOf(group, version)
  if (object.metadata.labels?.[automanaged] === 'true' && !deepEqual(spec, object.spec)) return { spec: { ...object, spec } }
  const status = availability(object)?.reason === localCondition.reason ? undefined : told(object, localCondition, now)
  return status && { status }
}
