// The generic store of one kind: every verb, for built-in and custom resources alike. Throws StatusError only. The order of the steps is
// design's "one request", 6a-6f; HTTP, the in-process client and the control API all come through here.
import {
  alreadyExists,
  badRequest,
  conflict,
  type FieldError,
  forbiddenRequest,
  invalidObject,
  notFound,
  StatusError,
} from '../../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeInput, type KubeObject } from '../../openapi/kind.ts'
import { finalizerErrors, validateMetadata, validateMetadataUpdate } from '../../openapi/rules/metadata.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Admission, AdmissionRequest } from '../admission/chain.ts'
import type { Clock } from '../clock.ts'
import type { Convert } from '../extension/convert.ts'
import type { Ids } from '../ids.ts'
import type { Entry, Storage } from '../storage/storage.ts'
import { prepareCreate, wipeSystemFields } from './create.ts'
import { checkPreconditions, decideDeletion, isFinished } from './delete.ts'
import type { Hooks } from './hooks.ts'
import { keyOf, prefixOf } from './keys.ts'
import { listOne, listPage } from './list.ts'
import { recordUpdate, type Write } from './managedfields.ts'
import { comparedElsewhere } from './otherversions.ts'
import { dropDuplicateOwners } from './owners.ts'
import type { Change, Changed, DeleteRequest, ListPage, RequestContext, Selection, WatchEvent } from './request.ts'
import { type Scale, scaleBody, scaleOf, withReplicas } from './subresources/scale.ts'
import { isAsked, isOwnWrite, prepareUpdate } from './update.ts'
import { type WatchSelection, watchKind } from './watch.ts'

export interface StoreContext {
  storage: Storage
  clock: Clock
  ids: Ids
  /** Now, as metadata prints it. */
  time(): string
  admission: Admission
  hooks: Hooks
  convert: Convert
}

/** What became of an update. */
export interface Updated<T> {
  object: T
  created: boolean
  deleted?: boolean
}

/** How often a write that lost a race is tried again on the newer state before the client hears of it. */
const maxAttempts = 32
const maxNameAttempts = 8

export class Store<T extends KubeObject> {
  readonly kind: Kind<T>
  readonly #context: StoreContext

  constructor(kind: Kind<T>, context: StoreContext) {
    this.kind = kind
    this.#context = context
  }

  async get(request: RequestContext, name: string): Promise<T> {
    const { entry } = await this.#context.storage.get(this.#key(request, name))
    if (!entry) throw notFound(this.kind, name)
    return entry.value as T
  }

