// What happens to an object between `change` and the write. Order as upstream's rest.BeforeUpdate.
import { invalid, invalidObject } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { RequestContext } from './request.ts'

/** The registry's own subresources (binding, finalize) change what a client may not, and decide alone. */
export const isOwnWrite = (kind: Kind, { subresource = '' }: RequestContext): boolean =>
  !['', 'status', 'scale'].includes(subresource) && !kind.views?.[subresource]

/** Whether admission is asked: it sees what clients finalize, but not the steps of what it was asked about before. */
export const isAsked = (kind: Kind, request: RequestContext): boolean =>
  !request.admitted && (request.subresource === 'finalize' || !isOwnWrite(kind, request))

export interface Updating {
  request: RequestContext
  now: Date
}

/** Mutates `draft`: puts back what this path may not change. */
export function prepareUpdate(kind: Kind, draft: KubeObject, current: KubeObject, { request, now }: Updating): void {
  keepSystemFields(kind, draft, current)
  const strategy = { now, user: request.user }
  if (request.subresource === 'status') {
    keepAllButStatus(draft, current)
    if (kind.custom) draft.metadata = { ...current.metadata, ...managersOf(draft) }
    kind.prepareForStatusUpdate?.(draft, current, strategy)
    return
  }
  if (isOwnWrite(kind, request)) return
  const draftFields = draft as unknown as Record<string, unknown>
  const currentFields = current as unknown as Record<string, unknown>
  const view = kind.views?.[request.subresource ?? '']
  // A view says itself what of the status stays.
  if (kind.subresources?.status && !view) {
    if (currentFields.status === undefined) delete draftFields.status
    else draftFields.status = currentFields.status
  }
  if (view) view.prepareForUpdate(draft, current, strategy)
  else kind.prepareForUpdate?.(draft, current, strategy)
  if (kind.hasGeneration && !sameSpec(draftFields, currentFields, specLess(kind)))
    draft.metadata.generation = (current.metadata.generation ?? 0) + 1
}

function keepSystemFields(kind: Kind, draft: KubeObject, current: KubeObject): void {
  const meta = draft.metadata
  if (!meta.resourceVersion || meta.resourceVersion === '0') {
    if (kind.needsResourceVersion)
      throw invalidObject({ group: kind.group, kind: kind.names.plural }, current.metadata.name, [
        invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
      ])
    meta.resourceVersion = current.metadata.resourceVersion
  }
  meta.uid ||= current.metadata.uid
  keep('creationTimestamp')
  keep('generation')
  keep('selfLink')
  // Left out it is kept; another value is an error of validation.
  if (meta.deletionTimestamp === undefined) keep('deletionTimestamp')
  // A client that leaves it out keeps it; another value is an error of validation.
  if (meta.deletionGracePeriodSeconds === undefined) keep('deletionGracePeriodSeconds')

  function keep(name: keyof KubeObject['metadata']): void {
    const fields = meta as unknown as Record<string, unknown>
    const value = (current.metadata as unknown as Record<string, unknown>)[name]
    if (value === undefined) delete fields[name]
    else fields[name] = value
  }
}

/** Of the metadata nothing else is taken from a status write of a custom resource. */
const managersOf = ({ metadata: { managedFields, resourceVersion } }: KubeObject) => ({ resourceVersion, managedFields })

/** A status write takes the status, and of the metadata what clients may write; labels stay as they are. */
function keepAllButStatus(draft: KubeObject, current: KubeObject): void {
  const fields = draft as unknown as Record<string, unknown>
  const old = current as unknown as Record<string, unknown>
  for (const name of new Set([...Object.keys(fields), ...Object.keys(old)])) {
    if (name === 'status' || name === 'metadata') continue
    if (old[name] === undefined) delete fields[name]
    else fields[name] = old[name]
  }
}

const notSpec: readonly string[] = ['status', 'metadata', 'apiVersion', 'kind']
/** A custom resource's status is like any field, unless it has a path of its own. */
const specLess = ({ custom, subresources }: Kind): readonly string[] => (custom && !subresources?.status ? notSpec.slice(1) : notSpec)

function sameSpec(draft: Record<string, unknown>, current: Record<string, unknown>, leftOut: readonly string[]): boolean {
  for (const name of new Set([...Object.keys(draft), ...Object.keys(current)])) {
    if (!leftOut.includes(name) && !deepEqual(draft[name], current[name])) return false
  }
  return true
}
