// What becomes of CustomResourceDefinitions: they get their names, are served once they are established, and are emptied before they go.
// Part of the API server, not a controller: without it definitions would be mere objects.
import { type Compiled, compile } from '../../../openapi/custom/compile.ts'
import { isReason } from '../../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../../openapi/kind.ts'
import {
  type Condition,
  type CustomResourceDefinition,
  cleanupFinalizer,
  conditionOf,
  customResourceDefinition,
  isEstablished,
  withCondition,
} from '../../../openapi/kinds/apiextensions.k8s.io/customresourcedefinition/index.ts'
import { deepEqual } from '../../../openapi/values/equal.ts'
import type { Client } from '../../client.ts'
import type { Storage } from '../../storage/storage.ts'
import { follow } from '../follow.ts'
import { keyOf, prefixOf } from '../keys.ts'
import type { Registry } from '../registry.ts'
import { decideNames, establishedNow } from './naming.ts'

export interface CustomResourcesOptions {
  registry: Registry
  storage: Storage
  client: Client
  /** Now, as metadata prints it. */
  time(): string
  logError(error: unknown): void
  /** Which versions are served has changed. */
  onChange?(): void
}

const kind = customResourceDefinition as unknown as Kind

interface Served extends Compiled {
  spec: CustomResourceDefinition['spec']
  names: CustomResourceDefinition['spec']['names']
}

export class CustomResources {
  readonly #options: CustomResourcesOptions
  readonly #ending = new AbortController()
  /** Definitions by name, as last seen. */
  readonly #definitions = new Map<string, CustomResourceDefinition>()
  readonly #groups = new Map<string, Set<string>>()
  readonly #served = new Map<string, Served>()
  readonly #queue = new Set<string>()
  /** Definitions that wait for their last objects. */
  readonly #emptying = new Set<string>()
  #working = false

  constructor(options: CustomResourcesOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const followed = {
      // What went unseen is found out when it is looked at.
      reset: () => {
        for (const name of this.#definitions.keys()) this.#add(name)
      },
      change: (_key: string, before: KubeObject | undefined, now: KubeObject | undefined) => {
        if (now) this.#seen(now as CustomResourceDefinition)
        else if (before) this.#gone(before.metadata.name)
      },
    }
    await follow(this.#options.storage, prefixOf(kind, ''), followed, this.#ending.signal)
  }

  idle(): boolean {
    return !this.#working && this.#queue.size === 0
  }

  close(): void {
    this.#ending.abort()
  }

  #seen(definition: CustomResourceDefinition): void {
    const { name } = definition.metadata
    const { group } = definition.spec
    this.#definitions.set(name, definition)
    this.#groups.set(group, (this.#groups.get(group) ?? new Set()).add(name))
    this.#add(name)
  }

  #gone(name: string): void {
    this.#forget(name)
    this.#add(name)
  }

