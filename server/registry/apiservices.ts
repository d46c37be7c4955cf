// APIServices: there is one for every group and version that is served here, and those of extension servers are told that nothing asks
// them. Part of the API server, as in kube-apiserver.
import { isReason } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { type APIService, apiService, availability } from '../../openapi/kinds/apiregistration.k8s.io/apiservice.ts'
import { service } from '../../openapi/kinds/core/service/index.ts'
import type { Client } from '../client.ts'
import type { Storage } from '../storage/storage.ts'
import { follow } from './follow.ts'
import { keyOf, prefixOf } from './keys.ts'
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

export interface ApiServicesOptions {
  registry: Registry
  storage: Storage
  client: Client
  time(): string
  logError(error: unknown): void
}

export class ApiServices {
  readonly #options: ApiServicesOptions
  readonly #ending = new AbortController()
  /** By name: those that name a service. */
  readonly #remote = new Map<string, APIService>()
  #pending = 0
  #tail: Promise<void> = Promise.resolve()
  #followsServices = false
  #looksAgain = false

  constructor(options: ApiServicesOptions) {
    this.#options = options
  }

  /** Those of the built-in groups; they are made once and then anyone's. */
  async start(): Promise<void> {
    const { storage } = this.#options
    await this.registerBuiltin()
    const followed = {
      reset: () => this.#remote.clear(),
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

  /** A version that an extension server would have to answer for. */
  isRemote(group: string, version: string): boolean {
    return this.#remote.size > 0 && this.#remote.has(nameOf(group, version))
  }

  idle(): boolean {
    return this.#pending === 0
  }

  close(): void {
    this.#ending.abort()
  }

  #versions(which: (each: Kind) => boolean): [group: string, version: string][] {
    const found = new Map<string, [string, string]>()
    // The aggregator's own group is not aggregated.
    for (const each of this.#options.registry.kinds())
      if (which(each) && each.group !== kind.group) found.set(`${each.group}/${each.version}`, [each.group, each.version])
    return [...found.values()]
  }

  async #create(group: string, version: string, mark: 'onstart' | 'true'): Promise<void> {
    const [groupPriorityMinimum, versionPriority] = priorities[`${group}/${version}`] ?? customPriorities
    try {
      await this.#options.client.create(apiService, {
        metadata: { name: nameOf(group, version), labels: { [automanaged]: mark } },
        spec: { ...(group === '' ? {} : { group }), version, groupPriorityMinimum, versionPriority },
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
    if (deleted || !object.spec.service) {
      this.#remote.delete(name)
      return
    }
    this.#remote.set(name, object)
    this.#run(() => this.#tell(object))
    if (this.#followsServices) return
    this.#followsServices = true
    const lookAgain = () => this.#lookAgain()
    void follow(
      this.#options.storage,
      prefixOf(service as unknown as Kind, ''),
      { reset: lookAgain, change: lookAgain },
      this.#ending.signal,
    )
  }

  /** Several changes in a row are one reason. */
  #lookAgain(): void {
    if (this.#looksAgain) return
    this.#looksAgain = true
    this.#run(async () => {
      this.#looksAgain = false
      for (const each of this.#remote.values()) this.#run(() => this.#tell(each))
    })
  }

  async #tell(object: APIService): Promise<void> {
    const { storage, client, time } = this.#options
    const { namespace = '', name = '' } = object.spec.service ?? {}
    const { entry } = await storage.get(keyOf(service as unknown as Kind, namespace, name))
    const [reason, message] = entry
      ? ['FailedDiscoveryCheck', 'kubemock does not call extension API servers']
      : ['ServiceNotFound', `service/${name} in ${JSON.stringify(namespace)} is not present`]
    const before = availability(object)
    if (before?.reason === reason && before.message === message) return
    const lastTransitionTime = before?.status === 'False' ? before.lastTransitionTime : time()
    const condition = { type: 'Available', status: 'False', lastTransitionTime, reason, message }
    const others = (object.status.conditions ?? []).filter(each => each.type !== 'Available')
    await client.updateStatus(apiService, { ...object, status: { conditions: [condition, ...others] } } as APIService)
  }

  /** One after the other; a newer state of what was changed meanwhile comes by itself. */
  #run(work: () => Promise<void>): void {
    this.#pending++
    this.#tail = this.#tail.then(async () => {
      try {
        if (!this.#ending.signal.aborted) await work()
      } catch (error) {
        if (!isReason(error, 'Conflict') && !isReason(error, 'NotFound')) this.#options.logError(error)
      } finally {
        this.#pending--
      }
    })
  }
}

/** 'v1.apps', 'v1.' */
const nameOf = (group: string, version: string): string => `${version}.${group}`
