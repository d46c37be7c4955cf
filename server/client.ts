// Client: get, list, create, update, patch, delete and watch as a named user, without HTTP. What controllers hold; it could as well be
// spoken over the wire to a real apiserver. Throws StatusError only.
import { notFound } from '../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeInput, type KubeObject } from '../openapi/kind.ts'
import { draftOf } from '../openapi/rules/draft.ts'
import { parseLabelSelector } from '../openapi/values/selector.ts'
import { type Aggregation, noAggregation } from './aggregation/aggregation.ts'
import { createRemote, elsewhereOf, type Remote } from './aggregation/elsewhere.ts'
import { applyObject } from './registry/apply.ts'
import { mergePatch } from './registry/patch.ts'
import type { Registry } from './registry/registry.ts'
import type { RequestContext } from './registry/request.ts'
import type { Subresources } from './registry/subresources/index.ts'

export interface ObjectKey {
  namespace?: string
  name: string
}

export interface ListOptions {
  namespace?: string
  labels?: string
}

export interface DeleteOptions {
  gracePeriodSeconds?: number
  propagationPolicy?: 'Foreground' | 'Background' | 'Orphan'
  preconditions?: { uid?: string; resourceVersion?: string }
}

export type ClientEvent<T> = { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: T; revision: number }

/** What API servers behind APIServices keep. */
export interface Elsewhere {
  /** Each resource once, in the version that is preferred; get, list, patch, delete and watch take them like any other kind. */
  kinds: readonly Kind[]
  /** Of any version. */
  find(apiVersion: string, kind: string): Kind | undefined
  /** Of a group, the preferred one first. */
  versions(group: string): readonly string[]
  /** 'metrics.k8s.io/v1beta1': what there is of it is not known now. */
  stale: readonly string[]
  /** `path` is below that of the version. Throws what kept it from answering, a StatusError when the server itself says so. */
  ask(method: 'GET' | 'DELETE', version: { group: string; version: string }, path: string): Promise<unknown>
}

export interface Client {
  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T>
  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<{ items: readonly T[]; revision: number }>
  create<T extends KubeObject, I extends KubeInput>(kind: Kind<T, I>, object: I): Promise<T>
  /** PUT: fails with Conflict when metadata.resourceVersion is stale. */
  update<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>
  updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>
  /** A merge patch (RFC 7386), of the main resource, of its status or approval, or of the fields that its scale shows. */
  patch<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, patch: object, subresource?: 'status' | 'approval' | 'scale'): Promise<T>
  /** A server-side apply, forced, of the main resource or of its status. */
  apply<T extends KubeObject>(kind: Kind<T>, object: KubeInput & Record<string, unknown>, subresource?: 'status'): Promise<T>
  delete<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, options?: DeleteOptions): Promise<{ revision: number }>
  /** POST (or PUT) to a subresource with a body of its own: binding, eviction, token, finalize. */
  createSubresource<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, subresource: string, body: object): Promise<object>
  /** Every change after `after`, in order, in batches; ends when `signal` aborts; throws Expired (410) when history is gone. */
  watch<T extends KubeObject>(kind: Kind<T>, after: number, signal: AbortSignal): AsyncIterable<readonly ClientEvent<T>[]>
  /** All kinds served now. */
  kinds(): readonly Kind[]
  elsewhere(): Elsewhere
}

/** As `user`, who is also the field manager. */
export function createClient(
  registry: Registry,
  subresources: Subresources,
  user: { name: string; groups: readonly string[]; manager: string },
  aggregation: () => Aggregation = () => noAggregation,
): Client {
  const context = (namespace: string | undefined, subresource = ''): RequestContext => ({
    user,
    namespace: namespace ?? '',
    dryRun: false,
    fieldManager: user.manager,
    subresource,
    warn: () => {},
  })
  const put = async <T extends KubeObject>(kind: Kind<T>, object: T, subresource: string): Promise<T> => {
    const { name, namespace } = object.metadata
    const result = await registry.store(kind).update(context(namespace, subresource), name, current => {
      if (!current) throw notFound(kind, name)
      return { object: decoded(kind, object) }
    })
    return result.object
  }
  const here: Client = {
    get: (kind, { namespace, name }) => registry.store(kind).get(context(namespace), name),
    async list(kind, { namespace, labels } = {}) {
      const selector = labels ? parseLabelSelector(labels) : undefined
      const matches = selector && ((object: KubeObject) => selector.matches(object.metadata.labels ?? {}))
      return registry.store(kind).list(context(namespace), matches ? { matches } : {})
    },
    create: (kind, object) => registry.store(kind).create(context(object.metadata.namespace), decoded(kind as unknown as Kind, object)),
    update: (kind, object) => put(kind, object, ''),
    updateStatus: (kind, object) => put(kind, object, 'status'),
    async patch(kind, { namespace, name }, patch, subresource) {
      const { object } = await registry.store(kind).update(context(namespace, subresource ?? ''), name, current => {
        if (!current) throw notFound(kind, name)
        return { object: decoded(kind as unknown as Kind, mergePatch(current, patch) as KubeInput) }
      })
      return object
    },
    async apply(kind, object, subresource) {
      const { namespace, name = '' } = object.metadata
      const applied = { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind }
      const common = { kind: kind as unknown as Kind, applied, configuration: applied, manager: user.manager, force: true }
      const { object: written } = await registry.store(kind).update(context(namespace, subresource ?? ''), name, async live => {
        if (!live && subresource) throw notFound(kind, name)
        const result = await applyObject({
          ...common,
          live,
          convert: registry.convert,
          subresource: subresource ?? '',
          now: registry.time(),
        })
        return { object: decoded(kind as unknown as Kind, result.object), applied: true }
      })
      return written
    },
    async delete(kind, { namespace, name }, options = {}) {
      const { object } = await registry.store(kind).delete(context(namespace), name, options)
      return { revision: Number(object.metadata.resourceVersion) }
    },
    createSubresource(kind, { namespace, name }, path, body) {
      const subresource = subresources.find(kind as unknown as Kind, path)
      if (!subresource) throw notFound(kind, `${name}/${path}`)
      return subresource.create({ kind: kind as unknown as Kind, name, body: body as Record<string, unknown>, request: context(namespace) })
    },
    watch: (kind, after, signal) => registry.store(kind).watch(context(''), { after }, signal) as never,
    kinds: () => registry.kinds(),
    elsewhere: () => elsewhereOf(aggregation(), user),
  }
  return divided(here, createRemote(aggregation, user))
}

/** What extension servers serve is asked of them. */
const divided = (here: Client, there: Remote): Client => ({
  ...here,
  get: (kind, ...rest) => (kind.elsewhere ? there : here).get(kind, ...rest),
  list: (kind, ...rest) => (kind.elsewhere ? there : here).list(kind, ...rest),
  patch: (kind, ...rest) => (kind.elsewhere ? there : here).patch(kind, ...rest),
  delete: (kind, ...rest) => (kind.elsewhere ? there : here).delete(kind, ...rest),
  watch: (kind, ...rest) => (kind.elsewhere ? there : here).watch(kind, ...rest),
})

/** A fresh, mutable, defaulted copy: what a body would have become. */
function decoded<T extends KubeObject>(kind: Kind<T>, object: object): KubeInput {
  const { object: draft } = draftOf(kind, object)
  draft.apiVersion = apiVersionOf(kind)
  draft.kind = kind.kind
  return draft as unknown as KubeInput
}