  #forget(name: string): void {
    const group = this.#definitions.get(name)?.spec.group ?? ''
    this.#definitions.delete(name)
    const names = this.#groups.get(group)
    if (!names?.delete(name)) return
    if (names.size === 0) this.#groups.delete(group)
    this.#lookAgain(group)
  }

  /** Names have become free: others may want them. */
  #lookAgain(group: string): void {
    for (const name of this.#groups.get(group) ?? []) {
      const definition = this.#definitions.get(name)
      if (definition && conditionOf(definition, 'NamesAccepted')?.status !== 'True') this.#add(name)
    }
  }

  #add(name: string): void {
    this.#queue.add(name)
    if (!this.#working) void this.#work()
  }

  /** One after the other: names are given to the first who asks. */
  async #work(): Promise<void> {
    this.#working = true
    for (const name of this.#queue) {
      this.#queue.delete(name)
      if (this.#ending.signal.aborted) break
      try {
        await this.#sync(name)
      } catch (error) {
        // A newer state is on its way.
        if (!isReason(error, 'Conflict') && !isReason(error, 'NotFound')) this.#options.logError(error)
      }
    }
    this.#working = false
  }

  async #sync(name: string): Promise<void> {
    const { entry } = await this.#options.storage.get(keyOf(kind, '', name))
    if (!entry) {
      this.#forget(name)
      return this.#stop(name)
    }
    const definition = entry.value as CustomResourceDefinition
    this.#definitions.set(name, definition)
    if (definition.metadata.deletionTimestamp) return this.#empty(definition)
    const group = definition.spec.group
    const others = [...(this.#groups.get(group) ?? [])].filter(each => each !== name).flatMap(each => this.#definitions.get(each) ?? [])
    const naming = decideNames(definition, others)
    if (naming) {
      const named = this.#withConditions(definition, [naming.namesAccepted, naming.established])
      await this.#write({ ...named, status: { ...named.status, acceptedNames: naming.accepted } })
      this.#lookAgain(group)
      return
    }
    if (isEstablished(definition)) return this.#serve(definition)
    if (conditionOf(definition, 'NamesAccepted')?.status !== 'True') return
    // Served before it is said to be.
    this.#serve(definition)
    await this.#write(this.#withConditions(definition, [establishedNow]))
  }

  #withConditions(
    definition: CustomResourceDefinition,
    conditions: readonly Omit<Condition, 'lastTransitionTime'>[],
  ): CustomResourceDefinition {
    let so = definition
    for (const condition of conditions) {
      const { status } = so
      so = { ...so, status: { ...status, conditions: withCondition(so, condition, this.#options.time()) } }
    }
    return so
  }

  async #write(definition: CustomResourceDefinition): Promise<void> {
    const { metadata } = await this.#options.client.updateStatus(customResourceDefinition, definition)
    const known = this.#definitions.get(metadata.name)
    if (known) this.#definitions.set(metadata.name, { ...definition, metadata })
  }

  #serve(definition: CustomResourceDefinition): void {
    const { name } = definition.metadata
    const { spec, status } = definition
    const before = this.#served.get(name)
    if (before && (before.spec === spec || deepEqual(before.spec, spec)) && deepEqual(before.names, status.acceptedNames)) return
    this.#withdraw(before)
    const compiled = compile(definition)
    this.#served.set(name, { ...compiled, spec, names: status.acceptedNames })
    for (const served of compiled.served) this.#options.registry.add(served)
    this.#options.onChange?.()
  }

  #withdraw(served: Served | undefined): void {
    for (const each of served?.served ?? []) this.#options.registry.remove(each)
  }

  #stop(name: string): void {
    const served = this.#served.get(name)
    if (!served) return
    this.#served.delete(name)
    this.#withdraw(served)
    this.#options.onChange?.()
  }

  /** Nothing new comes, what there is goes, and then the definition itself. */
  async #empty(definition: CustomResourceDefinition): Promise<void> {
    const { name, finalizers = [] } = definition.metadata
    if (!finalizers.includes(cleanupFinalizer)) return
    const served = this.#served.get(name)
    for (const each of served?.served ?? [])
      if (each.custom) each.custom.createForbidden = 'create not allowed while custom resource definition is terminating'
    if (!isEstablished(definition)) return this.#finish(definition, 'NeverEstablished', 'resource was never established')
    if (this.#emptying.has(name)) return
    const storageKind = served?.storage ?? compile(definition).storage
    if (!storageKind) return this.#finish(definition, 'InstanceDeletionCompleted', 'removed all instances')
    await this.#write(
      this.#withConditions(definition, [
        { type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress', message: 'CustomResource deletion is in progress' },
      ]),
    )
    this.#emptying.add(name)
    await this.#deleteAll(storageKind)
    void this.#waitForLast(name, storageKind)
  }

  async #deleteAll(storageKind: Kind): Promise<void> {
    const { client } = this.#options
    const { items } = await client.list(storageKind)
    for (const { metadata } of items)
      try {
        await client.delete(storageKind, { name: metadata.name, ...(metadata.namespace ? { namespace: metadata.namespace } : {}) })
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error
      }
  }

  async #waitForLast(name: string, storageKind: Kind): Promise<void> {
    const { storage, logError } = this.#options
    const prefix = prefixOf(storageKind, '')
    const isEmpty = async () => (await storage.list(prefix, { limit: 1 })).entries.length === 0
    try {
      const { entries, revision } = await storage.list(prefix, { limit: 1 })
      if (entries.length > 0) for await (const _changes of storage.watch(prefix, revision, this.#ending.signal)) if (await isEmpty()) break
      if (this.#ending.signal.aborted) return
      await this.#goodbye()
      const definition = await this.#options.client.get(customResourceDefinition, { name })
      await this.#finish(definition, 'InstanceDeletionCompleted', 'removed all instances')
    } catch (error) {
      if (!this.#ending.signal.aborted && !isReason(error, 'NotFound')) logError(error)
    } finally {
      this.#emptying.delete(name)
    }
  }

  /** Watchers hear of the last object before their watch ends. */
  async #goodbye(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
  }

  async #finish(definition: CustomResourceDefinition, reason: string, message: string): Promise<void> {
    const finalizers = (definition.metadata.finalizers ?? []).filter(each => each !== cleanupFinalizer)
    const done = this.#withConditions(definition, [{ type: 'Terminating', status: 'False', reason, message }])
    await this.#options.client.updateStatus(customResourceDefinition, { ...done, metadata: { ...done.metadata, finalizers } })
  }
}
