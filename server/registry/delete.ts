// What a delete does to an object: nothing yet, mark it, or remove it. Pure decisions; order as upstream's rest.BeforeDelete.
import { conflict } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { DeleteRequest } from './request.ts'

const foreground = 'foregroundDeletion'
const orphan = 'orphan'

export type Deletion =
  /** Already being deleted and nothing changes. */
  | { do: 'nothing' }
  /** Write `object`, and remove it afterwards when `remove`. */
  | { do: 'mark'; object: KubeObject; remove: boolean }
  | { do: 'remove' }

export function checkPreconditions(kind: Kind, object: KubeObject, request: DeleteRequest): void {
  const { uid, resourceVersion } = request.preconditions ?? {}
  const named = { group: kind.group, names: { plural: kind.kind } }
  const { metadata } = object
  // A namespace's own store checks before the generic one, in words of its own.
  if (uid !== undefined && uid !== metadata.uid && kind.staysWhileDeleted)
    throw conflict(kind, metadata.name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`)
  if (uid !== undefined && uid !== metadata.uid)
    throw conflict(
      named,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    )
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw conflict(
      named,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    )
}

export function decideDeletion(kind: Kind, object: KubeObject, request: DeleteRequest, now: Date): Deletion {
  const graceful = gracefulMark(kind, object, request, now)
  if (graceful === 'pending') return { do: 'nothing' }
  const finalizers = collectorFinalizers(object, request, kind.orphansByDefault)
  const marked = graceful ?? markWithoutGrace(kind, object, finalizers, now)
  // The mark of some kinds holds the object back by a finalizer of its own.
  const result = withFinalizers(marked ?? object, marked ? collectorFinalizers(marked, request, kind.orphansByDefault) : finalizers)
  const stays = finalizers.length > 0 || (kind.staysWhileDeleted?.(result) ?? false)
  if (stays || (graceful && graceful.metadata.deletionGracePeriodSeconds !== 0)) {
    return result === object ? { do: 'nothing' } : { do: 'mark', object: result, remove: false }
  }
  return graceful ? { do: 'mark', object: result, remove: true } : { do: 'remove' }
}

/** True when an update leaves nothing that holds a deleted object back. */
export const isFinished = (kind: Kind, object: KubeObject): boolean =>
  object.metadata.deletionTimestamp !== undefined &&
  (object.metadata.finalizers ?? []).length === 0 &&
  (object.metadata.deletionGracePeriodSeconds ?? 0) === 0 &&
  !(kind.staysWhileDeleted?.(object) ?? false)

/** The object with its deletion time set; undefined = this kind or object knows no grace; 'pending' = nothing to do. */
function gracefulMark(kind: Kind, object: KubeObject, request: DeleteRequest, now: Date): KubeObject | 'pending' | undefined {
  if (!kind.gracePeriodSeconds) return undefined
  const asked = request.gracePeriodSeconds === undefined ? undefined : request.gracePeriodSeconds < 0 ? 1 : request.gracePeriodSeconds
  const { deletionTimestamp, deletionGracePeriodSeconds } = object.metadata
  if (deletionTimestamp !== undefined) {
    if (deletionGracePeriodSeconds === undefined) return undefined
    if (asked === undefined || asked >= deletionGracePeriodSeconds) return deletionGracePeriodSeconds === 0 ? undefined : 'pending'
    const due = Date.parse(deletionTimestamp) + (asked - deletionGracePeriodSeconds) * 1000
    return withMeta(object, { deletionTimestamp: printTime(new Date(due)), deletionGracePeriodSeconds: asked })
  }
  const seconds = kind.gracePeriodSeconds(object, asked)
  if (seconds === undefined) return undefined
  return withMeta(object, {
    deletionTimestamp: printTime(new Date(now.getTime() + seconds * 1000)),
    deletionGracePeriodSeconds: seconds,
    ...nextGeneration(object),
  })
}

function markWithoutGrace(kind: Kind, object: KubeObject, finalizers: readonly string[], now: Date): KubeObject | undefined {
  if (object.metadata.deletionTimestamp !== undefined) return undefined
  if (kind.staysWhileDeleted?.(object)) {
    const marked = withMeta(object, { deletionTimestamp: printTime(now) })
    return kind.markDeleted?.(marked) ?? marked
  }
  if (finalizers.length === 0) return undefined
  return withMeta(object, { deletionTimestamp: printTime(now), deletionGracePeriodSeconds: 0, ...nextGeneration(object) })
}

const nextGeneration = ({ metadata }: KubeObject) => (metadata.generation ? { generation: metadata.generation + 1 } : {})
const withMeta = (object: KubeObject, meta: Partial<KubeObject['metadata']>): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, ...meta },
})

function withFinalizers(object: KubeObject, finalizers: readonly string[]): KubeObject {
  const current = object.metadata.finalizers ?? []
  if (current.length === finalizers.length && current.every((f, i) => f === finalizers[i])) return object
  const changed = withMeta(object, { finalizers: [...finalizers] })
  if (finalizers.length === 0) delete changed.metadata.finalizers
  return changed
}

/** The finalizers after this request: the propagation policy adds one of the collector's two and takes the other away. */
export function collectorFinalizers(object: KubeObject, request: DeleteRequest, orphans?: true): readonly string[] {
  const current = object.metadata.finalizers ?? []
  const policy = request.propagationPolicy
  const others = current.filter(f => f !== foreground && f !== orphan)
  if (policy === 'Orphan' || (policy === undefined && (request.orphanDependents ?? current.includes(orphan)))) return [...others, orphan]
  if (policy === 'Foreground' || (policy === undefined && request.orphanDependents === undefined && current.includes(foreground)))
    return [...others, foreground]
  return orphans && policy === undefined && request.orphanDependents === undefined ? [...others, orphan] : others
}