  list(request: RequestContext, selection: Selection = {}): Promise<ListPage<T>> {
    const one = selection.name !== undefined && (this.kind.scope === 'Cluster' || request.namespace !== '')
    const read = one ? listOne : listPage
    return read<T>(this.#context.storage, prefixOf(this.kind as unknown as Kind, request.namespace), selection)
  }

  watch(request: RequestContext, selection: WatchSelection, signal: AbortSignal): AsyncIterable<readonly WatchEvent<T>[]> {
    return watchKind<T>(this.#context.storage, prefixOf(this.kind as unknown as Kind, request.namespace), selection, signal)
  }

  /** `object` is decoded and defaulted; it is taken over. */
  async create(request: RequestContext, object: KubeInput, applied = false): Promise<T> {
    const kind = this.kind as unknown as Kind
    const draft = object as KubeObject
    this.#checkIdentity(request, draft)
    const version = draft.metadata.resourceVersion
    if (version && version !== '0') throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created')
    wipeSystemFields(kind, draft)
    dropDuplicateOwners(draft, request)
    // Before admission: what that adds belongs to nobody.
    if (!applied) this.#record(request, { live: undefined, next: draft })
    if (kind.custom?.createForbidden) throw forbiddenRequest(kind, draft.metadata.name ?? '', kind.custom.createForbidden)
    await this.#context.admission.admit({ operation: 'CREATE', kind, object: draft, request })
    const generated = !draft.metadata.name && draft.metadata.generateName !== undefined
    for (let attempt = 1; ; attempt++) {
      if (generated) draft.metadata.name = ''
      prepareCreate(kind, draft, request, this.#context)
      const created = await this.#tryCreate(request, draft)
      if (created) return created
      if (!generated || attempt >= maxNameAttempts) throw await this.#exists(request, draft)
    }
  }

  /** Validates and inserts what is prepared; undefined: the name is taken. */
  async #tryCreate(request: RequestContext, draft: KubeObject): Promise<T | undefined> {
    const kind = this.kind as unknown as Kind
    const reserved = await this.#context.hooks.reserve(kind, draft, undefined, request)
    let created: T | undefined
    try {
      await kind.ready?.(draft)
      this.#mustBeValid(draft, [...(kind.validate?.(draft) ?? [])], validateMetadata(kind, draft))
      for (const text of kind.warnings?.(draft) ?? []) request.warn(text)
      await this.#context.admission.validate({ operation: 'CREATE', kind, object: draft, request })
      if (!request.dryRun) await reserved.prepare?.()
      created = await this.#insert(request, draft)
      return created
    } finally {
      await (created && !request.dryRun ? reserved.commit() : reserved.undo())
    }
  }

  /** PUT, every PATCH, apply, status, scale: `change` says what becomes of the current object. */
  async update(request: RequestContext, name: string, change: Change<T>): Promise<Updated<T>> {
    const { storage } = this.#context
    const key = this.#key(request, name)
    for (let attempt = 1; ; attempt++) {
      const { entry } = await storage.get(key)
      const changed = await change(entry?.value as T | undefined)
      if (!entry) return { object: await this.create(request, withoutVersion(changed.object), changed.applied), created: true }
      const current = entry.value as T
      this.#checkUpdateIdentity(request, changed.object, current, name)
      const done = await this.#tryUpdate(request, changed, entry)
      if (done) return done
      // With what is there now; a version that the client gave is then no longer its.
      if (attempt >= maxAttempts) throw this.#modified(name)
    }
  }

  /** undefined: somebody was faster. */
  async #tryUpdate(request: RequestContext, { object, applied }: Changed, entry: Entry): Promise<Updated<T> | undefined> {
    const current = entry.value as T
    const next = object as T
    await this.#prepareUpdate(request, next, current, applied === true)
    const isMain = !request.subresource
    const reserved = isMain ? await this.#context.hooks.reserve(this.kind as unknown as Kind, next, current, request) : undefined
    let written = false
    try {
      const kind = this.kind as unknown as Kind
      if (!isOwnWrite(kind, request)) await this.#checkUpdate(request, next, current)
      if (isAsked(kind, request)) await this.#context.admission.validate(this.#asked(request, next, current))
      if (deepEqual(next, current) && !entry.outdated) return { object: current, created: false }
      const finished = isFinished(kind, next)
      if (request.dryRun) return { object: next, created: false, deleted: finished }
      await reserved?.prepare?.()
      const { key, revision } = entry
      const result = finished ? await this.#remove(key, next, entry) : await this.#context.storage.write(key, next, revision)
      written = result.ok
      return result.ok ? { object: (finished ? next : result.entry.value) as T, created: false, deleted: finished } : undefined
    } finally {
      await (written ? reserved?.commit() : reserved?.undo())
    }
  }

  async delete(request: RequestContext, name: string, options: DeleteRequest): Promise<{ object: T; gone: boolean }> {
    const kind = this.kind as unknown as Kind
    const key = this.#key(request, name)
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const { entry } = await this.#context.storage.get(key)
      if (!entry) throw notFound(this.kind, name)
      checkPreconditions(kind, entry.value, options)
      if (!request.admitted) await this.#context.admission.validate({ operation: 'DELETE', kind, object: entry.value, request })
      const decision = decideDeletion(kind, entry.value, options, this.#context.clock.now())
      if (decision.do === 'nothing') return { object: entry.value as T, gone: false }
      const result = await this.#carryOut(decision, entry, request)
      if (result) return result as { object: T; gone: boolean }
    }
    throw this.#modified(name)
  }

  /** Deletes what is selected, one by one, and returns what was deleted. */
  async deleteCollection(request: RequestContext, selection: Selection, options: DeleteRequest): Promise<ListPage<T>> {
    const page = await this.list(request, selection)
    const items: T[] = []
    for (const item of page.items) {
      const inNamespace = { ...request, namespace: item.metadata.namespace ?? '' }
      try {
        items.push((await this.delete(inNamespace, item.metadata.name, options)).object)
      } catch (error) {
        if (!(error instanceof StatusError && error.code === 404)) throw error
      }
    }
    return { ...page, items }
  }

  async #carryOut(
    decision: { do: 'mark'; object: KubeObject; remove: boolean } | { do: 'remove' },
    entry: Entry,
    request: RequestContext,
  ): Promise<{ object: KubeObject; gone: boolean } | undefined> {
    const { storage } = this.#context
    const gone = decision.do === 'remove' || decision.remove
    if (request.dryRun) return { object: decision.do === 'mark' ? decision.object : entry.value, gone }
    let current = entry
    if (decision.do === 'mark') {
      const marked = await storage.write(entry.key, decision.object, entry.revision)
      if (!marked.ok) return undefined
      current = marked.entry
    }
    if (!gone) return { object: current.value, gone }
    const removed = await this.#remove(entry.key, current.value, current)
    return removed.ok ? { object: removed.entry.value, gone } : undefined
  }

