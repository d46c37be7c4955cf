// What a controller is. Level-based: it hears which key changed, never what happened. It reads frozen caches and writes through `execute`.
import type { Kind, KubeInput, KubeObject } from '../../openapi/kind.ts'
import type { Client, ObjectKey } from '../../server/client.ts'
import type { Clock } from '../../server/clock.ts'

export type { ObjectKey }

export interface Informer<T extends KubeObject = KubeObject> {
  get(key: ObjectKey): T | undefined
  /** Stable order: by namespace, then name. Do not mutate: objects are frozen. */
  list(namespace?: string): readonly T[]
  /** Those whose value it is, in the same order. An index is made when first asked for, and kept by its identity: declare it once. */
  by(index: Index<T>, value: string): readonly T[]
  /** Objects whose controlling ownerReference has the owner's uid. */
  controlledBy(owner: KubeObject): readonly T[]
}

/** The value objects are found by; undefined: not at all. Pure. */
export type Index<T extends KubeObject = KubeObject> = (object: T) => string | undefined

/** Which keys to work on when an object of `kind` changes. Called with both states of an update. */
export interface Watch<T extends KubeObject = KubeObject> {
  kind: Kind<T>
  keys(object: T, caches: Caches): readonly ObjectKey[]
}

export interface Caches {
  informer<T extends KubeObject>(kind: Kind<T>): Informer<T>
}

export interface Context extends Caches {
  client: Client
  clock: Clock
  /** Names with random suffixes and uids come from here, so that a seed repeats a run. */
  random: { suffix(length: number): string; uid(): string }
  /** Records an Event as upstream's recorder does (same reason and text within a while raise `count`). */
  event(about: KubeObject, text: EventText, from?: EventSource): void
}

/** Who speaks, when it is not the controller itself; and of which part of the object. */
export interface EventSource {
  component?: string
  host?: string
  fieldPath?: string
}

export interface Controller {
  /** Upstream's component name: it is the Event source and the field manager. */
  name: string
  watches: readonly Watch[]
  /** '*' does not stand for it. */
  onlyByName?: true
  /** A throw is retried with backoff. requeueAfterMs: come back then, even if nothing changes. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most reconcilers have nothing to say
  reconcile(key: ObjectKey, context: Context): Promise<{ requeueAfterMs?: number } | undefined | void>
  /** For controllers that act by time or need set-up: runs once when the caches are synced; returns its close. */
  start?(context: Context, enqueue: (key: ObjectKey) => void): (() => void) | undefined
}

export interface EventText {
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  /** What was tried: reporters that name it write Events in the newer form, with series for repetitions. */
  action?: string
}

interface Told {
  /** Recorded when the write succeeded, or when it failed; about the plan's object. */
  done?: EventText
  failed?: (message: string) => EventText
}

export type Action =
  | ({ do: 'create'; kind: Kind; object: KubeInput } & Told)
  | ({ do: 'update' | 'updateStatus'; kind: Kind; object: KubeObject } & Told)
  | ({ do: 'delete'; kind: Kind; object: KubeObject; gracePeriodSeconds?: number } & Told)
  | { do: 'event'; event: EventText; about?: KubeObject }

/** What to do about one object. Actions run in order; status is written if it differs, even when an action failed. */
export interface Plan<T extends KubeObject> {
  actions: readonly Action[]
  status?: T extends { status?: infer S } ? S : never
  /** The status instead when an action failed, and why it did. */
  failedStatus?(why: string): T extends { status?: infer S } ? S : never
  requeueAfterMs?: number
}
