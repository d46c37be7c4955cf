// An owner named twice is kept once, and the client hears of it.
import type { KubeObject } from '../../openapi/kind.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { RequestContext } from './request.ts'

/** Replaces the metadata of `draft` where needed. */
export function dropDuplicateOwners(draft: KubeObject, request: RequestContext): void {
  const owners = draft.metadata.ownerReferences ?? []
  if (owners.length < 2) return
  const kept = owners.filter((owner, index) => owners.findIndex(o => deepEqual(o, owner)) === index)
  if (kept.length === owners.length) return
  const repeated = owners.filter(owner => !kept.includes(owner)).map(owner => owner.uid)
  draft.metadata = { ...draft.metadata, ownerReferences: kept }
  request.warn(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${repeated.join(', ')}`,
  )
}
