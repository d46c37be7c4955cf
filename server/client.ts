// Client: get, list, create, update, patch, delete and watch as a named user, without HTTP. What controllers hold; it could as well be
// spoken over the wire to a real apiserver. Throws StatusError only.
import type { KubeInput, KubeObject, Kind } from '../openapi/kind.ts'

export interface ObjectKey {
  namespace?: string
  name: string
}

export interface ListOptions {
  namespace?: string
  labels?: string
  fields?: string
}

export interface DeleteOptions {
  gracePeriodSeconds?: number
  propagationPolicy?: 'Foreground' | 'Background' | 'Orphan'
  preconditions?: { uid?: string; resourceVersion?: string }
  dryRun?: readonly string[]
}

export type ClientEvent<T> = { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: T; revision: number }

export interface Client {
  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T>
  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<{ items: T[]; revision: number }>
  create<T extends KubeObject, I extends KubeInput>(kind: Kind<T, I>, object: I): Promise<T>
  /** PUT: fails with Conflict when metadata.resourceVersion is stale. */
  update<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>
  updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>
  /** A merge patch (RFC 7386), of the main resource or of a subresource. */
  patch<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, patch: object, subresource?: 'status'): Promise<T>
  delete<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, options?: DeleteOptions): Promise<void>
  /** POST to a subresource: binding, eviction, token. */
  createSubresource<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, subresource: string, body: object): Promise<object>
  /** Every change after `after`, in order, in batches; ends when `signal` aborts; throws Expired (410) when history is gone. */
  watch<T extends KubeObject>(kind: Kind<T>, after: number, signal: AbortSignal): AsyncIterable<readonly ClientEvent<T>[]>
  /** All kinds served now, CRDs included. */
  kinds(): readonly Kind[]
}
