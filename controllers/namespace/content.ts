// What a namespace's conditions say about its content while it is emptied. Pure.

import type { Kind, KubeObject } from '../../openapi/kind.ts'
import type { Namespace } from '../../openapi/kinds/core/namespace.ts'

export interface Remaining {
  kind: Kind
  objects: readonly KubeObject[]
}

type Condition = NonNullable<Namespace['status']['conditions']>[number]

export function conditionsOf(namespace: Namespace, remaining: readonly Remaining[], now: string): Condition[] {
  const resources = remaining
    .map(({ kind, objects }) => `${kind.names.plural}.${kind.group} has ${objects.length} resource instances`)
    .sort()
  const finalizers = new Map<string, number>()
  for (const object of remaining.flatMap(r => r.objects))
    for (const f of object.metadata.finalizers ?? []) finalizers.set(f, (finalizers.get(f) ?? 0) + 1)
  const held = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`).sort()
  const made = (type: string, status: 'True' | 'False', reason: string, message: string): Condition => {
    const before = namespace.status.conditions?.find(c => c.type === type)
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now
    return { type, status, lastTransitionTime, reason, message } as Condition
  }
  return [
    made('NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered'),
    made('NamespaceDeletionGroupVersionParsingFailure', 'False', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    made('NamespaceDeletionContentFailure', 'False', 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'),
    resources.length > 0
      ? made('NamespaceContentRemaining', 'True', 'SomeResourcesRemain', `Some resources are remaining: ${resources.join(', ')}`)
      : made('NamespaceContentRemaining', 'False', 'ContentRemoved', 'All content successfully removed'),
    held.length > 0
      ? made(
          'NamespaceFinalizersRemaining',
          'True',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${held.join(', ')}`,
        )
      : made('NamespaceFinalizersRemaining', 'False', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'),
  ]
}
