// Revisions of a template: which there are, which is wanted, which may go. Pure. StatefulSets and DaemonSets keep their history so.

import type { Kind, KubeInput, KubeObject } from '../../openapi/kind.ts'
import { type ControllerRevision, controllerRevision } from '../../openapi/kinds/apps/controllerrevision.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { Action } from './controller.ts'
import { shortHash } from './hash.ts'
import { controllerReference } from './owners.ts'

export const revisionKind = controllerRevision as unknown as Kind
/** The label that carries a revision's hash: StatefulSets and DaemonSets have each their own. */
export type HashLabel = 'controller.kubernetes.io/hash' | 'controller-revision-hash'

export interface Revision {
  name: string
  revision: number
  template: unknown
}

interface Owner extends KubeObject {
  spec: { template: { metadata: { labels?: Record<string, string> } } }
}

const dataOf = (template: unknown) => ({ spec: { template: { ...(template as object), $patch: 'replace' } } })
const templateOf = (revision: ControllerRevision): unknown => {
  const { $patch: _patch, ...template } = (revision.data as { spec: { template: Record<string, unknown> } }).spec.template
  return template
}
const shown = (revision: ControllerRevision): Revision => ({
  name: revision.metadata.name,
  revision: revision.revision,
  template: templateOf(revision),
})

/** The revision of the owner's template, and what must be written so that it is the newest. */
export function currentTemplate(
  { kind, owner, hashLabel }: { kind: Kind; owner: Owner; hashLabel: HashLabel },
  history: readonly ControllerRevision[],
  collisions = 0,
): { wanted: Revision; actions: Action[] } {
  const sorted = [...history].sort((a, b) => a.revision - b.revision)
  const newest = sorted.at(-1)
  const equal = sorted.filter(r => deepEqual(templateOf(r), owner.spec.template)).at(-1)
  const next = (newest?.revision ?? 0) + 1
  if (equal && equal === newest) return { wanted: shown(equal), actions: [] }
  if (equal)
    return {
      wanted: { ...shown(equal), revision: next },
      actions: [{ do: 'update', kind: revisionKind, object: { ...equal, revision: next } as KubeObject }],
    }
  const object = newRevision({ kind, owner, hashLabel }, next, collisions)
  return {
    wanted: { name: object.metadata.name ?? '', revision: next, template: owner.spec.template },
    actions: [{ do: 'create', kind: revisionKind, object }],
  }
}

function newRevision(
  { kind, owner, hashLabel }: { kind: Kind; owner: Owner; hashLabel: HashLabel },
  revision: number,
  collisions: number,
): KubeInput & { data: object; revision: number } {
  const data = dataOf(owner.spec.template)
  const hash = shortHash(data, collisions)
  const { namespace, name, annotations } = owner.metadata
  return {
    metadata: {
      namespace,
      name: `${name}-${hash}`,
      labels: { ...owner.spec.template.metadata.labels, [hashLabel]: hash },
      ...(annotations ? { annotations } : {}),
      ownerReferences: [controllerReference(kind, owner)],
    },
    data,
    revision,
  }
}

/** The revision with this name, as far as it is still kept. */
export const findRevision = (history: readonly ControllerRevision[], name: string | undefined): Revision | undefined => {
  const found = history.find(r => r.metadata.name === name)
  return found && shown(found)
}

/** Oldest revisions that nothing uses, beyond the limit. */
export function truncate(history: readonly ControllerRevision[], live: ReadonlySet<string>, limit: number): Action[] {
  const unused = [...history].filter(r => !live.has(r.metadata.name)).sort((a, b) => a.revision - b.revision)
  return unused.slice(0, Math.max(0, unused.length - limit)).map(object => ({ do: 'delete', kind: revisionKind, object }))
}
