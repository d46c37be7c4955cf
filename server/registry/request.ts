// What a store must know of a request, whoever makes it: HTTP, a controller, the control API.
import type { KubeInput, KubeObject } from '../../openapi/kind.ts'

export interface User {
  name: string
  uid?: string
  groups: readonly string[]
  extra?: Readonly<Record<string, readonly string[]>>
}

export interface RequestContext {
  user: User
  /** '' for cluster-scoped kinds and for all namespaces. */
  namespace: string
  dryRun: boolean
  fieldManager: string
  subresource?: string
  /** Part of a request that webhooks and plugins were asked about as a whole. */
  admitted?: true
  /** A PUT: the uid it names must be the object's. */
  replaces?: true
  warn(text: string): void
  /** Adds to what the audit log tells of the request; from `level` on, when that is above Metadata. */
  annotate?(key: string, value: string, level?: 'Request'): void
}

export interface Selection {
  /** Only this object. */
  name?: string
  matches?(object: KubeObject): boolean
  limit?: number
  /** A token a previous page gave. */
  continue?: string
  /** Exactly this state. */
  at?: number
}

export interface ListPage<T> {
  items: readonly T[]
  revision: number
  continue?: string
  remaining?: number
}

export type WatchEvent<T> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: T; revision: number }
  | { type: 'BOOKMARK'; revision: number; initialEventsEnd: boolean }

/** What an update does to the current object. `applied`: the object already carries its managedFields (server-side apply). */
export type Changed = { object: KubeInput; applied?: boolean }
/** undefined = the object does not exist: return what to create, or throw notFound. May run again on a newer state. */
export type Change<T> = (current: T | undefined) => Changed | Promise<Changed>

export interface DeleteRequest {
  gracePeriodSeconds?: number
  propagationPolicy?: 'Foreground' | 'Background' | 'Orphan'
  orphanDependents?: boolean
  preconditions?: { uid?: string; resourceVersion?: string }
}
