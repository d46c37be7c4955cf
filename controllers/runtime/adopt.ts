// Adoption: an owner takes the objects that match its selector and have no controller, and lets go those that no longer match.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { type LabelSelectorValue, matchesSelector } from '../../openapi/values/selector.ts'
import type { Context, Index } from './controller.ts'
import { controllerOf, controllerReference, keyOf } from './owners.ts'

export interface Claiming<T extends KubeObject> {
  kind: Kind
  owner: KubeObject
  childKind: Kind<T>
  selector: LabelSelectorValue | undefined | null
  /** Besides the selector: names, phases. */
  accepts?(child: T): boolean
}

const orphansIn: Index = object => (controllerOf(object) ? undefined : object.metadata.namespace)

/** The children that are the owner's after this; orphans are adopted, strangers released. */
export async function claimChildren<T extends KubeObject>(
  { kind, owner, childKind, selector, accepts = () => true }: Claiming<T>,
  context: Context,
): Promise<T[]> {
  const mine: T[] = []
  const { client, informer } = context
  const { namespace = '' } = owner.metadata
  for (const child of informer(childKind).controlledBy(owner)) {
    if (matchesSelector(selector, child.metadata.labels) || owner.metadata.deletionTimestamp) mine.push(child)
    else await release(child)
  }
  if (owner.metadata.deletionTimestamp) return mine
  for (const child of informer(childKind).by(orphansIn, namespace)) {
    if (child.metadata.deletionTimestamp || !matchesSelector(selector, child.metadata.labels) || !accepts(child)) continue
    const ownerReferences = [...(child.metadata.ownerReferences ?? []), controllerReference(kind, owner)]
    mine.push(await client.update(childKind, { ...child, metadata: { ...child.metadata, ownerReferences } }))
  }
  return mine

  async function release(child: T): Promise<void> {
    const ownerReferences = (child.metadata.ownerReferences ?? []).filter(o => o.uid !== owner.metadata.uid)
    await client.patch(childKind, keyOf(child), {
      metadata: { uid: child.metadata.uid, ownerReferences: ownerReferences.length > 0 ? ownerReferences : null },
    })
  }
}

/** A Watch's keys for orphans: every owner of the namespace that could want the child. */
export const possibleOwners =
  <T extends KubeObject & { spec: { selector?: unknown } }>(
    kind: Kind<T>,
    selector: (owner: T) => LabelSelectorValue = ({ spec }) => spec.selector as LabelSelectorValue,
  ) =>
  (child: KubeObject, caches: { informer: Context['informer'] }) => {
    if (controllerOf(child)) return []
    return caches
      .informer(kind)
      .list(child.metadata.namespace ?? '')
      .filter(owner => matchesSelector(selector(owner), child.metadata.labels))
      .map(keyOf)
  }