  async #remove(key: string, last: KubeObject, entry: Entry) {
    const removed = await this.#context.storage.write(key, null, entry.revision)
    if (removed.ok) await this.#context.hooks.afterDelete(this.kind as unknown as Kind, last)
    return removed
  }

  async #insert(request: RequestContext, draft: KubeObject): Promise<T | undefined> {
    const key = this.#key({ ...request, namespace: draft.metadata.namespace ?? '' }, draft.metadata.name)
    const { storage } = this.#context
    if (request.dryRun) return (await storage.get(key)).entry ? undefined : (draft as T)
    const written = await storage.write(key, draft, 0)
    return written.ok ? (written.entry.value as T) : undefined
  }

  async #exists(request: RequestContext, { metadata: { name, generateName } }: KubeObject): Promise<StatusError> {
    const { entry } = await this.#context.storage.get(this.#key(request, name))
    const error = alreadyExists(this.kind, name)
    if (generateName) {
      const message = `${error.message}, the server was not able to generate a unique name for the object`
      return new StatusError(409, 'AlreadyExists', message, { ...error.status.details, retryAfterSeconds: 1 })
    }
    if (!entry?.value.metadata.deletionTimestamp) return error
    return new StatusError(409, 'AlreadyExists', `object is being deleted: ${error.message}`, error.status.details)
  }

  /** Mutates `draft`. */
  async #prepareUpdate(request: RequestContext, draft: T, current: T, applied: boolean): Promise<void> {
    const kind = this.kind as unknown as Kind
    dropDuplicateOwners(draft, request)
    if (!applied) await this.#takeOwnership(request, current, draft)
    if (isAsked(kind, request)) {
      const asked = this.#asked(request, draft, current)
      await this.#context.admission.admit(asked)
      if (asked.body) Object.assign(draft, withReplicas(kind, draft, (asked.object as unknown as Scale).spec.replicas ?? 0))
    }
    prepareUpdate(kind, draft, current, { request, now: this.#context.clock.now() })
  }

  async #checkUpdate(request: RequestContext, draft: T, current: T): Promise<void> {
    const kind = this.kind as unknown as Kind
    await kind.ready?.(draft)
    const view = kind.views?.[request.subresource ?? ''] ?? kind
    const own = request.subresource === 'status' ? kind.validateStatusUpdate?.(draft, current) : view.validateUpdate?.(draft, current)
    // Upstream checks the metadata for every kind, and most kinds check it once more: each error comes twice.
    const metadata = validateMetadataUpdate(draft, current)
    const finalizers = finalizerErrors(draft.metadata.finalizers ?? [], 'metadata.finalizers', kind)
    this.#mustBeValid(draft, own ?? [], [...metadata, ...metadata, ...finalizers])
    if (!request.subresource) for (const text of kind.warnings?.(draft, current) ?? []) request.warn(text)
  }

  /** Of a scale, webhooks are shown the Scale. */
  #asked(request: RequestContext, object: T, old: T): AdmissionRequest {
    const kind = this.kind as unknown as Kind
    const common = { operation: 'UPDATE' as const, kind, request }
    if (request.subresource !== 'scale') return { ...common, object, old }
    return { ...common, body: scaleBody, object: scaleOf(kind, object) as never, old: scaleOf(kind, old) as never }
  }

  async #takeOwnership(request: RequestContext, live: T, next: KubeObject): Promise<void> {
    const { convert } = this.#context
    const changing = {
      kind: this.kind as unknown as Kind,
      managers: live.metadata.managedFields ?? [],
      subresource: request.subresource ?? '',
    }
    try {
      this.#record(request, { live, next, elsewhere: await comparedElsewhere(changing, live, next, convert) })
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      // Who owns what cannot be told any more: upstream closes the books.
      delete next.metadata.managedFields
    }
  }

  #record(request: RequestContext, written: Pick<Write, 'live' | 'next' | 'elsewhere'>): void {
    const { next } = written
    const managedFields = recordUpdate({
      ...written,
      kind: this.kind as unknown as Kind,
      manager: request.fieldManager,
      subresource: request.subresource ?? '',
      now: this.#context.time(),
    })
    next.metadata = { ...next.metadata, managedFields }
    if (managedFields.length === 0) delete next.metadata.managedFields
  }

  #mustBeValid(draft: KubeObject, own: readonly FieldError[], metadata: readonly FieldError[]): void {
    // Upstream validates metadata first within each strategy; the errors come in that order.
    const errors = [...metadata, ...own]
    if (errors.length > 0) throw invalidObject(this.kind.storedAs?.kind ?? this.kind, draft.metadata.name ?? '', errors)
  }

  #checkIdentity(request: RequestContext, draft: KubeInput): void {
    draft.apiVersion = apiVersionOf(this.kind)
    draft.kind = this.kind.kind
    if (this.kind.scope === 'Cluster') {
      return
    }
    if (!draft.metadata.namespace) draft.metadata.namespace = request.namespace
    else if (draft.metadata.namespace !== request.namespace)
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }

  #checkUpdateIdentity(request: RequestContext, next: KubeInput, current: T, name: string): void {
    this.#checkIdentity(request, next)
    const { uid, resourceVersion } = next.metadata
    if (resourceVersion && !/^\d+$/.test(resourceVersion))
      throw new StatusError(500, '', `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`)
    if (request.replaces && uid && uid !== current.metadata.uid) throw uidMismatch(this.kind as unknown as Kind, current, uid)
    if (resourceVersion && resourceVersion !== '0' && resourceVersion !== current.metadata.resourceVersion) throw this.#modified(name)
  }

  #modified(name: string): StatusError {
    return conflict(this.kind, name, 'the object has been modified; please apply your changes to the latest version and try again')
  }

  #key(request: RequestContext, name: string): string {
    return keyOf(this.kind as unknown as Kind, request.namespace, name)
  }
}

const withoutVersion = (object: KubeInput): KubeInput => ({ ...object, metadata: { ...object.metadata, resourceVersion: undefined } })

const uidMismatch = (kind: Kind, { metadata }: KubeObject, asked: string): StatusError =>
  conflict(
    kind,
    metadata.name,
    `StorageError: invalid object, Code: 4, Key: /registry/${kind.names.plural}/${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, UID in object meta: ${metadata.uid}`,
  )

export const timePrinter = (clock: Clock) => (): string => printTime(clock.now())
